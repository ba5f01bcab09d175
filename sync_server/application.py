"""The Starlette application: what is mounted where, and what lives as long as it does."""

import contextlib
import importlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

import anyio
import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.version import PROTOCOL
from sync_server.answers import EXCEPTION_HANDLERS
from sync_server.crm import documents, republishing
from sync_server.live import Live
from sync_server.logs import RequestLog, places_of
from sync_server.media.blobs import open_blobs
from sync_server.media.routes import ROUTES as MEDIA_ROUTES
from sync_server.media.uploads import Uploads
from sync_server.settings import Settings
from sync_server.store import Database, StoreError, feed, migrate
from sync_server.store import facts as store_facts
from sync_server.sync_api.routes import ROUTES as SYNC_ROUTES
from sync_server.sync_api.taking_together import TakingTogether
from sync_server.web_app import WebApp

_TIDY_EVERY = 3600.0
"""Seconds between two sweeps of expired uploads and forgotten tombstones."""


def build(settings: Settings) -> Starlette:
    """The application over a database that is brought up to date first.

    Raises:
        NewerDatabase, Busy, StorageFull, Unusable: see `store`.
        MediaRefused: see `open_blobs`.
        OSError: the data folder cannot be made.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.url, busy_seconds=settings.busy_seconds)
    try:
        migrate(database)
        with database.writing() as connection:
            if documents.publish_what_is_told_otherwise_now(connection, datetime.now(UTC)):
                structlog.get_logger().info("documents were published anew for this version")
    except BaseException:
        database.close()
        raise
    routes: list[BaseRoute] = [
        Route("/healthz", healthz, methods=["GET"]),
        *SYNC_ROUTES,
        *MEDIA_ROUTES,
        *WebApp(settings.web).routes(),
        *_inbox_routes(settings),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(RequestLog)],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=_living,
    )
    app.router.redirect_slashes = False  # a tablet takes no redirect for an answer (S3)
    blobs = open_blobs(settings)
    app.state.settings = settings
    app.state.database = database
    app.state.taking_together = TakingTogether(database)
    app.state.live = Live()
    app.state.blobs = blobs
    app.state.uploads = Uploads(settings, database, blobs)
    return app


def healthz(request: Request) -> Response:
    """Whether the server works: that the database answers. Tells nothing that must stay inside."""
    database: Database = request.app.state.database
    try:
        with database.reading() as connection:
            store_facts.epoch(connection)
    except (StoreError, LookupError) as error:
        return JSONResponse(
            {"ok": False, "database": type(error).__name__}, 503, {"Cache-Control": "no-store"}
        )
    answer = {"ok": True, "database": "answers", "version": version("rundgang"), "protocol": PROTOCOL}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


@contextlib.asynccontextmanager
async def _living(app: Starlette) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_tidy_up, app)
        if not app.state.database.is_sqlite:
            from sync_server.live_bridge import Bridge  # needs PostgreSQL's driver

            tasks.start_soon(Bridge(app.state.database, app.state.live).run)
        yield
        app.state.live.close()
        tasks.cancel_scope.cancel()
    app.state.taking_together.close()
    app.state.database.close()


async def _tidy_up(app: Starlette) -> None:
    log = structlog.get_logger()
    while True:
        try:
            await run_in_threadpool(tidy_up_once, app, datetime.now(UTC))
        except (StoreError, OSError) as error:
            log.warning("tidying failed", error=type(error).__name__, places=places_of(error))
        await anyio.sleep(_TIDY_EVERY)


def tidy_up_once(app: Starlette, now: datetime) -> None:
    """Forget expired uploads and tombstones that nobody needs any more; tell what was left to be told."""
    app.state.uploads.sweep(now)
    with app.state.database.writing() as connection:
        feed.prune_tombstones(connection, now)
        feed.fold_totals(connection)
    republishing.tell_all(app.state.database, lambda: datetime.now(UTC))


def _inbox_routes(settings: Settings) -> Sequence[BaseRoute]:
    try:
        inbox = importlib.import_module("sync_server.inbox.routes")
    except ModuleNotFoundError as error:
        if error.name != "sync_server.inbox.routes":
            raise
        return ()
    routes: Sequence[BaseRoute] = inbox.routes(settings)
    return routes
