"""Every failure that a screen must be able to say in words, under one roof."""

from dataclasses import dataclass
from enum import StrEnum

from app.device.errors import PhotoError, PhotoNotEdited, PhotoTooLarge, TooManyPixels, UnreadablePhoto
from app.store.errors import Damage, NewerStore, StorageFull, StoreDamaged, StoreError, StoreLost
from app.sync.errors import Offline, OfflineReason, SyncError, SyncProblem

__all__ = [
    "Damage",
    "DraftFault",
    "DraftProblem",
    "InvalidDraft",
    "NewerStore",
    "Offline",
    "OfflineReason",
    "PhotoError",
    "PhotoNotEdited",
    "PhotoTooLarge",
    "StorageFull",
    "StoreDamaged",
    "StoreError",
    "StoreLost",
    "SyncError",
    "SyncProblem",
    "TooManyPhotos",
    "TooManyPixels",
    "UnreadablePhoto",
]


class DraftFault(StrEnum):
    """What is wrong with one field of a draft."""

    MISSING = "missing"
    EMPTY = "empty"
    """Nothing was written: it needs a text, a photo or a next step."""
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    IMPLAUSIBLE_DATE = "implausible_date"
    INVALID = "invalid"
    UNFINISHED = "unfinished"
    """A signature was begun, and neither finished nor given up."""


@dataclass(frozen=True)
class DraftProblem:
    """One thing to be corrected before a draft can be saved.

    Attributes:
        field: the `Draft` field beside which the screen shows it; "" for the draft as a whole.
        code: what is wrong.
        count: characters or photos there are, where that helps.
        limit: characters or photos allowed, where that helps.
    """

    field: str
    code: DraftFault
    count: int | None = None
    limit: int | None = None


class InvalidDraft(Exception):
    """The draft cannot become an observation yet. It is kept as a draft."""

    def __init__(self, problems: tuple[DraftProblem, ...]) -> None:
        super().__init__(", ".join(f"{problem.field or 'draft'}: {problem.code}" for problem in problems))
        self.problems = problems


class TooManyPhotos(PhotoError):
    """The draft already has as many photos as one observation may have."""
