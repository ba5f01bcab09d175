"""What screens draw: plain values without behaviour, made by the `Notebook`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from app.store.drafts import Draft
from app.store.errors import StoreError
from app.sync.errors import Offline
from protocol.observation import Kind, ObservationContent
from protocol.pairing import Role
from protocol.planning import VisitPlan
from protocol.problems import Problem
from protocol.reference import Customer, CustomerClass, HistoryEntry, Revision, Visit
from protocol.review import RejectionReason
from protocol.rules.steps import Step
from protocol.voice import VoiceNote


@dataclass(frozen=True)
class Identity:
    """Who uses this tablet, for which company, with which server."""

    user_id: UUID
    user_name: str
    role: Role
    territory: str | None
    company: str
    server: str
    device_id: UUID
    paired_at: datetime


class Progress(StrEnum):
    """How far an observation has come, from the technician's side."""

    DRAFT = "draft"
    WAITING = "waiting"
    SENDING = "sending"
    RECEIVED = "received"
    PHOTOS = "photos"
    """The text was received, photos are still to come."""
    IN_REVIEW = "in_review"
    QUESTION = "question"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    HANDED_OVER = "handed_over"
    OFFERED = "offered"
    """The customer has an offer because of it."""
    WON = "won"
    LOST = "lost"
    REFUSED = "refused"
    """The server did not take it (its rules, not inside sales): see `problem`."""


@dataclass(frozen=True)
class ObservationRow:
    """An observation in a list."""

    id: UUID
    title: str
    kind: Kind | None
    customer_name: str
    progress: Progress
    stage: int
    """Filled parts of the four-part bar: 1 on the tablet, 2 received, 3 with sales, 4 decided."""
    photos_received: int
    photos_total: int
    reason: RejectionReason | None
    problem: Problem | None
    question: str | None
    question_by: str | None
    changed_at: datetime
    conflict: bool
    has_draft: bool
    urgent: bool
    unread: bool
    recorded_at: datetime | None = None
    """When the technician saved it (a draft: last wrote it); lists are sorted by this, newest first."""
    customer_id: UUID | None = None
    question_at: datetime | None = None
    photos_missing: int = 0
    """Photos that are neither here nor at the server any more."""
    voices: int = 0
    """How many of what is counted as photos are voice notes."""
    signatures: int = 0
    """How many of what is counted as photos are signatures."""


@dataclass(frozen=True)
class CommentView:
    """One contribution to the thread with inside sales."""

    author_name: str
    by_me: bool
    text: str
    at: datetime
    waiting: bool
    """Not yet confirmed by the server."""
    problem: Problem | None = None
    """Why the server did not take it."""
    change_id: UUID | None = None
    """The change in the outbox, as long as it is there."""
    voice: VoiceNote | None = None


@dataclass(frozen=True)
class ObservationPage:
    """An observation with all that belongs to it."""

    row: ObservationRow
    content: ObservationContent | None
    """The newest content that the technician saved; None while there is only a draft."""
    site_name: str | None
    asset_name: str | None
    contact_name: str | None
    comments: tuple[CommentView, ...]
    note: str
    decided_by_name: str | None
    siblings: tuple[Revision, ...]
    revision_count: int
    waiting_changes: int
    refused_change_id: UUID | None
    offered_at: datetime | None = None
    """When it was noted that the customer has an offer."""


@dataclass(frozen=True)
class CustomerRow:
    """A customer in a list."""

    id: UUID
    name: str
    number: str
    city: str | None
    customer_class: CustomerClass | None


@dataclass(frozen=True)
class Question:
    """What inside sales wants the technician to find out."""

    observation_id: UUID
    text: str
    by_name: str | None
    asked_at: datetime | None


@dataclass(frozen=True)
class VisitView:
    """An appointment with what the technician needs before the door opens."""

    visit: Visit
    customer_name: str
    customer_class: CustomerClass | None
    place: str
    """For example "Werk 2 · Industriestraße 14, 88213 Ravensburg"."""
    question: Question | None
    """The oldest open question of inside sales to this technician about this customer."""
    waiting: bool = False
    """The server has not confirmed something that was said of it here."""
    problem: Problem | None = None
    """Why the server did not take what was planned here."""

    @property
    def is_mine(self) -> bool:
        """Whether the technician has planned it himself: he alone changes it."""
        return self.visit.version is not None


@dataclass(frozen=True)
class RefusedWord:
    """Something that was said of a visit and that the server did not take.

    Attributes:
        plan: what was planned; None: a point of the preparation was ticked.
    """

    change_id: UUID
    visit_id: UUID
    customer_name: str
    plan: VisitPlan | None
    problem: Problem | None


@dataclass(frozen=True)
class VisitDay:
    """The visits of one day, earliest first."""

    day: date
    visits: tuple[VisitView, ...]


@dataclass(frozen=True)
class CustomerPage:
    """A customer with recent history (newest first)."""

    customer: Customer
    history: tuple[HistoryEntry, ...]
    my_observations: tuple[ObservationRow, ...]
    next_visit: VisitView | None
    questions: tuple[Question, ...] = ()
    """Open questions of inside sales to this technician, the oldest first."""
    steps: tuple[Step, ...] = ()
    """Next steps that were named here, by him and by colleagues, done ones included."""


@dataclass(frozen=True)
class Transfer:
    """The state of the transfer, in facts; the words are made where they are shown."""

    waiting: int
    """Observations and answers that the server has not confirmed."""
    waiting_since: datetime | None
    refused: int
    photos_waiting: int
    last_contact: datetime | None
    running: bool
    phase: Literal["push", "pull", "media"] | None
    done: int
    total: int | None
    problem: Problem | Offline | StoreError | None
    next_attempt: datetime | None
    seal: bool
    needs_pairing: bool
    others_waiting: int = 0
    """How many of the photos that wait are no photos, but voice notes or signatures."""
    photos_held: bool = False
    """Photos wait for another network, because the person said so."""


@dataclass(frozen=True)
class Today:
    """The visits of a day and the news from inside sales, unread first, newest first."""

    visits: tuple[VisitView, ...]
    answers: tuple[ObservationRow, ...]


__all__ = [
    "CommentView",
    "CustomerPage",
    "CustomerRow",
    "Draft",
    "Identity",
    "ObservationPage",
    "ObservationRow",
    "Progress",
    "Question",
    "RefusedWord",
    "Step",
    "Today",
    "Transfer",
    "VisitDay",
    "VisitView",
]
