"""A server's database as an older version of the program would have left it at this moment, to be brought up to date.

Why that is what the old version kept, and no guess: its tables are made by the very steps that made them then
(`sync_server/store/migrations/versions`, up to a revision), and filled with every column that they have. What the
documents of the feed say has not changed since revision 0001. A database that holds what a revision could not express,
or would have put in another order, is not set back to it. `test_older.py` sets back and brings up to date, and compares.
"""

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config

from sync_server.crm.lead_step import Step
from sync_server.store import Database
from sync_server.store import schema as t

_SINCE = (
    "SELECT 1 FROM upload_pieces",
    # Nobody could plan a visit on a tablet, or say what he had prepared.
    "SELECT 1 FROM visit_plans",
    "SELECT 1 FROM preparations",
)

_REFUSALS: Mapping[str, tuple[str, ...]] = {
    "0003": _SINCE,
    "0002": _SINCE,
    "0001": (
        *_SINCE,
        # Nobody could choose between versions made apart, nor take that back.
        "SELECT 1 FROM revisions WHERE settled_by IS NOT NULL",
        f"SELECT 1 FROM lead_events WHERE action = '{Step.SETTLE}'",
        # A thread was in the order of its authors' clocks, and the documents of the feed say it in that order.
        "SELECT 1 FROM comments one JOIN comments other USING (observation_id)"
        " WHERE one.received_at < other.received_at AND one.at >= other.at",
    ),
}
"""What finds a row in a database that a revision could not have been left with."""


def possible(file: Path) -> list[str]:
    """The older revisions that could have left this database."""
    with closing(sqlite3.connect(file)) as present:
        return [
            revision
            for revision, refusals in _REFUSALS.items()
            if not any(present.execute(f"{refusal} LIMIT 1").fetchone() for refusal in refusals)
        ]


def rows(file: Path, *, left_by: str = "") -> dict[str, list[tuple[object, ...]]]:
    """All that stands in a database, by table: what an update must not change.

    Args:
        file: the database.
        left_by: the older revision that it was set back to: what that did not know is left out.
    """
    found = {}
    with closing(sqlite3.connect(file)) as present:
        tables = [row[0] for row in present.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(set(tables) - {"alembic_version"}):
            columns = [row[1] for row in present.execute(f"PRAGMA table_info({table})")]
            known = [
                name for name in columns if (left_by, table, name) != ("0001", "comments", "received_at")
            ]
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
        tables = [row[0] for row in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        # The last one: inserting into tables whose numbers are never used again writes there, too.
        for table in [*sorted(set(tables) - {"alembic_version", "sqlite_sequence"}), "sqlite_sequence"]:
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
    config = Config()
    config.set_main_option("script_location", str(Path(t.__file__).parent / "migrations").replace("%", "%%"))
    database = Database(f"sqlite:///{folder / 'empty.db'}")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()
    return folder / "empty.db"
