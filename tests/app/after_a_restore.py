"""A firm whose server can be backed up and restored, and its tablets: real notebooks, real commands, a real server."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from click.testing import CliRunner, Result
from sqlalchemy import select
from starlette.applications import Starlette

from app.state.errors import Offline, SyncProblem
from app.state.notebook import Notebook
from app.state.session import Tablet
from protocol.observation import Kind
from sync_server.application import build
from sync_server.cli import main
from sync_server.crm import pairing, users
from sync_server.settings import Settings
from sync_server.store import Database
from sync_server.store import schema as t
from tests.app.a_tablet import Shelf, platform, synchronized
from tests.server.calling import calling
from tests.server.firm import found

ADDRESS = "http://127.0.0.1:8000"


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """A tablet's way to the server, whichever there is just now; it can break at the n-th request from now."""

    way: httpx.AsyncBaseTransport | None = None
    breaks_at: int = 0
    arrives: bool = False
    """Whether the request that breaks has arrived: then its answer is lost."""
    asked: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.breaks_at -= 1
        if self.way is None or (self.breaks_at == 0 and not self.arrives):
            raise httpx.ConnectError("no network", request=request)
        self.asked.append(f"{request.method} {request.url.path}")
        answer = await self.way.handle_async_request(request)
        if self.breaks_at == 0:
            raise httpx.ReadError("connection lost", request=request)
        return answer

    async def aclose(self) -> None:
        """The way is not this tablet's alone."""


@dataclass
class Carried:
    """One person's tablet. Its disk outlives it."""

    shelf: Shelf
    wire: Wire
    tablet: Tablet

    @classmethod
    async def switched_on(cls, shelf: Shelf, wire: Wire) -> "Carried":
        return cls(shelf, wire, await Tablet.open(platform(shelf, wire, lambda: datetime.now(UTC))))

    @property
    def notebook(self) -> Notebook:
        notebook = self.tablet.notebook
        assert notebook is not None
        return notebook

    async def restarted(self) -> "Carried":
        """The app is killed and starts again on the same disk."""
        return await Carried.switched_on(self.shelf, self.wire)

    def copied(self) -> "tuple[Shelf, Wire]":
        """The same tablet once more, as it is now: to let different things happen to it."""
        return Shelf(deepcopy(self.shelf.disks)), Wire(self.wire.way)

    async def records(self, customer: UUID, text: str, *pictures: bytes) -> UUID:
        fresh = self.notebook.new_draft(customer_id=customer, kind=Kind.PLAN)
        photos = [await self.notebook.add_photo(fresh.id, picture) for picture in pictures]
        await self.notebook.save(replace(fresh, heard=text, photos=tuple(photos)))
        return fresh.id

    async def corrects(self, observation: UUID, text: str) -> None:
        await self.notebook.save(replace(self.notebook.correction(observation), heard=text))

    async def synchronizes(self) -> None:
        await synchronized(self.tablet)

    async def tries(self) -> None:
        """Synchronises if it can."""
        with suppress(Offline, SyncProblem):
            await synchronized(self.tablet)

    def has_nothing_left_to_send(self) -> bool:
        transfer = self.notebook.transfer()
        return (transfer.waiting, transfer.refused, transfer.photos_waiting) == (0, 0, 0)


@dataclass(frozen=True)
class Held:
    """What technicians have brought to a server: ids, so that nothing can hide in a count; and what they say."""

    observations: frozenset[UUID]
    revisions: frozenset[tuple[UUID, UUID, UUID | None, str]]
    comments: frozenset[tuple[UUID, str]]
    photos: frozenset[tuple[UUID, str]]
    blobs: frozenset[str]
    texts: tuple[tuple[str, int], ...]
    """Every revision's and comment's text with how often it is there."""


def held(data: Path, url: str | None = None) -> Held:
    """What is on the server: in its database, and of photos in its folder."""
    with opened(data, url) as database, database.reading() as connection:
        observations = frozenset(connection.execute(select(t.observations.c.id)).scalars())
        columns = (
            t.revisions.c.id,
            t.revisions.c.observation_id,
            t.revisions.c.based_on,
            t.revisions.c.content,
        )
        revisions = [tuple(row) for row in connection.execute(select(*columns))]
        by_technicians = select(t.comments.c.id, t.comments.c.text).where(t.comments.c.by_technician)
        comments = [tuple(row) for row in connection.execute(by_technicians)]
        photos = [tuple(row) for row in connection.execute(select(t.photos.c.id, t.photos.c.sha256))]
        blobs = set(connection.execute(select(t.blobs.c.sha256)).scalars())
    files = {file.name for file in (data / "blobs").glob("*/*")}
    assert blobs <= files, "no photo is promised that is not there"
    texts = Counter([row[3] for row in revisions] + [row[1] for row in comments])
    return Held(
        observations,
        frozenset(revisions),
        frozenset(comments),
        frozenset(photos),
        frozenset(blobs),
        tuple(sorted(texts.items())),
    )


@contextmanager
def opened(data: Path, url: str | None = None) -> Iterator[Database]:
    database = Database(url or f"sqlite:///{data / 'rundgang.db'}")
    try:
        yield database
    finally:
        database.close()


def founded(data: Path, url: str | None = None) -> UUID:
    """A new firm in a data folder; one of its customers."""
    app = build(Settings(data=data, database_url=url))
    with calling(app) as http:
        return found(app, http).brandl


@contextmanager
def served(data: Path, *wires: Wire, url: str | None = None) -> Iterator[Starlette]:
    """The server inside this process, and the tablets' ways lead to it."""
    app = build(Settings(data=data, database_url=url))
    with calling(app):
        for wire in wires:
            wire.way = httpx.ASGITransport(app=app)
        yield app
    for wire in wires:
        wire.way = None


def code_for(data: Path, login: str, url: str | None = None) -> str:
    with opened(data, url) as database, database.writing() as connection:
        user = users.find_login(connection, login)
        assert user is not None
        return pairing.make_code(connection, user.id, datetime.now(UTC))


def decided(data: Path, observation: UUID, decide: Callable[..., Any], **more: Any) -> None:
    """Nora of inside sales decides on the lead of an observation."""
    statement = select(t.leads.c.id, t.leads.c.revision).join(t.observations)
    with opened(data) as database, database.writing() as connection:
        nora = users.find_login(connection, "nora")
        assert nora is not None
        lead = connection.execute(statement.where(t.observations.c.id == observation)).one()
        decide(connection, nora.who, lead.id, lead.revision, now=datetime.now(UTC), **more)


def rundgang(*arguments: object, exit_code: int = 0) -> Result:
    """A command, as an administrator types it."""
    environment = {"LANG": "C", "LC_ALL": "", "LC_MESSAGES": ""}
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)
    assert result.exit_code == exit_code, result.output
    return result


def copied_data(data: Path, target: Path) -> Path:
    """The server's folder once more: to let different things happen to it."""
    return Path(shutil.copytree(data, target))
