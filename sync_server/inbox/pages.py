"""Renders the inbox's templates: one Jinja environment per language, everything escaped."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from sync_server.crm import templates
from sync_server.crm.lead_filters import View
from sync_server.inbox import static_files
from sync_server.inbox.addresses import write_filter
from sync_server.inbox.answers import answer_lines
from sync_server.inbox.calls import Call
from sync_server.inbox.language import Language
from sync_server.inbox.versions import marked
from sync_server.inbox.words import get_words
from sync_server.store import facts

_TEMPLATES = Path(__file__).parent / "templates"
THEMES = ("auto", "light", "dark")


def render(call: Call, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page or a part of one."""
    text = _environment(call.language).get_template(template).render(**_shared(call), **values)
    response = HTMLResponse(text, status)
    response.headers["Content-Language"] = call.language.code
    response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def theme_of(call: Call) -> str:
    """The chosen appearance; `auto` follows the system."""
    chosen = call.request.cookies.get("rundgang-theme", "auto")
    return chosen if chosen in THEMES else "auto"


def _shared(call: Call) -> dict[str, Any]:
    with call.database.reading() as connection:
        company = facts.get(connection, facts.COMPANY) or call.settings.company
        template = templates.current(connection)
    return {
        "call": call,
        "user": call.visitor,
        "csrf": call.visitor.csrf_token if call.visitor else "",
        "language": call.language,
        "words": get_words(call.language).in_house(template),
        "now": call.now,
        "today": call.today,
        "theme": theme_of(call),
        "company": company,
        "views": list(View),
    }


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translations = language.translations
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translations.gettext, translations.ngettext, newstyle=True
    )
    environment.globals.update(
        static=static_files.address,
        write_filter=write_filter,
        answer_lines=partial(answer_lines, language=language.code),
    )
    environment.filters.update(
        marked=marked,
        number=language.number,
        weekday_and_day=language.weekday_and_day,
        iso_day=language.iso_day,
    )
    return environment
