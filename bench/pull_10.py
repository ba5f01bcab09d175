"""`pull_10_of_10k`, `_100k`, `_1m`: what 10 changes cost beside everything stored; limit: the bare server."""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

from bench import loopback
from bench.engines import Engine, Postgres, Sqlite, serving
from bench.limit import running_limit
from bench.loopback import Wire
from bench.pull_filling import cursor_before_the_last, filled
from bench.results import Result, compare

CHANGES = 10
ROUNDS = 7
REQUESTS = 60


def measure_10k() -> Result:
    """Milliseconds for 10 of 10,000 documents; the ratio is better the lower, as in all three."""
    return _measure("pull_10_of_10k", 10_000)


def measure_100k() -> Result:
    """Milliseconds for 10 of 100,000 documents."""
    return _measure("pull_10_of_100k", 100_000)


def measure_1m() -> Result:
    """Milliseconds for 10 of 1,000,000 documents; filling takes a minute or two and 4 GB of disk."""
    return _measure("pull_10_of_1m", 1_000_000)


def measure_10k_pg() -> Result:
    """The same as `measure_10k` on PostgreSQL, from one of two server processes."""
    return _measure("pull_10_of_10k", 10_000, Postgres())


def measure_100k_pg() -> Result:
    """The same as `measure_100k` on PostgreSQL."""
    return _measure("pull_10_of_100k", 100_000, Postgres())


def measure_1m_pg() -> Result:
    """The same as `measure_1m` on PostgreSQL."""
    return _measure("pull_10_of_1m", 1_000_000, Postgres())


def _measure(name: str, documents: int, engine: Engine | None = None) -> Result:
    engine = engine or Sqlite()
    values, limits = [], []
    with tempfile.TemporaryDirectory() as folder, engine(Path(folder)) as settings:
        firm = filled(settings, Path(folder), documents)
        cursor = cursor_before_the_last(firm, CHANGES)
        # The limit has one document more: its positions begin with the firm's customer.
        after = documents + 1 - CHANGES
        ours = loopback.get(f"/sync/v1/pull?cursor={cursor}", firm.tablets[0].token)
        theirs = loopback.get(f"/pull?after={after}&limit=500")
        with serving(engine, firm) as servers, running_limit(Path(folder)) as limit:
            for _ in range(ROUNDS):
                values.append(asyncio.run(_ask(servers[0].port, ours)))
                limits.append(asyncio.run(_ask(limit.port, theirs)))
    return compare(f"{name}{engine.suffix}", values, limits, "ms")


async def _ask(port: int, request: bytes) -> float:
    wire = await Wire.to(port)
    times = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        answer = await wire.ask(request)
        times.append((time.perf_counter() - started) * 1000)
    await wire.close()
    items = len(json.loads(answer.body)["items"])
    if items != CHANGES:
        raise RuntimeError(f"{items} items instead of {CHANGES}")
    return statistics.median(times)
