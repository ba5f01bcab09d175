"""Publishing another version of the template from a page: who was first, what was wrong, who made which."""

from typing import Any

from sqlalchemy import Connection

from protocol.rules.preparation import points_of
from protocol.template import Template
from sync_server.crm import leads, template_history, templates
from sync_server.crm.template_editing import CannotPublish, untranslated
from sync_server.inbox.calls import Call
from sync_server.inbox.words import get_words

_VERSIONS_SHOWN = 8


def publish(call: Call, connection: Connection, base: Template, next_version: Template) -> None:
    """Ask this version from now on; one that says the same as the one before is none."""
    if not _say_the_same(base, next_version):
        templates.publish(connection, next_version, call.user.user_id, call.now)


def page_values(call: Call, connection: Connection, base: Template, problem: str) -> dict[str, Any]:
    """What every page on which the template is edited shows."""
    return {
        "base": base.id,
        "number": templates.number_of(connection, base.id),
        "untranslated": untranslated(base),
        "versions": template_history.newest(connection, limit=_VERSIONS_SHOWN),
        "problem": problem,
        "done": bool(call.request.query_params.get("done")) and not problem,
        "counts": leads.count_views(connection, call.reader),
    }


def explained(call: Call, fault: CannotPublish) -> str:
    """What has to be corrected first."""
    words = get_words(call.language).edit_faults[fault.fault]
    return f"„{fault.question}“: {words}" if fault.question else words


def overtaken(call: Call) -> str:
    """Somebody else was faster."""
    return call.language.gettext(
        "Inzwischen hat jemand anderes eine Fassung veröffentlicht. Das Geschriebene steht noch da; "
        "noch einmal veröffentlichen, wenn es gelten soll."
    )


def _say_the_same(one: Template, other: Template) -> bool:
    same = {"id": one.id, "preparation": points_of(one)}
    return one.model_copy(update=same) == other.model_copy(update={**same, "preparation": points_of(other)})
