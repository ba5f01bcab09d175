"""Many rows at once: inserting them and looking them up in a few statements, on every engine.

SQLAlchemy's own way with many rows took longer for putting a push's rows together than SQLite took to store
them. Here a statement is text that is made once, and carries many rows: the driver lets other threads work
while it runs, instead of taking turns with them after each row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Table, bindparam, func, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import ARRAY

from sync_server.store.inserting import insert_or_skip

_PARTS = (128, 16, 1)
"""Rows in one statement. Few sizes, so that the driver has each statement ready; far below SQLite's limit of
32,766 bound values with the widest table."""

Rows = Sequence[Mapping[str, Any]]


def insert_many(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same columns, in their order."""
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), list(rows))
        return
    for statement, values in _statements(table, rows, ""):
        connection.exec_driver_sql(statement, values)


def insert_absent(connection: Connection, table: Table, rows: Rows, key: Column[UUID]) -> set[UUID]:
    """Insert the rows whose key is not there yet, and give their keys."""
    if not rows:
        return set()
    if connection.dialect.name != "sqlite":
        statement = insert_or_skip(connection, table).returning(key)
        return set(connection.execute(statement, list(rows)).scalars())
    inserted: set[str] = set()
    for text, values in _statements(table, rows, f" ON CONFLICT DO NOTHING RETURNING {key.name}"):
        inserted.update(row[0] for row in connection.exec_driver_sql(text, values))
    return {row[key.name] for row in rows if row[key.name].hex in inserted}


def among(connection: Connection, column: Column[UUID], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """The condition that a column is one of these ids: one bound value, however many there are."""
    if connection.dialect.name == "postgresql":
        return column == func.any(bindparam(None, list(ids), type_=ARRAY(column.type)))
    # UUIDs are stored as 32 hexadecimal digits, which need no escaping in JSON.
    wanted = '["' + '","'.join([key.hex for key in ids]) + '"]'
    each = func.json_each(bindparam(None, wanted)).table_valued("value")
    return column.in_(select(each.c.value))


def _statements(table: Table, rows: Rows, end: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    names = tuple(rows[0])
    values = _converted(table, names, rows)
    width, done = len(names), 0
    for size in _PARTS:
        statement = _insert(table, names, size, end)
        while len(rows) - done >= size:
            yield statement, tuple(values[done * width : (done + size) * width])
            done += size


@cache
def _insert(table: Table, names: tuple[str, ...], rows: int, end: str) -> str:
    places = f"({','.join('?' * len(names))})"
    return f"INSERT INTO {table.name} ({','.join(names)}) VALUES {','.join([places] * rows)}{end}"  # noqa: S608


def _converted(table: Table, names: tuple[str, ...], rows: Rows) -> list[Any]:
    """All values row after row, as the driver wants them."""
    width = len(names)
    values: list[Any] = [None] * (width * len(rows))
    for place, (name, convert) in enumerate(zip(names, _converters(table, names), strict=True)):
        column = [row[name] for row in rows]
        values[place::width] = column if convert is None else _each(column, convert)
    return values


def _each(column: list[Any], convert: Callable[[Any], Any]) -> list[Any]:
    # Many columns hold the same object in each row: the user, the device, the moment.
    first = column[0]
    same = convert(first)
    return [same if value is first else convert(value) for value in column]


@cache
def _converters(table: Table, names: tuple[str, ...]) -> tuple[Callable[[Any], Any] | None, ...]:
    dialect = sqlite.dialect()
    types = [table.c[name].type.dialect_impl(dialect) for name in names]
    return tuple(kind.bind_processor(dialect) for kind in types)
