"""My tasks: next steps that the technician is to do himself, done by one tap, with or without network."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.state.observations import Observations
from app.state.room import Room
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.changes import MarkTask
from protocol.rules.steps import Step, in_order


@dataclass(frozen=True)
class Task:
    """A next step of one's own (Aufgabe), and at which customer."""

    step: Step
    customer_name: str


@dataclass(frozen=True)
class TaskList:
    """What is open, what matters first at the top; and what was done today, the last one first."""

    open: tuple[Task, ...]
    done_today: tuple[Task, ...]


class Tasks:
    """The tasks of one technician.

    Args:
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
        room: Room,
        *,
        new_id: Callable[[], UUID],
        clock: Callable[[], datetime],
        local: Callable[[datetime], datetime],
        saved: Callable[[], None],
    ) -> None:
        self._own = own
        self._reference = reference
        self._observations = observations
        self._room = room
        self._new_id = new_id
        self._clock = clock
        self._local = local
        self._saved = saved

    def all(self, now: datetime) -> TaskList:
        """The tasks as they stand."""
        today, steps = self._local(now).date(), self._observations.my_steps()
        done = [step for step in steps if self._is_of(step.done_at, today)]
        done.sort(key=lambda step: step.done_at or now, reverse=True)
        return TaskList(
            tuple(self._task(step) for step in in_order(steps, today)),
            tuple(self._task(step) for step in done),
        )

    async def mark(self, step: Step, *, done: bool) -> None:
        """Say that a task is done, or open after all; durable when this returns. Raises StorageFull, StoreError."""
        change = MarkTask(
            id=self._new_id(),
            observation_id=step.observation_id,
            text=step.text,
            done=done,
            recorded_at=self._clock(),
        )
        await self._room.keep(lambda: self._own.add(change))
        self._saved()

    def _task(self, step: Step) -> Task:
        return Task(step, self._reference.customer_name(step.customer_id))

    def _is_of(self, done_at: datetime | None, day: date) -> bool:
        return done_at is not None and self._local(done_at).date() == day
