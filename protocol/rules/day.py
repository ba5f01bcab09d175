"""The day's review: what belongs into the list that is handed in, which steps want a word, when it is time."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from protocol.observation import FlagKind, ObservationContent
from protocol.rules.steps import Step, is_open

TIME_FOR_REVIEW = time(15)
"""From then on the review stands at the top of the first screen, whatever is planned: technicians begin at seven."""

Local = Callable[[datetime], datetime]
"""Turns a moment into the time of the place where the tablet is."""


@dataclass(frozen=True)
class Recorded:
    """An observation that the reader himself has saved."""

    id: UUID
    content: ObservationContent
    with_server: bool
    """Whether the server has confirmed it."""


@dataclass(frozen=True)
class Handed:
    """What is handed in of a day, and what is not."""

    entries: tuple[Recorded, ...]
    """The earliest first."""
    left_out: dict[FlagKind, int] = field(default_factory=dict)
    """How many of the day's observations are not in it, by why they need care under the GDPR."""


def to_hand_in(recorded: Iterable[Recorded], day: date, local: Local) -> Handed:
    """What of the person's own observations is in the list of a day.

    An observation that is marked under the GDPR is not: what was noted for one purpose is not passed on for another
    (Art. 5(1)(b)), and nobody knows who reads a paper. Not even where it was made is told of it, only that there is one.
    """
    of_day = [one for one in recorded if local(one.content.observed_at).date() == day]
    of_day.sort(key=lambda one: one.content.observed_at)
    flags = Counter(one.content.flag.kind for one in of_day if one.content.flag)
    return Handed(
        tuple(one for one in of_day if one.content.flag is None),
        {kind: flags[kind] for kind in FlagKind if flags[kind]},
    )


def wants_a_word(step: Step, day: date, local: Local) -> bool:
    """Whether a next step belongs into the review of a day.

    Those named on that day: are they right as they stand? And the person's own that are due: done, or moved?
    """
    if step.done_at is not None:
        return step.is_mine and local(step.done_at).date() == day
    if not is_open(step):
        return False
    due = step.is_mine and step.due_on is not None and step.due_on <= day
    return due or local(step.said_at).date() == day


def can_be_confirmed(step: Step, day: date) -> bool:
    """Whether "stimmt so" is an answer: not for what the person should have done himself by that day."""
    return not (step.is_mine and step.due_on is not None and step.due_on <= day)


def is_time(now: datetime, ends: Iterable[datetime]) -> bool:
    """Whether the day nears its end: the last visit is over, or it is late.

    Args:
        now: in the time of the place where the tablet is.
        ends: when the visits of today end.
    """
    last = max(ends, default=None)
    return now.time() >= TIME_FOR_REVIEW or (last is not None and last < now)
