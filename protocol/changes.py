"""Changes that a tablet pushes and the receipts that it gets back (rules S1 to S5)."""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from protocol.answers import Name
from protocol.fields import BUILT_LATE, Document, Moment, ShortText, Text
from protocol.limits import MAX_PUSH_CHANGES, MAX_VERSIONS_APART
from protocol.observation import Medium, ObservationContent
from protocol.planning import VisitPlan
from protocol.problems import Problem
from protocol.version import PROTOCOL
from protocol.voice import VoiceNote


class ReviseObservation(Document):
    """A new observation (`based_on` is None) or a new revision of one."""

    type: Literal["observation.revise"] = "observation.revise"
    id: UUID
    observation_id: UUID
    revision_id: UUID
    based_on: UUID | None = None
    content: ObservationContent
    recorded_at: Moment

    @property
    def media(self) -> tuple[Medium, ...]:
        """What the change names and whose bytes travel apart."""
        return self.content.media


class AddComment(Document):
    """A technician's contribution to the thread of one of his observations, typed or spoken.

    What was only spoken has `protocol.voice.spoken_text` as its text.
    """

    type: Literal["comment.add"] = "comment.add"
    id: UUID
    observation_id: UUID
    comment_id: UUID
    text: Annotated[Text, StringConstraints(min_length=1)]
    voice: VoiceNote | None = None
    recorded_at: Moment

    @property
    def media(self) -> tuple[Medium, ...]:
        """What the change names and whose bytes travel apart."""
        return (self.voice,) if self.voice else ()


class MarkTask(Document):
    """The technician's word that a next step of his own is done, or open after all (undo).

    It names the step by its text: of a step that was corrected meanwhile nothing is said.
    """

    type: Literal["task.done"] = "task.done"
    id: UUID
    observation_id: UUID
    text: Annotated[ShortText, StringConstraints(min_length=1)]
    done: bool = True
    recorded_at: Moment

    @property
    def media(self) -> tuple[Medium, ...]:
        """None: nothing of it travels apart."""
        return ()


class PlanVisit(Document):
    """A visit that the technician plans (`based_on` is None), changes or calls off."""

    type: Literal["visit.plan"] = "visit.plan"
    id: UUID
    visit_id: UUID
    revision_id: UUID
    based_on: UUID | None = None
    settles: tuple[UUID, ...] = Field(default=(), max_length=MAX_VERSIONS_APART)
    """Versions made apart that the technician has seen, and for which this one stands from now on."""
    plan: VisitPlan
    recorded_at: Moment


class PrepareVisit(Document):
    """The technician's word that a point of the preparation is done, or open after all."""

    type: Literal["visit.prepare"] = "visit.prepare"
    id: UUID
    visit_id: UUID
    item: Name
    template: UUID
    done: bool = True
    recorded_at: Moment


OfObservation = ReviseObservation | AddComment | MarkTask
"""Changes of observations."""

OfVisit = PlanVisit | PrepareVisit
"""Changes of visits."""

AnyChange = OfObservation | OfVisit

Change = Annotated[AnyChange, Field(discriminator="type")]
"""One change; `id` is its own, made on the tablet, and makes pushing it again harmless (rule S1)."""

change_adapter: TypeAdapter[AnyChange] = TypeAdapter(Change, config=ConfigDict(defer_build=BUILT_LATE))
"""Reads one change; built once because building it is the slow part."""


def thing_of(change: AnyChange) -> UUID:
    """The observation or visit that a change is about: changes of one thing keep their order."""
    return change.visit_id if isinstance(change, PlanVisit | PrepareVisit) else change.observation_id


class Outcome(StrEnum):
    """What became of a pushed change."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    """Another change had brought the same revision or comment already; nothing was stored twice."""
    CONFLICT = "conflict"
    """Stored, as a sibling revision: the server had moved on (rule S5)."""
    REJECTED = "rejected"


class Receipt(Document):
    """The server's confirmation of one change (Quittung). Stored with the change: a retry gets the same."""

    change_id: UUID
    outcome: Outcome
    received_at: Moment
    problem: Problem | None = None


class PushRequest(Document):
    """One push. Changes are read one by one, so that a bad one never holds back its neighbours (rule S2)."""

    protocol: int = PROTOCOL
    epoch: UUID | None = None
    sent_at: Moment
    """The tablet's clock at sending: the server notes the offset (rule S19)."""
    changes: tuple[dict[str, Any], ...] = Field(max_length=MAX_PUSH_CHANGES)


class PushAnswer(Document):
    """The only document that counts as receipts (rule S3)."""

    type: Literal["rundgang.push"] = "rundgang.push"
    protocol: int = PROTOCOL
    epoch: UUID
    server_time: Moment
    receipts: tuple[Receipt, ...]
