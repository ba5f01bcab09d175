"""Uploads under way: a row that says what is coming, the bytes where they grow, and the photo in the end."""

import secrets
import shutil
from contextlib import AbstractContextManager
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select

from protocol.problems import Code
from sync_server.crm.refusal import Refused
from sync_server.media.blobs import Blobs, record
from sync_server.media.bucket import Bucket
from sync_server.media.examining import Found, NotMedia, examine
from sync_server.media.growing import Growing, Piece, Upload
from sync_server.media.growing_in_folder import GrowingInFolder
from sync_server.media.growing_in_s3 import GrowingInS3
from sync_server.settings import Settings
from sync_server.store import Database, StorageFull
from sync_server.store.schema import blobs, uploads

__all__ = ["Upload", "Uploads"]


class Uploads:
    """All uploads under way."""

    def __init__(self, settings: Settings, database: Database, photos: Blobs) -> None:
        self._settings = settings
        self._database = database
        self._blobs = photos
        self._growing: Growing = GrowingInFolder(settings.uploads)
        if settings.media_url is not None:
            self._growing = GrowingInS3(Bucket(settings.media_url), database, settings.uploads)

    def begin(self, device_id: UUID, sha256: str, media_type: str, size: int, now: datetime) -> Upload:
        """A new upload.

        Raises:
            StorageFull: the disk has no room for it.
        """
        self._require_room(size)
        until = now + self._settings.upload_kept
        upload = Upload(secrets.token_urlsafe(24), device_id, sha256, media_type, size, until)
        self._growing.begin(upload.id)
        with self._database.writing() as connection:
            connection.execute(
                insert(uploads),
                {
                    "id": upload.id,
                    "device_id": device_id,
                    "sha256": sha256,
                    "media_type": media_type,
                    "size": size,
                    "created_at": now,
                    "expires_at": upload.expires_at,
                },
            )
        return upload

    def find(self, upload_id: str, device_id: UUID, now: datetime) -> Upload:
        """An upload of this device.

        Raises:
            Refused: UPLOAD_UNKNOWN; another device's are not shown either.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(uploads).where(uploads.c.id == upload_id)).first()
        if row is None or row.device_id != device_id or row.expires_at <= now:
            raise Refused(Code.UPLOAD_UNKNOWN)
        return _upload(row)

    def offset(self, upload: Upload) -> int:
        """How many bytes are here. All, as soon as the photo is stored, whoever brought it.

        Raises:
            Refused: UPLOAD_UNKNOWN, they are gone.
        """
        if self._stored_size(upload.sha256) is not None:
            return upload.size
        return self._growing.offset(upload)

    def recognise(self, upload: Upload, now: datetime) -> int:
        """How many bytes of a new upload are here: all, if the same photo is stored already.

        Raises:
            Refused: MEDIA_CHECKSUM, the stored photo with this SHA-256 has another size.
        """
        stored = self._stored_size(upload.sha256)
        if stored is None and self._blobs.has(upload.sha256):
            # The server stopped between storing the file and noting it.
            with self._blobs.file(upload.sha256) as file:
                stored = file.stat().st_size
                found = self._examined(upload, file)
            with self._database.writing() as connection:
                record(connection, upload.sha256, stored, found, now)
        if stored is None:
            return 0
        if stored != upload.size:
            self.remove(upload)
            raise Refused(Code.MEDIA_CHECKSUM)
        return stored

    def appending(self, upload: Upload) -> AbstractContextManager[Piece]:
        """Room for one more piece. See `Growing`."""
        return self._growing.appending(upload)

    def count(self, upload: Upload, piece: Piece) -> None:
        """Let what a piece has so far count. See `Growing`."""
        self._growing.count(upload, piece)

    def complete(self, upload: Upload, now: datetime) -> list[UUID]:
        """Store an upload that has come to its end, unless that is done; give the leads that it belongs to.

        Raises:
            Refused: UPLOAD_LOCKED, somebody is at it; and see `finish`.
        """
        if self._stored_size(upload.sha256) is not None:
            return []
        with self.appending(upload):
            return self.finish(upload, now)

    def finish(self, upload: Upload, now: datetime) -> list[UUID]:
        """Check a complete upload and store it; give the leads that it belongs to.

        Nothing is done if the photo is stored: another upload of it, or another server, was faster.

        Raises:
            Refused: MEDIA_CHECKSUM, MEDIA_NOT_A_PHOTO or MEDIA_NOT_A_VOICE_NOTE; the upload is gone then. UPLOAD_UNKNOWN, its bytes are gone.
        """
        if self._stored_size(upload.sha256) is not None:
            return []
        with self._growing.whole(upload) as file:
            with file.open("rb") as whole:
                digest = file_digest(whole, "sha256").hexdigest()
            if digest != upload.sha256:
                self.remove(upload)
                raise Refused(Code.MEDIA_CHECKSUM)
            found = self._examined(upload, file)
            self._blobs.adopt(file, upload.sha256)
        # The file before its row: a crash between the two leaves a file that the next upload finds again,
        # never a row that promises what is not there.
        with self._database.writing() as connection:
            leads = record(connection, upload.sha256, upload.size, found, now)
        self._growing.clear(upload.id)
        return leads

    def remove(self, upload: Upload) -> None:
        """Forget an upload."""
        with self._database.writing() as connection:
            connection.execute(delete(uploads).where(uploads.c.id == upload.id))
        self._growing.clear(upload.id)

    def sweep(self, now: datetime) -> int:
        """Forget uploads that have expired, and bytes that no row knows; give their number."""
        with self._database.writing() as connection:
            outdated = delete(uploads).where(uploads.c.expires_at <= now).returning(uploads.c.id)
            gone = list(connection.execute(outdated).scalars())
            known = set(connection.execute(select(uploads.c.id)).scalars())
        self._growing.sweep(known, gone, now - self._settings.upload_kept)
        return len(gone)

    def _stored_size(self, sha256: str) -> int | None:
        with self._database.reading() as connection:
            return connection.execute(select(blobs.c.size).where(blobs.c.sha256 == sha256)).scalar()

    def _examined(self, upload: Upload, file: Path) -> Found:
        try:
            return examine(file, upload.media_type)
        except NotMedia as failure:
            self.remove(upload)
            raise Refused(failure.code) from None

    def _require_room(self, size: int) -> None:
        self._settings.uploads.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._settings.uploads).free < size + self._settings.free_bytes:
            raise StorageFull("no room for an upload")


def _upload(row: Row[Any]) -> Upload:
    return Upload(row.id, row.device_id, row.sha256, row.media_type, row.size, row.expires_at)
