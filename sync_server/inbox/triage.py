"""Looking at the queue: the list with its filters, one lead beside it, and the small parts that stay current."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, select
from starlette.responses import Response

from protocol.observation import Kind
from protocol.review import LeadState, RejectionReason
from protocol.rules.leads import Action
from sync_server.crm import leads, review
from sync_server.crm.customer_card import read_customer
from sync_server.crm.lead_filters import Filter, View
from sync_server.crm.lead_page import LeadDetail, read_detail_of
from sync_server.crm.leads import LeadRow, Place, Position
from sync_server.inbox import pages, refusals
from sync_server.inbox.addresses import read_filter, read_id, read_number
from sync_server.inbox.calls import Call, Form
from sync_server.inbox.follow_up_days import quick_days
from sync_server.inbox.words import get_words
from sync_server.store.schema import customers

PAGE = 40
"""Rows that are fetched at once: two screens of a large monitor."""

_LONGEST_LIST = 400
"""A lead further down is shown with the list beginning at it: nobody scrolls past this many rows."""

_ROLLING_VIEWS = frozenset(View) - {View.DUE, View.DEFERRED, View.DECIDED}
"""Views in which what is new comes on top."""


def inbox(call: Call) -> Response:
    """The queue without a lead."""
    return _whole_page(call, None)


def lead(call: Call) -> Response:
    """One lead beside the list; for htmx only the lead, its line and the counts. Opening it marks it as read."""
    lead_id = read_id(call.request.path_params["lead_id"])
    with call.database.reading() as connection:
        known = lead_id is not None and leads.get_row(connection, call.reader, lead_id) is not None
    if lead_id is None or not known:
        return refusals.not_found(call)
    with call.database.writing() as connection:
        review.mark_seen(connection, call.user.user_id, lead_id, now=call.now)
    if call.is_partial:
        return detail_part(call, lead_id, filter_of(call))
    return _whole_page(call, lead_id, **_just_done(call, lead_id))


def more_rows(call: Call) -> Response:
    """The next page of the list, behind the place named by `after`; the first one without it."""
    wanted = filter_of(call)
    after = _place(call.request.query_params.get("after"))
    with call.database.reading() as connection:
        rows = leads.list_leads(connection, call.reader, wanted, after=after, limit=PAGE + 1)
        total = leads.count_leads(connection, call.reader, wanted)
    template = "list_rows.html" if after else "list_body.html"
    return pages.render(call, template, **_rows(rows, wanted, total), selected=None, starts_late=False)


def line(call: Call) -> Response:
    """One line of the list, after somebody changed its lead."""
    lead_id = read_id(call.request.path_params["lead_id"])
    wanted = filter_of(call)
    with call.database.reading() as connection:
        row = leads.get_row(connection, call.reader, lead_id, wanted.view) if lead_id else None
    if row is None:
        return refusals.not_found(call)
    return pages.render(call, "row.html", row=row, wanted=wanted, selected=None, oob=False)


def lead_photos(call: Call) -> Response:
    """The photos of a lead, after one of them has arrived."""
    lead_id = read_id(call.request.path_params["lead_id"])
    with call.database.reading() as connection:
        detail = read_detail_of(connection, call.user.role, lead_id) if lead_id else None
    if detail is None or not detail.observations:
        return refusals.not_found(call)
    return pages.render(call, "photos_part.html", detail=detail)


def news(call: Call) -> Response:
    """What has happened since the list was loaded: new leads above its first row, and all counts.

    Asked for after every announcement and after a lost connection, so that nothing depends on having
    received each event.
    """
    wanted = filter_of(call)
    top = _place(call.request.query_params.get("top"))
    with call.database.reading() as connection:
        new = 0
        if wanted.view in _ROLLING_VIEWS:
            new = (
                leads.count_before(connection, call.reader, wanted, top)
                if top
                else leads.count_leads(connection, call.reader, wanted)
            )
        counts = leads.count_views(connection, call.reader)
        urgent = leads.urgent_news(connection, call.reader) if call.may_decide else []
    return pages.render(call, "news.html", new=new, counts=counts, wanted=wanted, urgent=urgent)


def filter_of(call: Call) -> Filter:
    """The list's filter in the address."""
    return read_filter(call.request.query_params, call.user.role)


def lead_of(path: str) -> UUID | None:
    """The lead that a path of ours shows, None when it shows none."""
    folder, _, name = urlsplit(path).path.rpartition("/")
    return read_id(name) if folder == "/leads" else None


