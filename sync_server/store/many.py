"""Many rows at once: inserting them and looking them up in a few statements, on every engine.

SQLAlchemy's own way with many rows took longer for putting a push's rows together than SQLite took to store
them. Here a statement is text that is made once, and carries many rows: the driver lets other threads work
while it runs, instead of taking turns with them after each row.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    Table,
    Uuid,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import ARRAY, TypeEngine

from sync_server.store import many_on_postgres
from sync_server.store.schema import Instant, in_utc

_PARTS = (128, 64, 32, 16, 8, 4, 2, 1)
"""Rows in one statement. Few sizes, so that the driver has each statement ready; far below SQLite's limit of
32,766 bound values with the widest table."""

_WITH_FRACTION = len("2026-11-22T10:15:00.123456Z")

Rows = Sequence[Mapping[str, Any]]


def insert_many(connection: Connection, table: Table, rows: Rows, **same: Any) -> None:
    """Insert rows that all have the same columns, in their order; `same` are values that all of them share."""
    if not rows:
        return
    _insert_columns(connection, table, tuple(rows[0]), _columns(rows), same)


class Batch:
    """New rows of one table, collected value after value: what a push brings, without a dictionary for each row.

    Attributes:
        add: takes the values of one row, in the order of the columns that were named, at once or in pieces. Ids and
            moments may be given as the text that the protocol has for them.
    """

    def __init__(self, table: Table, *names: str) -> None:
        self._table = table
        self._names = names
        self._values: list[Any] = []
        self.add = self._values.extend

    def insert(self, connection: Connection, **same: Any) -> None:
        """Insert the rows in their order; `same` are values that all of them share."""
        if self._values:
            _insert_columns(connection, self._table, self._names, self._columns(), same)

    def insert_absent(self, connection: Connection, **same: Any) -> set[str]:
        """Insert the rows whose first column, an id given as text, is not there yet; give those ids."""
        if not self._values:
            return set()
        columns, key = self._columns(), self._table.c[self._names[0]]
        given: list[str] = columns[0]
        if connection.dialect.name != "sqlite":
            # In the order of their keys: two transactions with the same rows wait for each other in one direction.
            ordered = [list(column) for column in zip(*sorted(zip(*columns, strict=True)), strict=True)]
            found = many_on_postgres.insert_absent(connection, self._table, self._names, ordered, key, same)
            return {str(one) for one in found}
        inserted: list[str] = []
        end = f" ON CONFLICT DO NOTHING RETURNING {key.name}"
        for text, values in _statements(self._table, self._names, columns, same, end):
            inserted += [row[0] for row in _run(connection, text, values).fetchall()]
        if len(inserted) == len(given):
            return set(given)
        absent = set(inserted)
        return {one for one in given if one.replace("-", "") in absent}

    def _columns(self) -> list[list[Any]]:
        width = len(self._names)
        return [self._values[place::width] for place in range(width)]


def among(connection: Connection, column: Column[UUID], ids: Iterable[UUID | str]) -> ColumnElement[bool]:
    """The condition that a column is one of these ids: one bound value, however many there are."""
    dialect = connection.dialect.name
    return _is_among(column, bindparam(None, _bound(dialect, ids), type_=_kind(dialect, column)), dialect)


def look_up(
    connection: Connection, key: Column[UUID], ids: Iterable[UUID | str], *columns: Column[Any]
) -> Sequence[Row[Any]]:
    """The rows with these ids, which may be given as text: the id and some more columns of each."""
    dialect = connection.dialect.name
    return connection.execute(_look_up(dialect, key, columns), {"ids": _bound(dialect, ids)}).all()


@cache
def _look_up(dialect: str, key: Column[UUID], columns: tuple[Column[Any], ...]) -> Select[Any]:
    # Made once: putting a statement together takes SQLAlchemy longer than SQLite needs to run it.
    wanted = bindparam("ids", type_=_kind(dialect, key))
    return select(key, *columns).where(_is_among(key, wanted, dialect))


def _is_among(column: Column[UUID], wanted: BindParameter[Any], dialect: str) -> ColumnElement[bool]:
    if dialect == "postgresql":
        return column == func.any(wanted)
    return column.in_(select(func.json_each(wanted).table_valued("value").c.value))


def _kind(dialect: str, column: Column[UUID]) -> TypeEngine[Any]:
    return ARRAY(column.type) if dialect == "postgresql" else String()


def _bound(dialect: str, ids: Iterable[UUID | str]) -> Any:
    wanted = list(ids)
    if dialect == "postgresql" or not wanted:
        return wanted if dialect == "postgresql" else "[]"
    # UUIDs are stored as 32 hexadecimal digits, which need no escaping in JSON.
    return json.dumps(_all_digits(wanted))


def _insert_columns(
    connection: Connection,
    table: Table,
    own: tuple[str, ...],
    columns: Sequence[list[Any]],
    same: Mapping[str, Any],
) -> None:
    if connection.dialect.name != "sqlite":
        many_on_postgres.copy_in(connection, table, own, columns, same)
        return
    for statement, values in _statements(table, own, columns, same, ""):
        _run(connection, statement, values)


def _run(connection: Connection, statement: str, values: tuple[Any, ...]) -> sqlite3.Cursor:
    """Execute by SQLite's driver itself: what SQLAlchemy does around a statement took a tenth of a push."""
    raw: Any = connection.connection.dbapi_connection
    try:
        cursor: sqlite3.Cursor = raw.execute(statement, values)
    except sqlite3.Error as error:
        said = DBAPIError.instance(
            statement, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        )
        raise said from error
    return cursor


