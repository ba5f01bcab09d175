"""Positions in the feed, in commit order (rule S8): the one place where the engines differ.

On SQLite one transaction writes at a time, so the next number of a sequence that is never reused is in commit order.

On PostgreSQL many write at once and commit in any order. A position there is the pair (id of the writing
transaction, number within it) in one integer: ids are given in ascending order, and a reader stops below the
oldest transaction that is still under way (`pg_snapshot_xmin`). What is below can only have been committed
or rolled back: nothing appears there any more, so nobody who goes on from there misses anything. ADR 0011 has what
was measured.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, TextClause, func, select, text

from sync_server.store import facts
from sync_server.store.schema import facts as facts_table
from sync_server.store.schema import feed

_ROOM = 2**22
"""Positions that one transaction of PostgreSQL may give: 4 million. 2^41 transactions remain for 64 bits with a
sign: seventy years at 1,000 a second."""


class Bounds(NamedTuple):
    """Positions between which reading may go on.

    Attributes:
        horizon: up to here tombstones may be missing: older cursors must read anew (rule S11).
        end: the last position that may be read now: behind it, on PostgreSQL, something may still appear
            before what is there already. A cursor beyond it is of another life of the database.
    """

    horizon: int
    end: int


def following(connection: Connection, count: int) -> range:
    """The next positions, for as many new rows of the feed.

    Raises:
        OverflowError: the transaction has given four million already; nothing of it may be committed.
    """
    if connection.dialect.name == "sqlite":
        # The write lock is ours since BEGIN IMMEDIATE, so the next positions are known.
        last = connection.execute(_LAST_ON_SQLITE).scalar()
        return range((last or 0) + 1, (last or 0) + 1 + count)
    base, last = connection.execute(_LAST_ON_POSTGRES, {"room": _ROOM}).one()
    start = base if last is None else last + 1
    if start + count > base + _ROOM:
        raise OverflowError(f"more than {_ROOM} changes of the feed in one transaction")
    return range(start, start + count)


def bounds(connection: Connection) -> Bounds:
    """Between which positions reading may go on, as of the transaction's snapshot."""
    if connection.dialect.name == "sqlite":
        last, horizon = connection.execute(_bounds_on_sqlite()).one()
        forgotten = int(horizon or 0)
        return Bounds(forgotten, max(last or 0, forgotten))
    oldest, horizon = connection.execute(_BOUNDS_ON_POSTGRES, {"horizon": facts.FEED_HORIZON}).one()
    return Bounds(int(horizon or 0), oldest * _ROOM - 1)


def writer_of(connection: Connection) -> int:
    """A mark of the transaction that no other transaction has at the same time."""
    if connection.dialect.name == "sqlite":
        return 0
    driver: Any = connection.connection.driver_connection
    process: int = driver.info.backend_pid
    return process


_LAST_ON_SQLITE = text("SELECT seq FROM sqlite_sequence WHERE name = 'feed'")

# Rows of later transactions may be there already: only our own count.
_LAST_ON_POSTGRES = text(
    "WITH mine AS (SELECT pg_current_xact_id()::text::bigint * :room AS base)"
    " SELECT base, (SELECT max(position) FROM feed WHERE position >= base AND position < base + :room) FROM mine"
)

_BOUNDS_ON_POSTGRES: TextClause = text(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
    " (SELECT value FROM facts WHERE name = :horizon)"
)


@cache
def _bounds_on_sqlite() -> Select[Any, Any]:
    last = select(func.max(feed.c.position)).scalar_subquery()
    horizon = select(facts_table.c.value).where(facts_table.c.name == facts.FEED_HORIZON).scalar_subquery()
    return select(last, horizon)
