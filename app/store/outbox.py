"""The outbox (Ausgang): changes of the technician and what the server said to each."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from protocol.changes import (
    AddComment,
    Change,
    MarkTask,
    Outcome,
    PlanVisit,
    PrepareVisit,
    ReviseObservation,
    thing_of,
)
from protocol.fields import Document, Moment, Sha256
from protocol.observation import Medium, Urgency
from protocol.problems import Problem


class EntryState(StrEnum):
    """Where a change stands."""

    WAITING = "waiting"
    REFUSED = "refused"
    """The server did not take it; it stays until the person corrects or removes it (rule S4)."""
    CONFIRMED = "confirmed"
    """There is a receipt. Kept for CONFIRMED_KEPT, to be offered again to a restored server (rule S13)."""


class OutboxEntry(Document):
    """One change with its place in the queue."""

    change: Change
    order: int
    """Grows with every change made on this tablet; no clock takes part."""
    state: EntryState = EntryState.WAITING
    outcome: Outcome | None = None
    problem: Problem | None = None
    """Why it was refused, or why the server could not take it yet."""
    received_at: Moment | None = None
    """When the server received it, by the server's clock."""
    known_since: Moment | None = None
    """When it was first received, if it had to be offered again since (rule S13): then others may have built on it,
    and what they built may have arrived before it."""
    told: bool = False
    """Of a visit: whether everything was read since the server had it. From then on what the server tells counts, also
    when it tells of no such visit."""

    @property
    def id(self) -> UUID:
        """The change's own id."""
        return self.change.id

    @property
    def thing(self) -> UUID:
        """The observation or visit that it is about."""
        return thing_of(self.change)

    @property
    def revision(self) -> ReviseObservation | None:
        """The change if it is a revision of an observation."""
        return self.change if isinstance(self.change, ReviseObservation) else None

    @property
    def comment(self) -> AddComment | None:
        """The change if it is an answer in a thread."""
        return self.change if isinstance(self.change, AddComment) else None

    @property
    def mark(self) -> MarkTask | None:
        """The change if it says of a next step that it is done, or open after all."""
        return self.change if isinstance(self.change, MarkTask) else None

    @property
    def plan(self) -> PlanVisit | None:
        """The change if it plans a visit, changes it or calls it off."""
        return self.change if isinstance(self.change, PlanVisit) else None

    @property
    def preparation(self) -> PrepareVisit | None:
        """The change if it says of a point of a preparation that it is done, or open after all."""
        return self.change if isinstance(self.change, PrepareVisit) else None

    @property
    def media(self) -> tuple[Medium, ...]:
        """The photos and voice notes that the change names."""
        return () if isinstance(self.change, PlanVisit | PrepareVisit) else self.change.media

    @property
    def urgent(self) -> bool:
        """Whether somebody must look fast."""
        return isinstance(self.change, ReviseObservation) and self.change.content.urgency == Urgency.URGENT


class Gone(StrEnum):
    """Why the bytes of a photo are not on this tablet any more."""

    THINNED = "thinned"
    """Removed to make room, after the server had confirmed it."""
    DAMAGED = "damaged"
    """They cannot be read, or are not what was kept."""


class PhotoRecord(Document):
    """A photo that was taken, or a voice note that was spoken, on this tablet."""

    sha256: Sha256
    size: int
    media_type: str
    added_at: Moment
    upload: str | None = None
    """Where the running upload goes on (tus: the upload's address)."""
    received: bool = False
    problem: Problem | None = None
    """Why the server will never take it."""
    gone: Gone | None = None
    """Set once the bytes are not here any more."""
    missing: bool = False
    """The server has been told that it cannot have them from here, and does not have them: the photo is lost."""


def waiting_since(waiting: Iterable[OutboxEntry], learnt: datetime | None) -> datetime | None:
    """Since when something waits, by the tablet's clock; None: nothing does.

    Args:
        waiting: what waits.
        learnt: when it was learnt that the server was restored: since then what it is offered again waits (rule S13).
    """
    since = (learnt if learnt and entry.known_since else entry.change.recorded_at for entry in waiting)
    return min(since, default=None)


def sending_order(waiting: Iterable[OutboxEntry]) -> list[OutboxEntry]:
    """Urgent observations first, oldest first within each (rule S7).

    Everything about one observation or visit stays in the order in which it was made, so that no correction and no answer
    arrives before what it belongs to: an urgent correction takes the earlier ones with it.
    """
    entries = sorted(waiting, key=lambda entry: entry.order)
    urgent = {entry.thing for entry in entries if entry.urgent}
    return sorted(entries, key=lambda entry: (entry.thing not in urgent, entry.order))
