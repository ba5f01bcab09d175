"""The page on which inside sales changes what is known of a customer and his people; each form is one change."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from protocol.fields import clean_text
from protocol.reference import Channel, CustomerClass, Influence, Trend
from sync_server.crm import leads, master_editing
from sync_server.crm.edits import read_edit_page
from sync_server.crm.master_editing import CannotChange, Editor
from sync_server.inbox import pages, refusals
from sync_server.inbox.addresses import read_id
from sync_server.inbox.calls import Call
from sync_server.inbox.words import get_words

_EDITS = 40

REACHED_BY = (Channel.PHONE, Channel.EMAIL, Channel.LETTER, Channel.VISIT, Channel.PORTAL)
"""Ways that a person can prefer."""

ADVERTISED_BY = (Channel.PHONE, Channel.EMAIL, Channel.LETTER)
"""Ways over which a person can allow advertising."""


def edit_page(call: Call) -> Response:
    """The forms, filled with what is known."""
    customer_id = read_id(call.request.path_params["customer_id"])
    with call.database.reading() as connection:
        return _page(call, connection, customer_id)


def edit(call: Call) -> Response:
    """Make the change of one form."""
    customer_id = read_id(call.request.path_params["customer_id"])
    change = _CHANGES.get(call.request.path_params["step"])
    if customer_id is None or change is None:
        return refusals.not_found(call)
    with call.database.writing() as connection:
        try:
            change(call, connection, Editor(call.user.user_id, call.today, call.now), customer_id)
        except master_editing.Unknown:
            return refusals.not_found(call)
        except CannotChange as refusal:
            words = get_words(call.language).master_faults[refusal.fault]
            status = 409 if refusal.fault is master_editing.MasterFault.OVERTAKEN else 422
            return _page(call, connection, customer_id, problem=words, status=status)
    return RedirectResponse(f"/customers/{customer_id.hex}/edit?done=1", 303)


def _page(
    call: Call, connection: Connection, customer_id: UUID | None, *, problem: str = "", status: int = 200
) -> Response:
    shown = read_edit_page(connection, customer_id, limit=_EDITS) if customer_id else None
    if shown is None:
        return refusals.not_found(call)
    return pages.render(
        call,
        "customer_edit.html",
        status=status,
        section="customers",
        shown=shown,
        problem=problem,
        sent=call.form if problem else {},
        done=bool(call.request.query_params.get("done")) and not problem,
        classes=list(CustomerClass),
        influences=list(Influence),
        trends=list(Trend),
        channels=REACHED_BY,
        advertised=ADVERTISED_BY,
        counts=leads.count_views(connection, call.reader),
    )


# -- one function per form -----------------------------------------------------------------------------


def _class(call: Call, connection: Connection, by: Editor, customer_id: UUID) -> None:
    said = call.form["class"]
    rank = CustomerClass(said) if said in set(CustomerClass) else None
    reason = clean_text(call.form["reason"])
    master_editing.set_class(connection, by, customer_id, call.form["base"], rank, reason)


def _contact(call: Call, connection: Connection, by: Editor, _: UUID) -> None:
    influence, channel = call.form["influence"], call.form["channel"]
    master_editing.set_contact(
        connection,
        by,
        _id(call, "contact"),
        call.form["base"],
        clean_text(call.form["role"]),
        Influence(influence) if influence in set(Influence) else None,
        Channel(channel) if channel in REACHED_BY else None,
        clean_text(call.form["reachable"]),
    )


def _consent(call: Call, connection: Connection, by: Editor, _: UUID) -> None:
    channel = call.form["channel"]
    if channel not in ADVERTISED_BY:
        raise CannotChange(master_editing.MasterFault.TEXT_MISSING)
    master_editing.say_consent(
        connection,
        by,
        _id(call, "contact"),
        Channel(channel),
        clean_text(call.form["purpose"]),
        call.form["granted"] == "yes",
        clean_text(call.form["evidence"]),
    )


def _interest(call: Call, connection: Connection, by: Editor, _: UUID) -> None:
    master_editing.note_interest(
        connection,
        by,
        _id(call, "contact"),
        clean_text(call.form["text"]),
        read_day(call.form["agreed_on"]),
        clean_text(call.form["evidence"]),
    )


def _withdraw(call: Call, connection: Connection, by: Editor, _: UUID) -> None:
    master_editing.withdraw_interest(connection, by, _id(call, "interest"))


def _own_customer(call: Call, connection: Connection, by: Editor, customer_id: UUID) -> None:
    said = call.form["trend"]
    master_editing.add_own_customer(
        connection,
        by,
        customer_id,
        clean_text(call.form["name"]),
        Trend(said) if said in set(Trend) else None,
        clean_text(call.form["note"]),
        clean_text(call.form["source"]),
    )


def _remove_own_customer(call: Call, connection: Connection, by: Editor, _: UUID) -> None:
    master_editing.remove_own_customer(connection, by, _id(call, "own"))


_CHANGES: dict[str, Callable[[Call, Connection, Editor, UUID], None]] = {
    "class": _class,
    "contact": _contact,
    "consent": _consent,
    "interest": _interest,
    "withdraw": _withdraw,
    "own-customer": _own_customer,
    "remove-own-customer": _remove_own_customer,
}


def read_day(text: str) -> date | None:
    """A day from a form; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(call: Call, name: str) -> UUID:
    found = read_id(call.form[name])
    if found is None:
        raise master_editing.Unknown(name)
    return found
