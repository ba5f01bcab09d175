"""Whose a file is, what shows it, and taking in what it holds by the rules of a push."""

import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256 as new_sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from protocol.changes import Outcome, Receipt
from protocol.taken_out import TakenOut, seal
from sync_server.crm import users
from sync_server.crm.known import Sender
from sync_server.crm.observations import Taken, take
from sync_server.crm.users import User
from sync_server.media.blobs import Blobs
from sync_server.media.examining import NotMedia
from sync_server.store import Database
from sync_server.store import schema as t
from sync_server.sync_api.reading_changes import read_push
from sync_server.taking_in.file import SpoiltPhoto, TakenOutFile

TAKEN_IN = "taken_in"
"""Name of the event in a lead's history: everybody who opens it sees that this came from a file."""

_AT_ONCE = 200
"""Changes in one transaction: it holds the database of a running server for well under a second."""

_NAMED_AT_ONCE = 500


class Proof(StrEnum):
    """What shows that a file comes from its author's tablet, unchanged."""

    SEALED = "sealed"
    """The seal is that of a tablet of the author. Whoever made the file had the tablet's token, as for a push."""
    BLOCKED = "blocked"
    """The same, but the tablet is blocked: somebody else may have it."""
    UNKNOWN_TABLET = "unknown_tablet"
    """The server does not know the tablet: it was paired after the backup, or with another server. Nothing is shown."""
    CHANGED = "changed"
    """The seal does not fit: the file was changed, or made by somebody without the tablet."""


@dataclass(frozen=True)
class Looked:
    """What there is to know before anything is taken in.

    Attributes:
        author: the account that the file names, None if there is none (any more).
        tablet: what the tablet is called here, "" if it is not known.
        known: how many of the changes have their receipt already.
    """

    author: User | None
    tablet: str
    proof: Proof
    known: int


@dataclass
class TakenIn:
    """What became of a file.

    Attributes:
        receipts: one for each change, in the file's order.
        photos: how many photos and voice notes were stored now.
        spoilt: those that are damaged, by their SHA-256.
        lacking: those that its changes name and that neither the file nor the server has.
        unnamed: those that no observation of the author names: of drafts, which are not taken in.
    """

    receipts: list[Receipt] = field(default_factory=list)
    photos: int = 0
    spoilt: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    unnamed: int = 0

    @property
    def refused(self) -> list[Receipt]:
        """The receipts of what was not taken."""
        return [receipt for receipt in self.receipts if receipt.outcome is Outcome.REJECTED]

    @property
    def whole(self) -> bool:
        """Whether everything that was ever saved in the file is on the server now."""
        return not (self.refused or self.spoilt or self.lacking)


def look(database: Database, file: TakenOutFile) -> Looked:
    """Compare a file with what the server knows; nothing is changed."""
    outbox = file.outbox
    with database.reading() as connection:
        author = users.find(connection, outbox.author.user_id)
        device = connection.execute(select(t.devices).where(t.devices.c.id == outbox.device_id)).first()
        known = len(_with_receipt(connection, _ids(outbox)))
    if device is None:
        return Looked(author, "", Proof.UNKNOWN_TABLET, known)
    fits = hmac.compare_digest(seal(device.token_hash, file.content), file.seal)
    if not fits or device.user_id != outbox.author.user_id:
        proof = Proof.CHANGED
    else:
        proof = Proof.SEALED if device.blocked_at is None else Proof.BLOCKED
    return Looked(author, device.name, proof, known)


def take_in(  # noqa: PLR0917  private to the command: whose, what, when
    database: Database,
    photos: Blobs,
    file: TakenOutFile,
    user: User,
    proof: Proof,
    now: datetime,
    language: str,
) -> TakenIn:
    """Take in everything that the file's author had saved, as this user. Doing it again changes nothing.

    Raises:
        StoreError, OSError: it was interrupted; what was taken in stays, and the rest comes when it is done again.
    """
    taken = TakenIn()
    sender = Sender(user.who, user.name, file.outbox.device_id)
    detail = json.dumps({"file": new_sha256(file.content).hexdigest(), "proof": proof.value})
    changes = file.outbox.changes
    for start in range(0, len(changes), _AT_ONCE):
        batch = changes[start : start + _AT_ONCE]
        given = _take(database, sender, batch, detail, now, language).receipts
        taken.receipts += [Receipt.model_validate_json(receipt) for receipt in given]
    _take_photos(database, photos, file, user, taken, now)
    return taken


