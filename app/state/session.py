"""One running app: opens the stores, pairs, and keeps the synchronisation going."""

from typing import Protocol, Self

from app.device.platform import Platform
from app.state.errors import Damage
from app.state.notebook import Notebook


class Synchronizing(Protocol):
    """The synchronisation as the screens see it."""

    def request(self) -> None:
        """Synchronise as soon as possible."""


class Tablet:
    """One running app."""

    notebook: Notebook | None
    """None: not paired."""
    synchronizer: Synchronizing
    first_sync_done: bool
    """Whether everything was read from the server once since pairing."""
    damage: tuple[Damage, ...]
    """Stored documents that could not be read when the stores were opened."""

    @classmethod
    async def open(cls, platform: Platform) -> Self:
        """Open the stores of this tablet. Raises StoreError."""
        raise NotImplementedError

    async def pair(self, server: str, code: str, device_name: str) -> None:
        """Exchange a code for this tablet's identity. Raises SyncProblem, Offline, StorageFull."""
        raise NotImplementedError

    async def unpair(self) -> None:
        """Forget who uses this tablet; own work stays for the next pairing of the same person."""
        raise NotImplementedError

    async def run(self) -> None:
        """Synchronise at start, after each save, on reconnect and every few minutes, until cancelled."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of the stores."""
        raise NotImplementedError
