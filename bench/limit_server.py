"""The limit of the server's benches: bare Starlette, uvicorn, pydantic and SQLite with `synchronous=FULL`.

It validates the same documents, keeps each in one row under a unique id, and gives them out again from a
position on, in its best batch form. No authorisation, no history, no receipts, no feed, no search, no log.

Run as `python -m bench.limit_server PORT DATABASE`.
"""

import sqlite3
import sys
import zlib
from datetime import UTC, datetime

import uvicorn
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.changes import ReviseObservation

_AT_ONCE = 250
"""Rows in one INSERT: more are not faster."""


class _Push(BaseModel):
    sent_at: datetime
    changes: tuple[ReviseObservation, ...]


def open_database(path: str) -> sqlite3.Connection:
    """The limit's one table, with the same promises to the disk as the product's."""
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA cache_size = -16000")
    database.execute("PRAGMA wal_autocheckpoint = 8000")
    database.execute(
        "CREATE TABLE IF NOT EXISTS documents"
        " (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL)"
    )
    return database


def store(database: sqlite3.Connection, documents: list[tuple[str, str]]) -> None:
    """Keep new documents, given as (id, body), durably."""
    database.execute("BEGIN IMMEDIATE")
    for start in range(0, len(documents), _AT_ONCE):
        some = documents[start : start + _AT_ONCE]
        places = ",".join(["(?,?)"] * len(some))
        database.execute(
            f"INSERT INTO documents (id, body) VALUES {places} ON CONFLICT DO NOTHING",
            [value for document in some for value in document],
        )
    database.execute("COMMIT")


async def _push(request: Request) -> Response:
    push = _Push.model_validate_json(await request.body())
    store(request.app.state.database, [(change.id.hex, change.as_json()) for change in push.changes])
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    receipts = ",".join(
        [
            f'{{"change_id":"{change.id}","outcome":"accepted","received_at":"{now}"}}'
            for change in push.changes
        ]
    )
    return Response(f'{{"receipts":[{receipts}]}}', media_type="application/json")


async def _pull(request: Request) -> Response:
    after, limit = (int(request.query_params[name]) for name in ("after", "limit"))
    rows = request.app.state.database.execute(
        "SELECT position, body FROM documents WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
    ).fetchall()
    items = ",".join([body for _, body in rows])
    reached = rows[-1][0] if rows else after
    packer = zlib.compressobj(1, wbits=31)
    page = f'{{"items":[{items}],"cursor":{reached},"more":{"true" if len(rows) == limit else "false"}}}'
    return Response(
        packer.compress(page.encode()) + packer.flush(),
        media_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )


async def _healthz(request: Request) -> Response:
    return Response("ok")


def main(port: int, path: str) -> None:
    """Serve until told to stop."""
    app = Starlette(
        routes=[
            Route("/push", _push, methods=["POST"]),
            Route("/pull", _pull),
            Route("/healthz", _healthz),
        ]
    )
    app.state.database = open_database(path)
    uvicorn.run(app, port=port, log_config=None, access_log=False, server_header=False, ws="none")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
