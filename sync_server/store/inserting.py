"""INSERT … ON CONFLICT for every engine: the two dialects spell the same clause."""

from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_skip(connection: Connection, table: Table) -> Any:
    """An INSERT that leaves a row alone that is there already; RETURNING gives the new ones only."""
    return _insert(connection, table).on_conflict_do_nothing()


def insert_or_update(
    engine: Connection | Dialect, table: Table, key: list[str], values: dict[str, Any]
) -> Any:
    """An INSERT that sets `values` on the row that has the same `key`."""
    return _insert(engine, table).on_conflict_do_update(index_elements=key, set_=values)


def _insert(engine: Connection | Dialect, table: Table) -> Any:
    dialect = engine if isinstance(engine, Dialect) else engine.dialect
    if dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
