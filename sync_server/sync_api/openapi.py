"""The interface's description in OpenAPI 3.1, made from the models that read and write it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from protocol.changes import (
    AddComment,
    MarkTask,
    PlanVisit,
    PrepareVisit,
    PushAnswer,
    PushRequest,
    ReviseObservation,
)
from protocol.fields import Document
from protocol.limits import MAX_PHOTO_BYTES, MAX_PULL_PAGE, MAX_PUSH_BYTES, MAX_PUSH_CHANGES, PULL_PAGE
from protocol.missing_photos import MissingPhotos, MissingPhotosAnswer
from protocol.pairing import Hello, PairAnswer, PairRequest
from protocol.problems import CATALOGUE, MEDIA_TYPE, Code, Problem
from protocol.reading import PullPage
from protocol.reference import DOCUMENT_TYPES
from protocol.template import Template
from protocol.version import OLDEST_SUPPORTED, PROTOCOL

_CHANGES = (ReviseObservation, AddComment, MarkTask, PlanVisit, PrepareVisit)

_ANYWHERE = (Code.BUSY, Code.STORAGE_FULL, Code.INTERNAL)
_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_BLOCKED)


@dataclass(frozen=True)
class Header:
    """A header of a request: what it says, and in which form."""

    meaning: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string", "minLength": 1})
    required: bool = True


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    Attributes:
        answers: status of a success and its document; None when the answer has no JSON body.
        headers: the request's headers that matter.
        returned: names of the answer's headers that matter.
        taken: media type of a body that is no JSON.
        given: media type of an answer that is no JSON.
    """

    method: str
    path: str
    summary: str
    answers: dict[int, type[Document] | None]
    body: type[Document] | None = None
    problems: tuple[Code, ...] = ()
    needs_token: bool = True
    query: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    headers: dict[str, Header] = field(default_factory=dict)
    returned: tuple[str, ...] = ()
    taken: str | None = None
    given: str | None = None


_TUS = {"Tus-Resumable": Header("the version of tus", {"type": "string", "const": "1.0.0"})}
_BYTES = {"type": "integer", "minimum": 0, "maximum": MAX_PHOTO_BYTES}

