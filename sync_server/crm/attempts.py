"""Limits guessing: failed attempts are counted per subject (an address, a login) and over all subjects."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select

from sync_server.store.schema import attempts

_EVERYBODY = "*"
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """How many failures are allowed within a time.

    Attributes:
        what: what is attempted; failures of different things do not count together.
        each: failures of one subject.
        overall: failures of all subjects, against guessing from many addresses.
        within: the time that counts.
    """

    what: str
    each: int
    overall: int
    within: timedelta


PAIRING = Limit("pair", each=10, overall=200, within=timedelta(minutes=15))
"""8 characters of 32 are 10^12 codes: 200 guesses per quarter of an hour find one of ten open codes in
some ten thousand years, and ten are plenty for gloves."""


def exhausted(connection: Connection, limit: Limit, subject: str, now: datetime) -> bool:
    """Whether this subject, or all together, have failed too often."""
    since = now - limit.within
    return (
        _count(connection, _hash(limit, subject), since) >= limit.each
        or _count(connection, _hash(limit, _EVERYBODY), since) >= limit.overall
    )


def note_failure(connection: Connection, limit: Limit, subject: str, now: datetime) -> None:
    """Count one failure; forget old ones."""
    connection.execute(delete(attempts).where(attempts.c.at < now - _KEPT))
    connection.execute(
        insert(attempts),
        [{"subject": _hash(limit, name), "at": now} for name in (subject, _EVERYBODY)],
    )


def _count(connection: Connection, subject: str, since: datetime) -> int:
    counted = select(func.count()).where(attempts.c.subject == subject, attempts.c.at > since)
    return connection.execute(counted).scalar_one()


def _hash(limit: Limit, subject: str) -> str:
    # An address is personal data: a hash is enough to recognise it.
    return sha256(f"{limit.what}/{subject}".encode()).hexdigest()
