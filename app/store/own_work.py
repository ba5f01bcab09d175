"""Own work: what the person alone writes. Drafts, outbox, photos, settings. It forgets nothing before its receipt."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Self
from uuid import UUID

from app.store.backing import Backing
from app.store.documents import Documents, Json, Operation, Put, Remove
from app.store.drafts import Draft, draft_as_json, draft_from_json
from app.store.errors import Damage
from app.store.outbox import EntryState, Gone, OutboxEntry, PhotoRecord, sending_order
from app.store.reading import Reading
from app.store.recordings import Recordings
from app.store.sync_log import LogLine, SyncLog
from protocol.changes import AnyChange, Outcome, PlanVisit, Receipt, ReviseObservation, thing_of
from protocol.fields import Document, Moment
from protocol.limits import CONFIRMED_KEPT
from protocol.problems import Advice, Problem

SCHEMA = 2
"""1: without checksums. 2: each document under its seal, an inventory in every commit."""

DRAFTS, OUTBOX, PHOTOS, READ_MARKS = "drafts", "outbox", "photos", "read_marks"
"""Tables of which others must know when they change."""
_PREFERENCES, _CONTACT = "preferences", "contact"

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})

_COME_AGAIN = frozenset({Advice.RETRY, Advice.UPDATE})
"""Advice with which a rejected change waits on: nothing in it has to be corrected by a person."""


class Contact(Document):
    """The last word from the server."""

    at: Moment
    """By the tablet's clock."""
    server_time: Moment
    epoch: UUID


