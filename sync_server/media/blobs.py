"""Verified photos, addressed by their SHA-256 and stored once (rule S14); small versions of them."""

import contextlib
import os
import secrets
from contextlib import AbstractContextManager
from datetime import datetime
from hashlib import sha256 as new_sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from sync_server.crm import holding
from sync_server.crm.documents import publish_observations
from sync_server.media.backing import Backing, NoSuchBlob
from sync_server.media.bucket import Bucket
from sync_server.media.examining import Found, examine
from sync_server.media.in_folder import InFolder, replacing
from sync_server.media.in_s3 import InS3
from sync_server.media.pictures import shrink
from sync_server.settings import Settings
from sync_server.store import schema as t
from sync_server.store.inserting import insert_or_skip

__all__ = ["SIZES", "Blobs", "NoSuchBlob", "open_blobs", "record"]

SIZES = (160, 320, 640, 1280)
"""Pixels a side of small versions. Few, so that nobody can fill the disk by asking for each."""


class Blobs:
    """The stored photos. Every method may raise what the backing raises, see `media.backing`.

    Args:
        backing: where they are kept.
        thumbnails: where this machine keeps small versions; may be deleted at any time.
    """

    def __init__(self, backing: Backing, thumbnails: Path) -> None:
        self.backing = backing
        self._thumbnails = thumbnails

    def size(self, sha256: str) -> int | None:
        """Bytes of a stored photo, None if there is none."""
        return self.backing.size(sha256)

    def has(self, sha256: str) -> bool:
        """Whether a photo is stored."""
        return self.size(sha256) is not None

    def file(self, sha256: str) -> AbstractContextManager[Path]:
        """A photo as a file on this machine, to be read for the length of a `with` block.

        Raises:
            NoSuchBlob: there is none.
        """
        return self.backing.file(sha256)

    def read(self, sha256: str) -> bytes:
        """A photo's bytes.

        Raises:
            NoSuchBlob: there is none.
        """
        with self.file(sha256) as file:
            return file.read_bytes()

    def answer(self, sha256: str, media_type: str, headers: dict[str, str]) -> FileResponse:
        """A photo as an HTTP answer.

        Raises:
            NoSuchBlob: there is none.
        """
        with contextlib.ExitStack() as held:
            file = held.enter_context(self.file(sha256))
            done = BackgroundTask(held.pop_all().close)
            return FileResponse(file, media_type=media_type, headers=headers, background=done)

    def thumbnail(self, sha256: str, size: int) -> Path:
        """A small JPEG of a photo, upright: the smallest of SIZES that has `size` pixels a side.

        Raises:
            NoSuchBlob: there is no such photo.
        """
        pixels = next((step for step in SIZES if step >= size), SIZES[-1])
        small = self._thumbnails / sha256[:2] / f"{sha256}-{pixels}.jpg"
        if not small.is_file():
            with self.file(sha256) as photo, replacing(small) as part:
                shrink(photo, part, pixels)
        return small

    def adopt(self, file: Path, sha256: str) -> None:
        """Keep a verified, flushed file, for good before this returns; it may be gone afterwards."""
        self.backing.put(file, sha256)

    def keep(self, connection: Connection, data: bytes, now: datetime) -> str:
        """Store a photo that is at hand, with its row; give its SHA-256.

        Raises:
            NotMedia: see `examining`.
        """
        sha256 = new_sha256(data).hexdigest()
        # In the data folder, beside the photos: what is put may be moved.
        part = self._thumbnails.parent / f".{sha256}.{secrets.token_hex(4)}"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # the file before its row: see `uploads`
            found = examine(part)
            self.adopt(part, sha256)
        finally:
            part.unlink(missing_ok=True)
        record(connection, sha256, len(data), found, now)
        return sha256


def open_blobs(settings: Settings) -> Blobs:
    """The stored photos of a server with these settings; nothing is asked of an S3 store yet.

    Raises:
        MediaRefused: the address in `media_url` is none, or the client library is missing.
    """
    backing: Backing = InFolder(settings.blobs)
    if settings.media_url is not None:
        backing = InS3(Bucket(settings.media_url), settings.uploads)
    return Blobs(backing, settings.thumbnails)


def record(connection: Connection, sha256: str, size: int, found: Found, now: datetime) -> list[UUID]:
    """Note a stored photo or voice note, tell the tablets of its observations; give these observations' leads."""
    row = {
        "sha256": sha256,
        "size": size,
        "media_type": found.media_type,
        "width": found.width,
        "height": found.height,
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
    affected = connection.execute(named).all()
    publish_observations(connection, [row.id for row in affected], now)
    return sorted({row.lead_id for row in affected})
