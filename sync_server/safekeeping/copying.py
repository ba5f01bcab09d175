"""A consistent copy of a database in use, and what is in it: SQLite by its online backup, in one step."""

import errno
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Connection, create_engine, func, inspect, select, table, text

from sync_server.safekeeping.errors import FailedCopy, NoDatabase
from sync_server.safekeeping.manifest import KeptBlob
from sync_server.store import facts
from sync_server.store import schema as t

_FULL = ("SQLITE_FULL", "SQLITE_IOERR")


@dataclass(frozen=True)
class Contents:
    """What a database holds: rows by table, and the photos that it says are stored."""

    schema_version: str
    epoch: UUID
    company: str
    counts: dict[str, int]
    blobs: tuple[KeptBlob, ...]


def copy_sqlite(source: Path, target: Path) -> Contents:
    """Copy a SQLite database while others write to it: all of one moment, none of them waits.

    Raises:
        NoDatabase: there is none.
        FailedCopy: it cannot be read, or the copy is not sound.
        OSError: no room.
    """
    if not source.is_file():
        raise NoDatabase(str(source.parent))
    try:
        with closing(_open(source)) as original, closing(sqlite3.connect(target)) as copy:
            # All pages in one step: one read transaction, so a writer cannot make it begin again.
            original.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        require_sound(target)
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorname", None) or "").startswith(_FULL):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from error
        raise FailedCopy(str(error)) from error
    return contents_of_file(target)


def require_sound(file: Path) -> None:
    """Let SQLite check every page, index and reference of a database that nobody writes to.

    Raises:
        FailedCopy: says what is wrong.
        sqlite3.Error: it cannot be read at all.
    """
    with closing(_open(file)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        if found != ["ok"]:
            raise FailedCopy("; ".join(found))
        dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
        if dangling is not None:
            raise FailedCopy(f"a row of {dangling[0]} names one of {dangling[2]} that is not there")


def contents_of_file(file: Path) -> Contents:
    """What a SQLite file holds that nobody writes to. Raises FailedCopy."""
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return contents(connection)
    finally:
        engine.dispose()


def contents(connection: Connection) -> Contents:
    """What a database holds, as of this transaction.

    Raises:
        FailedCopy: it is not one of Rundgang's.
    """
    names = sorted(inspect(connection).get_table_names())
    if not {"alembic_version", t.facts.name, t.blobs.name} <= set(names):
        raise FailedCopy("the tables of Rundgang are not in it")
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    kept = connection.execute(select(t.blobs.c.sha256, t.blobs.c.size).order_by(t.blobs.c.sha256))
    return Contents(
        schema_version=version,
        epoch=facts.epoch(connection),
        company=facts.get(connection, facts.COMPANY) or "",
        counts={
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in names
        },
        blobs=tuple(KeptBlob(sha256=row.sha256, size=row.size) for row in kept),
    )


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=rw", uri=True, timeout=10)
