"""Room on the tablet: how much there is, when it becomes short, and what is removed before anything cannot be kept."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.device.platform import Platform, StorageUse
from app.state.errors import StorageFull
from app.store.own_work import LogLine, OwnWork
from app.store.thinning import thin

T = TypeVar("T")

SHORT = 150_000_000
"""Free bytes below which room is short: some hundred photos, a few days of work without network."""

_AT_ONCE = 20_000_000
"""Bytes freed when something could not be kept: enough for the largest photo, and for any text."""


def is_short(use: StorageUse | None) -> bool:
    """Whether the person should be warned. Of a platform that does not tell, nothing is known."""
    return use is not None and use.quota > 0 and _free(use) < _least(use)


class Room:
    """The storage of one user's tablet."""

    def __init__(self, own: OwnWork, platform: Platform) -> None:
        self._own = own
        self._platform = platform
        self._listeners: list[Callable[[], None]] = []
        self.use: StorageUse | None = None
        """What was found last; None before the first look."""

    @property
    def is_short(self) -> bool:
        """Whether room was short at the last look."""
        return is_short(self.use)

    async def look(self) -> StorageUse:
        """How much is used now."""
        was_short = self.is_short
        self.use = await self._platform.storage_estimate()
        if self.is_short != was_short:
            for listener in tuple(self._listeners):
                listener()
        return self.use

    async def make(self) -> None:
        """When room is short, remove confirmed photos until it is not. Raises StoreError."""
        use = await self.look()
        if self.is_short and await self._thin(2 * _least(use) - _free(use)):
            await self.look()

    async def keep(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do what keeps something; when there is no room for it, make some and do it again.

        Raises:
            StorageFull: there is nothing left that may be removed.
        """
        try:
            return await work()
        except StorageFull:
            if not await self._thin(_AT_ONCE):
                raise
        return await work()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when room becomes short or is there again; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def _thin(self, wanted: int) -> int:
        freed = await thin(self._own, wanted)
        if freed:
            await self._own.note(LogLine(at=self._platform.clock(), what="thinned", bytes=freed))
        return freed


def _free(use: StorageUse) -> int:
    return max(0, use.quota - use.usage)


def _least(use: StorageUse) -> int:
    # A browser may grant little in all; then a tenth of it must do.
    return min(SHORT, use.quota // 10)


__all__ = ["SHORT", "Room", "is_short"]
