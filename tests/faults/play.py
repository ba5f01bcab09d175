"""Plays days of two tablets and a server as real processes, with everything between them breaking; drawn from a seed."""

import random
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.postgres import find
from sync_server.store import Database, migrate
from tests.faults.places import Headquarters, KillableServer, TabletProcess, running
from tests.faults.proxy import Kind, Mishap, Proxy, Way
from tests.model.invariants import hold
from tests.model.office import found
from tests.model.promises import Promises, Violation
from tests.model.quiescence import everything_arrived, tablets_agree
from tests.postgres import running_postgres

_ATTEMPTS = 8
"""Synchronisations until one succeeds on a good line."""

_BYTES = (1, 150, 400, 700, 1_200, 2_500, 6_000, 20_000, 70_000, 130_000)
"""At which byte something happens: within the first request, between two, within a photo."""

_KINDS = (
    Kind.CUT, Kind.CUT, Kind.HALF_CLOSED, Kind.SILENT, Kind.DELAYED, Kind.THROTTLED, Kind.PORTAL, Kind.REDIRECT,
)  # fmt: skip


def play(seed: int, folder: Path, *, url: str | None = None, servers: int = 1, rounds: int = 3) -> list[str]:
    """Play one seed in an empty folder; gives what happened.

    Args:
        url: of an empty database; a SQLite file in the folder unless given.
        servers: how many processes serve it.
        rounds: of work and trouble.

    Raises:
        Violation: a promise was broken.
    """
    data = folder / "data"
    data.mkdir()
    address = url or f"sqlite:///{data.absolute() / 'rundgang.db'}"
    database = Database(address)
    migrate(database)
    found(database)
    database.close()
    with running(data, address, folder, servers) as headquarters:
        day = _Day(seed, headquarters, folder)
        try:
            day.begin()
            for number in range(rounds):
                day.round(number)
            day.calm()
        finally:
            day.close()
        return day.happened


def play_on_either_engine(seed: int, folder: Path) -> list[str]:
    """Play a seed on SQLite, or every third on PostgreSQL with two servers, where there is one. Raises Violation."""
    if seed % 3 or find() is None:
        return play(seed, folder)
    with running_postgres() as cluster:
        return play(seed, folder, url=cluster.url(cluster.create()), servers=2)


class _Day:
    """One seed under way."""

    def __init__(self, seed: int, headquarters: Headquarters, folder: Path) -> None:
        self.promises = Promises()
        self._seed = seed
        self._headquarters = headquarters
        self._tablets: list[TabletProcess] = []
        for name, login in (("T1", "anna"), ("T2", "anna")):
            proxy = Proxy(headquarters.ports)
            user = headquarters.users[login]
            self._tablets.append(TabletProcess(name, user, folder, proxy, f"{seed} {name}"))

    @property
    def happened(self) -> list[str]:
        """All faults, by tablet."""
        return [f"{tablet.name}: {what}" for tablet in self._tablets for what in tablet.proxy.happened]

    def begin(self) -> None:
        """Pair, and read everything once."""
        for tablet in self._tablets:
            tablet.start()
            tablet.pair(self._headquarters.code_for("anna"))
            tablet.synchronize()

    def round(self, number: int) -> None:
        """Both tablets at once: work, trouble, and a look at everything when both are still."""
        _at_once([self._part(tablet, f"{self._seed} {number}") for tablet in self._tablets])
        self._look()

    def calm(self) -> None:
        """All trouble ends; then everything must have arrived."""
        for tablet in self._tablets:
            tablet.proxy.plan([])
            tablet.proxy.settle()
        for _ in range(2):  # what one brings is news for the other
            for tablet in self._tablets:
                self._until_synchronized(tablet)
        for tablet in self._tablets:
            tablet.end()
        self._look()
        everything_arrived(self._headquarters, self._tablets, self.promises)
        tablets_agree(self._headquarters, self._tablets)
        if self._headquarters.database.is_sqlite:
            _require_sound(self._headquarters.data / "rundgang.db")

    def close(self) -> None:
        """End what still runs."""
        for tablet in self._tablets:
            tablet.end()
            tablet.proxy.close()

    def _look(self) -> None:
        for tablet in self._tablets:
            tablet.note_saved(self.promises)
        hold(self._headquarters, self._tablets, self.promises)

    def _part(self, tablet: TabletProcess, seed: str) -> Callable[[], None]:
        chance = random.Random(f"{seed} {tablet.name}")

        def work() -> None:
            if chance.random() < 0.3:
                tablet.act_and_die(12, chance.randint(1, 12))
            else:
                tablet.act(chance.randint(2, 8))
            for _ in range(2):
                tablet.proxy.plan(self._trouble(tablet, chance))
                tablet.synchronize()

        return work

    def _trouble(self, tablet: TabletProcess, chance: random.Random) -> list[Mishap]:
        mishaps = [
            Mishap(chance.choice(_KINDS), chance.choice(list(Way)), chance.choice(_BYTES))
            for _ in range(chance.randint(1, 3))
        ]
        if chance.random() < 0.5:
            server = chance.choice(self._headquarters.servers)
            victim = chance.choice((tablet.die, _killing(server)))
            place = chance.randint(0, len(mishaps))
            at = chance.choice(_BYTES)
            mishaps.insert(place, Mishap(Kind.CALLED, chance.choice(list(Way)), at, victim))
        return mishaps

    def _until_synchronized(self, tablet: TabletProcess) -> None:
        problem: str | None = ""
        for _ in range(_ATTEMPTS):
            problem = tablet.synchronize()
            if problem == "":
                return
        raise Violation(f"{tablet.name} cannot synchronise on a good line: {problem}")


def _killing(server: KillableServer) -> Callable[[], None]:
    return server.die_and_rise


def _at_once(works: Sequence[Callable[[], None]]) -> None:
    """Do several things in threads. Raises what the first of them raised."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _require_sound(file: Path) -> None:
    """Whether SQLite finds its file whole after all those deaths."""
    copy = file.with_name("looked at.db")
    shutil.copy(file, copy)
    database = sqlite3.connect(copy)
    try:
        said = database.execute("PRAGMA integrity_check").fetchone()
    finally:
        database.close()
    if said != ("ok",):
        raise Violation(f"the server's database is damaged: {said}")
