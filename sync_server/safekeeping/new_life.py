"""What changes in a database that is put back: its epoch, who is signed in, and what was blocked since (rule S13)."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Connection, Table, delete, func, select, update

from sync_server.crm import users
from sync_server.crm.documents import publish_observations
from sync_server.store import facts, life
from sync_server.store import schema as t

_AT_ONCE = 500


@dataclass(frozen=True)
class Closed:
    """What was closed in the data that is replaced, and must not be open again: tablets and accounts."""

    devices: frozenset[UUID]
    users: frozenset[UUID]


@dataclass(frozen=True)
class NewLife:
    """What was changed.

    Attributes:
        sessions: how many browsers were signed out.
        devices: tablets that are paired and may synchronise.
        blocked: tablets that stay blocked because they were blocked in the replaced data.
        closed: accounts that stay closed for the same reason.
    """

    epoch: UUID
    sessions: int
    devices: int
    blocked: int
    closed: int


def begin(
    connection: Connection,
    now: datetime,
    *,
    made_at: datetime | None = None,
    lacking: Sequence[str] = (),
    closed: Closed | None = None,
) -> NewLife:
    """Make a database that was put back a new life of its own.

    The other epoch lets tablets offer again what they have confirmed since. Browsers are signed out: who has signed
    out or changed the password since must not be signed in again. Codes and uploads of the past are void.

    Args:
        made_at: when the backup was made, None if nobody knows.
        lacking: photos whose files are not there: their tablets may bring them again.
        closed: what was closed in the data that is replaced.
    """
    before = facts.epoch(connection)
    epoch = life.begin(connection)
    told = {"at": now.isoformat(), "backup_of": made_at.isoformat() if made_at else None, "from": str(before)}
    facts.put(connection, facts.RESTORED, json.dumps(told))
    sessions = _empty(connection, t.sessions)
    for table in (t.pairing_codes, t.uploads, t.attempts):
        _empty(connection, table)
    _forget(connection, lacking, now)
    blocked = _block(connection, closed.devices, now) if closed else 0
    shut = _close(connection, closed.users, now) if closed else 0
    open_devices = select(func.count()).select_from(t.devices).where(t.devices.c.blocked_at.is_(None))
    return NewLife(epoch, sessions, connection.execute(open_devices).scalar_one(), blocked, shut)


def closed_in(file: Path) -> Closed | None:
    """What is closed in a SQLite database that is about to be replaced; None if it cannot be read."""
    try:
        address = f"file:{quote(str(file.absolute()))}?mode=rw"  # never make one that is not there
        with closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
            devices = connection.execute("SELECT id FROM devices WHERE blocked_at IS NOT NULL").fetchall()
            accounts = connection.execute("SELECT id FROM users WHERE NOT active").fetchall()
        return Closed(_ids(devices), _ids(accounts))
    except (sqlite3.Error, ValueError):
        return None  # it may be the very reason for the restore


def _ids(rows: Sequence[tuple[str]]) -> frozenset[UUID]:
    return frozenset(UUID(str(row[0])) for row in rows)


def _empty(connection: Connection, table: Table) -> int:
    return connection.execute(delete(table)).rowcount


def _forget(connection: Connection, lacking: Sequence[str], now: datetime) -> None:
    """Photos of which only the row is left are unknown again, so that a tablet that has one may bring it."""
    for start in range(0, len(lacking), _AT_ONCE):
        hashes = lacking[start : start + _AT_ONCE]
        connection.execute(delete(t.blobs).where(t.blobs.c.sha256.in_(hashes)))
        named = select(t.photos.c.observation_id).where(t.photos.c.sha256.in_(hashes)).distinct()
        publish_observations(connection, list(connection.execute(named).scalars()), now)


def _block(connection: Connection, devices: frozenset[UUID], now: datetime) -> int:
    still_open = t.devices.c.id.in_(devices) & t.devices.c.blocked_at.is_(None)
    return connection.execute(update(t.devices).where(still_open).values(blocked_at=now)).rowcount


def _close(connection: Connection, accounts: frozenset[UUID], now: datetime) -> int:
    open_accounts = select(t.users.c.id).where(t.users.c.id.in_(accounts), t.users.c.active)
    found = list(connection.execute(open_accounts).scalars())
    for user_id in found:
        users.deactivate(connection, user_id, now)
    return len(found)
