"""Accounts: who may log in or carry a tablet, and passwords kept as Argon2 hashes."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, select, update

from protocol.ids import new_id
from protocol.pairing import Role
from protocol.rules.access import Who
from sync_server.store.database import Database
from sync_server.store.inserting import insert_or_skip
from sync_server.store.schema import devices, sessions, users

MIN_PASSWORD = 10
"""Characters; NIST SP 800-63B asks for 8 at least and for no rules of composition."""

MAX_PASSWORD = 1_000
"""Characters; longer ones would only keep the server busy."""


class LoginTaken(Exception):
    """Another account has this login."""


class UnknownLogin(LookupError):
    """There is no account with this login."""


class UnfitPassword(ValueError):
    """The password is shorter than MIN_PASSWORD or longer than MAX_PASSWORD."""


@dataclass(frozen=True)
class User:
    """An account."""

    id: UUID
    login: str
    name: str
    email: str | None
    role: Role
    territory: str | None
    language: str
    active: bool

    @property
    def who(self) -> Who:
        """The user as far as the rules of access need him."""
        return Who(self.id, self.role, self.territory)


def create(
    connection: Connection,
    *,
    login: str,
    name: str,
    role: Role,
    now: datetime,
    password: str | None = None,
    territory: str | None = None,
    email: str | None = None,
    language: str = "de",
    user_id: UUID | None = None,
) -> User:
    """A new account. Without a password it cannot log in to the inbox, but can carry a tablet.

    Raises:
        LoginTaken: another account has this login.
        UnfitPassword: see there.
    """
    user = User(user_id or new_id(), folded_login(login), name, email, role, territory, language, True)
    row = {
        "id": user.id,
        "login": user.login,
        "name": name,
        "email": email,
        "role": role.value,
        "territory": territory,
        "language": language,
        "password_hash": None if password is None else hash_password(password),
        "active": True,
        "created_at": now,
    }
    created = connection.execute(insert_or_skip(connection, users).returning(users.c.id), [row])
    if created.first() is None:
        raise LoginTaken(login)
    return user


def find(connection: Connection, user_id: UUID) -> User | None:
    """The account with this id."""
    row = connection.execute(select(users).where(users.c.id == user_id)).first()
    return None if row is None else _user(row)


def find_login(connection: Connection, login: str) -> User | None:
    """The account with this login, in whatever case it was typed."""
    row = connection.execute(select(users).where(users.c.login == folded_login(login))).first()
    return None if row is None else _user(row)


def everybody(connection: Connection) -> list[User]:
    """All accounts by role and login."""
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.role, users.c.login))]


def authenticate(database: Database, login: str, password: str) -> User | None:
    """The active account that this login and password belong to, None if there is none.

    Takes as long for a login that does not exist. Argon2 runs outside of any transaction, because it
    takes its time on purpose; a hash made with older parameters is renewed.
    """
    with database.reading() as connection:
        row = connection.execute(select(users).where(users.c.login == folded_login(login))).first()
    stored = row.password_hash if row is not None and row.active else None
    if len(password) > MAX_PASSWORD or not _matches(stored or _nobodys_hash(), password):
        return None
    if row is None or stored is None:
        return None
    if _hasher().check_needs_rehash(stored):
        _renew_hash(database, row.id, stored, password)
    return _user(row)


def set_password(connection: Connection, user_id: UUID, password: str) -> None:
    """Give an account a new password and end its sessions.

    Raises:
        UnfitPassword: see there.
    """
    hashed = hash_password(password)
    connection.execute(update(users).where(users.c.id == user_id).values(password_hash=hashed))
    connection.execute(sessions.delete().where(sessions.c.user_id == user_id))


def deactivate(connection: Connection, user_id: UUID, now: datetime) -> None:
    """Close an account: it cannot log in, its sessions end and its tablets are blocked. Its work stays."""
    connection.execute(update(users).where(users.c.id == user_id).values(active=False))
    connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
    still_open = (devices.c.user_id == user_id) & devices.c.blocked_at.is_(None)
    connection.execute(update(devices).where(still_open).values(blocked_at=now))


def hash_password(password: str) -> str:
    """The Argon2id hash of a password, with argon2-cffi's parameters (RFC 9106, low-memory option).

    Raises:
        UnfitPassword: see there.
    """
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise UnfitPassword(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
    return _hasher().hash(password)


def folded_login(login: str) -> str:
    """A login as it is compared: without surrounding spaces, in lower case."""
    return login.strip().casefold()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody has this password")


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _renew_hash(database: Database, user_id: UUID, stored: str, password: str) -> None:
    renewed = _hasher().hash(password)
    with database.writing() as connection:
        unchanged = (users.c.id == user_id) & (users.c.password_hash == stored)
        connection.execute(update(users).where(unchanged).values(password_hash=renewed))


def _user(row: Row[Any]) -> User:
    return User(
        row.id, row.login, row.name, row.email, Role(row.role), row.territory, row.language, row.active
    )
