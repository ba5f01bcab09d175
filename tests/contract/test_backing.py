"""The contract of the stores against memory and SQLite (IndexedDB: test_indexeddb.py)."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.store.backing import Backing
from app.store.memory import MemoryBacking, MemoryDisk
from app.store.sqlite import SQLiteBacking
from tests.contract.backing_contract import CASES, Case, Place


@dataclass
class MemoryPlace:
    disk: MemoryDisk

    async def open(self) -> Backing:
        return MemoryBacking(self.disk)


@dataclass
class SQLitePlace:
    path: Path

    async def open(self) -> Backing:
        return await SQLiteBacking.open(self.path)


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return (
        MemoryPlace(MemoryDisk())
        if request.param == "memory"
        else SQLitePlace(tmp_path / "a" / "store.sqlite3")
    )


@pytest.mark.anyio
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_contract(case: Case, place: Place) -> None:
    await case(place)
