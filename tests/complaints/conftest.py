"""The place where every complaint is tried: a firm with its server, and Anna with her tablet."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.app.place import Place, annas_tablet, firm_at
from tests.server.firm import Firm


@pytest.fixture
def anyio_backend() -> str:
    """What Flet and Pyodide have."""
    return "asyncio"


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    """A firm with its server."""
    with firm_at(tmp_path / "data") as founded:
        yield founded


@pytest.fixture
async def place(firm: Firm) -> AsyncIterator[Place]:
    """Anna's tablet, paired and read once."""
    async with annas_tablet(firm) as place:
        await place.synchronize()
        yield place
