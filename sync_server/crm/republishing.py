"""Telling tablets of many customers anew without keeping others waiting: noted with the change, told a few at a time.

Rendering 2,000 customers takes two seconds. In the transaction of the change that would hold back every push for as long;
so the change only notes whom it concerns (table `stale_customers`), and each slice renders some of them and strikes them
off in one transaction. Whatever happens between, none is forgotten: what is noted still is taken up at the next start.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import Connection, delete, select

from sync_server.crm import documents, holding
from sync_server.store import Database, StoreError
from sync_server.store import schema as t
from sync_server.store.many import Batch

SLICE = 50
"""Customers in one transaction: about 50 ms, as long as a push of 500 observations takes."""

_PAUSE = 0.02
"""Seconds between two slices, in which those who wait get their turn: a lock that is free for no time goes to whoever asks
again first."""


def note(connection: Connection, ids: Iterable[UUID], now: datetime) -> None:
    """What is told of these customers has changed; call `tell_all` after the commit."""
    rows = Batch(t.stale_customers, "customer_id")
    rows.add(str(key) for key in dict.fromkeys(ids))
    rows.insert_absent(connection, since=now)


def tell_some(database: Database, now: datetime, *, at_most: int = SLICE) -> bool:
    """Publish some of those that are noted; whether there were any.

    Raises:
        StoreError: nothing was published, and nobody is forgotten.
    """
    stale = t.stale_customers
    with database.writing() as connection:
        # Another server of the same database takes others meanwhile.
        noted = select(stale.c.customer_id).order_by(stale.c.customer_id).limit(at_most)
        ids = list(connection.execute(noted.with_for_update(skip_locked=True)).scalars())
        if not ids:
            return False
        connection.execute(delete(stale).where(stale.c.customer_id.in_(ids)))
        holding.customers_for_telling(connection, ids)
        documents.publish_customers(connection, ids, now)
    return True


def tell_all(database: Database, clock: Callable[[], datetime]) -> None:
    """Publish everybody that is noted. What cannot be done now is left for the next time."""
    try:
        while tell_some(database, clock()):
            time.sleep(_PAUSE)
    except StoreError as error:
        structlog.get_logger().warning("telling anew goes on later", error=type(error).__name__)
