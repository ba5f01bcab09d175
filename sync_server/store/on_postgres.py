"""PostgreSQL as the store's database, which several servers may share: its connections, its errors in our words."""

import math
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from sync_server.store.errors import Busy, StorageFull, StoreError, Unreachable, Unusable

CONNECTIONS = 20
"""Of one server process, and one more that listens. Two processes leave room below PostgreSQL's default of
100 (`max_connections`), and more than this would only wait for each other on a machine of a few cores."""

_IDLE_SECONDS = 60
"""`idle_in_transaction_session_timeout`: a process that stands still within a transaction holds back what all
tablets may read (S8), so the server ends it. Ours never wait for anybody within a transaction."""

_SILENCE_SECONDS = 30
"""After this long without a sign of the other machine a connection counts as lost."""

READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""A read transaction sees one moment; the driver says both with its BEGIN, without a round trip of its own."""

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_FULL = frozenset({"53100", "58030"})  # disk full; input/output error
_BUSY = frozenset(
    {
        "55P03",  # a lock was waited for longer than lock_timeout
        "40001",  # serialisation
        "40P01",  # deadlock
        "53300",  # too many connections
        "53400",  # a configured limit
        "57014",  # a statement was cancelled
        "25P03",  # idle in a transaction for too long
        "25P04",  # a transaction took too long
    }
)
_GOING = frozenset({"57P01", "57P02", "57P03", "57P05"})  # shutting down, crashed, starting
_UNUSABLE = frozenset(
    {
        "0A000",  # a standby does not write
        "25006",  # read only, by the operator's doing
        "28000",  # this account may not log in
        "28P01",  # wrong password
        "3D000",  # no such database
        "42501",  # no permission
        "XX001",  # damaged data
        "XX002",  # damaged index
    }
)


def count_anew(connection: Connection) -> None:
    """Give PostgreSQL's planner its statistics after much was written at once.

    By itself it counts a minute later, and plans for empty tables until then: the first pulls took three times as long.
    https://www.postgresql.org/docs/current/populate.html#POPULATE-ANALYZE
    """
    connection.execute(text("ANALYZE"))


def create(url: URL, busy_seconds: float) -> Engine:
    """Connections to a database server."""
    settings = {
        "lock_timeout": int(busy_seconds * 1000),
        "idle_in_transaction_session_timeout": _IDLE_SECONDS * 1000,
        "timezone": "UTC",
    }
    asked = url.query.get("options", "")
    options = [f"-c {name}={value}" for name, value in settings.items()]
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=busy_seconds,
        hide_parameters=True,  # an error message must not repeat what somebody wrote
        isolation_level="READ COMMITTED",
        connect_args={
            "application_name": "rundgang",
            "connect_timeout": max(2, math.ceil(busy_seconds)),
            "keepalives_idle": _SILENCE_SECONDS,
            "tcp_user_timeout": _SILENCE_SECONDS * 1000,
            # What the operator's URL says comes last and counts.
            "options": " ".join([*options, *([asked] if isinstance(asked, str) else asked)]).strip(),
        },
    )
    event.listen(engine, "connect", _require_durable)
    return engine


def mapped(error: DBAPIError) -> StoreError | None:
    """The driver's error in our words, None when it is about what was asked."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None or error.connection_invalidated or state in _GOING or state.startswith("08"):
        return _about_connection(error)
    if state in _FULL:
        return StorageFull(state)
    if state in _BUSY:
        return Busy(state)
    if state in _UNUSABLE:
        return Unusable(f"{state}: {error.orig}")
    return None


def _about_connection(error: DBAPIError) -> StoreError | None:
    if getattr(error.orig, "sqlstate", None) in _BUSY:
        return Busy(str(error.orig))
    if error.connection_invalidated or isinstance(error.orig, _operational_error()):
        return Unreachable(str(error.orig).strip())
    return None


def _operational_error() -> type[Exception]:
    import psycopg  # the embedded database needs no driver

    return psycopg.OperationalError


def _require_durable(raw: Any, _entry: ConnectionPoolEntry) -> None:
    # What was answered as accepted survives a power cut (S2), whatever the operator chose for others.
    with raw.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'on', false)"
                       " WHERE current_setting('synchronous_commit') = 'off'")  # fmt: skip
    raw.commit()