OPERATIONS = (
    Operation("get", "/sync/v1/hello", "That a Rundgang server is here.", {200: Hello}, needs_token=False),
    Operation("get", "/sync/v1/openapi.json", "This description.", {200: None}, needs_token=False),
    Operation(
        "post",
        "/sync/v1/pair",
        "Exchange a pairing code for a token.",
        {200: PairAnswer},
        body=PairRequest,
        needs_token=False,
        problems=(
            Code.NOT_JSON,
            Code.INVALID_REQUEST,
            Code.TOO_LARGE,
            Code.UNSUPPORTED_MEDIA_TYPE,
            Code.PROTOCOL_TOO_NEW,
            Code.PAIRING_CODE_WRONG,
            Code.PAIRING_CODE_USED,
            Code.PAIRING_CODE_EXPIRED,
            Code.TOO_MANY_ATTEMPTS,
            Code.FORBIDDEN,
        ),
    ),
    Operation(
        "post",
        "/sync/v1/push",
        f"Push at most {MAX_PUSH_CHANGES} changes in {MAX_PUSH_BYTES} bytes; each gets its receipt.",
        {200: PushAnswer},
        body=PushRequest,
        problems=(
            Code.NOT_JSON,
            Code.INVALID_REQUEST,
            Code.IMPLAUSIBLE_DATE,
            Code.TOO_LARGE,
            Code.TOO_MANY_CHANGES,
            Code.UNSUPPORTED_MEDIA_TYPE,
            Code.PROTOCOL_TOO_NEW,
            Code.EPOCH_CHANGED,
        ),
    ),
    Operation(
        "get",
        "/sync/v1/pull",
        "One page of what changed since the cursor.",
        {200: PullPage},
        query={
            "cursor": ("Where the last page ended; left out to read anew.", {"type": "string"}),
            "limit": (
                f"Documents in the page, at most {MAX_PULL_PAGE}.",
                {"type": "integer", "minimum": 1, "maximum": 10**9 - 1, "default": PULL_PAGE},
            ),
        },
        headers={
            "Rundgang-Protocol": Header(
                f"the tablet's version of the protocol, {PROTOCOL} if left out",
                {"type": "integer", "minimum": OLDEST_SUPPORTED, "maximum": PROTOCOL},
                required=False,
            )
        },
        problems=(
            Code.INVALID_REQUEST,
            Code.CURSOR_UNREADABLE,
            Code.CURSOR_OTHER_EPOCH,
            Code.CURSOR_OTHER_SCOPE,
            Code.CURSOR_TOO_OLD,
            Code.PROTOCOL_TOO_NEW,
            Code.PROTOCOL_TOO_OLD,
        ),
    ),
    Operation(
        "get",
        "/sync/v1/templates/{name}",
        "One version of the template: what the kinds ask. It never changes.",
        {200: Template},
        problems=(Code.NOT_FOUND,),
    ),
    Operation(
        "post",
        "/sync/v1/missing-photos",
        "Tell which photos of confirmed observations the tablet cannot give any more.",
        {200: MissingPhotosAnswer},
        body=MissingPhotos,
        problems=(
            Code.NOT_JSON,
            Code.INVALID_REQUEST,
            Code.TOO_LARGE,
            Code.UNSUPPORTED_MEDIA_TYPE,
            Code.PROTOCOL_TOO_NEW,
            Code.EPOCH_CHANGED,
        ),
    ),
    Operation(
        "options",
        "/sync/v1/media/",
        "What of tus 1.0.0 is understood.",
        {204: None},
        needs_token=False,
        returned=("Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"),
    ),
    Operation(
        "post",
        "/sync/v1/media/",
        "Begin the upload of a photo (tus creation, creation-with-upload).",
        {201: None},
        headers={
            **_TUS,
            "Upload-Length": Header("bytes of the photo", {**_BYTES, "minimum": 1}),
            "Upload-Metadata": Header("`sha256`, `filetype` and `photo_id`, each with its value in Base64"),
        },
        returned=("Location", "Upload-Offset", "Upload-Expires"),
        taken="application/offset+octet-stream",
        problems=(
            Code.UPLOAD_VERSION,
            Code.INVALID_REQUEST,
            Code.MEDIA_TOO_LARGE,
            Code.MEDIA_CHECKSUM,
            Code.MEDIA_NOT_A_PHOTO,
            Code.UNSUPPORTED_MEDIA_TYPE,
            Code.FORBIDDEN,
        ),
    ),
    Operation(
        "head",
        "/sync/v1/media/{name}",
        "How far the upload of this name has come.",
        {200: None},
        headers=_TUS,
        returned=("Upload-Offset", "Upload-Length", "Upload-Expires"),
        problems=(Code.UPLOAD_VERSION, Code.UPLOAD_UNKNOWN),
    ),
    Operation(
        "patch",
        "/sync/v1/media/{name}",
        "Continue an upload; the last piece is checked and answered when the photo is stored.",
        {204: None},
        headers={
            **_TUS,
            "Upload-Offset": Header("where this piece begins", _BYTES),
            "Upload-Checksum": Header(
                "`sha1` or `sha256`, a space, and this piece's checksum in Base64",
                {"type": "string", "pattern": "^sha(1|256) [A-Za-z0-9+/]+=*$"},
                required=False,
            ),
        },
        returned=("Upload-Offset", "Upload-Expires"),
        taken="application/offset+octet-stream",
        problems=(
            Code.UPLOAD_VERSION,
            Code.UPLOAD_UNKNOWN,
            Code.UPLOAD_OFFSET,
            Code.UPLOAD_LOCKED,
            Code.INVALID_REQUEST,
            Code.UNSUPPORTED_MEDIA_TYPE,
            Code.MEDIA_TOO_LARGE,
            Code.MEDIA_CHECKSUM,
            Code.MEDIA_NOT_A_PHOTO,
        ),
    ),
    Operation(
        "delete",
        "/sync/v1/media/{name}",
        "Give an upload up (tus termination).",
        {204: None},
        headers=_TUS,
        problems=(Code.UPLOAD_VERSION, Code.UPLOAD_UNKNOWN, Code.UPLOAD_LOCKED),
    ),
    Operation(
        "get",
        "/sync/v1/media/{name}",
        "The stored photo with this SHA-256, of one of the asking user's own observations.",
        {200: None},
        given="image/*",
        problems=(Code.MEDIA_UNKNOWN,),
    ),
)


