"""Replays seeds with real processes: `python -m tests.faults 4711`. The moments of deaths are never quite the same."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults.play import play_on_either_engine
from tests.model.promises import Violation


def main(seeds: Sequence[str]) -> int:
    """Exit status 1 if a promise is broken."""
    failed = 0
    for seed in seeds:
        with tempfile.TemporaryDirectory(prefix="rundgang-faults-") as folder:
            try:
                happened = play_on_either_engine(int(seed), Path(folder))
            except Violation as violation:
                failed += 1
                print(f"seed {seed}: {violation}")
            else:
                print(f"seed {seed}: nothing lost, nothing doubled, in spite of:", *happened, sep="\n  ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
