"""Transactions on the store's database, and what may go wrong with them in the project's own words."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

# SQLite's names of results; extended ones, such as SQLITE_BUSY_SNAPSHOT, begin with the same words.
_FULL = ("SQLITE_FULL", "SQLITE_IOERR")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_UNUSABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB")
_POSTGRES_FULL = frozenset({"53100"})  # disk_full
_POSTGRES_BUSY = frozenset({"55P03", "40001", "40P01", "53300"})  # locks, serialisation, connections

_CONNECTIONS = 40
"""As many as the thread pool has threads, so that no request waits for a connection to be opened."""


class StoreError(Exception):
    """Something about the database itself, not about what was asked of it."""


class Busy(StoreError):
    """Another writer held the database for longer than the busy timeout: try again."""


class StorageFull(StoreError):
    """The disk or a quota is full; nothing of the transaction was stored."""


class Unusable(StoreError):
    """The database cannot be opened, read or written at all; says why."""


class NewerDatabase(StoreError):
    """The database was written by a newer version of the program."""


class Database:
    """The store's database: an embedded SQLite file by default, another engine by URL.

    Args:
        url: a SQLAlchemy URL such as `sqlite:////var/lib/rundgang/rundgang.db`.
        busy_seconds: how long a writer waits for another before `Busy` is raised.
    """

    def __init__(self, url: str | URL, *, busy_seconds: float = 10.0) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._busy_seconds = busy_seconds
        # SQLite lets one write at a time and makes the others poll; waiting here is fair and wakes at once.
        self._writer = threading.Lock() if self.is_sqlite else None
        self.engine = self._create_engine()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: all that is read in it is of the same moment.

        Raises:
            Busy, StorageFull, Unusable: see there.
        """
        with _own_words(), self.engine.connect() as connection, connection.begin():
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
        self.engine.dispose()

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
        if not self.is_sqlite:
            return create_engine(
                self.url, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True, hide_parameters=True
            )
        engine = create_engine(
            self.url,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            hide_parameters=True,  # an error message must not repeat what somebody wrote
            connect_args={"timeout": self._busy_seconds, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine


def _prepare_sqlite(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own idea of transactions begins none before a SELECT; ours begin in `_begin_sqlite`.
    raw.isolation_level = None
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")  # what was answered as accepted survives a power cut (S2)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA cache_size = -16000")  # KiB per connection: the whole index of a firm's feed


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: whoever will write takes the lock first, so that the feed's positions follow commit order (S8).
    writing = connection.get_execution_options().get("rundgang_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _own_words() -> Iterator[None]:
    """Map the driver's errors once, at this boundary."""
    try:
        yield
    except DBAPIError as error:
        mapped = _mapped(error.orig)
        if mapped is None:
            raise
        raise mapped from error
    except sqlite3.Error as error:
        mapped = _mapped(error)
        if mapped is None:
            raise
        raise mapped from error
    except PoolTimeout as error:
        raise Busy("no free database connection") from error


def _mapped(error: BaseException | None) -> StoreError | None:
    if isinstance(error, sqlite3.Error):
        return _mapped_sqlite(getattr(error, "sqlite_errorname", None) or "", error)
    state = getattr(error, "sqlstate", None)
    if state in _POSTGRES_FULL:
        return StorageFull(str(state))
    if state in _POSTGRES_BUSY:
        return Busy(str(state))
    return None


def _mapped_sqlite(name: str, error: sqlite3.Error) -> StoreError | None:
    if name.startswith(_FULL):
        return StorageFull(name)
    if name.startswith(_BUSY):
        return Busy(name)
    if name.startswith(_UNUSABLE):
        return Unusable(f"{name}: {error}")
    return None
