"""When to synchronise: at start, after each save, on reconnect, every few minutes, and after failures less and less."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from app.store.errors import StoreError
from app.sync import backoff
from app.sync.errors import Offline, SyncProblem
from app.sync.synchronize import Run
from protocol.problems import Advice, Code, Problem, problem

_log = logging.getLogger(__name__)

EVERY = 240.0
"""Seconds between regular contacts while the app is open: a decision of inside sales arrives within minutes."""

_STOPPING = frozenset({Advice.SEAL, Advice.PAIR})
"""Advice after which only a person or a new start tries again."""

Attempt = Callable[[Run], Awaitable[None]]
"""One synchronisation. Raises SyncError, StoreError."""


class Scheduler:
    """Keeps synchronising while it runs. One attempt at a time, no thread; time and chance are injected.

    Attributes:
        run_now: the attempt under way, None between attempts.
        problem: what hindered the last attempt, None if it succeeded.
        next_attempt: when the next one begins by itself, by the tablet's clock; None while one runs or none will.
    """

    def __init__(
        self,
        attempt: Attempt,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
    ) -> None:
        self.run_now: Run | None = None
        self.problem: Problem | Offline | StoreError | None = None
        self.next_attempt: datetime | None = None
        self.failures = 0
        self._attempt = attempt
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._listeners: list[Callable[[], None]] = []

    def request(self) -> None:
        """Synchronise as soon as possible: a person asked, something was saved, the network seems to be back."""
        self._wanted.set()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever the attributes change; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    @property
    def advice(self) -> Advice | None:
        """What the last problem advises."""
        return self.problem.advice if isinstance(self.problem, Problem) else None

    async def run(self) -> None:
        """Synchronise again and again, until cancelled."""
        while True:
            await self._wait()
            self._wanted.clear()  # what is wanted from here on is wanted of the next attempt
            await self._try()

    async def _try(self) -> None:
        self.next_attempt = None
        self.run_now = Run(announce=self._announce)
        self._announce()
        try:
            await self._attempt(self.run_now)
        except SyncProblem as refusal:
            self.problem = refusal.problem
        except (Offline, StoreError) as failure:
            self.problem = failure
        except (
            Exception
        ) as failure:  # a fault of this program must not end the transfer for ever, nor stay unsaid
            _log.exception("synchronisation failed")
            self.problem = problem(Code.INTERNAL, detail=f"app: {type(failure).__name__}")
        else:
            self.problem = None
        finally:
            self.run_now = None
        self.failures = 0 if self.problem is None else self.failures + 1
        self._announce()

    async def _wait(self) -> None:
        """Until something is wanted, or until it is time."""
        if self._wanted.is_set():
            return
        seconds = self._pause()
        if seconds is None:
            await self._wanted.wait()
            return
        self.next_attempt = self._clock() + timedelta(seconds=seconds)
        self._announce()
        waits = (
            asyncio.ensure_future(self._wanted.wait()),
            asyncio.ensure_future(self._sleep(seconds)),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            for wait in waits:
                with contextlib.suppress(asyncio.CancelledError):
                    await wait

    def _pause(self) -> float | None:
        """Seconds until the next attempt; None: only when somebody wants it."""
        if self.problem is None:
            return backoff.interval(EVERY, self._random())
        if self.advice in _STOPPING:
            return None
        return backoff.delay(self.failures, self._random())

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
