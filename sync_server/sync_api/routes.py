"""Where the tablets' interface is: its paths and methods."""

from starlette.routing import Route

from sync_server.sync_api.missing_photos import missing_photos
from sync_server.sync_api.openapi import openapi
from sync_server.sync_api.pair import hello, pair
from sync_server.sync_api.pull import pull
from sync_server.sync_api.push import push
from sync_server.sync_api.template import template

ROUTES = [
    Route("/sync/v1/hello", hello, methods=["GET"]),
    Route("/sync/v1/openapi.json", openapi, methods=["GET"]),
    Route("/sync/v1/pair", pair, methods=["POST"]),
    Route("/sync/v1/push", push, methods=["POST"]),
    Route("/sync/v1/pull", pull, methods=["GET"]),
    Route("/sync/v1/templates/{name}", template, methods=["GET"]),
    Route("/sync/v1/missing-photos", missing_photos, methods=["POST"]),
]
