"""Uploads in an S3 store: each piece an object, and a row that lets it count; any server can take the next one.

Nothing is locked while a piece comes in, which may take minutes on a bad line and end with the death of a server. Of
two pieces for the same place, the one whose row is first counts; the other's sender is told where to go on.
"""

import contextlib
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection, func, insert, select

from protocol.problems import Code
from sync_server.crm.refusal import Refused
from sync_server.media.bucket import Bucket, NoSuchObject
from sync_server.media.growing import Piece, Upload
from sync_server.media.growing_in_folder import sweep_folder
from sync_server.store import Database, StoreError
from sync_server.store.schema import upload_pieces, uploads

_UPLOADS = "uploads/"


class GrowingInS3:
    """See `Growing`.

    Args:
        bucket: where the pieces lie, below `uploads/<id>/`.
        database: knows which of them count.
        scratch: a folder of this machine for what it is working on.
    """

    def __init__(self, bucket: Bucket, database: Database, scratch: Path) -> None:
        self._bucket = bucket
        self._database = database
        self._scratch = scratch

    def begin(self, upload_id: str) -> None:
        """See `Growing`; there is nothing to do."""

    def offset(self, upload: Upload) -> int:
        """See `Growing`."""
        with self._database.reading() as connection:
            return _counted(connection, upload.id)

    @contextlib.contextmanager
    def appending(self, upload: Upload) -> Iterator[Piece]:
        """A file of its own for each. See `Growing`."""
        begins_at = self.offset(upload)
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._scratch) as file:
            yield Piece(file, begins_at)

    def count(self, upload: Upload, piece: Piece) -> None:
        """See `Growing`."""
        size = piece.size
        if size == 0:
            return
        name = f"{piece.begins_at:010}-{secrets.token_hex(8)}"
        piece.rewind()
        self._bucket.put(_place(upload.id, name), piece.file)
        # The object before its row: a row never promises what is not there.
        known, counted = self._note(upload, piece.begins_at, size, name)
        if known and counted == piece.begins_at:
            return
        self._remove(_place(upload.id, name))
        if not known:
            raise Refused(Code.UPLOAD_UNKNOWN)
        raise Refused(Code.UPLOAD_OFFSET, headers={"Upload-Offset": str(counted)})

    @contextlib.contextmanager
    def whole(self, upload: Upload) -> Iterator[Path]:
        """A copy that is gone afterwards. See `Growing`."""
        with self._database.reading() as connection:
            pieces = connection.execute(
                select(upload_pieces.c.name)
                .where(upload_pieces.c.upload_id == upload.id)
                .order_by(upload_pieces.c.begins_at)
            )
            names = list(pieces.scalars())
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._scratch, prefix="whole-") as file:
            for name in names:
                try:
                    self._bucket.get(_place(upload.id, name), file.file)
                except NoSuchObject:
                    # Another server has just stored the photo, or somebody emptied the bucket: begin anew.
                    raise Refused(Code.UPLOAD_UNKNOWN) from None
            file.flush()
            yield Path(file.name)

    def clear(self, upload_id: str) -> None:
        """See `Growing`."""
        try:
            for found in list(self._bucket.below(_place(upload_id, ""))):
                self._bucket.delete(found.name)
        except StoreError:
            self._log_left()

    def sweep(self, known: set[str], gone: Iterable[str], oldest: datetime) -> None:
        """See `Growing`."""
        sweep_folder(self._scratch, set(), oldest)
        over = set(gone)
        for found in self._bucket.below(_UPLOADS):
            upload_id = found.name.removeprefix(_UPLOADS).partition("/")[0]
            if upload_id in over or (upload_id not in known and found.at < oldest):
                self._bucket.delete(found.name)

    def _note(self, upload: Upload, begins_at: int, size: int, name: str) -> tuple[bool, int]:
        """Let a piece count if it fits; whether the upload is known, and how many bytes counted before."""
        with self._database.writing() as connection:
            held = select(uploads.c.id).where(uploads.c.id == upload.id).with_for_update()
            if connection.execute(held).first() is None:
                return False, 0
            counted = _counted(connection, upload.id)
            if counted == begins_at:
                row = {"upload_id": upload.id, "begins_at": begins_at, "size": size, "name": name}
                connection.execute(insert(upload_pieces), row)
            return True, counted

    def _remove(self, place: str) -> None:
        try:
            self._bucket.delete(place)
        except StoreError:
            self._log_left()

    @staticmethod
    def _log_left() -> None:
        structlog.get_logger().warning(
            "pieces of an upload are left in the store of photos for the next sweep"
        )


def _place(upload_id: str, name: str) -> str:
    return f"{_UPLOADS}{upload_id}/{name}"


def _counted(connection: Connection, upload_id: str) -> int:
    total = select(func.coalesce(func.sum(upload_pieces.c.size), 0))
    return int(connection.execute(total.where(upload_pieces.c.upload_id == upload_id)).scalar_one())
