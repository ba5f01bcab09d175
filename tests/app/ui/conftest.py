"""A paired tablet with a small company on it, and the app drawn on a page without a browser."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from app.device.voice import NoVoice, Voice
from app.early import opening
from app.i18n import use
from app.main import arrange, show
from app.state.session import Tablet
from app.ui.surroundings import Surroundings
from app.ui.theme import wear
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, customer, paired, platform, synchronized
from tests.app.scripted_server import NOW, ScriptedServer, name
from tests.app.ui.headless import HeadlessPage


@pytest.fixture(autouse=True)
def german_and_light() -> None:
    """Language and look are of the process; every test begins with the product's own."""
    use("de")
    wear(dark=False)


async def never(_: float) -> None:
    """Time does not pass in these tests unless they say so."""
    await asyncio.Event().wait()


@pytest.fixture
def server() -> ScriptedServer:
    """A server with two customers and a visit of today."""
    scripted = ScriptedServer()
    sites = [
        {"id": str(name("Halle B")), "name": "Werk 2, Halle B", "street": "Industriestraße 14",
         "postal_code": "88213", "city": "Ravensburg"},
        {"id": str(name("Werk 1")), "name": "Werk 1", "city": "Ravensburg"},
    ]  # fmt: skip
    contacts = [{"id": str(name("Bauer")), "name": "Thomas Bauer", "phone": "+49 751 4471-218"}]
    assets = [{"id": str(name("RV 75")), "maker": "Albwerk", "model": "RV 75", "built_in": 2014}]
    kaesmayr = customer("Käsmayr", customer_class="A", sites=sites, contacts=contacts, assets=assets)
    scripted.publish(Entity.CUSTOMER, name("Käsmayr"), kaesmayr)
    scripted.publish(Entity.CUSTOMER, name("Müller"), customer("Müller", city="Ulm"))
    scripted.publish(
        Entity.VISIT,
        name("visit"),
        {
            "id": str(name("visit")), "customer_id": str(name("Käsmayr")), "site_id": str(name("Halle B")),
            "starts_at": (NOW + timedelta(hours=1)).isoformat(),
            "ends_at": (NOW + timedelta(hours=2)).isoformat(), "purpose": "Wartung RV 75",
        },
    )  # fmt: skip
    return scripted


@pytest.fixture
def shelf() -> Shelf:
    """The tablet's disks."""
    return Shelf()


OpenApp = Callable[..., Awaitable[tuple[HeadlessPage, Surroundings]]]


@pytest.fixture
async def open_app(shelf: Shelf, server: ScriptedServer) -> AsyncIterator[OpenApp]:
    """Opens the app as another start of the tablet would; paired and synchronised unless told otherwise."""
    opened: list[Surroundings] = []

    async def open_it(
        route: str = "/",
        *,
        pair: bool = True,
        synchronize: bool = True,
        language: str = "de-DE",
        voice: Voice | None = None,
        **size: Any,
    ) -> tuple[HeadlessPage, Surroundings]:
        if pair:
            tablet: Tablet
            tablet, _ = await paired(shelf, server)
            if synchronize:
                await synchronized(tablet)
            await tablet.close()
        page = HeadlessPage(route=route, **size)
        here, opened_tablet = arrange(
            page.page,
            opening(
                platform(
                    shelf,
                    server.transport,
                    sleep=never,
                    language=language,
                    open_voice=lambda: voice or NoVoice(),
                )
            ),
        )
        await show(here, opened_tablet)
        opened.append(here)
        await page.settle()
        return page, here

    yield open_it
    for here in opened:
        await here.close()
