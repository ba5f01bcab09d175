"""Next steps: which are still open, when they are due, and in which order they matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from protocol.observation import Side
from protocol.review import LeadState

SOON = 7
"""Days before its day in which a step is shown as due: a technician plans his rounds by the week."""

_NOTHING_COMES = frozenset({LeadState.REJECTED, LeadState.DUPLICATE, LeadState.WON, LeadState.LOST})
"""States in which sales owes nothing any more."""


class Due(StrEnum):
    """How a step stands today."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    SOMETIME = "sometime"
    """Nobody named a day."""


_PRESSING = frozenset({Due.OVERDUE, Due.TODAY})


@dataclass(frozen=True)
class Step:
    """A next step as it was named with an observation (Aufgabe): what, whose turn, until when, and who said so."""

    observation_id: UUID
    customer_id: UUID
    text: str
    responsible: Side
    due_on: date | None
    said_at: datetime
    by_name: str | None = None
    """Who recorded it; None when it was the reader himself."""
    state: LeadState = LeadState.NEW
    done_at: datetime | None = None

    @property
    def is_mine(self) -> bool:
        """Whether it is the reader's own to do: he named himself."""
        return self.by_name is None and self.responsible is Side.TECHNICIAN


def due(due_on: date | None, today: date) -> Due:
    """How a step of this day stands today."""
    if due_on is None:
        return Due.SOMETIME
    days = (due_on - today).days
    if days < 0:
        return Due.OVERDUE
    if days == 0:
        return Due.TODAY
    return Due.SOON if days <= SOON else Due.LATER


def is_open(step: Step) -> bool:
    """Whether somebody still has to do it.

    What sales was to do is over when sales has closed the lead; what a technician has promised he owes the customer
    whatever sales thinks of it.
    """
    if step.done_at is not None:
        return False
    return step.responsible in (Side.TECHNICIAN, Side.CUSTOMER) or step.state not in _NOTHING_COMES


def in_order(steps: Iterable[Step], today: date) -> list[Step]:
    """Open steps, what matters most first: the reader's own that are due, then overdue longest, then by day.

    Steps without a day come last, newest first. What others owe may have been overdue for months: it must not push
    what the reader himself can do today below the fold.
    """
    still = [step for step in steps if is_open(step)]
    still.sort(key=lambda step: step.said_at, reverse=True)
    still.sort(key=lambda step: (step.due_on is None, step.due_on or today, not step.is_mine))
    still.sort(key=lambda step: not (step.is_mine and due(step.due_on, today) in _PRESSING))
    return still
