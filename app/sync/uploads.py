"""Photos on their way: tus 1.0.0, resumable at byte precision, one chunk at a time (rule S14).

Written for an asynchronous client: tuspy blocks, and there are no threads in the browser.
"""

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx

from app.sync.errors import Offline, OfflineReason, SyncProblem
from app.sync.server import API, Server
from protocol.limits import MAX_UPLOAD_CHUNK
from protocol.problems import Code

UPLOADS = f"{API}/media/"
_TUS = {"Tus-Resumable": "1.0.0"}
_GONE = frozenset({404, 410})
_MISPLACED = frozenset({Code.UPLOAD_OFFSET, Code.MEDIA_CHECKSUM})

_PATIENCE = 5
"""Misplaced or damaged chunks in a row before this attempt is given up: a network that garbles is left alone."""

Remember = Callable[[str | None], Awaitable[None]]
"""Keeps where the upload goes on, so that it survives a restart; None: it has to start anew."""

Moved = Callable[[int], None]
"""Told how many bytes the server has."""


async def upload(
    server: Server,
    sha256: str,
    media_type: str,
    data: bytes,
    *,
    address: str | None,
    remember: Remember,
    moved: Moved = lambda _: None,
) -> None:
    """Bring a file to the server, going on where the last attempt ended. Returns when the server has all of it.

    Args:
        address: where a former attempt left off; None if there was none.
        remember: is called when that changes.

    Raises:
        Offline, SyncProblem: not finished; a later call goes on.
    """
    offset = None
    if address is not None:
        offset = await _offset(server, address)
        if offset is None:
            address = None
            await remember(None)
    if address is None:
        address, offset = await _create(server, sha256, media_type, len(data))
        await remember(address)
    await _send(server, address, data, offset or 0, moved)


async def _create(server: Server, sha256: str, media_type: str, size: int) -> tuple[str, int]:
    metadata = ",".join(
        f"{name} {b64encode(value.encode()).decode()}"
        for name, value in (("sha256", sha256), ("filetype", media_type))
    )
    headers = {**_TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}
    response = await server.request("POST", UPLOADS, headers=headers)
    _require_tus(response)
    location = response.headers.get("location", "")
    if response.status_code != httpx.codes.CREATED or not location:
        raise Offline(OfflineReason.NOT_OUR_SERVER, "no upload was created")
    # A file that the server has already is complete at once. Of the address only the path: behind a proxy a server
    # may not know its own name, and the token goes to no other host.
    offset = _offset_in(response) if "upload-offset" in response.headers else 0
    return urlsplit(location).path, offset


async def _offset(server: Server, address: str) -> int | None:
    """How many bytes of an upload the server has; None if it no longer knows it."""
    # HEAD answers have no body, so no problem can be read from one: the status says it (tus 1.0.0, HEAD).
    response = await server.request("HEAD", address, headers=_TUS, accept=_GONE)
    if response.status_code in _GONE and server.is_problem(response):
        return None
    _require_tus(response)
    return None if response.status_code in _GONE else _offset_in(response)


async def _send(server: Server, address: str, data: bytes, offset: int, moved: Moved) -> None:
    failures = 0
    while True:
        moved(offset)
        if offset >= len(data):
            return
        chunk = data[offset : offset + MAX_UPLOAD_CHUNK]
        checksum = b64encode(hashlib.sha256(chunk).digest()).decode()
        headers = {
            **_TUS,
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {checksum}",
            "Content-Type": "application/offset+octet-stream",
        }
        try:
            response = await server.request("PATCH", address, content=chunk, headers=headers)
        except SyncProblem as refusal:
            failures += 1
            if refusal.problem.code not in _MISPLACED or failures > _PATIENCE:
                raise
            known = await _offset(server, address)
            if known is None:
                raise
            offset = known
            continue
        _require_tus(response)
        failures = 0
        offset = _offset_in(response)


def _offset_in(response: httpx.Response) -> int:
    text = response.headers.get("upload-offset", "")
    if not text.isascii() or not text.isdigit():
        raise Offline(OfflineReason.NOT_OUR_SERVER, "no upload offset")
    return int(text)


def _require_tus(response: httpx.Response) -> None:
    """A portal does not speak tus; its page must not count as a received photo (rule S3)."""
    if response.headers.get("tus-resumable") != _TUS["Tus-Resumable"]:
        raise Offline(OfflineReason.NOT_OUR_SERVER, "does not speak tus")