def _columns(rows: Rows) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in rows[0]]


def _statements(
    table: Table, own: tuple[str, ...], columns: Sequence[list[Any]], same: Mapping[str, Any], end: str
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    names, count = (*own, *same), len(columns[0])
    values = _converted(table, names, columns, same)
    width, done = len(names), 0
    for size in _PARTS:
        statement = _insert(table, names, size, end)
        while count - done >= size:
            yield statement, tuple(values[done * width : (done + size) * width])
            done += size


@cache
def _insert(table: Table, names: tuple[str, ...], rows: int, end: str) -> str:
    places = f"({','.join('?' * len(names))})"
    return f"INSERT INTO {table.name} ({','.join(names)}) VALUES {','.join([places] * rows)}{end}"  # noqa: S608


def _converted(
    table: Table, names: tuple[str, ...], columns: Sequence[list[Any]], same: Mapping[str, Any]
) -> list[Any]:
    """All values row after row, as the driver wants them."""
    width, count = len(names), len(columns[0])
    converters = _converters(table, names)
    values: list[Any] = [None] * (width * count)
    for place, column in enumerate(columns):
        values[place::width] = converters[place](column)
    for place, value in enumerate(same.values(), len(columns)):
        values[place::width] = converters[place]([value]) * count
    return values


_Convert = Callable[[list[Any]], list[Any]]


@cache
def _converters(table: Table, names: tuple[str, ...]) -> tuple[_Convert, ...]:
    return tuple(_converter(table.c[name]) for name in names)


def _converter(column: Column[Any]) -> _Convert:
    """How many values of a column become what SQLite stores."""
    if isinstance(column.type, Uuid):
        return _all_digits
    if isinstance(column.type, Instant):
        return lambda values: [_instant(value) if value else None for value in values]
    dialect = sqlite.dialect()
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return lambda values: values
    return lambda values: [process(value) for value in values]


def _all_digits(values: Sequence[UUID | str | None]) -> list[str | None]:
    if values.count(values[0]) == len(values):  # of one author, or none at all
        return [_digits(values[0])] * len(values)
    try:
        return "/".join(cast("list[str]", values)).replace("-", "").split("/")  # type: ignore[return-value]
    except TypeError:
        return [_digits(value) for value in values]


def _digits(value: UUID | str | None) -> str | None:
    if value is None:
        return None
    return value.replace("-", "") if isinstance(value, str) else value.hex


def _instant(value: datetime | str) -> str:
    """As SQLAlchemy stores it on SQLite, in a third of the time."""
    if isinstance(value, str):
        return (
            f"{value[:10]} {value[11:26]}"
            if len(value) == _WITH_FRACTION
            else f"{value[:10]} {value[11:19]}.000000"
        )
    return in_utc(value).isoformat(" ", "microseconds")[:26]