def detail_part(call: Call, lead_id: UUID, wanted: Filter, *, status: int = 200, **values: Any) -> Response:
    """A lead for htmx, together with its line and the counts."""
    with call.database.reading() as connection:
        lead_values = lead_values_of(connection, call, lead_id, wanted)
        counts = leads.count_views(connection, call.reader)
    merged = {**_DEFAULTS, **lead_values, **values}
    return pages.render(call, "lead_part.html", status=status, counts=counts, wanted=wanted, **merged)


def whole_lead_page(call: Call, lead_id: UUID, *, status: int, **values: Any) -> Response:
    """The whole page around a lead: the answer to a form that was sent without htmx."""
    return _whole_page(call, lead_id, status=status, **values)


_DEFAULTS: dict[str, Any] = {"problem": "", "open_tool": "", "typed": Form(), "done_words": ""}


def _whole_page(call: Call, lead_id: UUID | None, *, status: int = 200, **values: Any) -> Response:
    wanted = filter_of(call)
    with call.database.reading() as connection:
        lead_values: dict[str, Any] = {"row": None}
        if lead_id:
            lead_values = lead_values_of(connection, call, lead_id, wanted)
        limit, after = PAGE, _place(call.request.query_params.get("after"))
        if lead_id:
            limit, after = _around(connection, call, wanted, lead_values["position"])
        rows = leads.list_leads(connection, call.reader, wanted, after=after, limit=limit + 1)
        total = leads.count_leads(connection, call.reader, wanted)
        counts = leads.count_views(connection, call.reader)
        with_leads = leads.list_customers(connection, call.reader, wanted.view)
        if wanted.customer_id and wanted.customer_id not in dict(with_leads):
            name = select(customers.c.name).where(customers.c.id == wanted.customer_id)
            with_leads.insert(0, (wanted.customer_id, connection.execute(name).scalar() or ""))
        technicians = leads.list_technicians(connection)
    merged = {**_DEFAULTS, **lead_values, **_rows(rows, wanted, total, limit), **values}
    return pages.render(
        call,
        "inbox.html",
        status=status,
        counts=counts,
        selected=lead_id,
        starts_late=after is not None,
        technicians=technicians,
        customers=with_leads,
        kinds=list(Kind),
        states=list(LeadState),
        section="inbox",
        **merged,
    )


def _around(
    connection: Connection, call: Call, wanted: Filter, position: Position
) -> tuple[int, Place | None]:
    """How many rows to load, and behind which place, so that the open lead is among them."""
    if position.number is None:
        return PAGE, None
    if position.number <= _LONGEST_LIST or position.previous is None:
        return max(PAGE, position.number + PAGE // 2), None
    before = leads.get_row(connection, call.reader, position.previous, wanted.view)
    return PAGE, before.place if before else None


def _rows(rows: list[LeadRow], wanted: Filter, total: int, limit: int = PAGE) -> dict[str, Any]:
    shown = rows[:limit]
    return {
        "rows": shown,
        "wanted": wanted,
        "total": total,
        "next_place": str(shown[-1].place) if len(rows) > limit else None,
    }


def lead_values_of(connection: Connection, call: Call, lead_id: UUID, wanted: Filter) -> dict[str, Any]:
    """What the detail column shows."""
    row = leads.get_row(connection, call.reader, lead_id, wanted.view)
    if row is None:
        raise review.UnknownLead(str(lead_id))
    detail = read_detail_of(connection, call.user.role, lead_id)
    customer = read_customer(connection, row.customer_id, history_limit=4)
    return {
        "row": row,
        "detail": detail,
        "customer": customer,
        "position": leads.find_position(connection, call.reader, wanted, row.place),
        "actions": review.possible_actions(row.state, call.user.role),
        "Action": Action,
        "assignees": review.assignable_users(connection) if call.may_decide else [],
        "reasons": list(RejectionReason),
        "quick_days": quick_days(call.today),
        "undoable": _undoable(call, detail),
    }


def _undoable(call: Call, detail: LeadDetail) -> int | None:
    """The event that this person can still take back."""
    recorded = [event for event in detail.events if event.id is not None]
    if not recorded or not call.may_decide:
        return None
    last = max(recorded, key=lambda event: event.id or 0)
    mine = last.actor_id == call.user.user_id and "before" in last.detail
    return last.id if mine and call.now - last.at <= review.UNDO_FOR else None


def _just_done(call: Call, lead_id: UUID) -> dict[str, Any]:
    """After a form without htmx: the step that the address names, if it is really the last one."""
    event_id = read_number(call.request.query_params.get("done"))
    if event_id < 0:
        return {}
    with call.database.reading() as connection:
        events = read_detail_of(connection, call.user.role, lead_id).events
    action = next((event.action for event in events if event.id == event_id), "")
    return {"done_words": get_words(call.language).done.get(action, "")}


def _place(text: str | None) -> Place | None:
    try:
        return Place.parse(text) if text else None
    except ValueError:
        return None
