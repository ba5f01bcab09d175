"""A step whose form met an expired session: what was typed waits in the login page and comes back after it.

Where scripts run, the browser itself keeps the text (`static/drafts.js`). This is for a plain form: its fields
travel through the login as hidden fields, never stored on the server. The step is not taken by the login: the
person sees the lead as it is now and sends once more.
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.requests import Request

from sync_server.inbox.addresses import own_path
from sync_server.inbox.calls import Call, Form

PREFIX = "unsent-"
"""Before the names of the fields that are carried through the login."""

_STEP = re.compile(r"(/leads/[0-9a-f]{32})/([a-z-]+)")
_OWN_FIELDS = ("csrf", "revision")


def carried(call: Call) -> Form:
    """The fields to put into a login page: those of a lead's form, or those that a login page carried before."""
    if call.request.url.path == "/login":
        return Form({name: text for name, text in call.form.items() if name.startswith(PREFIX)})
    found = _STEP.fullmatch(call.request.url.path)
    # From a foreign page nothing is carried: it must not put words into somebody's mouth.
    if found is None or call.request.method != "POST" or call.is_partial or not call.is_from_here:
        return Form()
    typed = {f"{PREFIX}{name}": text for name, text in call.form.items() if name not in _OWN_FIELDS}
    return Form({**typed, f"{PREFIX}step": found[2]}) if any(typed.values()) else Form()


def page_of(call: Call) -> str:
    """Address of the page from which a request came, as far as its own address tells: a lead's step has a lead."""
    found = _STEP.fullmatch(call.request.url.path)
    if found is None:
        return "/"
    query = call.request.url.query
    return found[1] + (f"?{query}" if query else "")


def at(call: Call, target: str) -> Call:
    """The call as if it had been made to another address of ours."""
    parts = urlsplit(own_path(target))
    scope = {**call.request.scope, "path": parts.path, "query_string": parts.query.encode(), "method": "GET"}
    return replace(call, request=Request(scope), form=Form())


def typed(form: Form) -> tuple[str, Form]:
    """The step and the fields that a login page carried; no step when it carried none."""
    fields = {name.removeprefix(PREFIX): text for name, text in form.items() if name.startswith(PREFIX)}
    return fields.pop("step", ""), Form(fields)
