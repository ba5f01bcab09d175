"""Hands out photos and voice notes to those who may read their note: thumbnails, whole pictures, sound in parts."""

from starlette.responses import FileResponse, Response

from protocol.taken_out import ENDINGS, VOICE_ENDINGS
from sync_server.crm.lead_page import find_photo
from sync_server.inbox import refusals
from sync_server.inbox.addresses import read_id
from sync_server.inbox.calls import Call
from sync_server.media.blobs import Blobs, NoSuchBlob

_SMALL = 320
"""Pixels a side: the 128 of the page on a screen with two and a half pixels for one."""

_KEPT = "private, max-age=86400"
"""A photo's id always names the same bytes; `private` keeps it out of shared caches."""


def photo(call: Call) -> Response:
    """A photo that has arrived, if its note's flag lets this reader see it."""
    photo_id = read_id(call.request.path_params["photo_id"])
    with call.database.reading() as connection:
        found = find_photo(connection, call.user.role, photo_id) if photo_id else None
    if found is None or found.media_type not in ENDINGS:
        return refusals.not_found(call)
    blobs: Blobs = call.request.app.state.blobs
    # No script, no frame: whatever the file holds, the browser may only draw it.
    headers = {"Cache-Control": _KEPT, "Content-Security-Policy": "default-src 'none'; sandbox"}
    try:
        if call.request.query_params.get("size") == "small":
            small = blobs.thumbnail(found.sha256, _SMALL)
            return FileResponse(small, media_type="image/jpeg", headers=headers)
        headers["Content-Disposition"] = f'inline; filename="foto-{photo_id}.{ENDINGS[found.media_type]}"'
        return blobs.answer(found.sha256, found.media_type, headers)
    except NoSuchBlob:
        return refusals.not_found(call)


def voice_note(call: Call) -> Response:
    """A voice note that has arrived, under the same conditions as a photo; players ask for it in parts (Range)."""
    voice_id = read_id(call.request.path_params["voice_id"])
    with call.database.reading() as connection:
        found = find_photo(connection, call.user.role, voice_id) if voice_id else None
    if found is None or found.media_type not in VOICE_ENDINGS:
        return refusals.not_found(call)
    blobs: Blobs = call.request.app.state.blobs
    ending = VOICE_ENDINGS[found.media_type]
    headers = {
        "Cache-Control": _KEPT,
        "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
        "Content-Disposition": f'inline; filename="sprachnotiz-{voice_id}.{ending}"',
    }
    try:
        return blobs.answer(found.sha256, found.media_type, headers)
    except NoSuchBlob:
        return refusals.not_found(call)
