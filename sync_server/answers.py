"""Problems as HTTP answers: problem+json under /sync, a plain sentence elsewhere (RFC 9457)."""

import errno
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response

from protocol.problems import MEDIA_TYPE, Code, FieldError, problem, sentence
from sync_server.crm.refusal import Refused
from sync_server.store import Busy, StorageFull, StoreError

_BY_STATUS = {404: Code.NOT_FOUND, 405: Code.METHOD_NOT_ALLOWED, 413: Code.TOO_LARGE}

_RETRY_AFTER = {Code.BUSY: "2", Code.STORAGE_FULL: "300", Code.INTERNAL: "30"}
"""Seconds after which to try again: a writer is done within moments, a disk is emptied by a person."""


def language_of(connection: HTTPConnection) -> str:
    """ "de" or "en", whichever the person prefers (RFC 9110, section 12.5.4); German when nothing is said."""
    accepted = connection.headers.get("accept-language", "")
    best, best_weight = "de", 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.partition(";")
        language = tag.strip().lower()[:2]
        weight = _weight(parameters)
        if language in ("de", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best


def problem_response(
    connection: HTTPConnection,
    code: Code,
    *,
    detail: str = "",
    errors: tuple[FieldError, ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer for a problem, in the person's language and in the form that the address calls for."""
    language = language_of(connection)
    document = problem(code, language=language, detail=detail, errors=errors)
    sent = {"Content-Language": language, "Cache-Control": "no-store", **(headers or {})}
    if code in _RETRY_AFTER:
        sent.setdefault("Retry-After", _RETRY_AFTER[code])
    if document.status == 401:
        sent.setdefault("WWW-Authenticate", 'Bearer realm="rundgang"')
    if not connection.url.path.startswith("/sync"):
        return PlainTextResponse(sentence(code, language), document.status, sent)
    return Response(document.as_json(), document.status, sent, MEDIA_TYPE)


def on_refused(request: Request, error: Refused) -> Response:
    """The domain refused."""
    return problem_response(
        request, error.code, detail=error.detail, errors=error.errors, headers=error.headers
    )


def on_http_error(request: Request, error: HTTPException) -> Response:
    """Starlette refused: no such route, no such method."""
    headers = dict(error.headers or {})
    code = _BY_STATUS.get(error.status_code)
    if code is None:
        return PlainTextResponse(error.detail, error.status_code, headers)
    return problem_response(request, code, headers=headers)


def on_store_error(request: Request, error: Exception) -> Response:
    """The database could not; the exception's name goes to the log, the person gets a sentence."""
    return problem_response(request, code_of(error))


def code_of(error: Exception) -> Code:
    """The problem that a failure inside the server is to the one who asked."""
    if isinstance(error, Busy):
        return Code.BUSY
    if isinstance(error, StorageFull) or is_disk_full(error):
        return Code.STORAGE_FULL
    return Code.INTERNAL


def is_disk_full(error: BaseException) -> bool:
    """Whether a file could not be written for want of room (ENOSPC, EDQUOT)."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


EXCEPTION_HANDLERS: dict[Any, Any] = {
    Refused: on_refused,
    HTTPException: on_http_error,
    StoreError: on_store_error,
}
