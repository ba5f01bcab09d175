"""A signature: who has signed which words and when; its picture travels like a photo's bytes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from protocol.answers import Name
from protocol.fields import Document, Moment, Sha256, ShortText, Text
from protocol.limits import MAX_SIGNATURE_BYTES


class Signature(Document):
    """What a customer has signed on the glass. It belongs to its own `words` alone, whatever is changed later."""

    id: UUID
    sha256: Sha256
    size: int = Field(gt=0, le=MAX_SIGNATURE_BYTES, description="bytes")
    media_type: Annotated[str, StringConstraints(pattern=r"^image/png$")] = "image/png"
    width: int = Field(gt=0, le=2_000, description="pixels")
    height: int = Field(gt=0, le=2_000, description="pixels")
    question: Name
    """The question that asked for it."""
    signer: Annotated[ShortText, StringConstraints(min_length=1)]
    """His name as it was written in block letters."""
    contact_id: UUID | None = None
    """The signer, when he is one of the customer's contacts."""
    words: Annotated[Text, StringConstraints(min_length=1)]
    """Everything that stood above the line, in the language and the words of that moment."""
    signed_at: Moment
    noted: Sha256 | None = None
    """What the observation said when it was signed, as `protocol.rules.signing.fingerprint` sees it."""
