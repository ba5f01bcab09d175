"""The firm's server in the model: several real applications on one real database, which can lose power at any step."""

import atexit
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import event, insert, select, update
from starlette.applications import Starlette

from protocol.ids import new_id
from protocol.pairing import Role
from protocol.reference import Channel
from protocol.rules.search import fold
from sync_server.application import build, tidy_up_once
from sync_server.crm import documents, pairing, users
from sync_server.crm.users import User
from sync_server.media.backing import Backing
from sync_server.safekeeping.making import make_backup
from sync_server.safekeeping.restoring import restore
from sync_server.settings import Settings
from sync_server.store import Database, facts, feed, migrate
from sync_server.store import schema as t
from tests.model import older_databases
from tests.model.promises import Violation

INSTANCES = 2
START = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
TERRITORIES = ("sued", "nord")
BACKUP_USABLE = timedelta(days=25)
"""Tablets offer again what was confirmed in the last 30 days (S13): an older backup is not restored here."""


_STEPS_OF_A_MIGRATION = 85
"""Statements and the commit with which the oldest database is brought up to date, or a few more."""


class PowerCut(BaseException):
    """The server's machine stopped here."""


@dataclass
class Power:
    """At which step of a request's work (a statement, a commit, a file) the power goes, and on which side of it."""

    countdown: int = 0
    after: bool = False

    def cut(self, countdown: int, *, after: bool) -> None:
        """Let it go at that step from now."""
        self.countdown, self.after = countdown, after

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around one step. Raises PowerCut."""
        dying = self.countdown == 1
        self.countdown = max(0, self.countdown - 1)
        if dying and not self.after:
            raise PowerCut
        yield
        if dying:
            raise PowerCut


@dataclass
class Backup:
    """A backup, and what was promised then."""

    file: Path
    at: datetime
    said_by_sales: frozenset[UUID]


@dataclass
class Office:
    """The server, its people, and its clock.

    Attributes:
        said_by_sales: comments of inside sales that must be there: every one that was made and not taken back.
    """

    folder: Path
    chance: random.Random
    now: datetime = START
    instances: list[Starlette] = field(default_factory=list)
    power: Power = field(default_factory=Power)
    backup: Backup | None = None
    said_by_sales: set[UUID] = field(default_factory=set)
    users: dict[str, User] = field(default_factory=dict)
    customers: list[UUID] = field(default_factory=list)
    restored: int = 0
    _next_backup: int = 1

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def _settings(self) -> Settings:
        return Settings(data=self.data, busy_seconds=0.05, free_bytes=0)

    @property
    def database(self) -> Database:
        """The store, as the first application sees it."""
        database: Database = self.instances[0].state.database
        return database

    @property
    def photos(self) -> Backing:
        """Where photos are, as the first application sees it."""
        backing: Backing = self.instances[0].state.blobs.backing
        return backing

    @property
    def epoch(self) -> UUID:
        """The database's epoch."""
        with self.database.reading() as connection:
            return facts.epoch(connection)

    def pass_time(self, seconds: float) -> datetime:
        """The clock goes on."""
        self.now += timedelta(seconds=seconds)
        return self.now

    @property
    def end_of_feed(self) -> int:
        """The last position of the feed: it grows with all that tablets could read."""
        with self.database.reading() as connection:
            return feed.bounds(connection).end

    # -- the machine ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """A firm that was founded a moment ago."""
        self.data.mkdir(parents=True)
        shutil.copy(_founded(), self.data / "rundgang.db")
        self.start()
        with self.database.reading() as connection:
            self.users = {user.login: user for user in users.everybody(connection)}
            self.customers = list(
                connection.execute(select(t.customers.c.id).order_by(t.customers.c.number)).scalars()
            )

    def start(self) -> None:
        """Every application over the same database and folder."""
        self.instances = [build(self._settings) for _ in range(INSTANCES)]
        for app in self.instances:
            self._wire(app)

    def stop(self) -> None:
        """Let go of the database."""
        for app in self.instances:
            app.state.database.close()
        self.instances = []
        self.power.countdown = 0

    def restart(self) -> None:
        """The applications end and start again."""
        self.stop()
        self.start()

    async def answer(self, request: httpx.Request, content: bytes) -> httpx.Response:
        """The answer of one of the applications. Raises PowerCut, after which the server has been started again."""
        self.pass_time(1)
        app = self.chance.choice(self.instances)
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=content)
        try:
            answer = await httpx.ASGITransport(app=app).handle_async_request(sent)
            await answer.aread()
        except PowerCut:
            self.restart()
            raise
        self.power.countdown = 0
        return answer

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Another program writes to the database for a while."""
        with closing(sqlite3.connect(self.data / "rundgang.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    def tidy_up(self) -> None:
        """What the server does every hour."""
        tidy_up_once(self.instances[0], self.now)

    def _wire(self, app: Starlette) -> None:
        self._can_be_cut(app.state.database)
        adopt = app.state.blobs.adopt

        def adopting(file: Path, sha256: str) -> None:
            with self.power.step():
                adopt(file, sha256)

        app.state.blobs.adopt = adopting

    def _can_be_cut(self, database: Database) -> None:
        engine: Any = database.engine
        commit = engine.dialect.do_commit

        def executing(*_: Any) -> None:
            with self.power.step():
                pass

        def committing(connection: Any) -> None:
            with self.power.step():
                commit(connection)

        event.listen(engine, "before_cursor_execute", executing)
        engine.dialect.do_commit = committing

    # -- updates -------------------------------------------------------------------------------------

    def update(self, chance: random.Random) -> str:
        """Until now an older version of the program ran here; now the present one starts. Says what that left.

        Administrators make a backup before, and restore one with the new program; the power may go in the middle.
        """
        self.stop()
        file = self.data / "rundgang.db"
        possible = older_databases.possible(file)
        if not possible:
            self.start()
            return "none: no older one could have left this"
        revision = chance.choice(possible)
        before = older_databases.rows(file, left_by=revision)
        older_databases.set_back(file, revision)
        if chance.random() < 0.4:
            self.make_backup()
        restored = chance.random() < 0.2 and self.restore()
        cut = not restored and chance.random() < 0.6 and self._dies_while_it_migrates(chance)
        if not restored:
            self.start()
            if older_databases.rows(file, left_by=revision) != before:
                raise Violation(f"an update from revision {revision} changed what is in the database")
        return f"{revision}{', restored' if restored else ''}{', with a power cut' if cut else ''}"

    def _dies_while_it_migrates(self, chance: random.Random) -> bool:
        database = Database(self._settings.url)
        self._can_be_cut(database)
        self.power.cut(chance.randrange(1, _STEPS_OF_A_MIGRATION), after=chance.random() < 0.5)
        try:
            migrate(database)
        except PowerCut:
            return True
        finally:
            self.power.countdown = 0
            database.close()
        return False

    # -- backup and restore --------------------------------------------------------------------------

    def make_backup(self) -> None:
        """`rundgang backup`, while the server runs."""
        target = self.folder / f"backup {self._next_backup}.zip"
        self._next_backup += 1
        make_backup(self._settings, target, self.now)
        self.backup = Backup(target, self.now, frozenset(self.said_by_sales))

    def restore(self) -> bool:
        """`rundgang restore`, with the server stopped; whether there is a backup that is not too old."""
        backup = self.backup
        if backup is None or self.now - backup.at > BACKUP_USABLE:
            return False
        self.stop()
        # Some administrators begin with an empty folder, others have the old data set aside.
        if self.chance.random() < 0.3:
            shutil.rmtree(self.data)
        restored = restore(self._settings, backup.file, self.now, replace=True)
        if restored.set_aside is not None:
            shutil.rmtree(restored.set_aside)
        self.start()
        self.said_by_sales = set(backup.said_by_sales)
        self.restored += 1
        return True

    # -- people and customers ------------------------------------------------------------------------

    def code_for(self, user: User) -> str:
        """A pairing code."""
        with self.database.writing() as connection:
            return pairing.make_code(connection, user.id, self.now)

    def move_customer(self, customer_id: UUID, territory: str) -> None:
        """Somebody else is responsible for a customer."""
        with self.database.writing() as connection:
            connection.execute(
                update(t.customers).where(t.customers.c.id == customer_id).values(territory=territory)
            )
            documents.publish_customer(connection, customer_id, self.now)

    def move_technician(self, user_id: UUID, territory: str) -> None:
        """A technician is responsible for other customers."""
        with self.database.writing() as connection:
            connection.execute(update(t.users).where(t.users.c.id == user_id).values(territory=territory))

    def make_visit(self, user_id: UUID, customer_id: UUID) -> None:
        """A new appointment."""
        row = {"id": new_id(), "technician_id": user_id, "customer_id": customer_id}
        with self.database.writing() as connection:
            connection.execute(insert(t.visits), row | {"starts_at": self.now, "purpose": "Wartung"})
            documents.publish_visit(connection, row["id"], self.now)

    def change_visit(self, chance: random.Random) -> None:
        """An appointment is put off, given to somebody else, or does not take place."""
        technicians = [user.id for user in self.users.values() if user.role is Role.TECHNICIAN]
        with self.database.writing() as connection:
            planned = select(
                t.visit_plans.c.visit_id
            )  # by technicians themselves: not the office's to change
            ours = select(t.visits.c.id).where(t.visits.c.id.not_in(planned))
            found = sorted(connection.execute(ours).scalars())
            if not found:
                return
            visit_id = chance.choice(found)
            mine = t.visits.c.id == visit_id
            what = chance.choice(("off", "other", "cancelled"))
            if what == "cancelled":
                connection.execute(t.visits.delete().where(mine))
            elif what == "other":
                connection.execute(
                    update(t.visits).where(mine).values(technician_id=chance.choice(technicians))
                )
            else:
                connection.execute(update(t.visits).where(mine).values(purpose=f"Wartung {self.now:%H:%M}"))
            documents.publish_visit(connection, visit_id, self.now)

    def devices(self) -> list[Any]:
        """Every paired tablet, in the order of pairing."""
        with self.database.reading() as connection:
            return list(connection.execute(select(t.devices).order_by(t.devices.c.id)))


_PEOPLE = (
    ("anna", Role.TECHNICIAN, "sued"),
    ("jan", Role.TECHNICIAN, "nord"),
    ("mia", Role.TECHNICIAN, "sued"),
    ("nora", Role.INSIDE_SALES, None),
)


@cache
def _founded() -> Path:
    """A firm's database to copy: migrating takes longer than most schedules."""
    folder = Path(tempfile.mkdtemp(prefix="rundgang-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "rundgang.db"
    database = Database(f"sqlite:///{file}")
    migrate(database, epoch=UUID(int=1))
    found(database)
    database.close()
    return file


def found(database: Database) -> None:
    """Fill an empty store with the firm."""
    ids = (UUID(int=number) for number in count(2))
    with database.writing() as connection:
        for login, role, territory in _PEOPLE:
            users.create(
                connection, login=login, name=login.title(), role=role, territory=territory, now=START,
                user_id=next(ids),
            )  # fmt: skip
        for number in range(8):
            key, name = next(ids), f"Kunde {number}"
            row = {"id": key, "number": f"K{number}", "name": name, "folded_name": fold(name)}
            row |= {"territory": TERRITORIES[number % 2], "changed_at": START}
            connection.execute(insert(t.customers), row)
            line = {"id": next(ids), "customer_id": key, "at": START, "channel": Channel.PHONE.value}
            connection.execute(insert(t.history), line | {"summary": f"Anruf {number}"})
        documents.publish_everything(connection, START)
