"""Single values about the database: its epoch, the company, the feed's horizon."""

from uuid import UUID

from sqlalchemy import Connection, select

from sync_server.store.inserting import insert_or_update
from sync_server.store.schema import facts

EPOCH = "epoch"
COMPANY = "company"
DEMO = "demo"
PUBLIC_URL = "public_url"
FEED_HORIZON = "feed_horizon"
LIFE = "life"
RESTORED = "restored"
RENDERING = "rendering"


def get(connection: Connection, name: str) -> str | None:
    """The value of a fact, None when it was never put."""
    return connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar()


def put(connection: Connection, name: str, value: str) -> None:
    """Set a fact, whether it was there or not."""
    statement = insert_or_update(connection, facts, ["name"], {"value": value})
    connection.execute(statement, {"name": name, "value": value})


def epoch(connection: Connection) -> UUID:
    """Identity of this life of the database (rule S13).

    Raises:
        LookupError: the database was never migrated.
    """
    value = get(connection, EPOCH)
    if value is None:
        raise LookupError("the database has no epoch: it was never migrated")
    return UUID(value)
