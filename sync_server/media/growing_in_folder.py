"""Uploads in a folder: a file that grows; its length is how far the upload has come."""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from protocol.problems import Code
from sync_server.crm.refusal import Refused
from sync_server.media.growing import Piece, Upload


class GrowingInFolder:
    """See `Growing`. Several processes may share the folder, by a file system with flock(2)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, upload_id: str) -> None:
        """See `Growing`."""
        (self._folder / upload_id).touch(exist_ok=False)

    def offset(self, upload: Upload) -> int:
        """See `Growing`."""
        try:
            return (self._folder / upload.id).stat().st_size
        except FileNotFoundError:
            raise Refused(Code.UPLOAD_UNKNOWN) from None

    @contextlib.contextmanager
    def appending(self, upload: Upload) -> Iterator[Piece]:
        """The upload's file for one writer, at its end. See `Growing`."""
        try:
            file = (self._folder / upload.id).open("r+b")
        except FileNotFoundError:
            raise Refused(Code.UPLOAD_UNKNOWN) from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(Code.UPLOAD_LOCKED) from None
            yield Piece(file, file.seek(0, os.SEEK_END))

    def count(self, upload: Upload, piece: Piece) -> None:
        """See `Growing`."""
        piece.flush()

    @contextlib.contextmanager
    def whole(self, upload: Upload) -> Iterator[Path]:
        """The very file. See `Growing`."""
        file = self._folder / upload.id
        if not file.is_file():
            raise Refused(Code.UPLOAD_UNKNOWN)
        yield file

    def clear(self, upload_id: str) -> None:
        """See `Growing`."""
        (self._folder / upload_id).unlink(missing_ok=True)

    def sweep(self, known: set[str], gone: Iterable[str], oldest: datetime) -> None:
        """See `Growing`."""
        for upload_id in gone:
            self.clear(upload_id)
        sweep_folder(self._folder, known, oldest)


def sweep_folder(folder: Path, known: set[str], oldest: datetime) -> None:
    """Remove files that nobody knows and nobody has written to since."""
    for file in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):  # another process sweeps, too
            if file.name not in known and file.stat().st_mtime < oldest.timestamp():
                file.unlink(missing_ok=True)
