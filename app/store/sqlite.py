"""The store on desktops, Android and iOS: one SQLite file, durable at each commit."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from app.store.backing import READ_SLICE, Stored, Write
from app.store.errors import StorageFull, StoreDamaged, StoreError, StoreLost

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  "table" TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY ("table", key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (key TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
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
        """Open the file, made if needed. Raises StorageFull, StoreDamaged, StoreLost."""
        with _mapped():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as failure:
                raise StoreLost(str(failure)) from failure
            connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                # NORMAL would lose the last commits with the power; "saved" must be true (rule S2's counterpart).
                connection.execute("PRAGMA synchronous=FULL")
                connection.executescript(_SCHEMA)
            except BaseException:
                connection.close()
                raise
        return cls(connection)

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


@contextmanager
def _mapped() -> Iterator[None]:
    """SQLite's failures as the store's own."""
    try:
        yield
    except sqlite3.ProgrammingError as failure:
        raise StoreLost(str(failure)) from failure
    except sqlite3.DatabaseError as failure:
        raise _error(failure) from failure


def _error(failure: sqlite3.DatabaseError) -> StoreError:
    primary = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull(str(failure))
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreDamaged(str(failure))
    return StoreLost(str(failure))
