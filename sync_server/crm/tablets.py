"""Paired tablets: who is behind a token, when it was last there, blocking (rules S17, S19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, Update, bindparam, select, update

from protocol.limits import TOKEN_VALID
from protocol.pairing import Role
from protocol.problems import Code
from protocol.rules.access import Who
from protocol.taken_out import token_hash
from sync_server.crm.refusal import Refused
from sync_server.store import facts
from sync_server.store.schema import devices, users
from sync_server.store.schema import facts as facts_table

_SEEN_EVERY = timedelta(minutes=5)
"""How old "last seen" may be before a mere read writes it anew: a write costs a flush to disk."""

_OFFSET_MATTERS = 1_000
"""Milliseconds of change in a tablet's clock that are worth noting."""

_MAX_OFFSET = 2**31 - 1
"""What the column holds: 24 days. A clock further off is just as wrong."""


@dataclass(frozen=True)
class Tablet:
    """A token's device and user, as found at the beginning of a request."""

    device_id: UUID
    who: Who
    user_name: str
    epoch: UUID
    last_seen_at: datetime
    clock_offset_ms: int | None


@dataclass(frozen=True)
class Device:
    """A tablet in the list of the administration."""

    id: UUID
    name: str
    login: str
    user_name: str
    paired_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    blocked_at: datetime | None
    clock_offset_ms: int | None


def by_token(connection: Connection, token: str | None, now: datetime) -> Tablet:
    """Whose token this is, together with the database's epoch in the same statement.

    Raises:
        Refused: TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_BLOCKED or TOKEN_EXPIRED.
    """
    (found,) = by_tokens(connection, [(token, now)])
    if isinstance(found, Refused):
        raise found
    return found


def by_tokens(connection: Connection, shown: Sequence[tuple[str | None, datetime]]) -> list[Tablet | Refused]:
    """Whose tokens these are, each with the moment when it was shown, in one statement: see `by_token`."""
    hashes = [token_hash(token) if token else b"" for token, _ in shown]
    rows: dict[bytes, Row[Any]] = {}
    if any(hashes):
        wanted = {"tokens": list({hashed for hashed in hashes if hashed})}
        rows = {row.token_hash: row for row in connection.execute(_by_tokens(), wanted)}
    return [
        _known_by(rows.get(hashed), at) if hashed else Refused(Code.TOKEN_MISSING)
        for hashed, (_, at) in zip(hashes, shown, strict=True)
    ]


def _known_by(row: Row[Any] | None, now: datetime) -> Tablet | Refused:
    if row is None:
        return Refused(Code.TOKEN_UNKNOWN)
    if row.blocked_at is not None or not row.active:
        return Refused(Code.TOKEN_BLOCKED)
    if row.expires_at <= now:
        return Refused(Code.TOKEN_EXPIRED)
    return Tablet(
        device_id=row.id,
        who=Who(row.user_id, Role(row.role), row.territory),
        user_name=row.user_name,
        epoch=UUID(row.epoch),
        last_seen_at=row.last_seen_at,
        clock_offset_ms=row.clock_offset_ms,
    )


def should_note_contact(tablet: Tablet, now: datetime) -> bool:
    """Whether it is time to write down again that the tablet was here."""
    return now - tablet.last_seen_at > _SEEN_EVERY


def note_contact(
    connection: Connection, tablet: Tablet, now: datetime, tablet_time: datetime | None = None
) -> None:
    """Renew the token and note how far the tablet's clock is off (S19); does nothing when little changed."""
    note_contacts(connection, [(tablet, now, tablet_time)])


def note_contacts(
    connection: Connection, contacts: Iterable[tuple[Tablet, datetime, datetime | None]]
) -> None:
    """The same for many tablets in one statement, each with the server's time and what the tablet said it was."""
    changed = [values for contact in contacts if (values := _contact(*contact)) is not None]
    if changed:
        # In one order: two transactions with the same tablets wait for each other in one direction.
        connection.execute(_noting_contact(), sorted(changed, key=lambda values: values["device"]))


def _contact(tablet: Tablet, now: datetime, tablet_time: datetime | None) -> dict[str, Any] | None:
    offset = tablet.clock_offset_ms
    if tablet_time is not None:
        measured = round((tablet_time - now) / timedelta(milliseconds=1))
        measured = max(-_MAX_OFFSET, min(_MAX_OFFSET, measured))
        if offset is None or abs(measured - offset) >= _OFFSET_MATTERS:
            offset = measured
    if offset == tablet.clock_offset_ms and not should_note_contact(tablet, now):
        return None
    return {"device": tablet.device_id, "seen": now, "expires": now + TOKEN_VALID, "offset": offset}


def everyone(connection: Connection) -> list[Device]:
    """All tablets that were ever paired, the one seen last first."""
    statement = (
        select(devices, users.c.login, users.c.name.label("user_name"))
        .join(users, users.c.id == devices.c.user_id)
        .order_by(devices.c.last_seen_at.desc())
    )
    return [_device(row) for row in connection.execute(statement)]


def block(connection: Connection, device_id: UUID, now: datetime) -> bool:
    """Block a tablet: its next contact tells it to seal. False when there is no such tablet."""
    statement = update(devices).where(devices.c.id == device_id).values(blocked_at=now)
    return connection.execute(statement).rowcount > 0


def unblock(connection: Connection, device_id: UUID) -> bool:
    """Let a blocked tablet in again. False when there is no such tablet."""
    statement = update(devices).where(devices.c.id == device_id).values(blocked_at=None)
    return connection.execute(statement).rowcount > 0


@cache
def _by_tokens() -> Select[Any]:
    epoch = select(facts_table.c.value).where(facts_table.c.name == facts.EPOCH).scalar_subquery()
    return (
        select(
            devices.c.token_hash,
            devices.c.id,
            devices.c.user_id,
            devices.c.blocked_at,
            devices.c.expires_at,
            devices.c.last_seen_at,
            devices.c.clock_offset_ms,
            users.c.name.label("user_name"),
            users.c.role,
            users.c.territory,
            users.c.active,
            epoch.label("epoch"),
        )
        .join(users, users.c.id == devices.c.user_id)
        .where(devices.c.token_hash.in_(bindparam("tokens", expanding=True)))
    )


@cache
def _noting_contact() -> Update:
    return (
        update(devices)
        .where(devices.c.id == bindparam("device"))
        .values(
            last_seen_at=bindparam("seen"),
            expires_at=bindparam("expires"),
            clock_offset_ms=bindparam("offset"),
        )
    )


def _device(row: Row[Any]) -> Device:
    return Device(
        row.id,
        row.name,
        row.login,
        row.user_name,
        row.paired_at,
        row.last_seen_at,
        row.expires_at,
        row.blocked_at,
        row.clock_offset_ms,
    )
