"""New schedules for as long as told, on every core: `make soak SECONDS=600`.

Ends with a line "N passed, M failed" and names the seed of each failure before it, with the command that replays it.
"""

import argparse
import asyncio
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from sync_server import logs
from tests.faults.play import play_on_either_engine
from tests.model.play import play as play_model
from tests.model.schedule import drawn

_ROOT = Path(__file__).resolve().parent.parent
_REAL = 13
"""One schedule in so many is played with real processes: such a one takes as long as a dozen of the model's.
Prime to the number of cores and to what chooses the database, so that every worker plays all of them."""

_HUNG = 300.0
"""Seconds after the end until a worker that is still busy with one schedule counts as failed."""

_TELL = 60.0
"""Seconds between two lines about how far it is."""


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 if a schedule failed."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--first", type=int, default=int(time.time()))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--worker", type=int)
    options = parser.parse_args(arguments)
    if options.worker is not None:
        _work(range(options.first + options.worker, sys.maxsize, options.workers), options.seconds)
        return 0
    return _Soak(options.seconds, options.first, options.workers).run()


# -- one worker ---------------------------------------------------------------------------------------


def _work(seeds: Sequence[int], seconds: float) -> None:
    """Play one seed after the other; a line for each: "begin", then "passed" or "failed", kind, seed, why."""
    logs.configure(io.StringIO())
    end = time.monotonic() + seconds
    for seed in seeds:
        kind = "faults" if seed % _REAL == 0 else "model"
        print("begin", kind, seed, flush=True)
        why = _outcome(_PLAYS[kind], seed)
        print(*(("failed", kind, seed, why) if why else ("passed", kind, seed)), flush=True)
        if time.monotonic() > end:
            return


def _outcome(play: Callable[[int], None], seed: int) -> str:
    """Why a schedule failed, in one line; "" if it did not."""
    try:
        play(seed)
    except Exception as failure:
        place = traceback.extract_tb(failure.__traceback__)[-1]
        said = str(failure.args[0] if failure.args else failure).replace("\n", " ")
        return f"{type(failure).__name__}: {said} ({Path(place.filename).name}:{place.lineno})"
    return ""


def _model(seed: int) -> None:
    asyncio.run(play_model(drawn(seed), str(seed)))


def _faults(seed: int) -> None:
    with tempfile.TemporaryDirectory(prefix="rundgang-faults-") as folder:
        play_on_either_engine(seed, Path(folder))


_PLAYS: dict[str, Callable[[int], None]] = {"model": _model, "faults": _faults}


# -- all of them --------------------------------------------------------------------------------------


class _Soak:
    """The workers, and what they have told."""

    def __init__(self, seconds: float, first: int, workers: int) -> None:
        self._seconds = seconds
        self._first = first
        self._workers = workers
        self._passed: Counter[str] = Counter()
        self._failed = 0
        self._telling = threading.Lock()

    def run(self) -> int:
        print(
            f"schedules from seed {self._first} on, {self._workers} at a time, for {self._seconds:g} s",
            flush=True,
        )
        threads = [threading.Thread(target=self._follow, args=(number,)) for number in range(self._workers)]
        for thread in threads:
            thread.start()
        told = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            for thread in threads:
                thread.join(0.5)
            if time.monotonic() - told > _TELL:
                told = time.monotonic()
                print(f"  {self._passed.total()} passed so far", flush=True)
        played = ", ".join(f"{count} of the {kind}" for kind, count in sorted(self._passed.items()))
        print(f"passed: {played}" if played else "nothing passed")
        print(f"{self._passed.total()} passed, {self._failed} failed", flush=True)
        return 1 if self._failed else 0

    def _follow(self, number: int) -> None:
        worker = subprocess.Popen(
            [
                sys.executable, "-m", "tests.soak", f"--worker={number}", f"--workers={self._workers}",
                f"--first={self._first}", f"--seconds={self._seconds}",
            ],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, cwd=_ROOT,
        )  # fmt: skip
        watch = threading.Timer(self._seconds + _HUNG, worker.kill)
        watch.start()
        errors: list[str] = []
        assert worker.stdout is not None
        assert worker.stderr is not None
        reader = threading.Thread(target=errors.extend, args=(worker.stderr,))
        reader.start()
        begun = ""
        for line in worker.stdout:
            verdict, kind, rest = line.rstrip("\n").split(" ", 2)
            if verdict == "begin":
                begun = f"{kind} {rest}"
                continue
            self._tell(verdict, kind, rest)
            begun = ""
        worker.wait()
        watch.cancel()
        reader.join()
        if begun or worker.returncode:
            kind, _, seed = begun.partition(" ")
            last = "".join(errors[-3:]).strip().replace("\n", " ")
            self._tell(
                "failed", kind or "?", f"{seed or '?'} the worker hung or died ({worker.returncode}): {last}"
            )

    def _tell(self, verdict: str, kind: str, rest: str) -> None:
        with self._telling:
            if verdict == "passed":
                self._passed[kind] += 1
                return
            self._failed += 1
            seed, _, why = rest.partition(" ")
            print(f"FAILED {kind} seed {seed}: {why}")
            print(f"  replay: .venv/bin/python -m tests.{kind} {seed}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
