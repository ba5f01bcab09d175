"""The place where every complaint is tried: a firm with its server, and Anna with her tablet."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sync_server.application import build
from sync_server.settings import Settings
from tests.app.a_tablet import Shelf
from tests.complaints.place import Network, Place, opened
from tests.server.calling import calling
from tests.server.firm import Firm, found


@pytest.fixture
def anyio_backend() -> str:
    """What Flet and Pyodide have."""
    return "asyncio"


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    """A firm with its server."""
    app = build(Settings(data=tmp_path / "data"))
    with calling(app) as http:
        yield found(app, http)


@pytest.fixture
async def place(firm: Firm) -> AsyncIterator[Place]:
    """Anna's tablet, paired and read once."""
    network, shelf = Network(firm.app), Shelf()
    place = Place(firm, network, shelf, await opened(shelf, network))
    await place.pair(firm.anna)
    await place.synchronize()
    yield place
    await place.tablet.close()
