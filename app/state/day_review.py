"""The day's review (Tagesabschluss): what is unfinished, what wants a word, what still goes out, what is handed in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile
from uuid import UUID

from app.state.observations import Observations
from app.state.room import Room
from app.state.views import Draft, ObservationRow, Progress, VisitView
from app.state.visits import Visits
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.changes import ReviseObservation
from protocol.observation import NextStep
from protocol.rules.day import Handed, Recorded, can_be_confirmed, to_hand_in, wants_a_word
from protocol.rules.steps import Step

_CONFIRMED = "day-confirmed"
_ON_TABLET = frozenset({Progress.WAITING, Progress.SENDING, Progress.REFUSED})
_UNSENT = _ON_TABLET | {Progress.PHOTOS}


@dataclass(frozen=True)
class StepInReview:
    """A next step that wants a word, and what was said of it."""

    step: Step
    customer_name: str
    confirmed: bool
    """The person said that it is right as it stands."""
    has_draft: bool
    """A correction of its observation is begun: it is moved there, so that there are no two truths."""

    @property
    def answered(self) -> bool:
        """Whether nothing is left to say."""
        return self.confirmed or self.step.done_at is not None


@dataclass(frozen=True)
class DayReview:
    """What is to be looked at before going home."""

    day: date
    drafts: tuple[Draft, ...]
    answers_begun: tuple[ObservationRow, ...]
    """Observations with an answer to inside sales that was typed and not sent."""
    steps: tuple[StepInReview, ...]
    unsent: tuple[ObservationRow, ...]
    """What the server does not have yet, of whatever day."""
    handed: Handed
    visits: tuple[VisitView, ...]

    @property
    def unfinished(self) -> int:
        """Drafts and answers to finish."""
        return len(self.drafts) + len(self.answers_begun)

    @property
    def unanswered(self) -> int:
        """Steps that want a word."""
        return sum(not step.answered for step in self.steps)


class DayReviews:
    """The reviews of one technician's days.

    Args:
        answers: the begun answers by observation id.
        new_id: makes ids that sort by when they were made.
        clock: the time now, with zone.
        local: turns a moment into the time of the place where the tablet is.
        saved: is called when there is something to send.
    """

    def __init__(
        self,
        own: OwnWork,
        reference: Reference,
        observations: Observations,
        visits: Visits,
        room: Room,
        *,
        answers: Callable[[], dict[str, str]],
        new_id: Callable[[], UUID],
        clock: Callable[[], datetime],
        local: Callable[[datetime], datetime],
        saved: Callable[[], None],
    ) -> None:
        self._own = own
        self._reference = reference
        self._observations = observations
        self._visits = visits
        self._room = room
        self._answers = answers
        self._new_id = new_id
        self._clock = clock
        self._local = local
        self._saved = saved

    def of(self, day: date, sending: frozenset[UUID]) -> DayReview:
        """The review of a day.

        Args:
            sending: changes that are on the wire.
        """
        rows = self._observations.rows(sending)
        begun = self._answers()
        return DayReview(
            day=day,
            drafts=tuple(self._own.drafts()),
            answers_begun=tuple(row for row in rows if str(row.id) in begun) if begun else (),
            steps=tuple(self._steps(rows, day)),
            unsent=tuple(row for row in rows if row.progress in _UNSENT),
            handed=to_hand_in(self._recorded(rows, day), day, self._local),
            visits=self._visits.of_date(day, sending),
        )

    async def confirm(self, step: Step, day: date, *, confirmed: bool) -> None:
        """Keep that a step is right as it stands, or that nothing is said of it after all. Raises StorageFull."""
        kept = self._kept()
        keys = [key for key in kept.get(day.isoformat(), ()) if key != _key(step)]
        # Only this day and the one before can be looked at.
        days = {day.isoformat(): [*keys, _key(step)] if confirmed else keys}
        days |= {other: said for other, said in sorted(kept.items())[-2:] if other != day.isoformat()}
        await self._own.prefer(_CONFIRMED, json.dumps(days, ensure_ascii=False))

    async def move(self, step: Step, due_on: date | None, day: date) -> Step:
        """Give a step another day: the next revision of its observation, which is otherwise as it was.

        What was moved is confirmed with it. Returns the step as it stands now.

        Raises:
            KeyError: there is no such observation, or its step is another one by now.
            StorageFull: nothing was changed.
        """
        newest = self._observations.newest(step.observation_id)
        named = newest.content.next_step if newest else None
        if newest is None or named is None or named.text != step.text:
            raise KeyError(step.observation_id)
        moved = NextStep(text=named.text, responsible=named.responsible, due_on=due_on)
        change = ReviseObservation(
            id=self._new_id(),
            observation_id=step.observation_id,
            revision_id=self._new_id(),
            based_on=newest.revision_id,
            content=newest.content.model_copy(update={"next_step": moved}),
            recorded_at=self._clock(),
        )
        await self._room.keep(lambda: self._own.add(change))
        self._saved()
        after = replace(step, due_on=due_on, said_at=change.recorded_at)
        await self.confirm(after, day, confirmed=True)
        return after

    def _steps(self, rows: tuple[ObservationRow, ...], day: date) -> Iterator[StepInReview]:
        named = (self._observations.step(row.id) for row in self._since(rows, day))
        every = {step.observation_id: step for step in (*self._observations.my_steps(), *named) if step}
        kept = set(self._kept().get(day.isoformat(), ()))
        wanted = [step for step in every.values() if wants_a_word(step, day, self._local)]
        wanted.sort(key=lambda step: (step.due_on is None, step.due_on or day, step.said_at))
        for step in wanted:
            yield StepInReview(
                step=step,
                customer_name=self._reference.customer_name(step.customer_id),
                confirmed=_key(step) in kept and can_be_confirmed(step, day),
                has_draft=self._own.draft(step.observation_id) is not None,
            )

    def _recorded(self, rows: tuple[ObservationRow, ...], day: date) -> Iterator[Recorded]:
        for row in self._since(rows, day):
            newest = self._observations.newest(row.id)
            if newest is not None:
                yield Recorded(row.id, newest.content, with_server=row.progress not in _ON_TABLET)

    def _since(self, rows: tuple[ObservationRow, ...], day: date) -> Iterator[ObservationRow]:
        """Rows saved on a day or later: rows are sorted so, and nothing is saved before it was observed."""
        return takewhile(lambda row: self._local(row.recorded_at or row.changed_at).date() >= day, iter(rows))

    def _kept(self) -> dict[str, list[str]]:
        kept: dict[str, list[str]] = json.loads(self._own.preference(_CONFIRMED) or "{}")
        return kept


def _key(step: Step) -> str:
    """What was confirmed: the step with this text and this day, not what it may become."""
    return f"{step.observation_id} {step.due_on} {step.text}"
