"""An observation as the technician records it: what was heard, seen and concluded on site."""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from protocol.answers import Answers
from protocol.fields import Day, Document, Moment, Sha256, ShortText, Text
from protocol.limits import MAX_PHOTO_BYTES, MAX_PHOTOS, MAX_SIGNATURES, MAX_VOICE_NOTES
from protocol.signature import Signature
from protocol.voice import VoiceNote


class Kind(StrEnum):
    """What sort of thing was observed (Art)."""

    PLAN = "plan"
    NEED = "need"
    NEXT_STEP = "next_step"
    COMPETITOR = "competitor"
    COMPLAINT = "complaint"
    CONTACT_CHANGE = "contact_change"
    NOTE = "note"


class Urgency(StrEnum):
    """How fast somebody must look."""

    NORMAL = "normal"
    URGENT = "urgent"


class Side(StrEnum):
    """Who does the next step."""

    TECHNICIAN = "technician"
    INSIDE_SALES = "inside_sales"
    FIELD_SALES = "field_sales"
    CUSTOMER = "customer"


class FlagKind(StrEnum):
    """Why a note needs care under the GDPR: personal data, of a third party, or of Art. 9."""

    PERSONAL = "personal"
    THIRD_PARTY = "third_party"
    SPECIAL_CATEGORY = "special_category"


class Flag(Document):
    """The GDPR flag (DSGVO-Kennzeichen) of an observation: what kind of data, for which purpose, until when.

    The purpose is required because data without one may not be held (Art. 5(1)(b) GDPR).
    """

    kind: FlagKind
    purpose: Annotated[ShortText, StringConstraints(min_length=1)]
    expires_on: Day | None = None


class NextStep(Document):
    """What should happen next, by whom and until when."""

    text: Annotated[ShortText, StringConstraints(min_length=1)]
    responsible: Side = Side.INSIDE_SALES
    due_on: Day | None = None


class Photo(Document):
    """A picture that belongs to an observation; its bytes travel apart, addressed by their SHA-256."""

    id: UUID
    sha256: Sha256
    size: int = Field(gt=0, le=MAX_PHOTO_BYTES, description="bytes")
    media_type: Annotated[str, StringConstraints(pattern=r"^image/(jpeg|png|webp)$")]
    width: int | None = Field(default=None, gt=0, le=20_000, description="pixels")
    height: int | None = Field(default=None, gt=0, le=20_000, description="pixels")
    caption: ShortText = ""


Medium = Photo | VoiceNote | Signature
"""What belongs to an observation and whose bytes travel apart."""


class ObservationContent(Document):
    """One revision's content. What was said, what was seen and what the technician concludes stay apart."""

    kind: Kind
    customer_id: UUID
    site_id: UUID | None = None
    asset_id: UUID | None = None
    contact_id: UUID | None = None
    visit_id: UUID | None = None
    observed_at: Moment
    heard: Text = ""
    seen: Text = ""
    concluded: Text = ""
    next_step: NextStep | None = None
    urgency: Urgency = Urgency.NORMAL
    flag: Flag | None = None
    photos: tuple[Photo, ...] = Field(default=(), max_length=MAX_PHOTOS)
    answers: Answers | None = None
    """None, and not in the JSON, where nothing was answered: as in everything that was stored before there were
    questions, so that a revision that is pushed again still equals itself."""
    voice: Annotated[tuple[VoiceNote, ...], Field(min_length=1, max_length=MAX_VOICE_NOTES)] | None = None
    """None, and not in the JSON, where nothing was spoken: see `answers`."""
    signatures: Annotated[tuple[Signature, ...], Field(min_length=1, max_length=MAX_SIGNATURES)] | None = None
    """None, and not in the JSON, where nothing was signed: see `answers`."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        texts = (self.heard, self.seen, self.concluded)
        if not (any(map(str.strip, texts)) or self.media or self.next_step or self.answers):
            raise PydanticCustomError(
                "empty_observation",
                "needs a text, a photo, a voice note, a signature, a next step or the answer to a question",
            )
        return self

    @property
    def voices(self) -> tuple[VoiceNote, ...]:
        """What was spoken."""
        return self.voice or ()

    @property
    def signed(self) -> tuple[Signature, ...]:
        """What the customer has signed."""
        return self.signatures or ()

    @property
    def media(self) -> tuple[Medium, ...]:
        """Everything whose bytes travel apart."""
        if not (self.voice or self.signatures):
            return self.photos  # as of nearly all: asked for several times while one is taken
        return (*self.photos, *self.voices, *self.signed)

    @property
    def text(self) -> str:
        """All that was written, in reading order, for titles and search."""
        parts = (self.heard.strip(), self.seen.strip(), self.concluded.strip())
        return "\n".join([part for part in parts if part])

    @property
    def title(self) -> str:
        """The first line, or the next step, or the answers, for lists; empty when there are only photos or voice notes."""
        return title_of(self.text, self.next_step, self.answers)


def title_of(text: str, next_step: NextStep | None, answers: Answers | None) -> str:
    """The title of an observation with this text: see `ObservationContent.title`."""
    source = text or (next_step.text if next_step else "") or (answers.text if answers else "")
    return source.split("\n", 1)[0].strip()
