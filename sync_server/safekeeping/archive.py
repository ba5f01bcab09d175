"""The backup file: a zip with a manifest, read and written so that nothing in it has to be believed."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256 as new_sha256
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from sync_server.safekeeping.errors import DamagedBackup, NewerBackup, NotABackup
from sync_server.safekeeping.manifest import FORMAT, MANIFEST, Manifest

_PIECE = 1024 * 1024

_MAX_MANIFEST = 512 * 1024 * 1024
"""Bytes: four million photos. Whoever says more wants to fill the memory."""

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What zipfile raises for a file that is cut off, changed, encrypted or packed in a way that it does not know."""


class ArchiveWriter:
    """Writes a backup file. `finish` must be the last call, `close` must follow whatever happens."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w")

    def close(self) -> None:
        """End the zip; without `finish` before, it is no backup."""
        self._zip.close()

    def add_file(self, name: str, source: Path) -> tuple[int, str]:
        """Pack a file; give its size in bytes and its SHA-256."""
        size, digest = 0, new_sha256()
        with source.open("rb") as reading, self._zip.open(_entry(name), "w", force_zip64=True) as entry:
            while piece := reading.read(_PIECE):
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        return size, digest.hexdigest()

    def add_blob(self, name: str, data: bytes) -> None:
        """Put a photo in as it is: it is compressed already."""
        self._zip.writestr(_entry(name, zipfile.ZIP_STORED), data)

    def finish(self, manifest: Manifest) -> None:
        """Put the manifest in, then the directory of the zip."""
        self._zip.writestr(_entry(MANIFEST), manifest.as_json())
        self._zip.close()


class Archive:
    """A backup file that is being read. Made by `open_archive`."""

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = packed
        self.manifest = manifest

    def check(self) -> None:
        """Read everything and compare it with the manifest.

        Raises:
            DamagedBackup: see there.
        """
        database = self.manifest.database
        for _ in self._pieces(database.name, database.size, database.sha256):
            pass
        for blob in self.manifest.blobs:
            for _ in self._pieces(blob.name, blob.size, blob.sha256):
                pass

    def unpack_database(self, target: Path) -> None:
        """Write the copy of the database to a file. Raises DamagedBackup, OSError."""
        database = self.manifest.database
        self._unpack(database.name, database.size, database.sha256, target)

    def unpack_blobs(self, folder: Path) -> None:
        """Write all photos below a folder, by the first two digits of their SHA-256. Raises DamagedBackup, OSError."""
        for blob in self.manifest.blobs:
            target = folder / blob.sha256[:2] / blob.sha256
            target.parent.mkdir(parents=True, exist_ok=True)
            self._unpack(blob.name, blob.size, blob.sha256, target)

    def _unpack(self, name: str, size: int, sha256: str, target: Path) -> None:
        with target.open("xb") as writing:
            for piece in self._pieces(name, size, sha256):
                writing.write(piece)

    def _pieces(self, name: str, size: int, sha256: str) -> Iterator[bytes]:
        """The bytes of an entry; whoever reads to the end knows that they are the right ones."""
        found, digest = 0, new_sha256()
        try:
            with self._zip.open(name) as entry:
                while found <= size and (piece := entry.read(_PIECE)):
                    found += len(piece)
                    digest.update(piece)
                    yield piece
        except _BROKEN as error:
            raise DamagedBackup(f"{name}: {error or type(error).__name__}") from error
        if found != size or digest.hexdigest() != sha256:
            raise DamagedBackup(f"{name}: not the bytes that were backed up")


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """A backup file whose manifest was read, and whose entries are exactly those that it names.

    Raises:
        NotABackup, NewerBackup, DamagedBackup: see there.
        OSError: the file cannot be read.
    """
    try:
        packed = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise NotABackup(str(error)) from error
    with packed:
        manifest = _manifest(packed)
        if manifest.format > FORMAT:
            raise NewerBackup(f"format {manifest.format}, made by Rundgang {manifest.program}")
        if sorted(packed.namelist()) != sorted(manifest.names):
            raise DamagedBackup("its entries are not those that its manifest names")
        yield Archive(packed, manifest)


def _manifest(packed: zipfile.ZipFile) -> Manifest:
    try:
        with packed.open(MANIFEST) as entry:
            content = entry.read(_MAX_MANIFEST + 1)
    except KeyError as error:
        raise NotABackup(f"no {MANIFEST} in it") from error
    except _BROKEN as error:
        raise DamagedBackup(f"{MANIFEST}: {error or type(error).__name__}") from error
    if len(content) > _MAX_MANIFEST:
        raise NotABackup(f"{MANIFEST} is too large")
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        raise NotABackup(f"{MANIFEST} is not that of a backup") from error


def _entry(name: str, packing: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = packing
    entry.external_attr = 0o600 << 16  # whoever unpacks it by hand: personal data is nobody else's
    return entry
