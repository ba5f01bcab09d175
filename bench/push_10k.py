"""`push_10k`: 10,000 new observations of 1 KB, 500 in a push, one tablet; limit: the bare server, same pushes."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import loopback
from bench.engines import Engine, Postgres, Sqlite, serving
from bench.firm import found, observations
from bench.limit import running_limit
from bench.loopback import Answer, Wire
from bench.results import Result, compare
from protocol.changes import ReviseObservation
from protocol.limits import MAX_PUSH_CHANGES

DOCUMENTS = 10_000
ROUNDS = 5


def measure() -> Result:
    """Documents a second from the first byte sent to the last receipt read; the ratio is better the higher."""
    return _measure(Sqlite())


def measure_pg() -> Result:
    """The same on PostgreSQL: two server processes, half of the pushes to each at once."""
    return _measure(Postgres())


def _measure(engine: Engine) -> Result:
    values, limits = [], []
    with tempfile.TemporaryDirectory() as folder, engine(Path(folder)) as settings:
        firm = found(settings)
        with serving(engine, firm) as servers, running_limit(Path(folder)) as limit:
            ports = [server.port for server in servers]
            for number in range(ROUNDS):
                bodies = push_bodies(observations(firm.customer_id, DOCUMENTS, seed=number))
                values.append(_rate(ports, "/sync/v1/push", bodies, firm.tablets[0].token))
                limits.append(_rate([limit.port], "/push", bodies))
    return compare(f"push_10k{engine.suffix}", values, limits, "docs/s")


def push_bodies(changes: Sequence[ReviseObservation], size: int = MAX_PUSH_CHANGES) -> list[bytes]:
    """Bodies of pushes with `size` changes each."""
    written = [change.as_json() for change in changes]
    sent_at = datetime.now(UTC).isoformat()
    return [
        f'{{"protocol":1,"sent_at":"{sent_at}","changes":[{",".join(written[start : start + size])}]}}'.encode()
        for start in range(0, len(written), size)
    ]


def _rate(ports: Sequence[int], path: str, bodies: Sequence[bytes], token: str = "") -> float:
    return asyncio.run(_push(ports, [loopback.post(path, body, token) for body in bodies]))


async def _push(ports: Sequence[int], requests: Sequence[bytes]) -> float:
    wires = [await Wire.to(port) for port in ports]
    shares = [requests[place :: len(wires)] for place in range(len(wires))]
    started = time.perf_counter()
    answered = await asyncio.gather(*map(_one_after_the_other, wires, shares))
    seconds = time.perf_counter() - started
    for wire in wires:
        await wire.close()
    answers = [answer for share in answered for answer in share]
    accepted = sum(answer.body.count(b'"outcome":"accepted"') for answer in answers)
    if accepted != DOCUMENTS:
        raise RuntimeError(f"{accepted} of {DOCUMENTS} accepted: {answers[0].body[:300]!r}")
    return DOCUMENTS / seconds


async def _one_after_the_other(wire: Wire, requests: Sequence[bytes]) -> list[Answer]:
    return [await wire.ask(request) for request in requests]
