"""Logs as JSON lines without personal data: ids, routes, durations; never texts, names, tokens or queries.

What a request carried is never logged, and of an unexpected exception only its type and the places in the
code: messages of libraries repeat what they were given.
"""

import logging
import secrets
import sys
import time
import traceback
from typing import Any, TextIO

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync_server.answers import code_of, problem_response

_OUR_FRAMES = 12
"""Innermost frames of a traceback that are logged."""


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send the program's and the libraries' logs to a stream (standard error), one JSON object per line."""
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_LibraryLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def places_of(error: BaseException) -> list[str]:
    """Where an exception was raised, innermost last, as file:line:function: enough to find it, and no data."""
    frames = traceback.extract_tb(error.__traceback__)[-_OUR_FRAMES:]
    return [f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames]


class RequestLog:
    """ASGI middleware: one line per request, and an answer where nothing else gave one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = secrets.token_hex(6)
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", request_id.encode()))
            await send(message)

        failure: dict[str, Any] = {}
        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            failure = {"error": type(error).__qualname__, "places": places_of(error)}
            if status == 0:
                await problem_response(Request(scope), code_of(error))(scope, receive, noting)
        finally:
            self._write(scope, request_id, status, time.perf_counter() - started, failure)

    def _write(
        self, scope: Scope, request_id: str, status: int, seconds: float, failure: dict[str, Any]
    ) -> None:
        route = scope.get("route")
        fields = {
            "id": request_id,
            "method": scope["method"],
            # The template, not the path: a path may hold what nobody should read in a log.
            "route": getattr(route, "path", None),
            "status": status,
            "ms": round(seconds * 1000, 1),
            "device": scope.get("state", {}).get("device_id"),
            **failure,
        }
        known = {name: value for name, value in fields.items() if value is not None}
        if failure or status >= 500:
            self._log.error("request", **known)
        else:
            self._log.info("request", **known)


class _LibraryLines(logging.Formatter):
    """Lines of libraries in the same form; of their exceptions the type and the places only."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        fields: dict[str, Any] = {"logger": record.name, "level": record.levelname.lower()}
        fields["event"] = type(error).__qualname__ if error else record.getMessage()
        if error:
            fields["places"] = places_of(error)
        return str(structlog.processors.JSONRenderer(ensure_ascii=False)(None, "", fields))
