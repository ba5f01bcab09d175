"""Carries announcements between the server processes on one PostgreSQL: NOTIFY out, LISTEN in.

What is lost with a connection is made good by one `reload`: pages then count anew, as after a lost stream.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import anyio
import anyio.to_thread
import psycopg
import structlog
from sqlalchemy import text

from sync_server.live import RELOAD, Event, Live
from sync_server.store import Database, StoreError

CHANNEL = "rundgang_live"

_MOST = 64
"""Announcements that may wait to be sent; when there are more, one `reload` says as much as all of them."""

_LONGEST = 7_000
"""Bytes of an announcement; PostgreSQL takes less than 8,000."""

_SIGN_OF_LIFE = 60.0
"""Seconds after which a silent connection is asked whether it is still there."""

_PAUSES = (0.2, 1.0, 5.0, 15.0)
"""Seconds before the next attempt to connect; the last one stays."""


class Bridge:
    """One process's end of the bridge.

    Args:
        database: on PostgreSQL.
        live: what is announced there is carried to the others, and theirs is announced here.
    """

    def __init__(self, database: Database, live: Live) -> None:
        self._database = database
        self._live = live
        self._me = uuid4().hex
        self._waiting: deque[Event] = deque()
        self._wake = anyio.Event()

    async def run(self) -> None:
        """Carry until cancelled."""
        loop = asyncio.get_running_loop()

        def carry(event: Event) -> None:
            self._waiting.append(event)
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is left to carry
                loop.call_soon_threadsafe(self._wake_up)

        self._live.carry_on(carry)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._send)
                tasks.start_soon(self._listen)
        finally:
            self._live.carry_on(None)

    def _wake_up(self) -> None:
        self._wake.set()

    async def _send(self) -> None:
        failures = 0
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            events = self._taken()
            try:
                if events:
                    await anyio.to_thread.run_sync(self._notify, events)
                failures = 0
            except StoreError as error:
                await self._pause("announcements are not carried on", error, failures)
                failures += 1
                self._waiting.appendleft(Event(RELOAD))
                self._wake.set()

    def _taken(self) -> list[Event]:
        events = [self._waiting.popleft() for _ in range(len(self._waiting))]
        return events if len(events) <= _MOST else [Event(RELOAD)]

    def _notify(self, events: list[Event]) -> None:
        with self._database.writing() as connection:
            for event in events:
                connection.execute(_NOTIFY, {"channel": CHANNEL, "payload": self._packed(event)})

    def _packed(self, event: Event) -> str:
        packed = json.dumps({"from": self._me, "name": event.name, "data": event.data})
        if len(packed) > _LONGEST:
            return json.dumps({"from": self._me, "name": RELOAD, "data": {}})
        return packed

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                async with self._connected() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # Something may have been announced while nobody listened.
                    self._live.hear(Event(RELOAD))
                    failures = 0
                    await self._hear(connection)
            except (psycopg.Error, OSError) as error:
                await self._pause("announcements of other servers are not heard", error, failures)
                failures += 1

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async for notice in connection.notifies(timeout=_SIGN_OF_LIFE):
                self._unpack(notice.payload)
            await connection.execute("SELECT 1")

    def _unpack(self, payload: str) -> None:
        with contextlib.suppress(
            ValueError, KeyError, TypeError
        ):  # anybody with access may write to a channel
            told = json.loads(payload)
            if told["from"] != self._me:
                self._live.hear(Event(str(told["name"]), dict(told["data"])))

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        # psycopg rolls back before it closes, and a server that is told to stop cancels that: it would stay open.
        # Half a connection would, too, so that stopping waits for one that is being made.
        with anyio.CancelScope(shield=True):
            connection = await self._connect()
        try:
            yield connection
        finally:
            with anyio.CancelScope(shield=True):
                await connection.close()

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        _, from_url = self._database.engine.dialect.create_connect_args(self._database.url)
        options: dict[str, Any] = {**from_url, "application_name": "rundgang live"}
        options |= {"keepalives_idle": 30, "connect_timeout": 5}
        return await psycopg.AsyncConnection.connect(**options, autocommit=True)

    async def _pause(self, what: str, error: Exception, failures: int) -> None:
        structlog.get_logger().warning(what, error=type(error).__name__)
        await anyio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])


_NOTIFY = text("SELECT pg_notify(:channel, :payload)")
