"""tus 1.0.0 at /sync/v1/media/: creation, creation-with-upload, checksum, expiration, termination (S14)."""

import contextlib
import hashlib
from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from protocol.limits import MAX_PHOTO_BYTES
from protocol.problems import Code
from sync_server.crm import tablets
from sync_server.crm.refusal import Refused
from sync_server.crm.tablets import Tablet
from sync_server.media.examining import MEDIA_TYPES, most_bytes, refusal_of
from sync_server.media.growing import Piece
from sync_server.media.uploads import Upload, Uploads
from sync_server.store import Database
from sync_server.sync_api.requests import note_device, now, token_of

PATH = "/sync/v1/media/"
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
_PIECE = "application/offset+octet-stream"

_PATIENCE = 60.0
"""Seconds without a byte after which a half-dead connection gives the upload free for the next one."""

_Endpoint = Callable[[Request], Awaitable[Response]]


def speaking_tus(endpoint: _Endpoint) -> _Endpoint:
    """Check the version that the client speaks, and say ours with every answer, problems included."""

    async def speaking(request: Request) -> Response:
        try:
            _require_version(request)
            response = await endpoint(request)
        except Refused as refusal:
            refusal.headers["Tus-Resumable"] = VERSION
            raise
        response.headers["Tus-Resumable"] = VERSION
        return response

    return speaking


async def options(_request: Request) -> Response:
    """What is understood; needs neither a version nor a token (tus, section OPTIONS)."""
    return Response(
        status_code=204,
        headers={
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(MAX_PHOTO_BYTES),
            "Tus-Checksum-Algorithm": "sha1,sha256",
        },
    )


@speaking_tus
async def create(request: Request) -> Response:
    """Begin an upload; a photo that is here already is complete at once."""
    tablet = await _tablet(request)
    size = _length(request)
    metadata = _metadata(request)
    media_type = metadata.get("filetype", "")
    if media_type not in MEDIA_TYPES or size == 0:
        raise Refused(refusal_of(media_type))
    if size > most_bytes(media_type):
        raise Refused(Code.MEDIA_TOO_LARGE)
    uploads: Uploads = request.app.state.uploads
    upload = await run_in_threadpool(
        uploads.begin, tablet.device_id, _sha256(metadata), media_type, size, now()
    )
    offset = await run_in_threadpool(uploads.recognise, upload, now())
    if offset < size and request.headers.get("content-type") == _PIECE:
        offset = await _receive(request, upload, 0)
    return Response(
        status_code=201,
        headers={"Location": PATH + upload.id, "Upload-Offset": str(offset), **_expires(upload)},
    )


@speaking_tus
async def head(request: Request) -> Response:
    """How far an upload has come."""
    upload = await _upload(request)
    offset = await _offset(request, upload)
    return Response(
        headers={
            "Upload-Offset": str(offset),
            "Upload-Length": str(upload.size),
            "Cache-Control": "no-store",
            **_expires(upload),
        }
    )


@speaking_tus
async def patch(request: Request) -> Response:
    """One more piece; the last one is answered when the photo is stored."""
    if request.headers.get("content-type") != _PIECE:
        raise Refused(Code.UNSUPPORTED_MEDIA_TYPE)
    upload = await _upload(request)
    said = _whole_number(request, "upload-offset")
    if said == await _offset(request, upload) == upload.size:
        # The photo is stored: this is the retry of a last piece whose answer was lost, or others were faster.
        return Response(status_code=204, headers={"Upload-Offset": str(upload.size), **_expires(upload)})
    offset = await _receive(request, upload, said)
    return Response(status_code=204, headers={"Upload-Offset": str(offset), **_expires(upload)})


@speaking_tus
async def terminate(request: Request) -> Response:
    """Give an upload up."""
    upload = await _upload(request)
    await run_in_threadpool(request.app.state.uploads.remove, upload)
    return Response(status_code=204)


class _ConnectionLost(Exception):
    """The rest of the body will not come."""


async def _offset(request: Request, upload: Upload) -> int:
    """How far an upload has come. All of it means that the photo is stored, so it is stored now if need be.

    A server may have died between the last byte and the photo: the tablet takes "all" for a receipt.
    """
    uploads: Uploads = request.app.state.uploads
    offset = await run_in_threadpool(uploads.offset, upload)
    if offset == upload.size:
        _announce(request, await run_in_threadpool(uploads.complete, upload, now()))
    return offset


def _announce(request: Request, leads: list[UUID]) -> None:
    for lead_id in leads:
        request.app.state.live.announce("media", {"lead": lead_id.hex})


