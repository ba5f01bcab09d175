"""One request to the inbox as an endpoint reads it, and the door it came through: session, role, CSRF, form.

Every route of the inbox is a `Door`: it names the roles that may pass, and nothing is reached around it.
"""

import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from protocol.pairing import Role
from protocol.problems import sentence
from protocol.rules.access import INBOX_ROLES, Who
from sync_server.answers import code_of, language_of
from sync_server.crm.lead_filters import Reader
from sync_server.inbox import clock, sessions
from sync_server.inbox.headers import secured
from sync_server.inbox.language import Language, get_language
from sync_server.inbox.sessions import Visitor
from sync_server.live import Live
from sync_server.settings import Settings
from sync_server.store.database import Database, StoreError

MAX_FORM_BYTES: Final = 2 * 1024 * 1024
"""A form's body. A comment of 100,000 characters is answered with a sentence about its length, not cut off."""

_SAFE = frozenset({"GET", "HEAD"})


class Form(dict[str, str]):
    """The fields of a sent form; a missing one is an empty text."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True)
class Call:
    """A request whose sender is known (or anonymous at the public doors)."""

    request: Request
    settings: Settings
    now: datetime
    language: Language
    form: Form = field(default_factory=Form)
    visitor: Visitor | None = None

    @property
    def database(self) -> Database:
        """The store."""
        database: Database = self.request.app.state.database
        return database

    @property
    def live(self) -> Live:
        """The hub to the open pages."""
        live: Live = self.request.app.state.live
        return live

    @property
    def user(self) -> Visitor:
        """The visitor behind a door that lets nobody in without a session."""
        if self.visitor is None:
            raise LookupError("nobody is logged in")
        return self.visitor

    @property
    def who(self) -> Who:
        """The visitor as the rules of access need him."""
        return Who(self.user.user_id, self.user.role, self.user.territory)

    @property
    def reader(self) -> Reader:
        """The visitor as the queue needs him."""
        return Reader(self.user.user_id, self.user.role, self.user.territory, self.today)

    @property
    def may_decide(self) -> bool:
        """Whether the visitor may change leads."""
        return self.user.role in INBOX_ROLES

    @property
    def today(self) -> date:
        """The firm's calendar day."""
        return self.language.today(self.now)

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks for a part of the page (and not to restore a whole one from its history)."""
        headers = self.request.headers
        return "hx-request" in headers and "hx-history-restore-request" not in headers

    @property
    def is_from_here(self) -> bool:
        """Whether the browser says that one of our own pages has sent this.

        The host alone is compared, because behind a reverse proxy the scheme seen here is not the person's.
        """
        headers = self.request.headers
        origin = headers.get("origin")
        if origin is not None:
            return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
        return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")

    @property
    def address(self) -> str:
        """Path and query of the page that the person sees."""
        if self.is_partial:
            page = urlsplit(self.request.headers.get("hx-current-url", ""))
        else:
            page = urlsplit(str(self.request.url))
        return (page.path or "/") + (f"?{page.query}" if page.query else "")


Answer = Callable[[Call], Response]


class Door(Route):
    """A route of the inbox with the roles that may pass it; `roles` None is open to everybody.

    Args:
        answer: runs in the thread pool.
    """

    def __init__(
        self,
        path: str,
        answer: Answer,
        *,
        settings: Settings,
        roles: Collection[Role] | None,
        methods: Collection[str] = ("GET",),
    ) -> None:
        super().__init__(path, self._pass, methods=list(methods), name=answer.__name__)
        self.roles = None if roles is None else frozenset(roles)
        self._answer = answer
        self._settings = settings

    async def _pass(self, request: Request) -> Response:
        form = Form()
        if request.method not in _SAFE:
            body = await _read_body(request)
            if body is None:
                return await run_in_threadpool(self._refuse, request, 413)
            form = _parse(body)
        return secured(await run_in_threadpool(self._serve, request, form), self._settings)

    def _serve(self, request: Request, form: Form) -> Response:
        from sync_server.inbox import refusals

        call = Call(request, self._settings, clock.now(), self._language(language_of(request)), form)
        try:
            visitor = sessions.find(call.database, sessions.token_of(request, self._settings), call.now)
            if visitor is not None:
                call = Call(
                    request, self._settings, call.now, self._language(visitor.language), form, visitor
                )
            if self.roles is not None:
                if visitor is None:
                    return refusals.to_login(call)
                if visitor.role not in self.roles:
                    return refusals.forbidden(call)
            if request.method not in _SAFE and not _is_own(call):
                return refusals.foreign(call)
            return self._answer(call)
        except (StoreError, OSError, SQLAlchemyError) as error:
            code = code_of(error)
            if not isinstance(error, StoreError) and code.value == "internal":
                raise
            return refusals.sorry(call, sentence(code, call.language.code), 503)

    def _language(self, code: str) -> Language:
        return get_language(code, self._settings.timezone)

    def _refuse(self, request: Request, status: int) -> Response:
        from sync_server.inbox import refusals

        call = Call(request, self._settings, clock.now(), self._language(language_of(request)))
        return secured(refusals.too_large(call), self._settings)


def _is_own(call: Call) -> bool:
    """Whether an unsafe request comes from one of our own pages: its origin, and the token put into them."""
    if not call.is_from_here:
        return False
    expected = call.visitor.csrf_token if call.visitor else sessions.login_token(call.request, call.settings)
    sent = call.request.headers.get("x-csrf-token") or call.form["csrf"]
    return bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())


async def _read_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return None
    return bytes(body)


def _parse(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100, errors="replace"
        )
    except ValueError:
        return Form()
    return Form(pairs)
