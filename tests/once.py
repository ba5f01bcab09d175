"""What is expensive to make and the same for every test: made once per run, whichever of pytest's workers comes first."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def once(places: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` has filled, to be copied and never to be changed.

    pytest-xdist's workers share it: the first makes it, the others wait for it.
    """
    own = places.getbasetemp()
    # A worker's folder lies in the run's folder beside those of the other workers.
    shared = own.parent if own.name.startswith("popen-") else own
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            being_made = shared / f"{name}.being-made"
            being_made.mkdir()
            make(being_made)
            being_made.rename(folder)
    return folder