def openapi(_request: Request) -> Response:
    """The description."""
    return JSONResponse(description(), headers={"Cache-Control": "no-cache"})


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rundgang: synchronisation",
            "version": str(PROTOCOL),
            "description": "How tablets push observations and read what the server has. "
            "Every problem is `application/problem+json` (RFC 9457).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas() -> dict[str, Any]:
    models: set[type[Document]] = {Problem, *_CHANGES, *DOCUMENT_TYPES.values()}
    for operation in OPERATIONS:
        models |= {model for model in (operation.body, *operation.answers.values()) if model}
    _, schema = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = schema["$defs"]
    # Where the models leave room on purpose, what is meant is said here.
    schemas["PushRequest"]["properties"]["changes"]["items"] = {
        "oneOf": [_ref(change) for change in _CHANGES],
        "discriminator": {
            "propertyName": "type",
            "mapping": {
                "observation.revise": _ref(ReviseObservation)["$ref"],
                "comment.add": _ref(AddComment)["$ref"],
                "task.done": _ref(MarkTask)["$ref"],
                "visit.plan": _ref(PlanVisit)["$ref"],
                "visit.prepare": _ref(PrepareVisit)["$ref"],
            },
        },
    }
    schemas["Item"]["properties"]["body"] = {
        "description": "The document of this entity; left out for a tombstone.",
        "anyOf": [_ref(model) for model in DOCUMENT_TYPES.values()],
    }
    return schemas


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation),
        "security": [{"token": []}] if operation.needs_token else [],
    }
    if operation.body is not None:
        content = {"application/json": {"schema": _ref(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    elif operation.taken is not None:
        described["requestBody"] = {"required": operation.method == "patch", "content": {operation.taken: {}}}
    return described


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for part in operation.path.split("/"):
        if part.startswith("{"):
            yield {"name": part.strip("{}"), "in": "path", "required": True, "schema": {"type": "string"}}
    for name, (meaning, schema) in operation.query.items():
        yield {"name": name, "in": "query", "description": meaning, "schema": schema}
    for name, header in operation.headers.items():
        described = {"description": header.meaning, "required": header.required, "schema": header.schema}
        yield {"name": name, "in": "header", **described}


def _responses(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, model in operation.answers.items():
        content = {"application/json": {"schema": _ref(model)}} if model else None
        if operation.given:
            content = {operation.given: {}}
        headers = {name: {"schema": {"type": "string"}} for name in operation.returned}
        responses[str(status)] = {
            "description": "Done.",
            **({"content": content} if content else {}),
            **({"headers": headers} if headers else {}),
        }
    codes = (*operation.problems, *(_TOKEN if operation.needs_token else ()), *_ANYWHERE)
    by_status: dict[int, list[Code]] = {}
    for code in codes:
        by_status.setdefault(CATALOGUE[code].status, []).append(code)
    for status, some in sorted(by_status.items()):
        said = "; ".join(f"`{code}`: {CATALOGUE[code].en}" for code in some)
        content = {MEDIA_TYPE: {"schema": _ref(Problem)}}
        responses[str(status)] = {"description": said, "content": content}
    return responses


def _ref(model: type[Document]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
