"""`python -m bench [name …]`: runs all benches, or those named, prints JSON and keeps it."""

import sys
from collections.abc import Callable, Sequence

from bench import (
    cold_start,
    first_pull_10k,
    install_bytes,
    pull_10,
    push_10k,
    save_durable,
    server_rss,
    tablet_store,
    tablet_sync,
    tablets,
    tapping,
)
from bench.results import Result, write

BENCHES: dict[str, Callable[[], Result]] = {
    "cold_start_offline": cold_start.measure,
    "commit_p95": tablet_store.measure_commits,
    "install_bytes": install_bytes.measure,
    "first_pull_10k": first_pull_10k.measure,
    "first_pull_10k_pg": first_pull_10k.measure_pg,
    "first_sync": tablet_sync.measure_first_sync,
    "open_store": tablet_store.measure_open,
    "pull_10_of_100k": pull_10.measure_100k,
    "pull_10_of_100k_pg": pull_10.measure_100k_pg,
    "pull_10_of_10k": pull_10.measure_10k,
    "pull_10_of_10k_pg": pull_10.measure_10k_pg,
    "pull_10_of_1m": pull_10.measure_1m,
    "pull_10_of_1m_pg": pull_10.measure_1m_pg,
    "push_10k": push_10k.measure,
    "push_10k_pg": push_10k.measure_pg,
    "save_durable_p95": save_durable.measure,
    "server_rss": server_rss.measure,
    "server_rss_pg": server_rss.measure_pg,
    "tablets_500x20": tablets.measure_500,
    "tablets_500x20_pg": tablets.measure_500_pg,
    "tablets_50x20": tablets.measure_50,
    "tablets_50x20_pg": tablets.measure_50_pg,
    "tap_to_answer": tapping.measure_answers,
    "tap_to_seen": tapping.measure_seen,
    "ui_block_max": tablet_sync.measure_ui_block,
}
"""Names are stable: later results are compared with earlier ones by them."""


def main(names: Sequence[str]) -> int:
    """Run the named benches (all when none is named); 2 when a name is unknown."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"unknown bench: {', '.join(unknown)}. There are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    print(write([BENCHES[name]() for name in names or BENCHES]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
