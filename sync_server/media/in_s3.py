"""Photos in an S3-compatible store that several machines share."""

import contextlib
import io
import secrets
import tempfile
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from sync_server.media.backing import NoSuchBlob, place_of
from sync_server.media.bucket import Bucket, NoSuchObject
from sync_server.media.errors import DamagedBlob, MediaRefused, Reason

_BLOBS = "blobs/"
"""Below it, photos lie as they do in a folder: either can be copied to the other by any tool."""


class InS3:
    """The photos of a bucket.

    Args:
        bucket: where they are.
        scratch: a folder of this machine for photos that are being read.
    """

    def __init__(self, bucket: Bucket, scratch: Path) -> None:
        self._bucket = bucket
        self._scratch = scratch

    def put(self, file: Path, sha256: str) -> None:
        """Store a copy; the file stays. See `Backing`."""
        with file.open("rb") as reading:
            self._bucket.put(_BLOBS + place_of(sha256), reading)

    @contextlib.contextmanager
    def file(self, sha256: str) -> Iterator[Path]:
        """A copy that is gone afterwards, compared with its SHA-256. See `Backing`.

        Raises:
            DamagedBlob: see there.
        """
        place = _BLOBS + place_of(sha256)
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._scratch, prefix="read-") as copy:
            try:
                self._bucket.get(place, copy.file)
            except NoSuchObject:
                raise NoSuchBlob(sha256) from None
            copy.flush()
            with open(copy.name, "rb") as reading:
                whole = file_digest(reading, "sha256").hexdigest() == sha256
            if not whole:
                raise DamagedBlob(f"the store of photos has other bytes under {sha256}")
            yield Path(copy.name)

    def size(self, sha256: str) -> int | None:
        """See `Backing`."""
        return self._bucket.size(_BLOBS + place_of(sha256))

    def delete(self, sha256: str) -> None:
        """See `Backing`."""
        self._bucket.delete(_BLOBS + place_of(sha256))

    def names(self) -> Iterator[str]:
        """See `Backing`; what is no photo of ours is left out."""
        for found in self._bucket.below(_BLOBS):
            name = found.name.rpartition("/")[2]
            with contextlib.suppress(NoSuchBlob):
                if found.name == _BLOBS + place_of(name):
                    yield name

    def require_usable(self) -> None:
        """Try every right that the server needs. See `Backing`."""
        name, sent, got = f"usable-{secrets.token_hex(8)}", b"usable", io.BytesIO()
        self._bucket.put(name, io.BytesIO(sent))
        size = self._bucket.size(name)
        self._bucket.get(name, got)
        self._bucket.delete(name)
        if (size, got.getvalue()) != (len(sent), sent):
            raise MediaRefused(Reason.OTHER, "it does not give back what it was given")
