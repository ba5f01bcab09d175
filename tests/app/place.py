"""A technician's tablet and the firm's server, with a network between them that can be made to misbehave."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import Table, func, select
from starlette.applications import Starlette

from app.state.notebook import Notebook
from app.state.session import Tablet
from app.state.views import Draft
from protocol.observation import Kind
from sync_server.application import build
from sync_server.crm import pairing
from sync_server.crm.users import User
from sync_server.settings import Settings
from sync_server.store.schema import leads, observations
from tests.app.a_tablet import Shelf, platform, synchronized
from tests.server.calling import calling
from tests.server.firm import Firm, found

ADDRESS = "http://127.0.0.1:8000"

Behaviour = Callable[[httpx.Request], httpx.Response | None]
"""What the network does instead of carrying a request: an answer of its own, an error, or None to carry it."""


@dataclass
class Network(httpx.AsyncBaseTransport):
    """The way to the server.

    Attributes:
        instead: asked before a request is carried.
        answered: called after the server answered; what it raises, the tablet gets instead of the answer.
        carried: method, path and bytes of every request that reached the server.
    """

    app: Starlette
    instead: Behaviour = lambda _: None
    answered: Callable[[httpx.Request], None] = lambda _: None
    carried: list[tuple[str, str, int]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        other = self.instead(request)
        if other is not None:
            return other
        self.carried.append((request.method, request.url.path, len(await request.aread())))
        answer = await httpx.ASGITransport(app=self.app).handle_async_request(request)
        self.answered(request)
        return answer


def no_network(request: httpx.Request) -> httpx.Response | None:
    """A cellar."""
    raise httpx.ConnectError("no network", request=request)


class Once:
    """Loses the answer to the n-th request that fits."""

    def __init__(self, fits: Callable[[httpx.Request], bool], nth: int = 1) -> None:
        self._fits, self._left = fits, nth

    def __call__(self, request: httpx.Request) -> None:
        if self._fits(request):
            self._left -= 1
            if self._left == 0:
                raise httpx.ReadError("the answer was lost", request=request)


@dataclass
class Place:
    """The firm, and one tablet of it."""

    firm: Firm
    network: Network
    shelf: Shelf
    tablet: Tablet

    @property
    def notebook(self) -> Notebook:
        """What the person on the tablet can do."""
        notebook = self.tablet.notebook
        assert notebook is not None
        return notebook

    def draft(self, text: str = "Halle C geplant") -> Draft:
        """An observation that can be saved."""
        fresh = self.notebook.new_draft(customer_id=self.firm.brandl, kind=Kind.PLAN)
        return replace(fresh, heard=text)

    async def save(self, text: str) -> UUID:
        """Record an observation."""
        draft = self.draft(text)
        await self.notebook.save(draft)
        return draft.id

    async def synchronize(self) -> None:
        """One synchronisation, now."""
        await synchronized(self.tablet)

    async def die(self, **more: Any) -> None:
        """Swiped away, or out of battery: nothing is closed, and the app starts anew on the same disk."""
        self.tablet = await opened(self.shelf, self.network, **more)

    def code_for(self, user: User) -> str:
        """A fresh pairing code."""
        with self.firm.database.writing() as connection:
            return pairing.make_code(connection, user.id, datetime.now(UTC))

    async def pair(self, user: User) -> None:
        """Another person, or the first one, takes the tablet."""
        await self.tablet.pair(ADDRESS, self.code_for(user), "Tablet 7")

    def count(self, table: Table) -> int:
        """Rows on the server."""
        with self.firm.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def lead(self, observation_id: UUID) -> tuple[UUID, int]:
        """What inside sales made of an observation, and its lock."""
        statement = (
            select(leads.c.id, leads.c.revision).join(observations).where(observations.c.id == observation_id)
        )
        with self.firm.database.reading() as connection:
            row = connection.execute(statement).one()
        return row.id, row.revision


async def opened(shelf: Shelf, network: Network, **more: Any) -> Tablet:
    """A tablet over these disks."""
    return await Tablet.open(platform(shelf, network, lambda: datetime.now(UTC), **more))


@contextmanager
def firm_at(data: Path) -> Iterator[Firm]:
    """A firm with its server, for the length of a `with` block."""
    app = build(Settings(data=data))
    with calling(app) as http:
        yield found(app, http)


@asynccontextmanager
async def annas_tablet(firm: Firm) -> AsyncIterator[Place]:
    """Anna's tablet, paired, for the length of a `with` block."""
    network, shelf = Network(firm.app), Shelf()
    place = Place(firm, network, shelf, await opened(shelf, network))
    await place.pair(firm.anna)
    yield place
    await place.tablet.close()
