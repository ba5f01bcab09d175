"""Where uploads grow until they are complete: what the folder and the S3 store have in common."""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID


@dataclass(frozen=True)
class Upload:
    """What is coming: a photo or voice note of `size` bytes with this SHA-256."""

    id: str
    device_id: UUID
    sha256: str
    media_type: str
    size: int
    expires_at: datetime


class Piece:
    """The bytes of one request, on their way into a file.

    Attributes:
        begins_at: bytes of the upload that were here before.
    """

    def __init__(self, file: BinaryIO, begins_at: int) -> None:
        self.file = file
        self.begins_at = begins_at
        self._start = file.tell()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.file.tell() - self._start

    @property
    def ends_at(self) -> int:
        """How far the upload has come with this piece."""
        return self.begins_at + self.size

    def write(self, data: bytes) -> None:
        """Append."""
        self.file.write(data)

    def drop(self) -> None:
        """Forget what came."""
        self.file.flush()
        self.file.truncate(self._start)
        self.file.seek(self._start)

    def flush(self) -> None:
        """Bring what came to the disk of this machine."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def rewind(self) -> None:
        """Go back to where this piece begins, to read it."""
        self.file.seek(self._start)


class Growing(Protocol):
    """The place where uploads grow. Every method raises StoreError or OSError when the place itself fails."""

    def begin(self, upload_id: str) -> None:
        """Make ready for a new upload."""

    def offset(self, upload: Upload) -> int:
        """How many bytes are here.

        Raises:
            Refused: UPLOAD_UNKNOWN, they are gone.
        """

    def appending(self, upload: Upload) -> AbstractContextManager[Piece]:
        """Room for one more piece.

        Raises:
            Refused: UPLOAD_LOCKED, somebody else is writing; UPLOAD_UNKNOWN, see `offset`.
        """

    def count(self, upload: Upload, piece: Piece) -> None:
        """Let what a piece has so far count, for good before this returns.

        Raises:
            Refused: UPLOAD_OFFSET, another piece was faster; UPLOAD_UNKNOWN, the upload was given up meanwhile.
        """

    def whole(self, upload: Upload) -> AbstractContextManager[Path]:
        """All that came as one file of this machine, which may be moved away.

        Raises:
            Refused: UPLOAD_UNKNOWN, see `offset`.
        """

    def clear(self, upload_id: str) -> None:
        """Forget the bytes of an upload; what cannot be removed now, `sweep` removes later."""

    def sweep(self, known: set[str], gone: Iterable[str], oldest: datetime) -> None:
        """Forget the bytes of uploads that are gone, and what no upload knows if it is older than `oldest`."""
