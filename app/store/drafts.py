"""A technician's unfinished observation, and reading it back even when the app has changed since."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from protocol.observation import FlagKind, Kind, Medium, Photo, Side, Urgency
from protocol.signature import Signature
from protocol.voice import VoiceNote


@dataclass(frozen=True)
class DraftAnswer:
    """An answer as far as it was given; without limits, because a draft keeps whatever was typed."""

    question: str
    value: str
    said: str | None = None
    contact_id: UUID | None = None


@dataclass(frozen=True)
class BegunSignature:
    """What is being signed, as far as it has come: kept stroke by stroke, gone once it is finished or given up."""

    question: str
    words: str
    """What stood above the line when it was drawn."""
    width: float
    """Of the field in which the first stroke was drawn, in dp; the same with `height`."""
    height: float
    signer: str = ""
    contact_id: UUID | None = None
    strokes: tuple[tuple[int, ...], ...] = ()
    """As `app.ink.strokes.flat` stores them. Ways alone, no times: how fast somebody writes is nobody's business."""


@dataclass(frozen=True)
class Draft:
    """One person's unfinished observation; every field may be missing. Change it with `dataclasses.replace`."""

    id: UUID
    """Becomes the observation's id."""
    observed_at: datetime
    updated_at: datetime
    based_on: UUID | None = None
    """The revision that is corrected; None for a new observation."""
    kind: Kind | None = None
    customer_id: UUID | None = None
    site_id: UUID | None = None
    asset_id: UUID | None = None
    contact_id: UUID | None = None
    visit_id: UUID | None = None
    heard: str = ""
    seen: str = ""
    concluded: str = ""
    next_step: str = ""
    next_step_by: Side = Side.INSIDE_SALES
    next_step_due: date | None = None
    urgency: Urgency = Urgency.NORMAL
    flag_kind: FlagKind | None = None
    flag_purpose: str = ""
    flag_expires_on: date | None = None
    photos: tuple[Photo, ...] = ()
    template: UUID | None = None
    """The version of the template with which it was begun and will be finished; None before there were any."""
    answers: tuple[DraftAnswer, ...] = ()
    """Those of other kinds, too: a kind that was chosen by mistake costs no answer."""
    voice: tuple[VoiceNote, ...] = ()
    signatures: tuple[Signature, ...] = ()
    """Those of other kinds' questions, too: see `answers`."""
    signing: tuple[BegunSignature, ...] = ()

    @property
    def media(self) -> tuple[Medium, ...]:
        """Everything whose bytes are kept apart."""
        return (*self.photos, *self.voice, *self.signatures)


@cache
def _adapter() -> TypeAdapter[Draft]:
    # Built when the first draft is read or written: most starts have none.
    return TypeAdapter(Draft)


def draft_as_json(draft: Draft) -> dict[str, Any]:
    """The draft as plain JSON values."""
    values: dict[str, Any] = _adapter().dump_python(draft, mode="json", exclude_defaults=True)
    return values


def draft_from_json(values: dict[str, Any]) -> Draft:
    """The draft that was kept, without the fields that this version of the app cannot read.

    A draft must be found again after an update of the app, and losing a choice is better than losing the text.

    Raises:
        ValidationError: id or times are missing or unreadable; then it is no draft.
    """
    try:
        return _adapter().validate_python(values)
    except ValidationError as failure:
        unreadable = {str(error["loc"][0]) for error in failure.errors() if error["loc"]}
        rest = {name: value for name, value in values.items() if name not in unreadable}
        return _adapter().validate_python(rest)
