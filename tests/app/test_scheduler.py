"""When the tablet synchronises by itself: no second passes in these tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.state.errors import Offline, OfflineReason, StorageFull, SyncProblem
from app.sync import backoff
from app.sync.scheduler import EVERY, Scheduler
from app.sync.synchronize import Run
from protocol.problems import Code, problem

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class World:
    """Records attempts and pauses; lets the time of a pause pass when told."""

    def __init__(self) -> None:
        self.outcomes: list[Exception | None] = []
        self.attempts = 0
        self.pauses: list[float] = []
        self._over = asyncio.Event()
        self._changed = asyncio.Event()
        self.scheduler = Scheduler(self._attempt, clock=lambda: NOW, sleep=self._sleep, random=lambda: 0.5)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until this is so."""
        async with asyncio.timeout(30):
            while not condition():
                await self._changed.wait()
                self._changed.clear()

    def let_time_pass(self) -> None:
        """The present pause is over."""
        self._over.set()

    async def _attempt(self, _: Run) -> None:
        self.attempts += 1
        self._changed.set()
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._changed.set()
        await self._over.wait()
        self._over.clear()


@asynccontextmanager
async def running(*outcomes: Exception | None) -> AsyncIterator[World]:
    world = World()
    world.outcomes = list(outcomes)
    task = asyncio.ensure_future(world.scheduler.run())
    try:
        yield world
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_at_start_and_then_every_few_minutes() -> None:
    async with running() as world:
        await world.until(lambda: len(world.pauses) == 1)
        assert world.attempts == 1
        assert world.pauses == [EVERY]
        assert world.scheduler.next_attempt == NOW + timedelta(seconds=EVERY)
        world.let_time_pass()
        await world.until(lambda: len(world.pauses) == 2)
        assert world.attempts == 2


async def test_a_request_wakes_it_at_once() -> None:
    async with running() as world:
        await world.until(lambda: len(world.pauses) == 1)
        world.scheduler.request()
        await world.until(lambda: len(world.pauses) == 2)
        assert world.attempts == 2


async def test_a_request_during_an_attempt_is_not_lost() -> None:
    async with running() as world:
        go_on = asyncio.Event()
        inner = world.scheduler._attempt

        async def slow(run: Run) -> None:
            await inner(run)
            await go_on.wait()

        world.scheduler._attempt = slow
        await world.until(lambda: world.attempts == 1)
        world.scheduler.request()
        go_on.set()
        await world.until(lambda: len(world.pauses) == 1)
        assert world.attempts == 2


async def test_after_failures_it_waits_longer_and_longer_and_success_ends_that() -> None:
    offline = Offline(OfflineReason.UNREACHABLE)
    async with running(offline, offline, offline, None, offline) as world:
        for count in range(1, 6):
            await world.until(lambda count=count: len(world.pauses) == count)  # type: ignore[misc]
            world.let_time_pass()
        first, second, third, regular, again = world.pauses[:5]
        assert first < second < third
        assert regular == EVERY
        assert again == first


@pytest.mark.parametrize("code", [Code.TOKEN_BLOCKED, Code.TOKEN_EXPIRED, Code.TOKEN_UNKNOWN])
async def test_a_blocked_or_unknown_tablet_stops_visibly_until_somebody_asks(code: Code) -> None:
    async with running(SyncProblem(problem(code)), None) as world:
        await world.until(lambda: world.scheduler.problem is not None)
        assert world.scheduler.next_attempt is None
        assert world.pauses == []
        world.scheduler.request()
        await world.until(lambda: len(world.pauses) == 1)
        assert world.scheduler.problem is None


async def test_a_full_tablet_and_a_fault_of_the_program_are_said_and_tried_again() -> None:
    async with running(StorageFull("full"), KeyError("bug"), None) as world:
        await world.until(lambda: len(world.pauses) == 1)
        assert isinstance(world.scheduler.problem, StorageFull)
        world.let_time_pass()
        await world.until(lambda: len(world.pauses) == 2)
        assert getattr(world.scheduler.problem, "code", None) == Code.INTERNAL
        world.let_time_pass()
        await world.until(lambda: len(world.pauses) == 3)
        assert world.scheduler.problem is None


def test_pauses_grow_are_capped_and_differ() -> None:
    calm = [backoff.delay(failures, 0.0) for failures in range(1, 12)]
    assert calm == sorted(calm)
    assert calm[0] == backoff.FIRST / 2
    assert calm[-1] == backoff.CAP / 2
    assert backoff.delay(10**6, 0.999) <= backoff.CAP
    assert backoff.delay(3, 0.0) < backoff.delay(3, 0.9)
    assert 0.8 * 60 <= backoff.interval(60, 0.0) < backoff.interval(60, 0.99) <= 1.2 * 60
