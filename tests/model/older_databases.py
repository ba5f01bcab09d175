"""A server's database as an older version of the program would have left it at this moment, to be brought up to date.

Why that is what the old version kept, and no guess: its tables are made by the very steps that made them then
(`sync_server/store/migrations/versions`, up to a revision), and filled with every column that they have. A database that holds what a revision could not express,
or would have put in another order, is not set back to it. `test_older.py` sets back and brings up to date, and compares.
"""

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from sync_server.crm.lead_step import Step
from sync_server.store import Database, migrating

_LATER_FILLED = {("0001", "comments", "received_at")}
"""Columns, by the newest revision without them, that the step which brought them filled in from what was there."""

_REFUSALS: Mapping[str, tuple[str, ...]] = {
    "0001": (
        # Nobody could choose between versions made apart, nor take that back.
        f"SELECT 1 FROM lead_events WHERE action = '{Step.SETTLE}'",
        # A thread was in the order of its authors' clocks, and the documents of the feed say it in that order.
        "SELECT 1 FROM comments one JOIN comments other USING (observation_id)"
        " WHERE one.received_at < other.received_at AND one.at >= other.at",
    ),
    # Whoever reported a competitor's machine made no asset of it; the first start of a newer program makes them.
    "0012": ("SELECT 1 FROM observations WHERE kind = 'competitor'",),
}
"""What finds a row that a revision, and every one before it, could not have been left with, besides `_lost`."""


def possible(file: Path) -> list[str]:
    """The older revisions that could have left this database, the newest first."""
    found = []
    refusals: tuple[str, ...] = ()
    with closing(sqlite3.connect(file)) as present:
        for revision in revisions():
            refusals += _REFUSALS.get(revision, ())
            if any(
                present.execute(f"{one} LIMIT 1").fetchone() for one in (*refusals, *_lost(revision, present))
            ):
                break
            found.append(revision)
    return found


@cache
def revisions() -> list[str]:
    """All revisions before the present one, the newest first."""
    chain = list(ScriptDirectory.from_config(_configuration()).walk_revisions())
    return [step.revision for step in chain[1:]]


def _lost(revision: str, present: sqlite3.Connection) -> Iterator[str]:
    """What finds a row of which a revision had no table, or no column for what it says."""
    with closing(sqlite3.connect(_empty(revision))) as older:
        for table in _tables(present):
            known = {row[1] for row in older.execute(f"PRAGMA table_info({table})")}
            if not known:
                yield f"SELECT 1 FROM {table}"
                continue
            for _, name, _, _, default, _ in present.execute(f"PRAGMA table_info({table})"):
                if name not in known and (revision, table, name) not in _LATER_FILLED:
                    yield f"SELECT 1 FROM {table} WHERE {name} IS NOT {default or 'NULL'}"


def _tables(database: sqlite3.Connection) -> list[str]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return sorted({name for (name,) in names} - {"alembic_version", "sqlite_sequence"})


def rows(file: Path, *, left_by: str = "") -> dict[str, list[tuple[object, ...]]]:
    """All that stands in a database, by table: what an update must not change.

    Args:
        file: the database.
        left_by: the older revision that it was set back to: what that did not know is left out.
    """
    found = {}
    with closing(sqlite3.connect(file)) as present:
        for table in [*_tables(present), "sqlite_sequence"]:
            columns = [row[1] for row in present.execute(f"PRAGMA table_info({table})")]
            known = [name for name in columns if (left_by, table, name) not in _LATER_FILLED]
            statement = f"SELECT {', '.join(known)} FROM {table} ORDER BY {', '.join(known)}"
            found[table] = present.execute(statement).fetchall()
    return found


def set_back(file: Path, revision: str) -> None:
    """Make a database that nobody has open one of an older revision, one of those that are possible."""
    older = file.with_suffix(".older")
    shutil.copy(_empty(revision), older)
    with closing(sqlite3.connect(older, isolation_level=None)) as old:
        old.execute("ATTACH ? AS present", (str(file),))
        old.execute("BEGIN")
        # The last one: inserting into tables whose numbers are never used again writes there, too.
        for table in [*_tables(old), "sqlite_sequence"]:
            columns = ", ".join(f'"{row[1]}"' for row in old.execute(f"PRAGMA main.table_info({table})"))
            old.execute(f"DELETE FROM main.{table}")
            old.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM present.{table}")
        old.execute("COMMIT")
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    older.replace(file)


@cache
def _empty(revision: str) -> Path:
    """A database without rows, made by the steps up to a revision."""
    folder = Path(tempfile.mkdtemp(prefix="rundgang-older-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    config = _configuration()
    database = Database(f"sqlite:///{folder / 'empty.db'}")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()
    return folder / "empty.db"


def _configuration() -> Config:
    config = Config()
    config.set_main_option(
        "script_location", str(Path(migrating.__file__).parent / "migrations").replace("%", "%%")
    )
    return config
