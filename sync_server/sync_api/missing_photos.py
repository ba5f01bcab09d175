"""POST /sync/v1/missing-photos: a tablet says which photos it cannot give any more (rule S13)."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.missing_photos import MissingPhotos, MissingPhotosAnswer
from protocol.problems import Code
from protocol.version import PROTOCOL
from sync_server.crm import missing_photos as crm
from sync_server.crm import tablets
from sync_server.crm.refusal import Refused
from sync_server.store import Database
from sync_server.sync_api.requests import (
    json_answer,
    note_device,
    now,
    read_document,
    read_json_body,
    token_of,
)


async def missing_photos(request: Request) -> Response:
    """Note them. What is answered is on disk."""
    return await run_in_threadpool(_note, request, await read_json_body(request))


def _note(request: Request, body: bytes) -> Response:
    database: Database = request.app.state.database
    at = now()
    with database.reading() as connection:
        tablet = tablets.by_token(connection, token_of(request), at)
    note_device(request, tablet.device_id)
    told = read_document(body, MissingPhotos)
    if told.protocol > PROTOCOL:
        raise Refused(Code.PROTOCOL_TOO_NEW)
    if told.epoch != tablet.epoch:
        raise Refused(Code.EPOCH_CHANGED)
    with database.writing() as connection:
        noted = crm.note(connection, tablet.who.user_id, told.photos, at)
    for lead_id in noted.leads:
        request.app.state.live.announce("media", {"lead": lead_id.hex})
    return json_answer(
        MissingPhotosAnswer(epoch=tablet.epoch, server_time=at, received=tuple(noted.received))
    )
