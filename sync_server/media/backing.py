"""Where verified photos are kept: the small interface to a folder or to an S3 store, addressed by SHA-256 (rule S14)."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

_HASH = re.compile(r"[0-9a-f]{64}")


class NoSuchBlob(LookupError):
    """There is no stored photo with this SHA-256."""


class Backing(Protocol):
    """A place for photos. Each is there whole or not at all, under its SHA-256, once; never changed.

    Every method raises StoreError (see `media.errors`) or OSError when the place itself fails, and NoSuchBlob for a
    name that is no SHA-256.
    """

    def put(self, file: Path, sha256: str) -> None:
        """Keep a verified, flushed file for good before this returns; the file itself may be gone afterwards."""

    def file(self, sha256: str) -> AbstractContextManager[Path]:
        """The photo as a file on this machine, to be read for the length of a `with` block.

        Raises:
            NoSuchBlob: there is none.
        """

    def size(self, sha256: str) -> int | None:
        """Bytes of a photo, None if there is none."""

    def delete(self, sha256: str) -> None:
        """Forget a photo; it need not be there."""

    def names(self) -> Iterator[str]:
        """The SHA-256 of every photo, in order."""

    def require_usable(self) -> None:
        """Write, read and delete something, as a test. Raises what the place says against it."""


def place_of(sha256: str) -> str:
    """Where a photo lies in a backing, by the first two digits of its SHA-256: `ab/ab12…`.

    Raises:
        NoSuchBlob: this is no SHA-256. It becomes a path: nothing else may get in.
    """
    if not _HASH.fullmatch(sha256):
        raise NoSuchBlob(sha256)
    return f"{sha256[:2]}/{sha256}"
