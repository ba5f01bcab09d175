"""Addresses of the inbox: the filter of a list in the query, so that a link or a reload shows the same."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from protocol.observation import Kind
from protocol.pairing import Role
from protocol.review import LeadState
from sync_server.crm.lead_filters import MAX_QUERY, Filter, View

_E = TypeVar("_E", bound=StrEnum)


def read_filter(query: Mapping[str, str], role: Role) -> Filter:
    """The filter that an address names. What cannot be read is left out: an old link still shows a list."""
    return Filter(
        view=_member(View, query.get("view")) or home_view(role),
        state=_member(LeadState, query.get("state")),
        kind=_member(Kind, query.get("kind")),
        customer_id=read_id(query.get("customer")),
        technician_id=read_id(query.get("technician")),
        query=query.get("q", "").strip()[:MAX_QUERY],
    )


def home_view(role: Role) -> View:
    """Where a person begins: field sales with the customers of the territory, everybody else with what is new."""
    return View.MINE if role is Role.FIELD_SALES else View.NEW


def write_filter(wanted: Filter, **changed: Any) -> str:
    """The query of a filter, `changed` fields replaced, in an order that never changes."""
    wanted = replace(wanted, **changed)
    fields = {
        "view": wanted.view.value,
        "state": wanted.state.value if wanted.state else "",
        "kind": wanted.kind.value if wanted.kind else "",
        "customer": wanted.customer_id.hex if wanted.customer_id else "",
        "technician": wanted.technician_id.hex if wanted.technician_id else "",
        "q": wanted.query,
    }
    return urlencode({name: value for name, value in fields.items() if value})


def read_id(text: str | None) -> UUID | None:
    """An id from an address or a form, None when it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def read_number(text: str | None) -> int:
    """A small number from a form, -1 when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


def own_path(text: str | None) -> str:
    """Where to go after the login: a path of ours, `/` for anything that could lead elsewhere."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")):
        return "/"
    if any(ord(character) < 0x21 or character == "\\" for character in text):
        return "/"
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or parts.path in ("/login", "/logout", "/events"):
        return "/"
    return text


def _member(kind: type[_E], text: str | None) -> _E | None:
    try:
        return kind(text) if text else None
    except ValueError:
        return None
