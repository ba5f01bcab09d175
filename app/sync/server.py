"""The server as the tablet sees it: typed questions and answers; every failure becomes Offline or SyncProblem.

The one boundary at which foreign exceptions and foreign answers are mapped. An answer counts only if it is the
expected document of the expected type (rule S3).
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from pydantic import ValidationError

from app.sync.errors import Offline, OfflineReason, SyncProblem
from protocol.changes import AnyChange, PushAnswer, PushRequest
from protocol.fields import Document
from protocol.limits import PULL_PAGE
from protocol.missing_photos import MissingPhotos, MissingPhotosAnswer
from protocol.pairing import Hello, PairAnswer, PairRequest
from protocol.problems import MEDIA_TYPE, Code, Problem, problem
from protocol.reading import PullPage
from protocol.version import PROTOCOL

API = "/sync/v1"

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
"""Seconds. A push of MAX_PUSH_BYTES over a weak mobile network takes that long; a dead one is noticed sooner."""

_SLICE = 25
"""Changes written between two breaths of the screen."""

_JSON = "application/json"
_TEMPLATE = "rundgang.template"
_URN = "urn:rundgang:problem:"
_D = TypeVar("_D", bound=Document)


def server_address(typed: str) -> str:
    """The address of a server as a person typed it, without path and with a scheme (https unless said).

    Raises:
        ValueError: this is no address.
    """
    text = typed.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme not in ("https", "http") or not parts.hostname or " " in parts.netloc:
        raise ValueError(f"not an address: {typed!r}")
    return f"{parts.scheme}://{parts.netloc}"


class Server:
    """One Rundgang server, with this tablet's token once it is paired."""

    def __init__(
        self, address: str, *, transport: httpx.AsyncBaseTransport | None = None, token: str | None = None
    ) -> None:
        self.address = address
        headers = {"Rundgang-Protocol": str(PROTOCOL)}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._client = httpx.AsyncClient(
            base_url=address, transport=transport, headers=headers, timeout=TIMEOUT, follow_redirects=False
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def hello(self) -> Hello:
        """That a Rundgang server is really there."""
        return _document(await self.request("GET", f"{API}/hello"), Hello)

    async def pair(self, code: str, device_name: str) -> PairAnswer:
        """Exchange a pairing code for an identity."""
        body = PairRequest(code=code, device_name=device_name).as_json()
        return _document(await self.request("POST", f"{API}/pair", content=body), PairAnswer)

    async def push(self, changes: Sequence[AnyChange], *, epoch: UUID, sent_at: datetime) -> PushAnswer:
        """Push changes. The answer has a receipt for exactly these and is of this epoch, or it does not count."""
        bodies = []
        for change in changes:
            bodies.append(change.as_dict())
            if len(bodies) % _SLICE == 0:
                await asyncio.sleep(0)  # a full push must not keep whoever taps waiting
        body = PushRequest(epoch=epoch, sent_at=sent_at, changes=tuple(bodies)).as_json()
        answer = _document(await self.request("POST", f"{API}/push", content=body), PushAnswer)
        if answer.epoch != epoch:
            raise SyncProblem(problem(Code.EPOCH_CHANGED))
        if sorted(receipt.change_id for receipt in answer.receipts) != sorted(
            change.id for change in changes
        ):
            raise Offline(OfflineReason.NOT_OUR_SERVER, "receipts for other changes")
        return answer

    async def pull(self, cursor: str | None, *, epoch: UUID, limit: int = PULL_PAGE) -> PullPage:
        """One page of changes after a cursor."""
        question = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        page = _document(await self.request("GET", f"{API}/pull", params=question), PullPage)
        if page.epoch != epoch:
            raise SyncProblem(problem(Code.CURSOR_OTHER_EPOCH))
        return page

    async def template(self, template_id: UUID) -> dict[str, Any]:
        """One version of the template as it came: what only a newer app understands is kept for it."""
        response = await self.request("GET", f"{API}/templates/{template_id}")
        try:
            body = json.loads(response.content)
            ours = body["type"] == _TEMPLATE and UUID(body["id"]) == template_id
        except (ValueError, TypeError, KeyError, AttributeError):
            ours = False
        if not ours:
            raise Offline(OfflineReason.NOT_OUR_SERVER, "no such template")
        return dict(body)

    async def missing_photos(self, hashes: Sequence[str], *, epoch: UUID) -> frozenset[str]:
        """Tell which photos this tablet cannot give any more; returns those that the server has all the same."""
        body = MissingPhotos(epoch=epoch, photos=tuple(hashes)).as_json()
        response = await self.request("POST", f"{API}/missing-photos", content=body)
        answer = _document(response, MissingPhotosAnswer)
        if answer.epoch != epoch:
            raise SyncProblem(problem(Code.EPOCH_CHANGED))
        return frozenset(answer.received)

    async def request(
        self, method: str, path: str, *, accept: frozenset[int] = frozenset(), **options: Any
    ) -> httpx.Response:
        """One request; returns only answers of a 2xx status, and of those in `accept`.

        Raises:
            Offline: no answer, or somebody else's.
            SyncProblem: the server's own refusal.
        """
        if "content" in options:
            options["headers"] = {"Content-Type": _JSON, **options.get("headers", {})}
        try:
            response = await self._client.request(method, path, **options)
        except httpx.TimeoutException as failure:
            raise Offline(OfflineReason.TIMEOUT, type(failure).__name__) from failure
        except httpx.DecodingError as failure:
            raise Offline(OfflineReason.NOT_OUR_SERVER, "unreadable body") from failure
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            raise Offline(OfflineReason.UNREACHABLE, type(failure).__name__) from failure
        if response.is_success or response.status_code in accept:
            return response
        raise _refusal(response)

    @staticmethod
    def is_problem(response: httpx.Response) -> bool:
        """Whether an answer says of itself that it is a problem; answers to HEAD have no body to look into."""
        return _media_type(response) == MEDIA_TYPE


def _document(response: httpx.Response, model: type[_D]) -> _D:
    """The expected document, or Offline: a portal's page with status 200 is none."""
    if _media_type(response) != _JSON:
        raise Offline(OfflineReason.NOT_OUR_SERVER, f"content type {_media_type(response)!r}")
    try:
        document = model.model_validate_json(response.content)
    except ValidationError as failure:
        raise Offline(OfflineReason.NOT_OUR_SERVER, f"no {model.__name__}") from failure
    # `type` has a default in the models, so that senders need not repeat it; here it must have been said.
    if "type" not in document.model_fields_set:
        raise Offline(OfflineReason.NOT_OUR_SERVER, f"no {model.__name__}")
    return document


def _refusal(response: httpx.Response) -> Offline | SyncProblem:
    if _media_type(response) == MEDIA_TYPE:
        found = _problem(response.content)
        if found is not None:
            return SyncProblem(found)
    return Offline(OfflineReason.NOT_OUR_SERVER, f"status {response.status_code}")


def _problem(content: bytes) -> Problem | None:
    """The problem in a body; None if it is none of ours. One that only a newer app knows keeps its words."""
    try:
        values = json.loads(content)
        if not str(values.get("type", "")).startswith(_URN):
            return None
        if values.get("code") not in set(Code):
            values = {**values, "code": Code.INTERNAL}
        return Problem.model_validate(values)
    except (ValueError, AttributeError, TypeError):
        return None


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).split(";", 1)[0].strip().lower()