async def _receive(request: Request, upload: Upload, begins_at: int) -> int:
    """Append the request's body; give how far the upload has come."""
    uploads: Uploads = request.app.state.uploads
    expected = _expected_checksum(request)
    with contextlib.ExitStack() as held:
        piece = await run_in_threadpool(held.enter_context, uploads.appending(upload))
        if piece.begins_at != begins_at:
            raise Refused(Code.UPLOAD_OFFSET, headers={"Upload-Offset": str(piece.begins_at)})
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) >= 16 or begins_at + int(announced) > upload.size):
            raise Refused(Code.MEDIA_TOO_LARGE, detail="more than Upload-Length says")
        try:
            digest = await _append(request, piece, upload.size, expected)
        except _ConnectionLost:
            if expected is None:  # what cannot be checked any more does not count (tus, extension checksum)
                await run_in_threadpool(uploads.count, upload, piece)
            else:
                piece.drop()
            raise Refused(Code.UPLOAD_OFFSET, detail="the connection was lost") from None
        if expected is not None and digest != expected[1]:
            piece.drop()
            raise Refused(Code.MEDIA_CHECKSUM, headers={"Upload-Offset": str(begins_at)})
        offset = piece.ends_at
        await run_in_threadpool(uploads.count, upload, piece)
        if offset == upload.size:
            _announce(request, await run_in_threadpool(uploads.finish, upload, now()))
    return offset


async def _append(
    request: Request, piece: Piece, size: int, expected: tuple[str, bytes] | None
) -> bytes | None:
    """Write the body to the piece; give its checksum when one is expected."""
    digest = hashlib.new(expected[0], usedforsecurity=False) if expected else None
    stream = request.stream().__aiter__()
    try:
        while True:
            with anyio.fail_after(_PATIENCE):
                data = await anext(stream, None)
            if data is None:
                break
            if piece.ends_at + len(data) > size:
                piece.drop()
                raise Refused(Code.MEDIA_TOO_LARGE, detail="more than Upload-Length says")
            piece.write(data)
            if digest is not None:
                digest.update(data)
    except (ClientDisconnect, TimeoutError):
        raise _ConnectionLost from None
    return digest.digest() if digest else None


def _require_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise Refused(Code.UPLOAD_VERSION, headers={"Tus-Version": VERSION})


async def _tablet(request: Request) -> Tablet:
    return await run_in_threadpool(_tablet_of, request, now())


def _tablet_of(request: Request, at: datetime) -> Tablet:
    database: Database = request.app.state.database
    with database.reading() as connection:
        tablet = tablets.by_token(connection, token_of(request), at)
    note_device(request, tablet.device_id)
    return tablet


async def _upload(request: Request) -> Upload:
    at = now()
    tablet = await run_in_threadpool(_tablet_of, request, at)
    uploads: Uploads = request.app.state.uploads
    found: Upload = await run_in_threadpool(uploads.find, request.path_params["name"], tablet.device_id, at)
    return found


def _length(request: Request) -> int:
    size = _whole_number(request, "upload-length")
    if size > MAX_PHOTO_BYTES:
        raise Refused(Code.MEDIA_TOO_LARGE, headers={"Tus-Max-Size": str(MAX_PHOTO_BYTES)})
    return size


def _whole_number(request: Request, header: str) -> int:
    # Twice with two values would mean one thing here and another to a proxy on the way.
    said = request.headers.getlist(header)
    if len(said) != 1 or not (said[0].isascii() and said[0].isdecimal() and len(said[0]) < 16):
        raise Refused(Code.INVALID_REQUEST, detail=f"{header} must be one whole number")
    return int(said[0])


def _metadata(request: Request) -> dict[str, str]:
    """Upload-Metadata: pairs of a key and its value in Base64, separated by commas (tus, extension creation)."""
    found: dict[str, str] = {}
    for pair in filter(None, request.headers.get("upload-metadata", "").split(",")):
        key, _, encoded = pair.strip().partition(" ")
        try:
            found[key] = b64decode(encoded, validate=True).decode()
        except ValueError:
            raise Refused(Code.INVALID_REQUEST, detail="upload-metadata is not Base64") from None
    return found


def _sha256(metadata: dict[str, str]) -> str:
    said = metadata.get("sha256", "")
    if len(said) != 64 or not set(said) <= set("0123456789abcdef"):
        raise Refused(Code.INVALID_REQUEST, detail="upload-metadata needs sha256 in lower-case hexadecimal")
    return said


def _expected_checksum(request: Request) -> tuple[str, bytes] | None:
    said = request.headers.get("upload-checksum")
    if said is None:
        return None
    algorithm, _, encoded = said.partition(" ")
    if algorithm not in ("sha1", "sha256"):
        raise Refused(Code.INVALID_REQUEST, detail="upload-checksum: sha1 or sha256")
    try:
        return algorithm, b64decode(encoded, validate=True)
    except ValueError:
        raise Refused(Code.INVALID_REQUEST, detail="upload-checksum is not Base64") from None


def _expires(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}
