"""Starts the limit of the server's benches, `bench.limit_server`, as a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.running import free_port, until_answers


@dataclass(frozen=True)
class RunningLimit:
    """Where it listens, and its process."""

    port: int
    pid: int


@contextmanager
def running_limit(folder: Path) -> Iterator[RunningLimit]:
    """The bare server on `limit.db` in this folder, for the length of a `with` block."""
    port, log = free_port(), folder / "limit.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.limit_server", str(port), str(folder / "limit.db")],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    try:
        until_answers(f"http://127.0.0.1:{port}/healthz", process, log)
        yield RunningLimit(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)
