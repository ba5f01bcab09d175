"""Plays a schedule: the firm, its tablets and its server from the first step to the calm after the last."""

import os
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import anyio.to_thread

from app.store.errors import StoreLost
from app.sync import synchronize, uploads
from protocol import ids
from protocol.pairing import Role
from sync_server.crm import tablets as devices
from sync_server.sync_api import requests
from tests.model import deciding
from tests.model.backing import Disks, storage_fails
from tests.model.invariants import hold
from tests.model.network import Line, Sent, Weather, deliver_late
from tests.model.office import START, TERRITORIES, Office
from tests.model.promises import Promises, Violation
from tests.model.quiescence import everything_arrived, tablets_agree
from tests.model.schedule import Step
from tests.model.technicians import Hands

_TABLETS = (("T1", ("anna", "jan")), ("T2", ("anna",)), ("T3", ("mia", "jan")))
"""Anna has two tablets, Jan shares both of his: conflicts of one's own, and two people's work on one tablet."""

_ROUNDS = 8
"""Rounds of synchronising after which nothing may move any more: what one brings is news for another in the next."""

_ATTEMPTS = 8
"""Synchronisations until one succeeds in good weather; each may find one more thing to be read anew."""

__all__ = ["Play", "Violation", "play"]


class Play:
    """One schedule under way.

    Attributes:
        trace: what happened, line by line: the same for the same schedule.
    """

    def __init__(self, folder: Path, seed: str) -> None:
        chance = random.Random(f"world {seed}")
        self.trace: list[str] = []
        self.promises = Promises()
        self.late: list[Sent] = []
        self.office = Office(folder, random.Random(f"office {seed}"))
        self.tablets: list[Hands] = []
        self._on_sqlite = chance.random() < 0.3
        self._nested = False

    async def begin(self) -> None:
        """The firm is founded, and its tablets are paired."""
        self.office.begin()
        for name, logins in _TABLETS:
            people = tuple(self.office.users[login] for login in logins)
            folder = self.office.folder / name if self._on_sqlite else None
            line = Line(self.office, self.late, self.trace.append)
            hands = Hands(name, people, self.office, self.promises, Disks(folder), line)
            line.meanwhile = self._something_else_than(hands)
            self.tablets.append(hands)
            await hands.start()
            await hands.hand_over(people[0], _calm())

    async def take(self, step: Step) -> None:
        """One step, then a look at everything. Raises Violation."""
        self.trace.append(step.name)
        self.office.pass_time(60)
        chance = step.chance
        await self._do(step.name, chance)
        hold(self.office, self.tablets, self.promises)

    async def end(self) -> None:
        """All trouble ends; then everything must have arrived, and everybody must see what he may. Raises Violation."""
        self.trace.append("calm")
        while self.late:
            await deliver_late(self.office, self.late, random.Random("calm"))
        with self.office.database.writing() as connection:
            for device in self.office.devices():
                devices.unblock(connection, device.id)
        for hands in self.tablets:
            hands.disks.trouble.disarm()
            await hands.restart(orderly=False)
            hands.note_saved()
        await self._until_nothing_moves()
        hold(self.office, self.tablets, self.promises)
        everything_arrived(self.office, self.tablets, self.promises)
        tablets_agree(self.office, self.tablets)
        for hands in self.tablets:
            hands.shows_its_visits()

    async def close(self) -> None:
        """Let go of everything."""
        for hands in self.tablets:
            await hands.disks.abandon()
        self.office.stop()

    async def _until_nothing_moves(self) -> None:
        for _ in range(_ROUNDS):
            before = self.office.end_of_feed
            for hands in self.tablets:
                for user in hands.people:
                    await self._settle(hands, user.login)
            if self.office.end_of_feed == before:
                return
        raise Violation("the tablets never come to rest")

    async def _settle(self, hands: Hands, login: str) -> None:
        user = self.office.users[login]
        for _ in range(_ATTEMPTS):
            if (hands.person != user.id or hands.must_pair) and not await hands.hand_over(user, _calm()):
                raise Violation(f"{hands.name} cannot be paired with {login} in good weather")
            done = await hands.synchronize(_calm())
            await hands.mend_refused(random.Random(f"{hands.name} {login}"))
            if not hands.note_saved() and done:
                return
            self.office.pass_time(60)
        problem = hands.app.synchronizer.problem if hands.app else None
        raise Violation(f"{hands.name} of {login} cannot synchronise in good weather: {problem!r}")

    # -- steps -----------------------------------------------------------------------------------------

    async def _do(self, name: str, chance: random.Random) -> None:
        office_step = _OFFICE.get(name)
        if office_step is not None:
            await office_step(self, chance)
            return
        hands = chance.choice(self.tablets)
        await self._with(hands, name, chance)

    async def _with(self, hands: Hands, name: str, chance: random.Random) -> None:
        if name == "will_fail":
            self.trace.append(f"  {hands.name}: {storage_fails(chance, hands.disks)}")
        elif name == "restarts":
            await hands.restart(orderly=chance.random() < 0.5)
            hands.note_saved()
        elif name == "a_tablet_is_updated":
            self.trace.append(f"  {hands.name}: {await hands.update(chance)}")
            hands.note_saved()
        elif name == "clock_jumps":
            hands.offset = timedelta(seconds=chance.choice(_JUMPS))
        elif name == "hands_the_tablet_over":
            async with hands.acting():
                done = await hands.hand_over(chance.choice(hands.people), _weather(chance))
                self.trace.append(f"  {hands.name} is {hands.person}'s: {done}")
        elif name == "synchronizes":
            await self._synchronize(hands, chance)
        elif hands.notebook is not None:
            async with hands.acting():
                await _HANDS[name](hands, chance)

    async def _synchronize(self, hands: Hands, chance: random.Random) -> None:
        if chance.random() < 0.25:
            self.trace.append(f"  {hands.name}: {storage_fails(chance, hands.disks)}")
        async with hands.acting():
            done = await hands.synchronize(_weather(chance))
            self.trace.append(f"  {hands.name} synchronised: {done}")
            if hands.app is not None and isinstance(hands.app.synchronizer.problem, StoreLost):
                await hands.restart(orderly=False)

    def _something_else_than(self, hands: Hands) -> Callable[[random.Random], Awaitable[None]]:
        """What may happen while a request of this tablet is under way: its person goes on, others do anything."""

        async def meanwhile(chance: random.Random) -> None:
            if self._nested:
                return
            self._nested = True
            weather = hands.line.weather
            try:
                if chance.random() < 0.4 and hands.notebook is not None:
                    name = chance.choice(_WHILE_SENDING)
                    self.trace.append(f"    meanwhile {hands.name} {name}")
                    await _HANDS[name](hands, chance)
                elif chance.random() < 0.5:
                    other = chance.choice([other for other in self.tablets if other is not hands])
                    self.trace.append(f"    meanwhile {other.name} synchronises")
                    await self._synchronize(other, chance)
                else:
                    name = chance.choice(list(_OFFICE))
                    self.trace.append(f"    meanwhile {name}")
                    await _OFFICE[name](self, chance)
            finally:
                hands.line.weather = weather
                self._nested = False

        return meanwhile

    # -- what happens in the office ----------------------------------------------------------------------

    async def _decides(self, chance: random.Random) -> None:
        self.trace.append(f"  {deciding.decide(self.office, chance)}")

    async def _customer_moves(self, chance: random.Random) -> None:
        self.office.move_customer(chance.choice(self.office.customers), chance.choice(TERRITORIES))

    async def _technician_moves(self, chance: random.Random) -> None:
        technicians = [user for user in self.office.users.values() if user.role is Role.TECHNICIAN]
        self.office.move_technician(chance.choice(technicians).id, chance.choice(TERRITORIES))

    async def _appointment(self, chance: random.Random) -> None:
        if chance.random() < 0.5:
            technicians = [user for user in self.office.users.values() if user.role is Role.TECHNICIAN]
            self.office.make_visit(chance.choice(technicians).id, chance.choice(self.office.customers))
        else:
            self.office.change_visit(chance)

    async def _blocks(self, chance: random.Random) -> None:
        device = chance.choice(self.office.devices())
        with self.office.database.writing() as connection:
            if device.blocked_at is None:
                devices.block(connection, device.id, self.office.now)
            else:
                devices.unblock(connection, device.id)

    async def _late(self, chance: random.Random) -> None:
        await deliver_late(self.office, self.late, chance)

    async def _restarts(self, _: random.Random) -> None:
        self.office.restart()

    async def _tidies(self, _: random.Random) -> None:
        self.office.tidy_up()

    async def _clock(self, chance: random.Random) -> None:
        self.office.pass_time(chance.choice((-7200, -60, 3600, 86_400, 10 * 86_400)))

    async def _updates(self, chance: random.Random) -> None:
        self.trace.append(f"  from revision {self.office.update(chance)}")

    async def _backup(self, _: random.Random) -> None:
        self.office.make_backup()

    async def _restore(self, _: random.Random) -> None:
        self.trace.append(f"  restored: {self.office.restore()}")