class OwnWork:
    """The technician's own store."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self._drafts: Reading[Draft] = Reading(documents, DRAFTS, draft_from_json)
        self._outbox: Reading[OutboxEntry] = Reading(documents, OUTBOX, OutboxEntry.model_validate)
        self._photos: Reading[PhotoRecord] = Reading(documents, PHOTOS, PhotoRecord.model_validate)
        self._log = SyncLog(documents)
        self.recordings = Recordings(documents)
        """What is being spoken, or was when the app ended."""

    @classmethod
    async def open(cls, backing: Backing) -> Self:
        """Open the store of one user. Raises NewerStore, StoreError."""
        return cls(await Documents.open(backing, name="own work", schema=SCHEMA, counted=True))

    async def close(self) -> None:
        """Let go of the store."""
        await self.documents.close()

    @property
    def damage(self) -> tuple[Damage, ...]:
        """What could not be read, now or earlier, and documents that are whole but not understood."""
        for reading in (self._drafts, self._outbox, self._photos):
            for _ in reading:
                pass
        readings = (self._drafts, self._outbox, self._photos)
        return (
            *self.documents.damage,
            *(damage for reading in readings for damage in reading.damage.values()),
        )

    # -- drafts -----------------------------------------------------------------------------------

    def drafts(self) -> list[Draft]:
        """All drafts, the one last written first."""
        return sorted(self._drafts, key=lambda draft: draft.updated_at, reverse=True)

    def draft(self, draft_id: UUID) -> Draft | None:
        """One draft."""
        return self._drafts.get(str(draft_id))

    async def keep_draft(self, draft: Draft) -> None:
        """Keep a draft durably."""
        await self.documents.change(lambda: [Put(DRAFTS, str(draft.id), draft_as_json(draft))])

    async def remove_draft(self, draft_id: UUID) -> None:
        """Forget a draft. Its photos are kept until `collect`."""
        await self.documents.change(lambda: [Remove(DRAFTS, str(draft_id))])

    # -- outbox -----------------------------------------------------------------------------------

    def entries(self) -> list[OutboxEntry]:
        """All changes, oldest first."""
        return sorted(self._outbox, key=lambda entry: entry.order)

    def entry(self, change_id: UUID) -> OutboxEntry | None:
        """One change."""
        return self._outbox.get(str(change_id))

    def waiting(self) -> list[OutboxEntry]:
        """Changes without a receipt, in the order in which they are sent."""
        return sending_order(entry for entry in self._outbox if entry.state == EntryState.WAITING)

    async def add(self, change: AnyChange, settings: Mapping[str, str] = _NO_SETTINGS) -> None:
        """A change into the outbox; of a new version, the draft and refused versions go in the same commit.

        Args:
            settings: what is kept of them in the same commit, by name.
        """

        def build() -> Iterable[Operation]:
            entries = list(self._outbox)
            order = 1 + max((entry.order for entry in entries), default=0)
            yield Put(OUTBOX, str(change.id), OutboxEntry(change=change, order=order).as_dict())
            if isinstance(change, ReviseObservation):
                yield Remove(DRAFTS, str(change.observation_id))
            if isinstance(change, ReviseObservation | PlanVisit):
                for entry in entries:
                    if (entry.revision or entry.plan) and _is_replaced(entry, change):
                        yield Remove(OUTBOX, str(entry.id))
            for name, value in settings.items():
                yield _setting(name, value)

        await self.documents.change(build)

    async def remove_refused(self, change_id: UUID) -> None:
        """The person gives up a change that the server refused; nothing else can be removed."""

        def build() -> Iterable[Operation]:
            entry = self.entry(change_id)
            if entry is not None and entry.state == EntryState.REFUSED:
                yield Remove(OUTBOX, str(change_id))

        await self.documents.change(build)

    async def confirm(self, receipts: Iterable[Receipt]) -> None:
        """Note the server's receipts: one commit."""
        changed: list[OutboxEntry] = []

        def build() -> Iterable[Operation]:
            for receipt in receipts:
                entry = self.entry(receipt.change_id)
                if entry is not None and entry.state == EntryState.WAITING:
                    changed.append(entry.model_copy(update=_after(receipt)))
                    yield _put(changed[-1])

        def follow() -> None:
            for entry in changed:
                self._outbox.learn(str(entry.id), entry)

        await self.documents.change(build, follow)

    async def note_told(self) -> None:
        """Everything was read since these were confirmed: what the server tells of visits counts from now on."""

        def build() -> Iterable[Operation]:
            for entry in self._outbox:
                is_of_visit = entry.plan is not None or entry.preparation is not None
                if is_of_visit and entry.state == EntryState.CONFIRMED and not entry.told:
                    yield _put(entry.model_copy(update={"told": True}))

        await self.documents.change(build)

    async def note_problem(self, change_id: UUID, problem: Problem, *, refused: bool) -> None:
        """Why a change could not be sent; when `refused`, a person has to correct it."""

        def build() -> Iterable[Operation]:
            entry = self.entry(change_id)
            if entry is not None and entry.state == EntryState.WAITING:
                state = EntryState.REFUSED if refused else EntryState.WAITING
                yield _put(entry.model_copy(update={"state": state, "problem": problem}))

        await self.documents.change(build)

    # -- photos -----------------------------------------------------------------------------------

    async def keep_photo(self, record: PhotoRecord, data: bytes) -> None:
        """Keep a photo: its bytes first, then the document that names them."""
        await self.documents.put_file(record.sha256, data)

        def build() -> Iterable[Operation]:
            known = self.photo(record.sha256)
            if known is None:
                yield Put(PHOTOS, record.sha256, record.as_dict())
            elif known.gone is not None:
                yield Put(PHOTOS, record.sha256, known.model_copy(update=_HERE_AGAIN).as_dict())

        await self.documents.change(build)

    async def photo_bytes(self, sha256: str) -> bytes | None:
        """The bytes of a photo as they were kept; None if they are not here, or are not what was kept."""
        data = await self.documents.file(sha256)
        if data is not None and hashlib.sha256(data).hexdigest() == sha256:
            return data
        record = self.photo(sha256)
        if record is not None and record.gone is None:
            await self._note_damaged([sha256])
        return None

    def photo(self, sha256: str) -> PhotoRecord | None:
        """What is known of a photo whose bytes are here."""
        return self._photos.get(sha256)

    def photos_waiting(self) -> list[PhotoRecord]:
        """Photos of changes that the server has, which it does not have yet: urgent first, oldest first (rule S7)."""
        return self._unreceived(entry for entry in self._outbox if entry.state == EntryState.CONFIRMED)

    def photos_unsent(self) -> list[PhotoRecord]:
        """All photos of saved observations that the server does not have yet."""
        return self._unreceived(entry for entry in self._outbox if entry.state != EntryState.REFUSED)

    async def note_photo(self, record: PhotoRecord) -> None:
        """Keep how far a photo has come."""

        def build() -> Iterable[Operation]:
            if self.photo(record.sha256) is not None:
                yield Put(PHOTOS, record.sha256, record.as_dict())

        await self.documents.change(build)

    def photos_refused(self) -> list[PhotoRecord]:
        """Photos that the server will never take."""
        return [record for record in self._photos if record.problem is not None and not record.received]

    def photos_to_report(self) -> list[PhotoRecord]:
        """Photos of changes that the server has, which it may not have and which are gone from here (rule S13)."""
        named = {
            photo.sha256
            for entry in self._outbox
            if entry.state == EntryState.CONFIRMED
            for photo in entry.media
        }
        return [
            record
            for record in self._photos
            if record.gone is not None
            and record.sha256 in named
            and not (record.received or record.missing or record.problem)
        ]

    def _unreceived(self, entries: Iterable[OutboxEntry]) -> list[PhotoRecord]:
        names = dict.fromkeys(photo.sha256 for entry in sending_order(entries) for photo in entry.media)
        records = (self.photo(sha256) for sha256 in names)
        return [
            record
            for record in records
            if record and not record.received and record.problem is None and record.gone is None
        ]

    def photos(self) -> list[PhotoRecord]:
        """Every photo that is known here."""
        return list(self._photos)

    async def forget_bytes(self, records: Iterable[PhotoRecord]) -> None:
        """The bytes of these photos go; that they belong to their observations stays known."""
        gone = [record.model_copy(update={"gone": Gone.THINNED}) for record in records]
        # The bytes first: when the storage is full, there may be no room left to write that they are gone.
        for record in gone:
            await self.documents.remove_file(record.sha256)
        await self.documents.change(lambda: [Put(PHOTOS, record.sha256, record.as_dict()) for record in gone])

    async def forget_photo(self, sha256: str) -> bool:
        """The bytes of a photo that was replaced go, unless a draft (then False: ask again) or a change names them."""

        def build() -> Iterable[Operation]:
            if self.photo(sha256) is not None and not self._is_named(sha256):
                yield Remove(PHOTOS, sha256)

        await self.documents.change(build)
        if self.photo(sha256) is None:
            await self.documents.remove_file(sha256)
        return not any(photo.sha256 == sha256 for draft in self._drafts for photo in draft.photos)

    def _is_named(self, sha256: str) -> bool:
        named = [photo for draft in self._drafts for photo in draft.media]
        named += [photo for entry in self._outbox for photo in entry.media]
        return any(photo.sha256 == sha256 for photo in named)

    async def _note_damaged(self, photos: Iterable[str]) -> None:
        """These photos cannot be read: say so once, and send the others."""
        for sha256 in photos:

            def build(sha256: str = sha256) -> Iterable[Operation]:
                record = self.photo(sha256)
                if record is not None:
                    yield Put(PHOTOS, sha256, record.model_copy(update={"gone": Gone.DAMAGED}).as_dict())

            await self.documents.change(build)
            await self.documents.set_aside(Damage("files", sha256, "photo"))

    # -- contact with the server ------------------------------------------------------------------

    @property
    def contact(self) -> Contact | None:
        """The last contact with the server."""
        document = self.documents.get(_CONTACT, "last")
        return Contact.model_validate(document) if document else None

    async def note_contact(self, contact: Contact) -> bool:
        """Keep the last contact. In another epoch everything confirmed is offered again (rule S13): then True."""
        known = self.contact
        restored = known is not None and known.epoch != contact.epoch

        def build() -> Iterable[Operation]:
            yield Put(_CONTACT, "last", contact.as_dict())
            if restored:
                yield from self._offered_again()

        await self.documents.change(build)
        return restored

    async def offer_again(self) -> None:
        """Everything confirmed waits again: the server was put back without another epoch (rule S13)."""
        await self.documents.change(self._offered_again)

    def _offered_again(self) -> Iterable[Operation]:
        for entry in self._outbox:
            if entry.state == EntryState.CONFIRMED:
                since = {"known_since": entry.known_since or entry.received_at}
                yield _put(entry.model_copy(update={**_UNCONFIRMED, **since}))
        for record in self._photos:
            yield Put(PHOTOS, record.sha256, record.model_copy(update=_UNSENT).as_dict())

    # -- settings, read marks, log ------------------------------------------------------------------

    def preference(self, name: str) -> str | None:
        """A setting, None if it was never made."""
        document = self.documents.get(_PREFERENCES, name)
        return None if document is None else str(document["value"])

    async def prefer(self, name: str, value: str) -> None:
        """Keep a setting."""
        await self.documents.change(lambda: [_setting(name, value)])

    def read_until(self, observation_id: UUID) -> str:
        """The mark of the news that the person has seen; "" if none."""
        document = self.documents.get(READ_MARKS, str(observation_id))
        return str(document["until"]) if document else ""

    async def mark_read(self, observation_id: UUID, until: str) -> None:
        """The person has seen the news with this mark."""
        if self.read_until(observation_id) != until:
            await self.documents.change(lambda: [Put(READ_MARKS, str(observation_id), {"until": until})])

    def log(self) -> list[LogLine]:
        """The synchronisation log, newest first."""
        return self._log.lines()

    async def note(self, line: LogLine, *, again: bool = False) -> None:
        """Add to the synchronisation log (see `SyncLog.note`)."""
        await self._log.note(line, again=again)

    # -- what is no longer needed --------------------------------------------------------------------

    async def collect(self) -> None:
        """Forget what was confirmed CONFIRMED_KEPT ago with all its photos, and photos that nothing names.

        Only at start, when nobody can want a discarded draft back. Time is the server's: the tablet's clock may lie.
        Photos whose bytes have vanished are noticed here.
        """
        files = await self.documents.file_keys()
        vanished = [record for record in self._photos if record.gone is None and record.sha256 not in files]
        await self.forget_bytes(record for record in vanished if record.received)
        await self._note_damaged(record.sha256 for record in vanished if not record.received)
        contact = self.contact
        if contact is not None:
            old = [
                entry for entry in self._outbox if self._is_over(entry, contact.server_time - CONFIRMED_KEPT)
            ]
            await self.documents.change(lambda: [Remove(OUTBOX, str(entry.id)) for entry in old])
        if self.damage:
            return  # what cannot be read may name photos
        named = {photo.sha256 for draft in self._drafts for photo in draft.media}
        named |= {photo.sha256 for entry in self._outbox for photo in entry.media}
        named |= self.recordings.named()
        unnamed = [record.sha256 for record in self._photos if record.sha256 not in named]
        await self.documents.change(lambda: [Remove(PHOTOS, sha256) for sha256 in unnamed])
        kept = {record.sha256 for record in self._photos if record.gone != Gone.THINNED}
        for key in files - kept:
            if self.recordings.owns(key):
                continue
            await self.documents.remove_file(key)

    def _is_over(self, entry: OutboxEntry, before: datetime) -> bool:
        if entry.state != EntryState.CONFIRMED or (entry.received_at or datetime.now(UTC)) >= before:
            return False
        records = (self.photo(photo.sha256) for photo in entry.media)
        return all(
            record is None or record.received or record.missing or record.problem is not None
            for record in records
        )


