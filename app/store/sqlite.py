"""The store on desktops, Android and iOS: one SQLite file, durable at each commit, checked at each opening."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from app.store.backing import READ_SLICE, Stored, Write
from app.store.errors import NewerStore, StorageFull, StoreDamaged, StoreError, StoreLost
from app.store.sqlite_rescue import finish, rescue, unfinished

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  "table" TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY ("table", key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (key TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
_EXPECTED = frozenset(
    statement.strip().replace(" IF NOT EXISTS", "") for statement in _SCHEMA.split(";") if statement.strip()
)
_LAYOUT = 1
_MARK = 0x52756E00
"""Of the tables above, not of the documents in them. A later layout L says so twice in the file's header: `user_version`
L, `application_id` _MARK + L. Twice, because one wrong bit must not make a store look newer than it is."""

_BUSY_SECONDS = 5


class SQLiteBacking:
    """A backing over one SQLite file.

    Calls run in the calling thread: a commit is one small transaction and one fsync, shorter than a switch of
    threads on the tablets in question, and files are at most MAX_PHOTO_BYTES.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, made if needed. Raises NewerStore, StorageFull, StoreDamaged, StoreLost."""
        with _mapped():
            try:
                is_new = _prepare(path)
            except OSError as failure:
                raise StoreLost(str(failure)) from failure
            connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
            try:
                if not is_new:
                    _refuse_newer(connection)
                # What is committed lies in the file itself, where it is checked. A write-ahead log that has a wrong
                # byte is cut off there without a word: the last commits would be gone, and nothing would say so.
                connection.execute("PRAGMA journal_mode=TRUNCATE")
                # NORMAL would lose the last commits with the power; "saved" must be true (rule S2's counterpart).
                connection.execute("PRAGMA synchronous=FULL")
                # What was removed is overwritten: it must not come back from a damaged file, nor be found by others.
                connection.execute("PRAGMA secure_delete=ON")
                # Damaged text must not stop the reading of the rest; its checksum tells.
                connection.text_factory = lambda text: text.decode("utf-8", "replace")
                if is_new:
                    connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
                else:
                    _check(connection)
            except sqlite3.OperationalError as failure:
                connection.close()
                if failure.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                    # A header or a table of contents that SQLite does not understand; our statements are right.
                    raise StoreDamaged(str(failure)) from failure
                raise
            except BaseException:
                connection.close()
                raise
        return cls(connection)

    @classmethod
    async def open_or_rescue(cls, path: Path, *, keep: bool = True) -> Self:
        """The same; a damaged file is set aside and what can be read of it goes into a new one.

        Args:
            path: of the file.
            keep: whether the damaged file stays beside the new one.

        Raises:
            NewerStore, StorageFull, StoreLost: nothing was changed.
        """
        if unfinished(path):
            finish(path)
        try:
            return await cls.open(path)
        except StoreDamaged:
            rescue(path, f"BEGIN; {_SCHEMA} COMMIT;", keep=keep)
        return await cls.open(path)

    async def read(self) -> AsyncIterator[Stored]:
        """See `Backing`."""
        table, key = "", ""
        while True:
            with _mapped():
                rows = self._connection.execute(
                    'SELECT "table", key, json FROM documents WHERE ("table", key) > (?, ?)'
                    ' ORDER BY "table", key LIMIT ?',
                    (table, key, READ_SLICE),
                ).fetchall()
            if not rows:
                return
            for name in dict.fromkeys(row[0] for row in rows):
                part = [row for row in rows if row[0] == name]
                yield Stored(name, [row[1] for row in part], [row[2] for row in part])
            table, key = rows[-1][0], rows[-1][1]
            await asyncio.sleep(0)

    async def commit(self, writes: Sequence[Write]) -> None:
        """See `Backing`."""
        with self._transaction():
            for write in writes:
                if write.json is None:
                    self._connection.execute(
                        'DELETE FROM documents WHERE "table" = ? AND key = ?', (write.table, write.key)
                    )
                else:
                    self._connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", write)

    async def put_file(self, key: str, data: bytes) -> None:
        """See `Backing`."""
        with self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (key, data))

    async def file(self, key: str) -> bytes | None:
        """See `Backing`."""
        with _mapped():
            row = self._connection.execute("SELECT data FROM files WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    async def remove_file(self, key: str) -> None:
        """See `Backing`."""
        with self._transaction():
            self._connection.execute("DELETE FROM files WHERE key = ?", (key,))

    async def file_keys(self) -> Sequence[str]:
        """See `Backing`."""
        with _mapped():
            return [row[0] for row in self._connection.execute("SELECT key FROM files ORDER BY key")]

    async def close(self) -> None:
        """See `Backing`."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _mapped():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _refuse_newer(connection: sqlite3.Connection) -> None:
    """A file of a later layout is not for this app, not even to be checked."""
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if layout > _LAYOUT and mark == _MARK + layout:
        raise NewerStore("SQLite layout", layout, _LAYOUT)


def _prepare(path: Path) -> bool:
    """Make the folder if needed; whether there is no store yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return not path.exists() or path.stat().st_size == 0


def _check(connection: sqlite3.Connection) -> None:
    """Whether the file can be trusted as a whole; the documents in it have checksums of their own."""
    (encoding,) = connection.execute("PRAGMA encoding").fetchone()
    # The quick check does not look at the order of keys; in a wrong order a delete hits a neighbour.
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    statements = {row[0] for row in connection.execute("SELECT sql FROM sqlite_master")}
    if verdict != "ok" or encoding != "UTF-8" or not statements >= _EXPECTED:
        raise StoreDamaged(f"{encoding}, {verdict}, {len(statements)} tables")
    # A file whose header says that it may only be read looks whole until the first commit.
    connection.execute("BEGIN")
    connection.execute("UPDATE documents SET json = json WHERE key IS NULL")
    connection.execute("ROLLBACK")


@contextmanager
def _mapped() -> Iterator[None]:
    """SQLite's failures as the store's own."""
    try:
        yield
    except sqlite3.ProgrammingError as failure:
        raise StoreLost(str(failure)) from failure
    except sqlite3.DatabaseError as failure:
        raise _error(failure) from failure
    except UnicodeDecodeError as failure:
        # SQLite complains of a damaged schema and quotes it; the driver then fails to read the complaint.
        raise StoreDamaged("what the file says of itself is no text") from failure


def _error(failure: sqlite3.DatabaseError) -> StoreError:
    primary = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull(str(failure))
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY):
        return StoreDamaged(str(failure))
    return StoreLost(str(failure))
