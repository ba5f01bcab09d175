"""The way between a tablet and the server: what is lost, late, doubled, cut off, out of date or answered by others."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import httpx

from tests.model.office import Office, PowerCut


class Fault(StrEnum):
    """What happens to one request."""

    NONE = "none"
    LOST = "lost"
    ANSWER_LOST = "answer lost"
    LATE = "late"
    """The tablet has given up when the server gets it."""
    DOUBLED = "doubled"
    DOUBLED_LATE = "doubled, the second time late"
    PORTAL_PAGE = "portal's page"
    PORTAL_REDIRECT = "portal's redirect"
    PROXY_ERROR = "proxy's error page"
    CUT_OFF = "cut off"
    OLD_ANSWER = "an older answer"
    POWER_CUT = "power cut"
    BUSY = "database busy"
    MEANWHILE = "something happens before"
    AFTERWARDS = "something happens before the answer arrives"


_WEIGHTS = {
    Fault.NONE: 30, Fault.LOST: 3, Fault.ANSWER_LOST: 6, Fault.LATE: 4, Fault.DOUBLED: 4, Fault.DOUBLED_LATE: 4,
    Fault.PORTAL_PAGE: 1, Fault.PORTAL_REDIRECT: 1, Fault.PROXY_ERROR: 1, Fault.CUT_OFF: 2, Fault.OLD_ANSWER: 7,
    Fault.POWER_CUT: 8, Fault.BUSY: 1, Fault.MEANWHILE: 8, Fault.AFTERWARDS: 5,
}  # fmt: skip

_PUSH = ("POST", "/sync/v1/push")
_SPARED_PUSHES = 8
"""Most of what can be lost goes with a push, and most requests are none."""

_ANSWERED_AGAIN = frozenset({_PUSH, ("GET", "/sync/v1/hello")})
"""What a broken proxy may answer from its memory and the tablet must see through (S3). A page of a pull is none of
them: it says `Cache-Control: no-store`, and does not name the cursor that it answers."""


class Sent(NamedTuple):
    """A request as it left the tablet."""

    request: httpx.Request
    content: bytes

    @property
    def kind(self) -> tuple[str, str]:
        """Method and path."""
        return self.request.method, self.request.url.path


@dataclass
class Weather:
    """What the network does to the next requests of one tablet; nothing, once it is used up."""

    chance: random.Random
    requests: int

    def next(self, sent: "Sent") -> Fault:
        """The fate of the next request."""
        if self.requests <= 0:
            return Fault.NONE
        self.requests -= 1
        weights = _WEIGHTS | ({Fault.NONE: _SPARED_PUSHES} if sent.kind == _PUSH else {})
        return self.chance.choices(list(weights), list(weights.values()))[0]


@dataclass
class Line(httpx.AsyncBaseTransport):
    """One tablet's connection.

    Attributes:
        late: requests that the server has still to get, of all tablets.
        meanwhile: lets something else happen.
        trace: is told of every request and its fate.
    """

    office: Office
    late: list[Sent]
    trace: Callable[[str], None]
    weather: Weather = field(default_factory=lambda: Weather(random.Random("calm"), 0))
    meanwhile: Callable[[random.Random], Awaitable[None]] | None = None
    _answers: dict[tuple[str, str], list[httpx.Response]] = field(default_factory=dict)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request and its fate."""
        sent = Sent(request, await request.aread())
        fault = self.weather.next(sent)
        if fault is Fault.OLD_ANSWER and sent.kind not in _ANSWERED_AGAIN:
            fault = Fault.ANSWER_LOST
        answer = await self._answer(sent, fault)
        self.trace(f"    {request.method} {_place(request)} -> {answer.status_code} ({fault})")
        return _as_received(answer, request)

    async def _answer(self, sent: Sent, fault: Fault) -> httpx.Response:
        chance = self.weather.chance
        match fault:
            case Fault.LOST:
                raise self._gone(sent, fault)
            case Fault.LATE:
                self.late.append(sent)
                raise self._gone(sent, fault)
            case Fault.PORTAL_PAGE:
                return httpx.Response(200, html="<h1>Willkommen im WLAN</h1>")
            case Fault.PORTAL_REDIRECT:
                return httpx.Response(302, headers={"Location": "http://portal.example/"})
            case Fault.PROXY_ERROR:
                return httpx.Response(502, html="<h1>Bad Gateway</h1>")
            case Fault.OLD_ANSWER if self._answers.get(sent.kind):
                return chance.choice(self._answers[sent.kind])
            case Fault.DOUBLED:
                await self._deliver(sent)
            case Fault.DOUBLED_LATE:
                self.late.append(sent)
            case Fault.POWER_CUT:
                self.office.power.cut(chance.randint(1, 25), after=chance.random() < 0.5)
            case Fault.BUSY:
                with self.office.busy():
                    return await self._deliver(sent)
            case Fault.MEANWHILE if self.meanwhile is not None:
                await self.meanwhile(chance)
        answer = await self._deliver(sent)
        if fault is Fault.AFTERWARDS and self.meanwhile is not None:
            await self.meanwhile(chance)
        if fault is Fault.ANSWER_LOST:
            raise self._gone(sent, fault)
        if fault is Fault.CUT_OFF:
            body = answer.content[: chance.randint(0, max(0, len(answer.content) - 1))]
            return httpx.Response(answer.status_code, headers=_media_type(answer), content=body)
        return answer

    async def _deliver(self, sent: Sent) -> httpx.Response:
        try:
            answer = await self.office.answer(sent.request, sent.content)
        except PowerCut:
            raise self._gone(sent, Fault.POWER_CUT) from None
        if sent.kind in _ANSWERED_AGAIN and answer.status_code == 200:
            self._answers.setdefault(sent.kind, []).append(answer)
        return answer

    def _gone(self, sent: Sent, fault: Fault) -> httpx.TransportError:
        self.trace(f"    {sent.request.method} {_place(sent.request)} -> nothing ({fault})")
        if fault is Fault.LATE:
            return httpx.ReadTimeout("nobody answered", request=sent.request)
        return httpx.ReadError("the connection broke", request=sent.request)


async def deliver_late(office: Office, late: list[Sent], chance: random.Random) -> None:
    """Let the server get late requests, in any order; nobody hears the answers."""
    chance.shuffle(late)
    for _ in range(chance.randint(1, 4)):
        if late:
            sent = late.pop()
            await office.answer(sent.request, sent.content)


def _as_received(answer: httpx.Response, request: httpx.Request) -> httpx.Response:
    """The same answer once more: httpx notes on each whose it is."""
    kept = [(name, value) for name, value in answer.headers.items() if name not in _OF_THE_BODY]
    return httpx.Response(answer.status_code, headers=kept, content=answer.content, request=request)


_OF_THE_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers about the form of a body that is here already decoded."""


def _media_type(answer: httpx.Response) -> dict[str, str]:
    return {"Content-Type": answer.headers.get("content-type", "")}


def _place(request: httpx.Request) -> str:
    """The path without what is different in each run: names of uploads are secrets."""
    path = request.url.path
    return "/sync/v1/media/…" if path.startswith("/sync/v1/media/") and len(path) > 15 else path
