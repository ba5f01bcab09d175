"""A server process and a tablet process that can be killed and started again, and what they have promised."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from protocol.changes import thing_of
from sync_server.crm import pairing
from sync_server.crm.users import User, everybody
from sync_server.media.backing import Backing
from sync_server.media.blobs import open_blobs
from sync_server.settings import Settings
from sync_server.store import Database
from tests.faults.proxy import Proxy
from tests.model.backing import Disks, outbox
from tests.model.promises import Promises, Violation
from tests.running import ROOT, RunningServer, free_port

_PATIENCE = 120.0
"""Seconds until a process that says nothing is given up."""


@dataclass
class KillableServer(RunningServer):
    """A server whose log does not lie on the disk that may be full, and that anybody may kill at any time."""

    place: Path = Path()
    deaths: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def log(self) -> Path:
        """What the process printed."""
        return self.place / f"server {self.port}.log"

    def die_and_rise(self) -> None:
        """`kill -9`, and a start."""
        with self._turn:
            self.deaths += 1
            self.kill()
            self.start()


@dataclass
class Headquarters:
    """The servers of a firm, one or several on one database, as far as promises are compared with it."""

    data: Path
    database: Database
    photos: Backing
    servers: Sequence[KillableServer]
    users: dict[str, User] = field(default_factory=dict)
    said_by_sales: set[UUID] = field(default_factory=set)
    restored: int = 0

    def __post_init__(self) -> None:
        with self.database.reading() as connection:
            self.users = {user.login: user for user in everybody(connection)}

    @property
    def ports(self) -> list[int]:
        """Where they listen."""
        return [server.port for server in self.servers]

    def code_for(self, login: str) -> str:
        """A pairing code."""
        with self.database.writing() as connection:
            return pairing.make_code(connection, self.users[login].id, datetime.now(UTC))


@contextlib.contextmanager
def running(data: Path, url: str, place: Path, count: int) -> Iterator[Headquarters]:
    """So many servers on one database, for the length of a `with` block."""
    servers = [
        KillableServer(
            data=data,
            port=free_port(),
            web=place / "no web app",
            extra=(f"--database-url={url}",),
            place=place,
        )
        for _ in range(count)
    ]
    database = Database(url)
    try:
        for server in servers:
            server.start()
        yield Headquarters(data, database, open_blobs(Settings(data=data)).backing, servers)
    finally:
        for server in servers:
            if server.process is not None and server.process.poll() is None:
                server.kill()
        database.close()


class TabletProcess:
    """One tablet: its files outlive its process.

    Attributes:
        said: change ids that were called saved.
        deaths: how often it was killed.
    """

    def __init__(self, name: str, user: User, place: Path, proxy: Proxy, seed: str) -> None:
        self.name = name
        self.people = (user,)
        self.proxy = proxy
        self.said: set[UUID] = set()
        self.kept: set[str] = set()
        self.deaths = 0
        self._folder = place / name
        self._folder.mkdir()
        self.disks = Disks(self._folder)
        self._seed = seed
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process, and return when it is ready. Raises Violation: it cannot start."""
        with (self._folder / "errors.log").open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.tablet", self._folder, f"{self._seed} {self.deaths}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT,
            )  # fmt: skip
        if self._until("ready") is None:
            raise Violation(f"{self.name} cannot start: {self._last_words()}")

    def pair(self, code: str) -> None:
        """Pair with the server behind the proxy."""
        if self._ask(f"pair {self.proxy.url} {code}", "paired") is None:
            raise Violation(f"{self.name} cannot be paired: {self._last_words()}")

    def act(self, count: int) -> None:
        """The person does so many things."""
        if self._ask(f"act {count}", "acted") is None:
            raise Violation(f"{self.name} died: {self._last_words()}")

    def act_and_die(self, count: int, lines: int) -> None:
        """The person does so many things, and after so many lines of it the battery is empty."""
        self._write(f"act {count}")
        for _ in range(lines):
            if self._line() in (None, "acted"):
                break
        self.die()
        self._finished()
        self.start()

    def synchronize(self) -> str | None:
        """One attempt; "" if it succeeded, why not, or None: the process died, and was started again."""
        answer = self._ask("synchronize", "synchronized")
        if answer is None:
            self._finished()
            self.start()
            return None
        problem = answer.removeprefix("synchronized").strip()
        if problem == "broken":
            raise Violation(f"{self.name} failed while it synchronised: {self._last_words()}")
        return problem

    def die(self) -> None:
        """`kill -9`, from any thread; the one who talks to it notices."""
        process = self._process
        assert process is not None
        self.deaths += 1
        process.kill()

    def end(self) -> None:
        """Close the app as a person would, or see that it is closed."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()
        self._finished()

    def note_saved(self, promises: Promises) -> None:
        """Promise what stands in the outbox. Raises Violation when something that was called saved does not."""
        person = self.people[0].id
        promises.note(self.name, person, outbox(self.disks, person).values())
        missing = self.said - promises.saved.keys()
        if missing:
            raise Violation(f"{self.name} called {missing} saved, and it is not in its outbox")
        drafts = self.disks.documents(f"rundgang-own-{person}", "drafts").keys()
        begun = {thing_of(promise.change) for promise in promises.saved.values()}
        gone = {key for key in self.kept if key not in drafts and UUID(key) not in begun}
        if gone:
            raise Violation(f"{self.name} kept drafts {gone}, and they are gone")

    # -- talking to the process ------------------------------------------------------------------------

    def _ask(self, command: str, answer: str) -> str | None:
        return self._until(answer) if self._write(command) else None

    def _write(self, command: str) -> bool:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()
        except OSError:
            return False
        return True

    def _until(self, answer: str) -> str | None:
        while (line := self._line()) is not None:
            if line.startswith(answer):
                return line
        return None

    def _line(self) -> str | None:
        """The next line; None: the process has ended."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith("\n"):
            return None  # nothing, or what was left of a line when it died
        word, _, rest = line.strip().partition(" ")
        if word == "saved":
            self.said.add(UUID(rest))
        elif word == "kept":
            self.kept.add(rest)
        elif word == "gone":
            self.kept.discard(rest)
        return line.strip()

    def _rest(self) -> None:
        while self._line() is not None:
            pass

    def _finished(self) -> None:
        """Read what it said before it died, and bury it."""
        assert self._process is not None
        self._rest()
        self._process.wait(_PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None

    def _last_words(self) -> str:
        return (self._folder / "errors.log").read_text(errors="replace")[-1500:]
