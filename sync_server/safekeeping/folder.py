"""Who works with a data folder at the moment: servers and commands share it, a restore has it alone."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from sync_server.safekeeping.errors import InUse, Unfinished

_LOCK = ".rundgang.lock"

UNFINISHED = ".restore-unfinished"
"""Stands in the folder while a restore moves files: until it is gone, what is there may be half of something."""


@contextlib.contextmanager
def shared(data: Path) -> Iterator[None]:
    """Work with a data folder, as any number of servers and commands may.

    Raises:
        InUse: a restore has it.
        Unfinished: see there.
        OSError: the folder cannot be made or read.
    """
    with _locked(data, fcntl.LOCK_SH):
        require_finished(data)
        yield


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Work with a data folder that nobody else works with.

    Raises:
        InUse: see there.
        OSError: the folder cannot be made or read.
    """
    with _locked(data, fcntl.LOCK_EX):
        yield


def require_finished(data: Path) -> None:
    """Raises Unfinished, see there."""
    if (data / UNFINISHED).exists():
        raise Unfinished(str(data))


@contextlib.contextmanager
def _locked(data: Path, how: int) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    # Read-only is enough for flock(2), and lets the service lock what an administrator's command has made.
    descriptor = os.open(data / _LOCK, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(str(data)) from None
        yield
    finally:
        os.close(descriptor)