_TO_1970 = -(START.timestamp())
_TO_2110 = 86_400 * 365 * 84

_JUMPS = (
    0,
    0,
    -1,
    61,
    3600,
    -3600,
    86_400 * 45,
    -86_400 * 45,
    86_400 * 900,
    -86_400 * 900,
    _TO_1970,
    _TO_2110,
)
"""Seconds by which a tablet's clock is wrong: also that of one whose battery was empty."""

_HANDS: dict[str, Callable[[Hands, random.Random], Awaitable[None]]] = {
    "saves": Hands.save,
    "corrects": Hands.correct,
    "answers": Hands.answer,
    "begins_an_answer": Hands.begin_answer,
    "writes_a_draft": Hands.write_draft,
    "finishes_a_draft": Hands.finish_draft,
    "discards_a_draft": Hands.discard_draft,
    "mends_what_was_refused": Hands.mend_refused,
    "reads_the_news": Hands.read_news,
    "does_a_task": Hands.do_task,
    "plans_a_visit": Hands.plan_visit,
    "prepares_a_visit": Hands.prepare_visit,
}

_WHILE_SENDING = (
    "saves",
    "saves",
    "corrects",
    "corrects",
    "answers",
    "writes_a_draft",
    "finishes_a_draft",
    "plans_a_visit",
)

