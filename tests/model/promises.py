"""What people were told to be saved: the list against which tablets and server are held."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from app.store.outbox import OutboxEntry
from protocol.changes import AddComment, AnyChange, PlanVisit, PrepareVisit, ReviseObservation


class Violation(AssertionError):
    """A promise was broken. The message says which."""


@dataclass(frozen=True)
class Promise:
    """One change that a tablet called saved: whose it is, and where it was made."""

    change: AnyChange
    person: UUID
    tablet: str

    def __str__(self) -> str:
        return f"{self.change.type} {self.change.id} saved on {self.tablet}"


@dataclass
class Promises:
    """Everything that must not be lost.

    Attributes:
        saved: by the change's id.
        given_up: what a person replaced or gave up after the server had refused it.
        drafts: the text of each kept draft, by tablet, person and draft.
        answers: the text of each begun answer, by tablet, person and observation.
        unreadable: SHA-256 of photos that no server can read: they may be refused, with a reason.
    """

    saved: dict[UUID, Promise] = field(default_factory=dict)
    given_up: dict[UUID, Promise] = field(default_factory=dict)
    drafts: dict[tuple[str, UUID, UUID], str] = field(default_factory=dict)
    answers: dict[tuple[str, UUID, UUID], str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    def note(self, tablet: str, person: UUID, entries: Iterable[OutboxEntry]) -> list[UUID]:
        """What stands in an outbox is saved; gives the ids of what is new there."""
        new = [entry for entry in entries if entry.id not in self.saved and entry.id not in self.given_up]
        for entry in new:
            self.saved[entry.id] = Promise(entry.change, person, tablet)
        return [entry.id for entry in new]

    def give_up(self, change_ids: Iterable[UUID]) -> None:
        """The person replaced these, or does not want them any more."""
        for change_id in change_ids:
            if change_id in self.saved:
                self.given_up[change_id] = self.saved.pop(change_id)

    def revisions(self) -> list[tuple[Promise, ReviseObservation]]:
        """Every saved version of an observation."""
        return [(p, p.change) for p in self.saved.values() if isinstance(p.change, ReviseObservation)]

    def comments(self) -> list[tuple[Promise, AddComment]]:
        """Every saved answer."""
        return [(p, p.change) for p in self.saved.values() if isinstance(p.change, AddComment)]

    def of_visits(self) -> list[tuple[Promise, PlanVisit | PrepareVisit]]:
        """Everything that was saved about visits."""
        of_visits = (PlanVisit, PrepareVisit)
        return [(p, p.change) for p in self.saved.values() if isinstance(p.change, of_visits)]

    def photos(self) -> set[str]:
        """SHA-256 of every photo that a saved version names and a server can read."""
        named = {photo.sha256 for _, change in self.revisions() for photo in change.content.photos}
        return named - self.unreadable
