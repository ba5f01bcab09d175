"""Waiting for other writers of the same things: what several writers at once need, and SQLite's single one does not.

The order in which a transaction takes them is the same everywhere, so that no two wait for each other: receipts of
its changes, visits, customers, photos, leads, machines; within each, by key.
"""

from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import BigInteger, Connection, Select, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY


def several_write(connection: Connection) -> bool:
    """Whether other transactions may write at the same time as this one."""
    return connection.dialect.name != "sqlite"


def hold(connection: Connection, kind: str, names: Iterable[str]) -> None:
    """Let nobody else hold these names until the transaction ends. For things that may have no row yet."""
    if not several_write(connection):
        return
    keys = sorted({_key(f"{kind}/{name}") for name in names})
    if keys:
        connection.execute(_HOLD, {"keys": keys})


def hold_rows(connection: Connection, rows: Select[tuple[object]]) -> None:
    """Let nobody else change these rows until the transaction ends; what is read from now on is their newest state.

    Args:
        rows: selects the rows' keys in their order.
    """
    if several_write(connection):
        connection.execute(rows.with_for_update())


def hold_for_start(connection: Connection) -> None:
    """Wait for another process that is bringing the database up to date, however long it takes (five minutes)."""
    if several_write(connection):
        connection.execute(text("SET LOCAL lock_timeout = '5min'"))
        hold(connection, "start", ["migrate"])


_HOLD = text("SELECT pg_advisory_xact_lock(key) FROM unnest(:keys) AS key").bindparams(
    bindparam("keys", type_=ARRAY(BigInteger))
)


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
