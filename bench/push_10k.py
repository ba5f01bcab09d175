"""`push_10k`: 10,000 new observations of 1 KB, 500 in a push, one tablet; limit: the bare server, same pushes."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import loopback
from bench.firm import found, observations
from bench.limit import running_limit
from bench.loopback import Wire
from bench.results import Result, compare
from protocol.changes import ReviseObservation
from protocol.limits import MAX_PUSH_CHANGES
from tests.running import running_server

DOCUMENTS = 10_000
ROUNDS = 5


def measure() -> Result:
    """Documents a second from the first byte sent to the last receipt read; the ratio is better the higher."""
    values, limits = [], []
    with tempfile.TemporaryDirectory() as folder:
        firm = found(Path(folder) / "data")
        with running_server(firm.data) as server, running_limit(Path(folder)) as limit:
            for number in range(ROUNDS):
                changes = observations(firm.customer_id, DOCUMENTS, seed=number)
                bodies = push_bodies(changes)
                values.append(_rate(server.port, "/sync/v1/push", bodies, firm.tablets[0].token))
                limits.append(_rate(limit.port, "/push", bodies))
    return compare("push_10k", values, limits, "docs/s")


def push_bodies(changes: Sequence[ReviseObservation], size: int = MAX_PUSH_CHANGES) -> list[bytes]:
    """Bodies of pushes with `size` changes each."""
    written = [change.as_json() for change in changes]
    sent_at = datetime.now(UTC).isoformat()
    return [
        f'{{"protocol":1,"sent_at":"{sent_at}","changes":[{",".join(written[start : start + size])}]}}'.encode()
        for start in range(0, len(written), size)
    ]


def _rate(port: int, path: str, bodies: Sequence[bytes], token: str = "") -> float:
    return asyncio.run(_push(port, [loopback.post(path, body, token) for body in bodies]))


async def _push(port: int, requests: Sequence[bytes]) -> float:
    wire = await Wire.to(port)
    started = time.perf_counter()
    answers = [await wire.ask(request) for request in requests]
    seconds = time.perf_counter() - started
    await wire.close()
    accepted = sum(answer.body.count(b'"outcome":"accepted"') for answer in answers)
    if accepted != DOCUMENTS:
        raise RuntimeError(f"{accepted} of {DOCUMENTS} accepted: {answers[0].body[:300]!r}")
    return DOCUMENTS / seconds