_UNCONFIRMED = {
    "state": EntryState.WAITING,
    "outcome": None,
    "received_at": None,
    "problem": None,
    "told": False,
}
_UNSENT = {"received": False, "problem": None, "missing": False}
_HERE_AGAIN = {"gone": None, "missing": False}


def _setting(name: str, value: str) -> Put:
    return Put(_PREFERENCES, name, {"value": value})


def _put(entry: OutboxEntry) -> Put:
    return Put(OUTBOX, str(entry.id), entry.as_dict())


def _after(receipt: Receipt) -> Json:
    """What a receipt changes in an entry."""
    if receipt.outcome != Outcome.REJECTED:
        outcome = {"outcome": receipt.outcome, "problem": None, "received_at": receipt.received_at}
        return {"state": EntryState.CONFIRMED, **outcome}
    waits_on = receipt.problem is not None and receipt.problem.advice in _COME_AGAIN
    state = EntryState.WAITING if waits_on else EntryState.REFUSED
    return {"state": state, "outcome": None if waits_on else receipt.outcome, "problem": receipt.problem}


def _is_replaced(entry: OutboxEntry, change: ReviseObservation | PlanVisit) -> bool:
    """A refused version is replaced by the one that the person saves after it."""
    return entry.state == EntryState.REFUSED and entry.thing == thing_of(change)


__all__ = ["DRAFTS", "OUTBOX", "PHOTOS", "READ_MARKS", "SCHEMA", "Contact", "LogLine", "OwnWork"]