def _take(  # noqa: PLR0917  private, called once
    database: Database, sender: Sender, changes: Sequence[Any], detail: str, now: datetime, language: str
) -> Taken:
    body = json.dumps({"sent_at": now.isoformat(), "changes": changes}).encode()
    _, pushed = read_push(body, language)

    def attempt(*, one_by_one: bool) -> Taken:
        with database.writing() as connection:
            taken = take(connection, sender, pushed, now, language, one_by_one=one_by_one)
            _leave_trace(connection, {UUID(item.data["lead"]) for item in taken.news}, detail, now)
            return taken

    try:
        return attempt(one_by_one=False)
    except IntegrityError:
        # The database itself refuses one of the changes: find it, and take its neighbours (S2).
        return attempt(one_by_one=True)


def _leave_trace(connection: Connection, leads: Iterable[UUID], detail: str, now: datetime) -> None:
    """What came by a file can be told from what a tablet has sent, for ever."""
    rows = [{"lead_id": lead, "at": now, "action": TAKEN_IN, "detail": detail} for lead in sorted(leads)]
    if rows:
        connection.execute(insert(t.lead_events), rows)


def _take_photos(  # noqa: PLR0917  private, called once
    database: Database, photos: Blobs, file: TakenOutFile, user: User, taken: TakenIn, now: datetime
) -> None:
    """Every photo that an observation of this user names and the server does not have; no other is even unpacked."""
    with database.reading() as connection:
        named = _named_by(connection, user, file.photos)
        stored = _stored(connection, named | _named_in(file.outbox))
    taken.unnamed = len(file.photos - named)
    accepted = {
        str(receipt.change_id) for receipt in taken.receipts if receipt.outcome is not Outcome.REJECTED
    }
    taken.lacking = sorted(_named_in(file.outbox, accepted) - file.photos - stored)
    for sha256 in sorted(named - stored):
        try:
            data = file.photo(sha256)
            with database.writing() as connection:
                photos.keep(connection, data, now)
        except (SpoiltPhoto, NotMedia):
            taken.spoilt.append(sha256)
        else:
            taken.photos += 1


def _named_by(connection: Connection, user: User, hashes: Iterable[str]) -> set[str]:
    named = (
        select(t.photos.c.sha256)
        .join(t.observations, t.observations.c.id == t.photos.c.observation_id)
        .where(t.observations.c.author_id == user.id)
    )
    found: set[str] = set()
    for some in _in_parts(hashes):
        found |= set(connection.execute(named.where(t.photos.c.sha256.in_(some))).scalars())
    return found


def _stored(connection: Connection, hashes: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in _in_parts(hashes):
        found |= set(connection.execute(select(t.blobs.c.sha256).where(t.blobs.c.sha256.in_(some))).scalars())
    return found


def _with_receipt(connection: Connection, change_ids: Iterable[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for some in _in_parts(change_ids):
        known = select(t.receipts.c.change_id).where(t.receipts.c.change_id.in_(some))
        found |= set(connection.execute(known).scalars())
    return found


def _in_parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    wanted = list(values)
    return (wanted[start : start + _NAMED_AT_ONCE] for start in range(0, len(wanted), _NAMED_AT_ONCE))


def _ids(outbox: TakenOut) -> list[UUID]:
    found = []
    for change in outbox.changes:
        try:
            found.append(UUID(str(change.get("id"))))
        except ValueError:
            continue  # it will be refused, with its place
    return found


def _named_in(outbox: TakenOut, changes: set[str] | None = None) -> set[str]:
    """The photos, voice notes and signatures that the file's changes name; of these changes, if given."""
    found = set()
    for change in outbox.changes:
        if changes is not None and str(change.get("id")) not in changes:
            continue
        for one in _media_in(change):
            if isinstance(one, dict) and isinstance(one.get("sha256"), str):
                found.add(one["sha256"])
    return found


def _media_in(change: dict[str, Any]) -> Iterator[Any]:
    content = change.get("content")
    for name in ("photos", "voice", "signatures"):
        named = content.get(name) if isinstance(content, dict) else None
        yield from named if isinstance(named, list) else ()
    yield change.get("voice")
