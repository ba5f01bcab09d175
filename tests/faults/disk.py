"""A disk that can be full and have room again: a small tmpfs where we may mount one, a limit on files elsewhere."""

import contextlib
import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

_SIZE = "160m"
"""Uploads need 64 MiB of free room."""

_FILLER = ".filler"


class Disk(Protocol):
    """A place for data."""

    place: Path

    def fill(self, process: int) -> None:
        """Nothing more can be written, by this process at least."""

    def make_room(self, process: int) -> None:
        """It can again."""


class _Tmpfs:
    def __init__(self, place: Path) -> None:
        self.place = place

    def fill(self, process: int) -> None:
        """See `Disk`."""
        with (self.place / _FILLER).open("wb", buffering=0) as filler:
            for piece in (1 << 20, 1 << 12):
                try:
                    while True:
                        filler.write(bytes(piece))
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise

    def make_room(self, process: int) -> None:
        """See `Disk`."""
        (self.place / _FILLER).unlink()


class _Limited:
    """Files may not grow beyond what the largest one has: a write gives EFBIG, which SQLite calls an I/O error."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def fill(self, process: int) -> None:
        """See `Disk`."""
        # Smaller than the database is already: whatever goes to its log or to an upload is too much.
        resource.prlimit(process, resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))

    def make_room(self, process: int) -> None:
        """See `Disk`."""
        resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextlib.contextmanager
def small_disk(place: Path) -> Iterator[Disk]:
    """A disk of its own at this place."""
    place.mkdir()
    if not _mounted(place):
        yield _Limited(place)
        return
    try:
        yield _Tmpfs(place)
    finally:
        subprocess.run(["umount", place], check=True)


def _mounted(place: Path) -> bool:
    if os.geteuid() != 0:
        return False
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(place)]
    return subprocess.run(mount, check=False, capture_output=True).returncode == 0
