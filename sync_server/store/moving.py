"""Copies a database to another engine, table by table, and proves by count and checksum that all of it arrived."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, func, inspect, select, text

from sync_server.store import life, on_postgres
from sync_server.store.database import Database
from sync_server.store.errors import StoreError
from sync_server.store.migrating import migrate_within
from sync_server.store.schema import metadata

_AT_ONCE = 2_000


class NotEmptyTarget(StoreError):
    """The target has tables already; it is left as it is."""


class NotTheSame(StoreError):
    """What was read back from the target is not what the source has; nothing of it was kept."""


@dataclass(frozen=True)
class Moved:
    """What was copied: rows per table, and the epoch that the target lives in."""

    rows: dict[str, int]
    epoch: UUID


@dataclass
class Sum:
    """Count and checksum of a table's rows in whatever order they come."""

    rows: int = 0
    checksum: int = 0

    def add(self, row: tuple[Any, ...]) -> None:
        """Count one more row. Equal rows do not cancel each other out: checksums are added, not combined bit by bit."""
        told = "\x1f".join([_told(value) for value in row])
        digest = blake2b(told.encode(), digest_size=16).digest()
        self.rows += 1
        self.checksum = (self.checksum + int.from_bytes(digest, "big")) % 2**128


def copy(source: Database, target: Database) -> Moved:
    """Copy everything from one database into an empty one, check it, and begin a new life there.

    The source is read in one transaction that no writer disturbs; it is left as it is. In the target
    everything is committed at once, or nothing.

    Raises:
        NotEmptyTarget, NotTheSame: see there.
        NewerDatabase, Busy, Unreachable, StorageFull, Unusable: see `store.errors`.
    """
    with source.writing() as reading, target.writing() as writing:
        if inspect(writing).get_table_names():
            raise NotEmptyTarget
        migrate_within(writing)
        for table in reversed(metadata.sorted_tables):
            writing.execute(table.delete())  # the first facts of the tables that were just made
        sent = {table.name: _send(reading, writing, table) for table in metadata.sorted_tables}
        for table in metadata.sorted_tables:
            if _summed(writing, table) != sent[table.name]:
                raise NotTheSame(table.name)
        _continue_numbering(writing)
        on_postgres.count_anew(writing)
        # Positions of one engine mean nothing in the other, and should somebody go back to the source,
        # tablets must offer again what only the target has (S8, S13).
        epoch = life.begin(writing)
    return Moved({name: told.rows for name, told in sent.items()}, epoch)


def _send(reading: Connection, writing: Connection, table: Table) -> Sum:
    told = Sum()
    driver: Any = writing.connection.driver_connection
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as target:
        for row in _rows(reading, table):
            told.add(row)
            target.write_row(row)
    return told


def _summed(connection: Connection, table: Table) -> Sum:
    told = Sum()
    for row in _rows(connection, table):
        told.add(row)
    return told


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    for row in connection.execute(select(table), execution_options={"yield_per": _AT_ONCE}):
        yield tuple(row)


def _told(value: Any) -> str:
    """A value the same way from every engine, with its type: an empty text is not a missing one."""
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, datetime | date):
        return f"t{value.isoformat()}"
    if isinstance(value, bytes | memoryview):
        return f"x{bytes(value).hex()}"
    return f"{type(value).__name__[0]}{value}"


def _continue_numbering(connection: Connection) -> None:
    """Let counters go on behind what was copied."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            counter = select(func.pg_get_serial_sequence(table.name, column.name))
            name = connection.execute(counter).scalar()
            if name is not None:
                last = connection.execute(select(func.max(column))).scalar() or 0
                connection.execute(
                    text("SELECT setval(:name, :last, :used)"),
                    {"name": name, "last": max(last, 1), "used": last > 0},
                )
