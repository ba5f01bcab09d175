"""SQLite as the store's database: how its connections are prepared, and its errors in our words."""

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry

from sync_server.store.errors import Busy, StorageFull, StoreError, Unusable

_CONNECTIONS = 40
"""As many as the thread pool has threads, so that no request waits for a connection to be opened."""

_LOG = 32 * 2**20
"""Bytes of the log that are copied back at once: the same pages are changed again and again, and each checkpoint writes all
of them and waits for the disk, twice. At the usual thousand pages that took as long as the rest of a commit."""

# SQLite's names of results; extended ones, such as SQLITE_BUSY_SNAPSHOT, begin with the same words.
_FULL = ("SQLITE_FULL", "SQLITE_IOERR")
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_UNUSABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB")


def create(url: URL, busy_seconds: float) -> Engine:
    """Connections to a file."""
    engine = create_engine(
        url,
        pool_size=_CONNECTIONS,
        pool_use_lifo=True,  # the one that was used last has its statements ready and the newest pages at hand
        max_overflow=_CONNECTIONS,
        hide_parameters=True,  # an error message must not repeat what somebody wrote
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def mapped(error: sqlite3.Error) -> StoreError | None:
    """The driver's error in our words, None when it is about what was asked."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith(_FULL):
        return StorageFull(name)
    if name.startswith(_BUSY):
        return Busy(name)
    if name.startswith(_UNUSABLE):
        return Unusable(f"{name}: {error}")
    return None


def _prepare(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own idea of transactions begins none before a SELECT; ours begin in `_begin`.
    raw.isolation_level = None
    # Of a new file; what is there keeps its size. With twice the usual size a push writes half as many pages, and its
    # commit takes two thirds of the time.
    raw.execute("PRAGMA page_size = 8192")
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")  # what was answered as accepted survives a power cut (S2)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA cache_size = -4000")  # KiB per connection, of which there may be many
    (page,) = raw.execute("PRAGMA page_size").fetchone()
    raw.execute(f"PRAGMA wal_autocheckpoint = {_LOG // page}")


def _begin(connection: Connection) -> None:
    # IMMEDIATE: whoever will write takes the lock first, so that the feed's positions follow commit order (S8).
    writing = connection.get_execution_options().get("rundgang_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
