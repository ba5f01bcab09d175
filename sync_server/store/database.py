"""Transactions on the store's database, embedded or shared by several servers; errors in the project's own words."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from sync_server.store import on_postgres, on_sqlite
from sync_server.store.errors import (
    Busy,
    NewerDatabase,
    StorageFull,
    StoreError,
    Unreachable,
    Unusable,
)

__all__ = ["Busy", "Database", "NewerDatabase", "StorageFull", "StoreError", "Unreachable", "Unusable"]


class Database:
    """The store's database: an embedded SQLite file by default, PostgreSQL by URL.

    Args:
        url: a SQLAlchemy URL such as `sqlite:////var/lib/rundgang/rundgang.db` or
            `postgresql+psycopg://rundgang@db.example/rundgang`.
        busy_seconds: how long a writer waits for another before `Busy` is raised.

    Raises:
        Unusable: the URL names an engine that is not known, or the driver for it is missing.
    """

    def __init__(self, url: str | URL, *, busy_seconds: float = 10.0) -> None:
        self.url = _known(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._busy_seconds = busy_seconds
        # SQLite lets one write at a time and makes the others poll; waiting here is fair and wakes at once.
        self._writer = threading.Lock() if self.is_sqlite else None
        self.engine = self._create_engine()
        reading = {} if self.is_sqlite else on_postgres.READING
        self._reader = self.engine.execution_options(**reading)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: all that is read in it is of the same moment.

        Raises:
            Busy, StorageFull, Unusable: see there.
        """
        with _own_words(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: durable on disk when the block is left, undone when it raises.

        Raises:
            Busy, StorageFull, Unusable: see there; nothing was stored.
        """
        with _own_words(), self._turn(), self.engine.connect() as connection:
            writer = connection.execution_options(rundgang_writing=True)
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Give back all connections; SQLite then folds its write-ahead log into the file."""
        abandoned = self.engine.pool
        self.engine.dispose()

        # Whoever is still at work gives its connection back to a pool that nobody empties any more.
        @event.listens_for(abandoned, "checkin")
        def _close_it(_: object, record: ConnectionPoolEntry) -> None:
            record.invalidate()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._writer is None:
            yield
            return
        if not self._writer.acquire(timeout=self._busy_seconds):
            raise Busy("another writer of this process holds the database")
        try:
            yield
        finally:
            self._writer.release()

    def _create_engine(self) -> Engine:
        if self.is_sqlite:
            return on_sqlite.create(self.url, self._busy_seconds)
        try:
            return on_postgres.create(self.url, self._busy_seconds)
        except ImportError as error:
            raise Unusable("PostgreSQL's driver is missing: pip install 'rundgang[postgres]'") from error


def _known(url: str | URL) -> URL:
    """The URL with the driver that is used, however the operator's tools spell it."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # Without repeating it: a password may be in it.
        raise Unusable("the address is not of the form postgresql+psycopg://user@host/database") from error
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise Unusable(f"{parsed.drivername} is not supported: sqlite or postgresql+psycopg")
    return parsed


@contextmanager
def _own_words() -> Iterator[None]:
    """Map the driver's errors once, at this boundary."""
    try:
        yield
    except DBAPIError as error:
        sqlite_error = error.orig if isinstance(error.orig, sqlite3.Error) else None
        mapped = on_sqlite.mapped(sqlite_error) if sqlite_error else on_postgres.mapped(error)
        if mapped is None:
            raise
        raise mapped from error
    except sqlite3.Error as error:
        mapped = on_sqlite.mapped(error)
        if mapped is None:
            raise
        raise mapped from error
    except PoolTimeout as error:
        raise Busy("no free database connection") from error
