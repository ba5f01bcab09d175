"""A small Rundgang server in memory that keeps the rules of the protocol and fails as the test says.

Not the product's server: tests/app also runs against that one (test_with_the_real_server.py). This one can lose
answers, send portals' pages and be restored from a backup at any single request.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import httpx

from protocol.changes import Outcome, PushAnswer, PushRequest, Receipt, change_adapter, thing_of
from protocol.pairing import Hello, PairAnswer, Role
from protocol.problems import MEDIA_TYPE, Code, problem
from protocol.reading import Item, PullPage, Totals
from protocol.reference import Entity
from protocol.rules.checksum import fingerprint

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SPACE = UUID("00000000-0000-0000-0000-00000000beef")
USER = uuid5(SPACE, "jonas")
ADDRESS = "https://rundgang.test"

Fault = Callable[[httpx.Request, "Respond"], httpx.Response]
Respond = Callable[[], httpx.Response]


def name(text: str) -> UUID:
    """An id that is the same in every run."""
    return uuid5(SPACE, text)


def lost_before(request: httpx.Request, _: Respond) -> httpx.Response:
    """The request never arrived."""
    raise httpx.ConnectError("no network", request=request)


def lost_answer(request: httpx.Request, respond: Respond) -> httpx.Response:
    """The server did it, the answer was lost."""
    respond()
    raise httpx.ReadError("connection lost", request=request)


def late(request: httpx.Request, respond: Respond) -> httpx.Response:
    """The server did it, the answer came too late."""
    respond()
    raise httpx.ReadTimeout("too late", request=request)


def doubled(_: httpx.Request, respond: Respond) -> httpx.Response:
    """The network delivered the request twice."""
    respond()
    return respond()


def portal(_: httpx.Request, __: Respond) -> httpx.Response:
    """A captive portal answers with its page and status 200."""
    return httpx.Response(200, html="<html><title>WLAN Hotel Krone</title><form>Zimmernummer</form></html>")


def portal_in_json(_: httpx.Request, __: Respond) -> httpx.Response:
    """A portal with an API answers with its own JSON and status 200."""
    return httpx.Response(200, json={"status": "ok", "receipts": [], "type": "portal"})


def redirect(_: httpx.Request, __: Respond) -> httpx.Response:
    """A captive portal redirects to its page."""
    return httpx.Response(302, headers={"Location": "https://login.krone.test/"})


def cut_off(_: httpx.Request, respond: Respond) -> httpx.Response:
    """The server did it, half of its answer arrived."""
    whole = respond()
    return httpx.Response(
        whole.status_code, headers=whole.headers, content=whole.content[: len(whole.content) // 2]
    )


def unavailable(_: httpx.Request, __: Respond) -> httpx.Response:
    """A proxy before the server answers for it."""
    return httpx.Response(503, html="<h1>503 Service Unavailable</h1>")


def refuse(code: Code) -> Fault:
    """The server refuses the request."""
    return lambda _, __: problem_response(code)


def problem_response(code: Code) -> httpx.Response:
    """A problem as the server sends it."""
    document = problem(code)
    return httpx.Response(document.status, content=document.as_json(), headers={"Content-Type": MEDIA_TYPE})


@dataclass
class ScriptedServer:
    """What the server holds; `faults` is what happens to the next requests, `seen` what was asked."""

    epoch: UUID = field(default_factory=lambda: name("first life"))
    oldest_protocol: int = 1
    receipts: dict[UUID, Receipt] = field(default_factory=dict)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    arrivals: list[UUID] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, tuple[str, int, bytes]] = field(default_factory=dict)
    feed: dict[tuple[Entity, UUID], tuple[int, dict[str, Any] | None]] = field(default_factory=dict)
    refusals: dict[UUID, Code] = field(default_factory=dict)
    """By observation or visit: what its changes are rejected with."""
    faults: list[Fault | None] = field(default_factory=list)
    page_size: int = 500
    seen: list[str] = field(default_factory=list)
    wrong_totals: int = 0
    """How many last pages claim that one thing more is there."""
    position: int = 0
    template: dict[str, Any] | None = None
    """What is asked now; None on a server of before there were templates."""
    templates: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, template: dict[str, Any]) -> None:
        """Publish another version of the template."""
        self.template = self.templates[template["id"]] = template

    @property
    def transport(self) -> httpx.MockTransport:
        """The way to this server."""
        return httpx.MockTransport(self.handle)

    def publish(self, entity: Entity, thing: UUID, body: dict[str, Any] | None) -> None:
        """A new state of a thing; None is a tombstone."""
        self.position += 1
        self.feed[entity, thing] = (self.position, body)

    def backup(self) -> "ScriptedServer":
        """What a restored server knows: all this, in another epoch."""
        return ScriptedServer(
            epoch=name(f"after {self.epoch}"),
            receipts=dict(self.receipts),
            revisions=deepcopy(self.revisions),
            comments=deepcopy(self.comments),
            blobs=dict(self.blobs),
            feed=deepcopy(self.feed),
            position=self.position,
        )

    def restore(self, backup: "ScriptedServer") -> None:
        """Become what the backup was."""
        for attribute in ("epoch", "receipts", "revisions", "comments", "blobs", "feed", "position"):
            setattr(self, attribute, getattr(backup, attribute))
        self.uploads = {}

    def handle(self, request: httpx.Request) -> httpx.Response:
        """One request, with the next fault if there is one."""
        self.seen.append(f"{request.method} {request.url.path}")
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            return fault(request, lambda: self._answer(request))
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/sync/v1/hello":
            return self._json(
                Hello(
                    epoch=self.epoch,
                    server_time=NOW,
                    oldest_protocol=self.oldest_protocol,
                    company="Albwerk",
                    template=UUID(self.template["id"]) if self.template else None,
                )
            )
        if path == "/sync/v1/pair":
            return self._pair(request)
        if path == "/sync/v1/push":
            return self._push(PushRequest.model_validate_json(request.content))
        if path == "/sync/v1/pull":
            return self._pull(request.url.params.get("cursor"))
        if path.startswith("/sync/v1/templates/"):
            found = self.templates.get(path.rsplit("/", 1)[1])
            return httpx.Response(200, json=found) if found else problem_response(Code.NOT_FOUND)
        if path.startswith("/sync/v1/media/"):
            return self._upload(request)
        return problem_response(Code.NOT_FOUND)

    def _pair(self, request: httpx.Request) -> httpx.Response:
        if json.loads(request.content)["code"] != "ABCD2345":
            return problem_response(Code.PAIRING_CODE_WRONG)
        return self._json(
            PairAnswer(
                epoch=self.epoch,
                server_time=NOW,
                token="secret",
                device_id=name("device"),
                user_id=USER,
                user_name="Jonas Weber",
                role=Role.TECHNICIAN,
                company="Albwerk",
            )
        )

    def _push(self, request: PushRequest) -> httpx.Response:
        if request.epoch != self.epoch:
            return problem_response(Code.EPOCH_CHANGED)
        receipts = tuple(self._take(body) for body in request.changes)
        return self._json(PushAnswer(epoch=self.epoch, server_time=NOW, receipts=receipts))

    def _take(self, body: dict[str, Any]) -> Receipt:
        change = change_adapter.validate_python(body)
        self.arrivals.append(change.id)
        known = self.receipts.get(change.id)
        if known is not None:
            return known
        code = self.refusals.get(thing_of(change))
        if code is not None:
            return Receipt(
                change_id=change.id, outcome=Outcome.REJECTED, received_at=NOW, problem=problem(code)
            )
        (self.revisions if body["type"] == "observation.revise" else self.comments).append(body)
        receipt = Receipt(change_id=change.id, outcome=Outcome.ACCEPTED, received_at=NOW)
        self.receipts[change.id] = receipt
        return receipt

    def _pull(self, cursor: str | None) -> httpx.Response:
        epoch, _, after = (cursor or f"{self.epoch}:0").partition(":")
        if epoch != str(self.epoch) or int(after) > self.position:
            return problem_response(Code.CURSOR_OTHER_EPOCH)
        news = sorted(
            (version, key, body) for key, (version, body) in self.feed.items() if version > int(after)
        )
        page, more = news[: self.page_size], len(news) > self.page_size
        items = tuple(
            Item(entity=key[0], id=key[1], version=version, body=body) for version, key, body in page
        )
        end = page[-1][0] if page else int(after)
        return self._json(
            PullPage(
                epoch=self.epoch,
                server_time=NOW,
                items=items,
                cursor=f"{self.epoch}:{end}",
                more=more,
                remaining=len(news) - len(page),
                totals=None if more else self._totals(),
            )
        )

    def _totals(self) -> Totals:
        held = {key: version for key, (version, body) in self.feed.items() if body is not None}
        checksum = 0
        for (entity, thing), version in held.items():
            checksum ^= fingerprint(entity, thing, version)
        if self.wrong_totals:
            self.wrong_totals -= 1
            return Totals(count=len(held) + 1, checksum=checksum)
        return Totals(count=len(held), checksum=checksum)

    def _upload(self, request: httpx.Request) -> httpx.Response:
        tus = {"Tus-Resumable": "1.0.0"}
        upload = request.url.path.removeprefix("/sync/v1/media").strip("/")
        if request.method == "POST":
            pairs = dict(part.split(" ") for part in request.headers["Upload-Metadata"].split(","))
            sha256 = base64.b64decode(pairs["sha256"]).decode()
            named = {
                one["sha256"]
                for body in self.revisions
                for one in (
                    *body["content"].get("photos", ()),
                    *body["content"].get("voice", ()),
                    *body["content"].get("signatures", ()),
                )
            }
            named |= {body["voice"]["sha256"] for body in self.comments if body.get("voice")}
            if sha256 not in named:
                return problem_response(Code.MEDIA_UNKNOWN)
            key, size = f"u{len(self.uploads) + 1}", int(request.headers["Upload-Length"])
            self.uploads[key] = (sha256, size, self.blobs.get(sha256, b""))
            done = str(len(self.uploads[key][2]))
            return httpx.Response(
                201, headers={**tus, "Location": f"/sync/v1/media/{key}", "Upload-Offset": done}
            )
        if upload not in self.uploads:
            return httpx.Response(404, headers={**tus, "Content-Type": MEDIA_TYPE})
        sha256, size, data = self.uploads[upload]
        if request.method == "HEAD":
            return httpx.Response(
                200, headers={**tus, "Upload-Offset": str(len(data)), "Upload-Length": str(size)}
            )
        if int(request.headers["Upload-Offset"]) != len(data):
            return problem_response(Code.UPLOAD_OFFSET)
        algorithm, digest = request.headers["Upload-Checksum"].split(" ")
        if base64.b64decode(digest) != hashlib.new(algorithm, request.content).digest():
            return problem_response(Code.MEDIA_CHECKSUM)
        data += request.content
        self.uploads[upload] = (sha256, size, data)
        if len(data) == size:
            self.blobs[sha256] = data
        return httpx.Response(204, headers={**tus, "Upload-Offset": str(len(data))})

    @staticmethod
    def _json(document: Any) -> httpx.Response:
        return httpx.Response(200, content=document.as_json(), headers={"Content-Type": "application/json"})
