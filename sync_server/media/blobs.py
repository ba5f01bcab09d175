"""Verified photos in a folder, addressed by their SHA-256 and stored once (rule S14); small versions of them."""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256 as new_sha256
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Connection, select

from sync_server.crm import holding
from sync_server.crm.documents import publish_observations
from sync_server.media.pictures import Picture, examine, shrink
from sync_server.store import schema as t
from sync_server.store.inserting import insert_or_skip

SIZES = (160, 320, 640, 1280)
"""Pixels a side of small versions. Few, so that nobody can fill the disk by asking for each."""

_HASH = re.compile(r"[0-9a-f]{64}")


class NoSuchBlob(LookupError):
    """There is no stored photo with this SHA-256."""


class Blobs:
    """The folder of stored photos.

    Args:
        folder: where they are kept, by the first two digits of their SHA-256.
        thumbnails: where small versions are kept; may be deleted at any time.
    """

    def __init__(self, folder: Path, thumbnails: Path) -> None:
        self._folder = folder
        self._thumbnails = thumbnails

    def path(self, sha256: str) -> Path:
        """The file of a photo.

        Raises:
            NoSuchBlob: there is none.
        """
        file = self._place(sha256)
        if not file.is_file():
            raise NoSuchBlob(sha256)
        return file

    def has(self, sha256: str) -> bool:
        """Whether a photo is stored."""
        return self._place(sha256).is_file()

    def open_blob(self, sha256: str) -> BinaryIO:
        """A photo's bytes.

        Raises:
            NoSuchBlob: there is none.
        """
        return self.path(sha256).open("rb")

    def thumbnail(self, sha256: str, size: int) -> Path:
        """A small JPEG of a photo, upright: the smallest of SIZES that has `size` pixels a side.

        Raises:
            NoSuchBlob: there is no such photo.
        """
        pixels = next((step for step in SIZES if step >= size), SIZES[-1])
        small = self._thumbnails / sha256[:2] / f"{sha256}-{pixels}.jpg"
        if not small.is_file():
            photo = self.path(sha256)
            with _replacing(small) as part:
                shrink(photo, part, pixels)
        return small

    def adopt(self, file: Path, sha256: str) -> None:
        """Move a verified, flushed file to its place, for good before this returns."""
        place = self._place(sha256)
        _make_folder(place.parent)
        file.replace(place)
        _flush_folder(place.parent)

    def keep(self, connection: Connection, data: bytes, now: datetime) -> str:
        """Store a photo that is at hand, with its row; give its SHA-256.

        Raises:
            NotAPhoto: see `pictures`.
        """
        sha256 = new_sha256(data).hexdigest()
        place = self._place(sha256)
        _make_folder(place.parent)
        with _replacing(place) as part:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # the file before its row: see `uploads`
            picture = examine(part)
        _flush_folder(place.parent)
        record(connection, sha256, len(data), picture, now)
        return sha256

    def _place(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):  # it becomes a path: nothing else may get in
            raise NoSuchBlob(sha256)
        return self._folder / sha256[:2] / sha256


def record(connection: Connection, sha256: str, size: int, picture: Picture, now: datetime) -> list[UUID]:
    """Note a stored photo, tell the tablets of its observations; give these observations' leads."""
    row = {
        "sha256": sha256,
        "size": size,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "stored_at": now,
    }
    holding.photos(connection, [sha256])
    connection.execute(insert_or_skip(connection, t.blobs), row)
    named = (
        select(t.observations.c.id, t.observations.c.lead_id)
        .join(t.photos, t.photos.c.observation_id == t.observations.c.id)
        .where(t.photos.c.sha256 == sha256)
        .distinct()
    )
    found = connection.execute(named).all()
    publish_observations(connection, [row.id for row in found], now)
    return sorted({row.lead_id for row in found})


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
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
        _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    # A new name is on disk only when its folder is (fsync(2)).
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