_OFFICE: dict[str, Callable[[Play, random.Random], Awaitable[None]]] = {
    "inside_sales_decides": Play._decides,
    "a_customer_moves": Play._customer_moves,
    "a_technician_moves": Play._technician_moves,
    "an_appointment_changes": Play._appointment,
    "a_tablet_is_blocked_or_not": Play._blocks,
    "late_requests_arrive": Play._late,
    "the_server_restarts": Play._restarts,
    "the_server_tidies_up": Play._tidies,
    "the_server_clock_jumps": Play._clock,
    "the_server_is_updated": Play._updates,
    "a_backup_is_made": Play._backup,
    "a_backup_is_restored": Play._restore,
}


async def play(steps: Sequence[Step], seed: str) -> list[str]:
    """Play a schedule to its end; gives what happened.

    Raises:
        Violation: a promise was broken; its `args` are what and the trace.
    """
    with _folder() as folder:
        game = Play(folder, seed)
        with _seeded(game, seed):
            try:
                await game.begin()
                for step in steps:
                    await game.take(step)
                await game.end()
            except Violation as violation:
                raise Violation(*violation.args, game.trace) from violation
            finally:
                await game.close()
        return game.trace


def _calm() -> Weather:
    return Weather(random.Random("calm"), 0)


def _weather(chance: random.Random) -> Weather:
    """Some synchronisations have good weather, or nothing would ever arrive."""
    return Weather(random.Random(chance.random()), chance.choice((0, 0, 3, 8, 30)))


@contextmanager
def _folder() -> Iterator[Path]:
    # In memory where there is such a folder: what a disk does when the power goes is the faults' business, not ours.
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="rundgang-model-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


async def _here_and_now(work: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
    """In place of a thread of the server's pool: one thing after the other, so that a seed is always the same day."""
    return work(*arguments)


@contextmanager
def _seeded(game: Play, seed: str) -> Iterator[None]:
    """Ids and the server's clock come from the seed; pages, pushes and pieces are small, so that there are many."""
    chance = random.Random(f"ids {seed}")

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return cls.fromtimestamp(game.office.now.timestamp(), tz or UTC)

    made: tuple[Any, ...] = (lambda: int(game.office.now.timestamp() * 1000), chance.randbytes)
    with (
        patch.object(ids.new_id, "__defaults__", made),
        patch.object(requests, "datetime", Clock),
        patch.object(anyio.to_thread, "run_sync", _here_and_now),
        patch.object(os, "sync", lambda: None),  # a restore would wait for all disks of this machine
        patch.object(synchronize, "PAGE", 4),
        patch.object(synchronize, "_PUSH_CHANGES", 3),
        patch.object(uploads, "MAX_UPLOAD_CHUNK", 700),
    ):
        yield
