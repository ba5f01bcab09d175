"""Sessions of the inbox: a random token in a cookie, its hash in the store, idle and absolute expiry."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update
from starlette.requests import Request
from starlette.responses import Response

from protocol.pairing import Role
from protocol.rules.access import INBOX_READERS
from sync_server.settings import Settings
from sync_server.store.database import Database
from sync_server.store.schema import sessions, users

IDLE = timedelta(hours=4)
"""Without a request for this long a session ends: longer than a meeting, shorter than a night."""

LONGEST = timedelta(hours=12)
"""A session ends this long after the login whatever happens: one login carries a working day (OWASP ASVS 3.3)."""

_NOTE_EVERY = timedelta(minutes=1)
"""How old "last seen" may be before it is written anew: not every click is worth a flush to disk."""


@dataclass(frozen=True)
class Visitor:
    """Who is logged in."""

    user_id: UUID
    name: str
    role: Role
    territory: str | None
    language: str
    csrf_token: str
    token_hash: bytes


def begin(connection: Connection, user_id: UUID, now: datetime) -> str:
    """A new session with a token of its own; expired ones of everybody are swept out."""
    connection.execute(
        delete(sessions).where((sessions.c.expires_at < now) | (sessions.c.last_seen_at < now - IDLE))
    )
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(sessions).values(
            token_hash=_hash(token),
            user_id=user_id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    return token


def find(database: Database, token: str | None, now: datetime) -> Visitor | None:
    """Whose session this token is, if it still lives, the account is open and its role may read the inbox."""
    if not token:
        return None
    with database.reading() as connection:
        row = connection.execute(
            select(sessions, users.c.name, users.c.role, users.c.territory, users.c.language)
            .join(users, users.c.id == sessions.c.user_id)
            .where(sessions.c.token_hash == _hash(token), users.c.active)
        ).first()
    if row is None or row.expires_at <= now or row.last_seen_at <= now - IDLE:
        return None
    role = Role(row.role)
    if role not in INBOX_READERS:
        return None
    if now - row.last_seen_at >= _NOTE_EVERY:
        with database.writing() as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_hash == row.token_hash).values(last_seen_at=now)
            )
    return Visitor(row.user_id, row.name, role, row.territory, row.language, row.csrf_token, row.token_hash)


def end(connection: Connection, token_hash: bytes) -> None:
    """Log out: the token is worth nothing from now on."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def lives(database: Database, token_hash: bytes, now: datetime) -> bool:
    """Whether a session is still open, without counting as a sign of life."""
    with database.reading() as connection:
        row = connection.execute(
            select(sessions.c.expires_at, sessions.c.last_seen_at).where(sessions.c.token_hash == token_hash)
        ).first()
    return row is not None and row.expires_at > now and row.last_seen_at > now - IDLE


def token_of(request: Request, settings: Settings) -> str | None:
    """The session's token in the request's cookie."""
    return request.cookies.get(_cookie_name("session", settings))


def put_cookie(response: Response, token: str, settings: Settings) -> None:
    """Give the browser its token: for this host only, out of reach of scripts, not sent from foreign sites."""
    _put(response, "session", token, settings, int(LONGEST.total_seconds()))


def drop_cookie(response: Response, settings: Settings) -> None:
    """Take the token away from the browser."""
    _put(response, "session", "", settings, 0)


def login_token(request: Request, settings: Settings) -> str:
    """The CSRF token of a login page: there is no session yet, so it waits in a cookie of its own."""
    return request.cookies.get(_cookie_name("login", settings), "")


def put_login_token(response: Response, token: str, settings: Settings) -> None:
    """Remember a login page's CSRF token."""
    _put(response, "login", token, settings, 3600)


def _put(response: Response, name: str, value: str, settings: Settings, seconds: int) -> None:
    response.set_cookie(
        _cookie_name(name, settings),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def _cookie_name(name: str, settings: Settings) -> str:
    # __Host- makes the browser itself insist on Secure, on this very host and on the path / (RFC 6265bis).
    return f"__Host-rundgang-{name}" if settings.secure else f"rundgang-{name}"


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
