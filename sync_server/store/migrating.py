"""Bringing a database to the shape that this version of the program expects, or refusing to touch it."""

from pathlib import Path
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Connection, inspect, text

from sync_server.store import facts, life, locking
from sync_server.store.database import Database, NewerDatabase

HEAD = "0015"
"""The newest step in `migrations/versions`, known here so that an up-to-date start need not load Alembic."""

_FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database, *, epoch: UUID | None = None) -> None:
    """Create the tables, or bring older ones up to date, in one transaction; notice a copy or a restored dump.

    Args:
        epoch: identity of a database that is created now (rule S13); a random one when not given.

    Raises:
        NewerDatabase: the database was written by a newer version of the program; it is left as it is.
        Busy, StorageFull, Unusable: see `store.database`.
    """
    with database.writing() as connection:
        migrate_within(connection, epoch)


def migrate_within(connection: Connection, epoch: UUID | None = None) -> None:
    """The same as a part of a write transaction. Raises NewerDatabase, see `migrate`."""
    # Of several servers that start at once, one does it.
    locking.hold_for_start(connection)
    current = _version(connection)
    if current != HEAD:
        _run_alembic(connection, current)
    if facts.get(connection, facts.EPOCH) is None:
        facts.put(connection, facts.EPOCH, str(epoch or uuid4()))
    if life.notice(connection):
        structlog.get_logger().warning("the database is a copy or was set back: it has a new epoch")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run_alembic(connection: Connection, current: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise NewerDatabase(
            f"the database has version {current}; this program knows versions up to {HEAD}. "
            "Start the newer program again, or restore a backup made before the update."
        )
    command.upgrade(config, "head")
