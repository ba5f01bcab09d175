"""Replays schedules by their seeds: `python -m tests.model 4711`. One that fails is shortened and told step by step."""

import asyncio
import io
import sys
from collections.abc import Sequence

from sync_server import logs
from tests.model.play import Violation, play
from tests.model.schedule import Step, drawn, shortened


def main(seeds: Sequence[str]) -> int:
    """Exit status 1 if a promise is broken."""
    logs.configure(io.StringIO())
    failed = [seed for seed in seeds if not replay(seed)]
    return 1 if failed else 0


def replay(seed: str) -> bool:
    """Play one schedule and say what became of it; whether every promise was kept."""
    steps = drawn(int(seed))
    violation = broken(steps, seed)
    if violation is None:
        print(f"seed {seed}: nothing lost, nothing doubled")
        return True
    print(f"seed {seed}: {violation.args[0]}", flush=True)
    short = shortened(steps, lambda some: broken(some, seed) is not None)
    again = broken(short, seed)
    if again is not None:
        print(f"{len(short)} of {len(steps)} steps are enough: {again.args[0]}")
        print("\n".join(again.args[1]))
    return False


def broken(steps: Sequence[Step], seed: str) -> Violation | None:
    """The promise that a schedule breaks."""
    try:
        asyncio.run(play(steps, seed))
    except Violation as violation:
        return violation
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
