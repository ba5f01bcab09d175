"""Photos in a folder of this machine, or of a file system that several share: the default."""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from sync_server.durable import flush_folder
from sync_server.media.backing import NoSuchBlob, place_of


class InFolder:
    """A folder of photos, by the first two digits of their SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, file: Path, sha256: str) -> None:
        """Move a file of the same file system to its place. See `Backing`."""
        place = self._folder / place_of(sha256)
        _make_folder(place.parent)
        file.replace(place)
        flush_folder(place.parent)

    @contextlib.contextmanager
    def file(self, sha256: str) -> Iterator[Path]:
        """The very file. See `Backing`."""
        place = self._folder / place_of(sha256)
        if not place.is_file():
            raise NoSuchBlob(sha256)
        yield place

    def size(self, sha256: str) -> int | None:
        """See `Backing`."""
        place = self._folder / place_of(sha256)
        return place.stat().st_size if place.is_file() else None

    def delete(self, sha256: str) -> None:
        """See `Backing`."""
        place = self._folder / place_of(sha256)
        if place.is_file():
            place.unlink()
            flush_folder(place.parent)

    def names(self) -> Iterator[str]:
        """See `Backing`; what is no photo of ours is left out."""
        for file in sorted(self._folder.glob("??/" + "?" * 64)):
            with contextlib.suppress(NoSuchBlob):
                if file == self._folder / place_of(file.name):
                    yield file.name

    def require_usable(self) -> None:
        """See `Backing`."""
        _make_folder(self._folder)
        with replacing(self._folder / ".usable") as part:
            part.write_bytes(b"usable")
        (self._folder / ".usable").unlink(missing_ok=True)


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A file to write, that becomes `target` at once and whole, or not at all."""
    _make_folder(target.parent)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        flush_folder(folder.parent)
