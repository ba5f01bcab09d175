"""What every request of a tablet has in common: its body within limits, its token, its version."""

from datetime import UTC, datetime
from typing import TypeVar

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from protocol.fields import Document
from protocol.limits import MAX_PUSH_BYTES
from protocol.problems import Code, FieldError
from protocol.version import OLDEST_SUPPORTED, PROTOCOL
from sync_server.crm.refusal import Refused

PROTOCOL_HEADER = "rundgang-protocol"
"""A tablet may say which version it speaks where no body does; nothing said means this one."""

_DRAINED = 4
"""How many times the limit is read and thrown away, so that a client that sends first and reads later
gets the answer; who sends still more is cut off."""


_D = TypeVar("_D", bound=Document)

_DIGITS = 15
"""Of the longest number in a header that is looked at: Python refuses to convert very long ones."""


def now() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


async def read_json_body(request: Request, limit: int = MAX_PUSH_BYTES) -> bytes:
    """The body, of at most `limit` bytes.

    Raises:
        Refused: UNSUPPORTED_MEDIA_TYPE or TOO_LARGE.
    """
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" or request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(Code.UNSUPPORTED_MEDIA_TYPE)
    announced = request.headers.get("content-length", "")
    too_large = announced.isdecimal() and (len(announced) > _DIGITS or int(announced) > limit)
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        too_large = too_large or length > limit
        if length > _DRAINED * limit:
            break
        if not too_large:
            parts.append(part)
    if too_large:
        raise Refused(Code.TOO_LARGE, detail=f"at most {limit} bytes")
    return b"".join(parts)


def read_document(body: bytes, model: type[_D]) -> _D:
    """The document in a body.

    Raises:
        Refused: NOT_JSON, or INVALID_REQUEST with the places at fault.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        if any(entry["type"] == "json_invalid" for entry in found):
            raise Refused(Code.NOT_JSON) from None
        places = tuple(
            FieldError(pointer="".join(f"/{step}" for step in entry["loc"]), message=entry["msg"])
            for entry in found
        )
        raise Refused(Code.INVALID_REQUEST, errors=places) from None


def json_answer(document: Document) -> Response:
    """A document as an answer that nobody may keep."""
    return Response(document.as_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


def token_of(request: Request) -> str | None:
    """The bearer token (RFC 6750), None when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.isascii() else None


def require_version_for_reading(request: Request) -> None:
    """Refuse to be read by a tablet of another version; an old one may still push (S16).

    Raises:
        Refused: PROTOCOL_TOO_OLD, PROTOCOL_TOO_NEW or INVALID_REQUEST.
    """
    said = request.headers.get(PROTOCOL_HEADER)
    if said is None:
        return
    if not (said.isdecimal() and len(said) <= _DIGITS):
        raise Refused(Code.INVALID_REQUEST, detail=f"{PROTOCOL_HEADER} must be a whole number")
    if int(said) > PROTOCOL:
        raise Refused(Code.PROTOCOL_TOO_NEW)
    if int(said) < OLDEST_SUPPORTED:
        raise Refused(Code.PROTOCOL_TOO_OLD)


def note_device(request: Request, device_id: object) -> None:
    """Let the log say which device asked."""
    request.scope.setdefault("state", {})["device_id"] = str(device_id)


def address_of(request: Request) -> str:
    """The client's network address, as far as it is known."""
    return request.client.host if request.client else "unknown"
