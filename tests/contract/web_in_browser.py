"""The browser's side of test_web.py: runs inside Pyodide."""

import base64
import hashlib
from typing import Any

import httpx

from app.device.errors import PhotoError
from app.device.web import acquire_tab, scale_photo, storage_estimate, web_platform
from app.sync.fetch import FetchTransport


async def scale(data: str) -> dict[str, Any]:
    """A photo (Base64) scaled, or the name of the failure."""
    try:
        photo = await scale_photo(base64.b64decode(data))
    except PhotoError as failure:
        return {"failure": type(failure).__name__}
    text = base64.b64encode(photo.data).decode()
    return {"data": text, "type": photo.media_type, "width": photo.width, "height": photo.height}


async def scale_large(size: int) -> str:
    """The name of the failure with a file of that many bytes."""
    return str((await _failure(size)) or "")


async def _failure(size: int) -> str | None:
    try:
        await scale_photo(b"\xff\xd8\xff" + bytes(size))
    except PhotoError as failure:
        return type(failure).__name__
    return None


async def get(url: str, seconds: float = 20.0) -> dict[str, Any]:
    """Status, headers and length of an answer, or the name of httpx's failure."""
    async with httpx.AsyncClient(transport=FetchTransport(), timeout=seconds) as client:
        try:
            answer = await client.get(url)
        except httpx.TransportError as failure:
            kinds = (httpx.TimeoutException, httpx.ConnectError)
            return {"failure": next(kind.__name__ for kind in kinds if isinstance(failure, kind))}
    return {"status": answer.status_code, "headers": dict(answer.headers), "length": len(answer.content)}


async def post(url: str, size: int) -> dict[str, Any]:
    """What the server says has arrived, and what should have."""
    body = bytes(range(256)) * (size // 256)
    async with httpx.AsyncClient(transport=FetchTransport()) as client:
        answer = await client.post(
            url, content=body, headers={"Upload-Offset": "7", "Authorization": "Bearer x"}
        )
    return {"status": answer.status_code, "sent": hashlib.sha256(body).hexdigest(), "said": answer.json()}


async def surroundings() -> dict[str, Any]:
    """What the platform says of itself."""
    platform = web_platform()
    use = await storage_estimate()
    offset = platform.clock().astimezone().utcoffset()
    return {
        "secure": platform.is_secure,
        "server": platform.default_server,
        "quota": use.quota,
        "utc_offset": offset.total_seconds() if offset else 0,
        "updates": type(platform.updates).__name__,
    }


_waited: list[bool] = []


async def become_the_tab() -> bool:
    """Become the only tab; whether that took waiting."""
    await acquire_tab(lambda: _waited.append(True))
    return bool(_waited)


async def tell_when_waiting() -> bool:
    """Whether this tab has been told to wait."""
    return bool(_waited)
