"""`tablets_50x20`, `tablets_500x20`: many tablets push 20 observations each at once; limit: the bare server."""

import asyncio
import math
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import loopback
from bench.firm import found, observations
from bench.limit import running_limit
from bench.loopback import Wire
from bench.push_10k import push_bodies
from bench.results import Result, compare
from tests.running import running_server

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
    return _measure("tablets_50x20", 50)


def measure_500() -> Result:
    """Seconds until the last of 500 tablets has its receipts; details: errors and p99 in seconds."""
    return _measure("tablets_500x20", 500)


def _measure(name: str, tablets: int) -> Result:
    rushes, limits = [], []
    with tempfile.TemporaryDirectory() as folder:
        firm = found(Path(folder) / "data", tablets)
        tokens = [tablet.token for tablet in firm.tablets]
        with running_server(firm.data) as server, running_limit(Path(folder)) as limit:
            for number in range(ROUNDS):
                changes = observations(firm.customer_id, tablets * CHANGES, seed=number)
                bodies = push_bodies(changes, CHANGES)
                pairs = zip(bodies, tokens, strict=True)
                ours = [loopback.post("/sync/v1/push", body, token) for body, token in pairs]
                rushes.append(asyncio.run(_rush(server.port, ours)))
                theirs = [loopback.post("/push", body) for body in bodies]
                limits.append(asyncio.run(_rush(limit.port, theirs)))
    return compare(
        name,
        [rush.seconds for rush in rushes],
        [rush.seconds for rush in limits],
        "s",
        errors=sum(rush.errors for rush in rushes),
        p99=round(statistics.median([rush.p99 for rush in rushes]), 4),
        limit_p99=round(statistics.median([rush.p99 for rush in limits]), 4),
        limit_errors=sum(rush.errors for rush in limits),
    )


async def _rush(port: int, requests: Sequence[bytes]) -> Rush:
    wires = [await Wire.to(port) for _ in requests]
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
