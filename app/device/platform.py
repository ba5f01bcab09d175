"""What a platform gives to the app, as one value that is injected: so that everything else runs in tests."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.device.clock import plausible
from app.device.errors import CodesUnavailable
from app.device.voice import NoVoice, Voice
from app.device.wishes import DeviceWishes, NoWishes
from app.store.backing import Backing

if TYPE_CHECKING:
    import httpx

    from app.photo.edits import Edits


@dataclass(frozen=True)
class StorageUse:
    """How much of the tablet's storage is used, in bytes, and whether the platform promised not to evict it."""

    usage: int
    quota: int
    persistent: bool


class Connection(StrEnum):
    """Over what the tablet is connected, as far as the platform tells."""

    WIFI = "wifi"
    """Wi-Fi or a cable: what is sent costs nothing."""
    MOBILE = "mobile"
    """A mobile network, or the person has asked the device to save data."""
    UNKNOWN = "unknown"
    """The platform does not tell (every browser but those on Android)."""


@dataclass(frozen=True)
class ScaledPhoto:
    """A photo ready to be kept: scaled and without metadata where the platform can."""

    data: bytes
    media_type: str
    width: int | None
    height: int | None


@dataclass(frozen=True)
class ReadCode:
    """What a bar code, a QR or a Data Matrix code in a picture says."""

    text: str
    symbology: str
    """As the reader names it: "Code128", "EAN13", "QRCode", "DataMatrix", …"""
    is_gs1: bool = False
    """Whether its content is made of GS1's element strings."""


class Updates(Protocol):
    """News about a newer version of the app (in the browser: the service worker)."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when a newer version is ready to be started; returns how to stop that."""

    def apply(self) -> None:
        """The person chose to restart with the newer version."""


class NoUpdates:
    """Where another mechanism (a package manager, an app store) updates the app."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Never calls."""
        return lambda: None

    def apply(self) -> None:
        """Does nothing."""


async def no_reader(_: bytes) -> tuple[ReadCode, ...]:
    """Where nothing reads codes. Raises CodesUnavailable."""
    raise CodesUnavailable("no reader on this platform")


@dataclass(frozen=True)
class Platform:
    """All that differs between a browser, a desktop, a phone and a test."""

    is_web: bool
    is_secure: bool
    """False: no service worker, no durable storage, no camera (http on another machine's address)."""
    default_server: str | None
    """The server that served this app, for example "https://rundgang.firma.de"."""
    open_backing: Callable[[str], Awaitable[Backing]]
    """Opens (and makes, if needed) the store of this name. Raises StoreError."""
    open_transport: "Callable[[], httpx.AsyncBaseTransport] | None"
    """Called once the network is first wanted, so that no start waits for httpx; None: httpx's own sockets."""
    scale_photo: Callable[[bytes], Awaitable[ScaledPhoto]]
    """Raises UnreadablePhoto, PhotoTooLarge, TooManyPixels."""
    storage_estimate: Callable[[], Awaitable[StorageUse]]
    ask_persistent: Callable[[], Awaitable[bool]]
    """Asks the platform not to evict what is stored; returns its answer."""
    on_reconnect: Callable[[Callable[[], None]], Callable[[], None]]
    """Calls back when the platform believes that the network is back (a hint only); returns how to stop."""
    acquire_tab: Callable[[Callable[[], None]], Awaitable[None]]
    """Returns once this is the only running copy of the app; calls back once if it has to wait for that."""
    read_codes: Callable[[bytes], Awaitable[tuple[ReadCode, ...]]] = no_reader
    """The codes in a picture (JPEG, PNG or WebP), none where it shows none. Raises UnreadablePhoto, CodesUnavailable."""
    first_drawing: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0)
    """Returns once the first screen is on the glass: what can wait must not take the processor before."""
    device_name: str = ""
    """What sort of device this is, as inside sales reads it in the list of tablets; "" where nobody tells."""
    language: str = "de"
    """What the device speaks ("de", "en-GB", …), until the person chooses otherwise."""
    edit_photo: "Callable[[bytes, Edits], Awaitable[ScaledPhoto]] | None" = None
    """Makes of a kept photo what a person did to it, anew from its pixels; raises PhotoNotEdited. None: not here."""
    connection: Callable[[], Connection] = lambda: Connection.UNKNOWN
    """Over what the tablet is connected now."""
    open_voice: Callable[[], Voice] = NoVoice
    """Microphone and loudspeaker; called when something is first recorded or played."""
    updates: Updates = field(default_factory=NoUpdates)
    on_key: Callable[[Callable[[str], None]], None] = lambda _: None
    """Calls back with "Escape" and "Tab", by which a person with a keyboard goes back and on."""
    on_touch: Callable[[Callable[[bool], None]], None] = lambda _: None
    """Calls back with True when a finger is laid on the glass, with False when one is lifted."""
    wishes: DeviceWishes = field(default_factory=NoWishes)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random
    """Uniform in [0, 1), for jitter only."""

    @property
    def reads_codes(self) -> bool:
        """Whether pictures can be searched for codes at all."""
        return self.read_codes is not no_reader

    def __post_init__(self) -> None:
        object.__setattr__(self, "clock", plausible(self.clock))
