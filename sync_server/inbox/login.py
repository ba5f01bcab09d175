"""Logging in and out, and what a person sets for himself: language and appearance."""

import secrets
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update
from starlette.responses import RedirectResponse, Response

from protocol.rules.access import INBOX_READERS
from sync_server.crm import attempts, users
from sync_server.crm.attempts import Limit
from sync_server.crm.lead_step import UnknownLead
from sync_server.inbox import pages, sessions, triage, unsent
from sync_server.inbox.addresses import own_path
from sync_server.inbox.calls import Call
from sync_server.inbox.language import LANGUAGES, get_language
from sync_server.store import schema

LOGIN = Limit("login", each=10, overall=300, within=timedelta(minutes=15))
"""Failures of one login: ten are plenty for a forgotten password and none for guessing one."""

ADDRESS = Limit("login-address", each=50, overall=1_000, within=timedelta(minutes=15))
"""Failures from one address: a whole office may share one."""

_YEAR = 365 * 24 * 3600


def login_page(call: Call) -> Response:
    """The form; whoever is logged in already goes on."""
    target = own_path(call.request.query_params.get("next"))
    if call.visitor is not None:
        return RedirectResponse(target, 303)
    return _form(call, target)


def log_in(call: Call) -> Response:
    """Check login and password; the answer to an unknown login and to a wrong password is the same."""
    _ = call.language.gettext
    target = own_path(call.form["next"])
    login, password = call.form["login"][:200], call.form["password"]
    subject, address = users.folded_login(login), _address(call)
    with call.database.reading() as connection:
        too_often = attempts.exhausted(connection, LOGIN, subject, call.now) or attempts.exhausted(
            connection, ADDRESS, address, call.now
        )
    if too_often:
        return _form(call, target, login, _("Zu viele Versuche. Bitte in 15 Minuten noch einmal."), 429)
    user = users.authenticate(call.database, login, password)
    if user is None:
        with call.database.writing() as connection:
            attempts.note_failure(connection, LOGIN, subject, call.now)
            attempts.note_failure(connection, ADDRESS, address, call.now)
        return _form(call, target, login, _("Anmeldename oder Passwort stimmt nicht."), 422)
    if user.role not in INBOX_READERS:
        sentence = _("Dieses Konto arbeitet mit dem Tablet und nicht mit dem Eingang.")
        return _form(call, target, login, sentence, 403)
    with call.database.writing() as connection:
        if call.visitor is not None:
            sessions.end(connection, call.visitor.token_hash)
        token = sessions.begin(connection, user.id, call.now)
    response = _back(call, target, token)
    sessions.put_cookie(response, token, call.settings)
    return response


def again(call: Call, target: str) -> Response:
    """The form as the answer to a step that met an expired session; it carries what was typed."""
    _ = call.language.gettext
    sentence = _(
        "Die Anmeldung ist abgelaufen. Das Getippte ist noch da und steht nach der Anmeldung wieder im Feld."
    )
    return _form(call, target, error=sentence, status=403)


def _back(call: Call, target: str, token: str) -> Response:
    """Where the person wanted to go: a redirect, or the lead itself with a form that could not be sent."""
    step, typed = unsent.typed(call.form)
    visitor = sessions.find(call.database, token, call.now)
    lead_id = triage.lead_of(target)
    if not step or visitor is None or lead_id is None:
        return RedirectResponse(target, 303)
    language = get_language(visitor.language, call.settings.timezone)
    there = unsent.at(replace(call, visitor=visitor, language=language), target)
    _ = language.gettext
    sentence = _(
        "Die Anmeldung war abgelaufen: Der Schritt wurde nicht ausgeführt. Das Getippte steht noch da."
    )
    values = {"problem": sentence, "open_tool": step, "typed": typed}
    try:
        return triage.whole_lead_page(there, lead_id, status=200, **values)
    except UnknownLead:
        return RedirectResponse("/", 303)


def log_out(call: Call) -> Response:
    """End the session on the server and in the browser."""
    with call.database.writing() as connection:
        sessions.end(connection, call.user.token_hash)
    response = RedirectResponse("/login", 303)
    sessions.drop_cookie(response, call.settings)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def set_language(call: Call) -> Response:
    """The language of one's own pages, kept with the account."""
    chosen = call.form["language"]
    if chosen in LANGUAGES:
        with call.database.writing() as connection:
            connection.execute(
                update(schema.users).where(schema.users.c.id == call.user.user_id).values(language=chosen)
            )
    return RedirectResponse(own_path(call.form["next"]), 303)


def set_theme(call: Call) -> Response:
    """Light, dark or as the system, kept in the browser."""
    response = RedirectResponse(own_path(call.form["next"]), 303)
    chosen = call.form["theme"]
    if chosen in pages.THEMES:
        response.set_cookie(
            "rundgang-theme",
            chosen,
            max_age=_YEAR,
            secure=call.settings.secure,
            httponly=True,
            samesite="lax",
        )
    return response


def _form(call: Call, target: str, login: str = "", error: str = "", status: int = 200) -> Response:
    token = sessions.login_token(call.request, call.settings) or secrets.token_urlsafe(32)
    response = pages.render(
        call,
        "login.html",
        status=status,
        next=target,
        login=login,
        error=error,
        login_csrf=token,
        carried=unsent.carried(call),
    )
    sessions.put_login_token(response, token, call.settings)
    return response


def _address(call: Call) -> str:
    client = call.request.client
    return client.host if client is not None else "unknown"
