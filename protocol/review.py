"""What inside sales makes of an observation: the lead's state, the reason of a refusal, the thread."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from protocol.fields import Document, Moment, ShortText, Text
from protocol.voice import VoiceNote


class LeadState(StrEnum):
    """Status of a lead."""

    NEW = "new"
    IN_REVIEW = "in_review"
    QUESTION = "question"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    HANDED_OVER = "handed_over"
    WON = "won"
    LOST = "lost"


class RejectionReason(StrEnum):
    """The short list from which inside sales picks when it rejects."""

    NO_RELATION = "no_relation"
    ALREADY_KNOWN = "already_known"
    NO_POTENTIAL = "no_potential"
    TOO_VAGUE = "too_vague"
    CUSTOMER_DECLINES = "customer_declines"
    PRIVACY = "privacy"
    OTHER = "other"


class Comment(Document):
    """One contribution to the thread between technician and inside sales."""

    id: UUID
    author_id: UUID
    author_name: str
    by_technician: bool
    text: Annotated[Text, StringConstraints(min_length=1)]
    at: Moment
    voice: VoiceNote | None = None


class Review(Document):
    """Where an observation stands with inside sales."""

    state: LeadState = LeadState.NEW
    reason: RejectionReason | None = None
    note: ShortText = ""
    assignee_name: str | None = None
    decided_by_name: str | None = None
    changed_at: Moment | None = None
    offered_at: Moment | None = None
    """When inside sales noted that the customer has an offer. No state of its own: an older tablet would refuse a page
    with a state that it does not know, and goes on showing the lead as accepted or handed over."""
