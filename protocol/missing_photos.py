"""Photos that a tablet cannot give any more: told to the server, so that nobody waits for them (rule S13)."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from protocol.fields import Document, Moment, Sha256
from protocol.limits import MAX_PUSH_CHANGES
from protocol.version import PROTOCOL


class MissingPhotos(Document):
    """Photos of confirmed observations whose bytes are not on the tablet any more. Telling it again changes nothing."""

    protocol: int = PROTOCOL
    epoch: UUID
    """Another than the server's is refused: the tablet first offers what it has."""
    photos: tuple[Sha256, ...] = Field(max_length=MAX_PUSH_CHANGES)


class MissingPhotosAnswer(Document):
    """What the server says to that."""

    type: Literal["rundgang.missing-photos"] = "rundgang.missing-photos"
    protocol: int = PROTOCOL
    epoch: UUID
    server_time: Moment
    received: tuple[Sha256, ...]
    """Those of them that it has all the same."""
