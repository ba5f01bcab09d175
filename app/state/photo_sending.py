"""Whether photos may be sent now: always, or not over a mobile network. Text always goes."""

from enum import StrEnum

from app.device.platform import Connection, Platform
from app.store.own_work import OwnWork

_PREFERENCE = "photos-over"


class PhotosOver(StrEnum):
    """What the person has chosen."""

    ANYTHING = "anything"
    WIFI = "wifi"
    """Not over a mobile network; where the platform does not tell what it is, only when the person says so."""


class PhotoSending:
    """The choice of one user on one tablet."""

    def __init__(self, own: OwnWork, platform: Platform) -> None:
        self._own = own
        self._platform = platform
        self._permitted = False

    @property
    def choice(self) -> PhotosOver:
        """What the person has chosen."""
        kept = self._own.preference(_PREFERENCE)
        return PhotosOver(kept) if kept in set(PhotosOver) else PhotosOver.ANYTHING

    async def choose(self, choice: PhotosOver) -> None:
        """Keep a choice. Raises StoreError."""
        self._permitted = False
        await self._own.prefer(_PREFERENCE, choice.value)

    @property
    def connection(self) -> Connection:
        """Over what the tablet is connected, as far as the platform tells."""
        return self._platform.connection()

    def allowed(self) -> bool:
        """Whether a photo may be sent now."""
        return self._permitted or self.choice == PhotosOver.ANYTHING or self.connection == Connection.WIFI

    def permit(self) -> None:
        """The person wants all that waits to be sent over whatever there is, this once."""
        self._permitted = True

    def settle(self) -> None:
        """What was permitted has been sent."""
        self._permitted = False


__all__ = ["PhotoSending", "PhotosOver"]
