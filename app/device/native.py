"""The platform on desktops, Android and iOS: SQLite files in the user's own folder, httpx's own sockets."""

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from app.device.errors import PhotoTooLarge
from app.device.pictures import examine, without_metadata
from app.device.platform import Platform, ScaledPhoto, StorageUse
from app.store.backing import Backing
from app.store.errors import StoreLost
from app.store.sqlite import SQLiteBacking
from protocol.limits import MAX_PHOTO_BYTES


def native_platform(folder: Path | None = None, *, default_server: str | None = None) -> Platform:
    """The platform of this machine.

    Args:
        folder: where the stores are; the user's own application folder unless given.
        default_server: shown when pairing.
    """
    base = folder or data_folder()

    async def open_backing(name: str) -> Backing:
        # What the server can tell again is not kept twice: it is other people's data.
        keep = not name.startswith("rundgang-reference")
        return await SQLiteBacking.open_or_rescue(base / f"{_file_name(name)}.sqlite3", keep=keep)

    async def storage_estimate() -> StorageUse:
        return _storage(base)

    async def ask_persistent() -> bool:
        return True

    lock = _Lock(base)
    return Platform(
        is_web=False,
        is_secure=True,
        default_server=default_server,
        open_backing=open_backing,
        open_transport=None,
        scale_photo=take_photo,
        storage_estimate=storage_estimate,
        ask_persistent=ask_persistent,
        on_reconnect=_never,
        acquire_tab=lock.acquire,
    )


def data_folder() -> Path:
    """The folder for this app's data: Flet's where it sets one, else the platform's custom."""
    given = os.environ.get("FLET_APP_STORAGE_DATA")
    if given:
        return Path(given)
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Rundgang"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "Rundgang"
    return Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share")) / "rundgang"


async def take_photo(data: bytes) -> ScaledPhoto:
    """A photo as it is, without its metadata: there is no scaling here, the server does it.

    Raises UnreadablePhoto, PhotoTooLarge.
    """
    picture = examine(data)
    clean = without_metadata(data)
    if len(clean) > MAX_PHOTO_BYTES:
        raise PhotoTooLarge(len(clean), MAX_PHOTO_BYTES)
    return ScaledPhoto(clean, picture.media_type, picture.width, picture.height)


class _Lock:
    """One running copy per folder: a second one would not see what the first one writes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "running.lock"
        self._held: object = None

    async def acquire(self, waiting: Callable[[], None]) -> None:
        """See `Platform.acquire_tab`."""
        if sys.platform == "win32":
            return  # Flet's runner keeps a single instance there
        import asyncio
        import fcntl

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("w")
        except OSError as failure:
            raise StoreLost(str(failure)) from failure
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    waiting()
                    told = True
                await asyncio.sleep(1)
            else:
                self._held = file
                return


def _never(_: Callable[[], None]) -> Callable[[], None]:
    """The network's state is not watched here: the regular contacts find out."""
    return lambda: None


def _storage(folder: Path) -> StorageUse:
    files = [path for path in folder.glob("*") if path.is_file()] if folder.exists() else []
    usage = sum(path.stat().st_size for path in files)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return StorageUse(usage=usage, quota=usage + shutil.disk_usage(existing).free, persistent=True)


def _file_name(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z-]", "_", name)
