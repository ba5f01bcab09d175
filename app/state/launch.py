"""From the first line of code to a tablet that can be used, and what to tell the person on the way."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from app.device.platform import Platform
from app.state.errors import NewerStore, StorageFull, StoreDamaged, StoreError
from app.state.session import Tablet


class Stage(StrEnum):
    """Where the launch stands."""

    OPENING = "opening"
    INSECURE = "insecure"
    """Opened over http from another machine: nothing would be kept."""
    OTHER_TAB = "other_tab"
    """Another tab has the stores open; goes on by itself when that one is closed."""
    NEWER_STORE = "newer_store"
    """A newer version of the app has written the stores."""
    DAMAGED = "damaged"
    FULL = "full"
    BROKEN = "broken"
    """The platform's storage cannot be opened at all."""
    READY = "ready"


class Launch:
    """Opens one tablet. `stage` says how far it is; listeners hear of each change."""

    def __init__(
        self, platform: Platform, open_tablet: Callable[[Platform], Awaitable[Tablet]] = Tablet.open
    ) -> None:
        self.platform = platform
        self.stage = Stage.OPENING
        self.tablet: Tablet | None = None
        self.update_ready = False
        self._open_tablet = open_tablet
        self._listeners: list[Callable[[], None]] = []
        self._stop_updates: Callable[[], None] = lambda: None

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each change; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def run(self) -> None:
        """Launch; returns when the tablet is ready or cannot be opened."""
        self._stop_updates = self.platform.updates.subscribe(self._update_is_ready)
        if self.platform.is_web and not self.platform.is_secure:
            self._reach(Stage.INSECURE)
            return
        await self.platform.acquire_tab(lambda: self._reach(Stage.OTHER_TAB))
        await self.open()

    async def open(self) -> None:
        """Open the stores (again)."""
        try:
            self.tablet = await self._open_tablet(self.platform)
        except NewerStore:
            self._reach(Stage.NEWER_STORE)
        except StoreDamaged:
            self._reach(Stage.DAMAGED)
        except StorageFull:
            self._reach(Stage.FULL)
        except StoreError:
            self._reach(Stage.BROKEN)
        else:
            self._reach(Stage.READY)

    def _update_is_ready(self) -> None:
        self.update_ready = True
        self._announce()

    def _reach(self, stage: Stage) -> None:
        self.stage = stage
        self._announce()

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
