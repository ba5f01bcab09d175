"""How long machines last, edited by head of sales: tablets say by it whose replacement comes next."""

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from protocol.fields import clean_text
from protocol.ids import new_id
from protocol.template import Template
from sync_server.crm import machine_types, templates
from sync_server.crm.template_editing import CannotPublish, lives_text, with_lives
from sync_server.inbox import pages, publishing
from sync_server.inbox.addresses import read_id
from sync_server.inbox.calls import Call

_UNSAID_SHOWN = 20


def lifetime_page(call: Call) -> Response:
    """The firm's figures, which machines they reach, and for which there are none."""
    with call.database.reading() as connection:
        base = templates.current(connection)
        return _page(call, connection, base, lives_text(base))


def publish_lifetimes(call: Call) -> Response:
    """Publish another version with these figures."""
    written = clean_text(call.form["lives"])
    with call.database.writing() as connection:
        base = templates.current(connection)
        if read_id(call.form["base"]) != base.id:
            problem = publishing.overtaken(call)
            return _page(call, connection, base, written, problem=problem, status=409)
        try:
            next_version = with_lives(base, written, template_id=new_id())
        except CannotPublish as fault:
            problem = publishing.explained(call, fault)
            return _page(call, connection, base, written, problem=problem, status=422)
        publishing.publish(call, connection, base, next_version)
    return RedirectResponse("/lifetimes?done=1", 303)


def _page(
    call: Call, connection: Connection, base: Template, written: str, *, problem: str = "", status: int = 200
) -> Response:
    found = machine_types.coverage(machine_types.installed(connection), base.lives or ())
    return pages.render(
        call,
        "lifetimes.html",
        status=status,
        section="lifetimes",
        written=written,
        reached=found.reached,
        unsaid=found.unsaid[:_UNSAID_SHOWN],
        more_unsaid=max(0, len(found.unsaid) - _UNSAID_SHOWN),
        **publishing.page_values(call, connection, base, problem),
    )
