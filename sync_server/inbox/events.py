"""The stream of announcements to one open page (server-sent events), as long as its session lives."""

from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.rules.access import INBOX_READERS
from sync_server.inbox import clock, sessions
from sync_server.inbox.headers import secured
from sync_server.live import Live
from sync_server.settings import Settings
from sync_server.store.database import Database

_RETRY_MS = 3_000
"""After a lost connection the browser waits this long; with "ready" the page then counts what it missed."""

PING_SECONDS = 20
"""A comment this often keeps proxies from closing a silent stream (many do after 60 seconds)."""


class EventsDoor(Route):
    """`/events`: asynchronous, because a stream must not hold a thread of the pool."""

    roles = INBOX_READERS

    def __init__(self, settings: Settings) -> None:
        super().__init__("/events", self._stream, methods=["GET"], name="events")
        self._settings = settings

    async def _stream(self, request: Request) -> Response:
        database: Database = request.app.state.database
        live: Live = request.app.state.live
        token = sessions.token_of(request, self._settings)
        visitor = await run_in_threadpool(sessions.find, database, token, clock.now())
        if visitor is None:
            # 204 tells the browser's EventSource not to try again; the page notices and asks for a login.
            return secured(Response(status_code=204), self._settings)
        response = EventSourceResponse(
            _announcements(live, database, visitor.token_hash),
            ping=PING_SECONDS,
            headers={"X-Accel-Buffering": "no"},
        )
        return secured(response, self._settings)


async def _announcements(live: Live, database: Database, token_hash: bytes) -> AsyncIterator[ServerSentEvent]:
    async for event in live.subscribe():
        if not await run_in_threadpool(sessions.lives, database, token_hash, clock.now()):
            yield ServerSentEvent(event="expired", data="")
            return
        yield ServerSentEvent(event=event.name, data=event.as_json(), retry=_RETRY_MS)
