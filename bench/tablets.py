"""`tablets_50x20`, `tablets_500x20`: many tablets push 20 observations each at once; limit: the bare server."""

import asyncio
import math
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench import loopback
from bench.engines import Engine, Postgres, Sqlite, serving
from bench.firm import found, observations
from bench.limit import running_limit
from bench.loopback import Wire
from bench.push_10k import push_bodies
from bench.results import Result, compare

CHANGES = 20
ROUNDS = 3


@dataclass(frozen=True)
class Rush:
    """What became of a rush: seconds until the last receipt, 99th percentile of a tablet's wait, failures."""

    seconds: float
    p99: float
    errors: int


def measure_50() -> Result:
    """Seconds until the last of 50 tablets has its receipts; the ratio is better the lower."""
    return _measure("tablets_50x20", 50, Sqlite())


def measure_500() -> Result:
    """Seconds until the last of 500 tablets has its receipts; details: errors and p99 in seconds."""
    return _measure("tablets_500x20", 500, Sqlite())


def measure_50_pg() -> Result:
    """The same as `measure_50` on PostgreSQL: every second tablet talks to the second server process."""
    return _measure("tablets_50x20", 50, Postgres())


def measure_500_pg() -> Result:
    """The same as `measure_500` on PostgreSQL."""
    return _measure("tablets_500x20", 500, Postgres())


def _measure(name: str, tablets: int, engine: Engine) -> Result:
    rushes, limits = [], []
    with tempfile.TemporaryDirectory() as folder, engine(Path(folder)) as settings:
        firm = found(settings, tablets)
        tokens = [tablet.token for tablet in firm.tablets]
        with serving(engine, firm) as servers, running_limit(Path(folder)) as limit:
            for number in range(ROUNDS):
                changes = observations(firm.customer_id, tablets * CHANGES, seed=number)
                bodies = push_bodies(changes, CHANGES)
                pairs = zip(bodies, tokens, strict=True)
                ours = [loopback.post("/sync/v1/push", body, token) for body, token in pairs]
                ports = [server.port for server in servers]
                rushes.append(asyncio.run(_rush(ports, ours)))
                theirs = [loopback.post("/push", body) for body in bodies]
                limits.append(asyncio.run(_rush([limit.port], theirs)))
    return compare(
        f"{name}{engine.suffix}",
        [rush.seconds for rush in rushes],
        [rush.seconds for rush in limits],
        "s",
        errors=sum(rush.errors for rush in rushes),
        p99=round(statistics.median([rush.p99 for rush in rushes]), 4),
        limit_p99=round(statistics.median([rush.p99 for rush in limits]), 4),
        limit_errors=sum(rush.errors for rush in limits),
    )


async def _rush(ports: Sequence[int], requests: Sequence[bytes]) -> Rush:
    wires = [await Wire.to(port) for port, _ in zip(cycle(ports), requests, strict=False)]
    started = time.perf_counter()
    waits = await asyncio.gather(
        *[_push(wire, request) for wire, request in zip(wires, requests, strict=True)]
    )
    seconds = time.perf_counter() - started
    for wire in wires:
        await wire.close()
    answered = sorted(wait for wait in waits if wait is not None)
    if not answered:
        raise RuntimeError("no tablet got its receipts")
    p99 = answered[math.ceil(len(answered) * 0.99) - 1]
    return Rush(seconds, p99, len(waits) - len(answered))


async def _push(wire: Wire, request: bytes) -> float | None:
    """Seconds until the receipts, None when they are not all accepted."""
    started = time.perf_counter()
    try:
        answer = await wire.ask(request)
    except (OSError, asyncio.IncompleteReadError):
        return None
    accepted = answer.body.count(b'"outcome":"accepted"')
    return time.perf_counter() - started if answer.status == 200 and accepted == CHANGES else None
