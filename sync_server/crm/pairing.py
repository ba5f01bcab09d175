"""Pairing: a code for a user is exchanged once for a token of one user on one device (rule S17)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain, count
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from protocol.ids import new_id
from protocol.limits import (
    PAIRING_CODE_ALPHABET,
    PAIRING_CODE_LENGTH,
    PAIRING_VALID,
    TOKEN_VALID,
)
from protocol.pairing import normalise_code
from protocol.problems import Code
from protocol.rules.access import TABLET_ROLES
from protocol.taken_out import token_hash
from sync_server.crm import users
from sync_server.crm.refusal import Refused
from sync_server.crm.users import User
from sync_server.store.schema import devices, pairing_codes


class NotForTablets(ValueError):
    """The user's role does not carry a tablet, or the account is closed."""


@dataclass(frozen=True)
class Paired:
    """A new device. The token is known here and on the tablet only; the store keeps its hash."""

    device_id: UUID
    token: str
    user: User


def make_code(
    connection: Connection,
    user_id: UUID,
    now: datetime,
    choose: Callable[[str], str] = secrets.choice,
) -> str:
    """A fresh code for a user, valid for PAIRING_VALID and for one tablet.

    Raises:
        NotForTablets: see there.
    """
    user = users.find(connection, user_id)
    if user is None or not user.active or user.role not in TABLET_ROLES:
        raise NotForTablets(user.role if user else "")
    code = "".join(choose(PAIRING_CODE_ALPHABET) for _ in range(PAIRING_CODE_LENGTH))
    connection.execute(
        insert(pairing_codes),
        {
            "code_hash": _hash(code),
            "user_id": user_id,
            "created_at": now,
            "expires_at": now + PAIRING_VALID,
        },
    )
    return code


def redeem(connection: Connection, typed: str, device_name: str, now: datetime) -> Paired:
    """Exchange a code for a token.

    Raises:
        Refused: PAIRING_CODE_WRONG, PAIRING_CODE_USED, PAIRING_CODE_EXPIRED or FORBIDDEN.
    """
    code_hash = _hash(normalise_code(typed))
    device_id = new_id()
    code = pairing_codes.c
    # One statement decides, so that of two tablets with the same code one is paired.
    user_id = connection.execute(
        update(pairing_codes)
        .where(code.code_hash == code_hash, code.used_at.is_(None), code.expires_at > now)
        .values(used_at=now, device_id=device_id)
        .returning(code.user_id)
    ).scalar()
    if user_id is None:
        raise Refused(_why_not(connection, code_hash))
    user = users.find(connection, user_id)
    if user is None or not user.active or user.role not in TABLET_ROLES:
        raise Refused(Code.FORBIDDEN)
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(devices),
        {
            "id": device_id,
            "user_id": user_id,
            "name": _told_apart(connection, user_id, device_name),
            "token_hash": token_hash(token),
            "paired_at": now,
            "last_seen_at": now,
            "expires_at": now + TOKEN_VALID,
        },
    )
    return Paired(device_id, token, user)


def _told_apart(connection: Connection, user_id: UUID, name: str) -> str:
    """The name, numbered if this user has a tablet of that name: whoever blocks a lost one must know which."""
    taken = set(connection.scalars(select(devices.c.name).where(devices.c.user_id == user_id)))
    numbered = (f"{name} {number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in taken)


def _why_not(connection: Connection, code_hash: bytes) -> Code:
    row = connection.execute(
        select(pairing_codes.c.used_at).where(pairing_codes.c.code_hash == code_hash)
    ).first()
    if row is None:
        return Code.PAIRING_CODE_WRONG
    return Code.PAIRING_CODE_USED if row.used_at is not None else Code.PAIRING_CODE_EXPIRED


def _hash(code: str) -> bytes:
    return sha256(code.encode()).digest()
