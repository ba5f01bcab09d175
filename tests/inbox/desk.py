"""Somebody at a desk: a browser's worth of cookies and forms over the ASGI interface."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from protocol.changes import ReviseObservation
from sync_server.crm.users import User
from sync_server.inbox import clock, sessions
from sync_server.store import schema as t
from tests.server.calling import Caller
from tests.server.firm import Firm

PASSWORD = "richtig geheim"
ORIGIN = "http://rundgang.test"


@dataclass
class Desk:
    """One browser."""

    http: Caller
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Open an address; redirects are not followed."""
        return self._send("GET", path, **options)

    def post(self, path: str, data: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        """Send a form of a page, with its token."""
        headers = {"origin": ORIGIN, **options.pop("headers", {})}
        return self._send("POST", path, data={"csrf": self.csrf, **(data or {})}, headers=headers, **options)

    def htmx(self, method: str, path: str, page: str = "/", **options: Any) -> httpx.Response:
        """What htmx sends from a page."""
        headers = {"hx-request": "true", "hx-current-url": ORIGIN + page, "origin": ORIGIN}
        return self._send(method, path, headers={**headers, "x-csrf-token": self.csrf}, **options)

    def log_in(self, user: User, password: str = PASSWORD, next_path: str = "/") -> httpx.Response:
        """Fill in the form of the login."""
        self.csrf = hidden(self.get("/login").text, "csrf")
        answer = self.post("/login", {"login": user.login, "password": password, "next": next_path})
        if answer.status_code == 303:
            self.csrf = hidden(self.get("/").text, "csrf")
        return answer

    def sit_down(self, firm: Firm, user: User) -> "Desk":
        """Have a session without the form: Argon2 takes its time on purpose, and not every test is about it."""
        with firm.database.writing() as connection:
            token = sessions.begin(connection, user.id, clock.now())
        self.cookies["rundgang-session"] = token
        visitor = sessions.find(firm.database, token, clock.now())
        assert visitor is not None
        self.csrf = visitor.csrf_token
        return self

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"accept-language": "de", **options.pop("headers", {})}
        headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.http.request(method, path, headers=headers, **options)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer


@dataclass
class Lead:
    """A lead as a test knows it."""

    id: UUID
    change: ReviseObservation

    @property
    def path(self) -> str:
        """Its address."""
        return f"/leads/{self.id.hex}"


def lead_of(firm: Firm, change: ReviseObservation) -> Lead:
    """The lead that an observation became."""
    with firm.database.reading() as connection:
        found = connection.execute(
            select(t.observations.c.lead_id).where(t.observations.c.id == change.observation_id)
        ).scalar_one()
    return Lead(found, change)


def row_of(firm: Firm, lead: Lead) -> Any:
    """The lead's row."""
    with firm.database.reading() as connection:
        return connection.execute(select(t.leads).where(t.leads.c.id == lead.id)).one()


def events_of(firm: Firm, lead: Lead) -> list[str]:
    """What happened to the lead."""
    with firm.database.reading() as connection:
        rows = connection.execute(
            select(t.lead_events.c.action)
            .where(t.lead_events.c.lead_id == lead.id)
            .order_by(t.lead_events.c.id)
        )
        return list(rows.scalars())


def hidden(page: str, name: str) -> str:
    """The first hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no field {name} in:\n{page[:2000]}"
    return unescape(found[1])


def listed(page: str) -> list[str]:
    """The leads in the list of a page, in its order, as hexadecimal ids."""
    return re.findall(r'<li id="lead-([0-9a-f]{32})"', page)


def words(page: str) -> str:
    """What a person reads: without tags, spaces collapsed."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
