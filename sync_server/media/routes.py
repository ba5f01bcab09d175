"""Where photos go in and come out: paths and methods."""

from starlette.routing import Route

from sync_server.media import tus
from sync_server.media.photos import photo

_ONE = tus.PATH + "{name}"

ROUTES = [
    Route(tus.PATH, tus.options, methods=["OPTIONS"]),
    Route(tus.PATH, tus.create, methods=["POST"]),
    Route(_ONE, tus.options, methods=["OPTIONS"]),
    Route(_ONE, tus.head, methods=["HEAD"]),
    Route(_ONE, tus.patch, methods=["PATCH"]),
    Route(_ONE, tus.terminate, methods=["DELETE"]),
    Route(_ONE, photo, methods=["GET"]),
]
