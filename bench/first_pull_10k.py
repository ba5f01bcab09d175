"""`first_pull_10k`: a new tablet reads 10,000 documents of 1 KB, gzip; limit: the bare server, same documents."""

import asyncio
import json
import tempfile
import time
from pathlib import Path

from bench import loopback
from bench.engines import Engine, Postgres, Sqlite, serving
from bench.limit import running_limit
from bench.loopback import Answer, Wire
from bench.pull_filling import filled
from bench.results import Result, compare
from protocol.limits import MAX_PULL_PAGE

DOCUMENTS = 10_000
ROUNDS = 7


def measure() -> Result:
    """Documents a second, pages of 1,000, until the last byte is there; the ratio is better the higher."""
    return _measure(Sqlite())


def measure_pg() -> Result:
    """The same on PostgreSQL, from one of two server processes."""
    return _measure(Postgres())


def _measure(engine: Engine) -> Result:
    values, limits = [], []
    with tempfile.TemporaryDirectory() as folder, engine(Path(folder)) as settings:
        firm = filled(settings, Path(folder), DOCUMENTS)
        token = firm.tablets[0].token
        with serving(engine, firm) as servers, running_limit(Path(folder)) as limit:
            for _ in range(ROUNDS):
                values.append(asyncio.run(_read(servers[0].port, "/sync/v1/pull?limit=", "&cursor=", token)))
                limits.append(asyncio.run(_read(limit.port, "/pull?limit=", "&after=")))
    return compare(f"first_pull_10k{engine.suffix}", values, limits, "docs/s")


async def _read(port: int, path: str, cursor_name: str, token: str = "") -> float:
    wire = await Wire.to(port)
    answers: list[Answer] = []
    cursor = "" if token else "0"
    spent = 0.0
    more = True
    while more:
        request = loopback.get(f"{path}{MAX_PULL_PAGE}{cursor_name}{cursor}", token)
        started = time.perf_counter()
        answers.append(await wire.ask(request))
        spent += time.perf_counter() - started
        # Reading the page is the tablet's work, whichever the server: it stands outside the clock.
        page = json.loads(answers[-1].body)
        cursor, more = page["cursor"], page["more"]
    await wire.close()
    items = sum(len(json.loads(answer.body)["items"]) for answer in answers)
    if items < DOCUMENTS:
        raise RuntimeError(f"{items} of {DOCUMENTS} documents read")
    return items / spent
