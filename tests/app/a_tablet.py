"""A tablet for tests: its disk outlives it, its server is scripted, its clock stands still."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx

from app.device.native import native_platform, take_photo
from app.device.platform import Platform, StorageUse
from app.state.notebook import Notebook
from app.state.session import Tablet
from app.state.views import Draft
from app.store.backing import Backing
from app.store.memory import MemoryBacking, MemoryDisk
from app.sync.synchronize import Run
from protocol.observation import Kind
from tests.app.scripted_server import ADDRESS, NOW, ScriptedServer, name


def jpeg(width: int = 640, height: int = 480, filling: int = 2_000) -> bytes:
    """The smallest thing that says of itself that it is a whole JPEG; different sizes are different files."""
    frame = (
        b"\xff\xc0\x00\x0b\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    )
    return b"\xff\xd8" + frame + b"\xff\xda\x00\x02" + b"\x55" * filling + b"\xff\xd9"


def draft(notebook: Notebook, text: str = "Halle C geplant", **fields: Any) -> Draft:
    """A draft that can be saved."""
    fresh = notebook.new_draft(customer_id=name("Käsmayr"), kind=Kind.PLAN)
    return replace(fresh, **{"seen": text, **fields})


def customer(text: str = "Käsmayr", **fields: Any) -> dict[str, Any]:
    """A customer as the server sends him."""
    return {
        "id": str(name(text)), "number": "K-1", "name": f"{text} GmbH & Co. KG", "territory": "Süd",
        "city": "Ravensburg", "changed_at": "2026-01-01T00:00:00Z", **fields,
    }  # fmt: skip


def told(
    change: Any, state: str = "new", comments: Iterable[dict[str, Any]] = (), **fields: Any
) -> dict[str, Any]:
    """What the server tells of an observation that came with this change."""
    revision = {
        "id": str(change.revision_id), "content": change.content.as_dict(), "author_name": "Jonas Weber",
        "recorded_at": change.recorded_at.isoformat(), "received_at": NOW.isoformat(),
    }  # fmt: skip
    review = {"state": state, "changed_at": (NOW + timedelta(hours=1)).isoformat()}
    return {
        "id": str(change.observation_id), "shown": revision, "review": review, "comments": list(comments),
        "received_at": NOW.isoformat(), **fields,
    }  # fmt: skip


@dataclass
class Shelf:
    """The disks of one tablet, by the name of the store."""

    disks: dict[str, MemoryDisk] = field(default_factory=dict)
    backings: dict[str, MemoryBacking] = field(default_factory=dict)

    async def open(self, store: str) -> Backing:
        """Open a store as another process would."""
        self.backings[store] = MemoryBacking(self.disks.setdefault(store, MemoryDisk()))
        return self.backings[store]


@dataclass
class Clock:
    """Stands still unless told otherwise."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


class Disks(Protocol):
    """Something that opens a store by its name."""

    async def open(self, store: str) -> Backing:
        """Open a store as another process would."""


def platform(
    shelf: Disks,
    transport: httpx.AsyncBaseTransport,
    clock: Callable[[], datetime] | None = None,
    **more: Any,
) -> Platform:
    """A platform over these disks and this network. Nobody sleeps on it."""

    async def estimate() -> StorageUse:
        return StorageUse(usage=1, quota=2, persistent=True)

    async def yes() -> bool:
        return True

    return Platform(
        is_web=False,
        is_secure=True,
        open_backing=shelf.open,
        open_transport=lambda: transport,
        scale_photo=take_photo,
        storage_estimate=estimate,
        ask_persistent=yes,
        on_reconnect=lambda _: lambda: None,
        acquire_tab=_alone,
        **{"default_server": ADDRESS, "clock": clock or Clock(), "random": lambda: 0.5, **more},
    )


def on_files(folder: Path, server: ScriptedServer) -> Platform:
    """The native platform over these files and a scripted network."""
    changes: dict[str, Any] = {
        "open_transport": lambda: server.transport, "clock": Clock(), "acquire_tab": _alone,
    }  # fmt: skip
    return replace(native_platform(folder), **changes)


async def _alone(_: Any) -> None:
    return None


async def paired(shelf: Shelf, server: ScriptedServer, **more: Any) -> tuple[Tablet, Notebook]:
    """A tablet of the technician, paired now or before."""
    tablet = await Tablet.open(platform(shelf, server.transport, **more))
    if tablet.notebook is None:
        await tablet.pair(ADDRESS, "abcd-2345", "Tablet 7")
    notebook = tablet.notebook
    assert notebook is not None
    return tablet, notebook


async def synchronized(tablet: Tablet) -> Run:
    """One synchronisation, now, without the scheduler. Raises what hindered it."""
    run = Run()
    await tablet._synchronize(run)
    return run
