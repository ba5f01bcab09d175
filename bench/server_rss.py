"""`server_rss`: the server's memory after days of traffic of 50 tablets; limit: the bare server's, same traffic.

A day is compressed: each tablet pulls every five minutes of a working day (96 times) and pushes 12 times two
observations. What counts is that memory after the last day is what it was after the one before.
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import loopback
from bench.engines import Engine, Postgres, Sqlite, serving
from bench.firm import BenchFirm, found, observations
from bench.limit import running_limit
from bench.loopback import Wire
from bench.push_10k import push_bodies
from bench.results import Result, compare

TABLETS = 50
DAYS = 4
QUARTERS = 4
"""Of a day: at the beginning of each every tablet reads anew."""
PUSHES = 3
"""Of each tablet in each quarter."""
PULLS = 8
"""Of each tablet after each push."""


def measure() -> Result:
    """Megabytes resident at the end; the ratio is better the lower. Details: before, and after each day."""
    return _measure(Sqlite())


def measure_pg() -> Result:
    """The same for one of two server processes on PostgreSQL, which takes all of the traffic."""
    return _measure(Postgres())


def _measure(engine: Engine) -> Result:
    with tempfile.TemporaryDirectory() as folder, engine(Path(folder)) as settings:
        firm = found(settings, TABLETS)
        bodies = push_bodies(observations(firm.customer_id, TABLETS * PUSHES * QUARTERS * DAYS * 2), 2)
        size = TABLETS * PUSHES
        parts = [bodies[start : start + size] for start in range(0, len(bodies), size)]
        with serving(engine, firm) as (server, *_), running_limit(Path(folder)) as bare:
            assert server.process is not None
            before = _megabytes(server.process.pid)
            after = []
            for part in parts:
                asyncio.run(_quarter(firm, server.port, part))
                after.append(_megabytes(server.process.pid))
                asyncio.run(_bare_quarter(bare.port, part))
            limit = _megabytes(bare.pid)
    days = {f"after_day_{day}": value for day, value in enumerate(after[QUARTERS - 1 :: QUARTERS], 1)}
    return compare(f"server_rss{engine.suffix}", [after[-1]], [limit], "MB", before=before, **days)


async def _quarter(firm: BenchFirm, port: int, bodies: Sequence[bytes]) -> None:
    cursors = [""] * TABLETS
    for push in range(PUSHES):
        for number, tablet in enumerate(firm.tablets):
            wire = await Wire.to(port)
            request = loopback.post("/sync/v1/push", bodies[push * TABLETS + number], tablet.token)
            _require((await wire.ask(request)).status)
            for _ in range(PULLS):
                path = f"/sync/v1/pull?cursor={cursors[number]}"
                answer = await wire.ask(loopback.get(path, tablet.token))
                _require(answer.status)
                cursors[number] = json.loads(answer.body)["cursor"]
            await wire.close()


async def _bare_quarter(port: int, bodies: Sequence[bytes]) -> None:
    wire = await Wire.to(port)
    for body in bodies:
        _require((await wire.ask(loopback.post("/push", body))).status)
        for _ in range(PULLS):
            _require((await wire.ask(loopback.get("/pull?after=0&limit=20"))).status)
    await wire.close()


def _require(status: int) -> None:
    if status != 200:
        raise RuntimeError(f"answered with {status}")


def _megabytes(process: int) -> float:
    """What of a process is in memory (proc(5), VmRSS)."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    if resident is None:
        raise RuntimeError("no VmRSS: this bench needs Linux")
    return round(int(resident[1]) / 1024, 1)
