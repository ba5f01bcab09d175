"""A voice note: what the technician says himself, instead of typing it; its bytes travel like a photo's."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from protocol.fields import Document, Sha256
from protocol.limits import MAX_VOICE_BYTES, MAX_VOICE_SECONDS


class VoiceNote(Document):
    """A recording that belongs to an observation or to an answer; its bytes are addressed by their SHA-256."""

    id: UUID
    sha256: Sha256
    size: int = Field(gt=0, le=MAX_VOICE_BYTES, description="bytes")
    media_type: Annotated[str, StringConstraints(pattern=r"^audio/(webm|ogg|mp4)$")]
    seconds: float = Field(gt=0, le=2 * MAX_VOICE_SECONDS, description="as the tablet counted them")
    """Twice the longest: a tablet's clock that jumps must not cost what was said."""


def minutes(seconds: float) -> str:
    """A length as a person reads it: "4:07"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def spoken_text(note: VoiceNote) -> str:
    """What stands as the text of an answer that was only spoken: for readers that know no voice notes yet.

    Whoever knows them shows the recording instead (`is_only_spoken`).
    """
    return f"Sprachnotiz ({minutes(note.seconds)})"


def is_only_spoken(text: str, note: VoiceNote | None) -> bool:
    """Whether a text says nothing that its recording does not say."""
    return note is not None and text == spoken_text(note)
