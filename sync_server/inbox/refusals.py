"""Answers of the inbox when something does not go: each says what happened, what is safe and what to do."""

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from sync_server.inbox import pages, unsent
from sync_server.inbox.calls import Call


def to_login(call: Call) -> Response:
    """Nobody is logged in (any more): to the login, and back to the page afterwards, with what was typed."""
    from sync_server.inbox import login

    back = call.address if _is_page(call) else unsent.page_of(call)
    target = f"/login?next={quote(back, safe='/')}"
    if call.is_partial:
        return Response(status_code=401, headers={"HX-Redirect": target})
    return login.again(call, back) if unsent.carried(call) else RedirectResponse(target, 303)


def forbidden(call: Call) -> Response:
    """Logged in, but not for this."""
    _ = call.language.gettext
    return message(
        call,
        403,
        _("Dafür fehlt die Berechtigung"),
        _("Diese Seite oder dieser Schritt gehört nicht zu Ihrer Rolle. Nichts wurde geändert."),
    )


def foreign(call: Call) -> Response:
    """The form is not from one of our pages, or from one of an earlier session."""
    _ = call.language.gettext
    return message(
        call,
        403,
        _("Diese Seite war nicht mehr aktuell"),
        _("Nichts wurde geändert. Bitte die Seite neu laden und den Schritt wiederholen."),
    )


def not_found(call: Call) -> Response:
    """There is no such thing."""
    _ = call.language.gettext
    return message(
        call,
        404,
        _("Das gibt es hier nicht"),
        _("Vielleicht ist der Link alt oder unvollständig. Die Liste zeigt alles, was da ist."),
    )


def too_large(call: Call) -> Response:
    """A form of more than MAX_FORM_BYTES."""
    _ = call.language.gettext
    return message(
        call,
        413,
        _("Das ist zu viel Text"),
        _("Ein Text hat höchstens 20.000 Zeichen. Nichts wurde gespeichert; bitte zurück und kürzen."),
    )


def sorry(call: Call, sentence: str, status: int) -> Response:
    """The server itself cannot at the moment."""
    _ = call.language.gettext
    if call.is_partial:
        return Response(sentence, status, media_type="text/plain")
    body = (
        f'<!doctype html><html lang="{call.language.code}"><meta charset="utf-8"><title>Rundgang</title>'
        f"<h1>Rundgang</h1><p>{sentence}</p></html>"
    )
    return Response(body, status, {"Retry-After": "5"}, "text/html")


def message(call: Call, status: int, title: str, text: str) -> Response:
    """A page (or, for htmx, the detail column) that says one thing."""
    template = "message_part.html" if call.is_partial else "message.html"
    return pages.render(call, template, status=status, title=title, text=text)


def _is_page(call: Call) -> bool:
    return call.is_partial or call.request.method == "GET"
