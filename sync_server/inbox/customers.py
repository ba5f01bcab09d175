"""The customers, to read: a search and a page for each with its people, machines, observations and history."""

from sqlalchemy import Connection
from starlette.responses import Response

from protocol.first_template import FIRST_TEMPLATE
from protocol.rules.seen_machine import CONDITION
from sync_server.crm import leads
from sync_server.crm.coming_visits import coming_at
from sync_server.crm.customer_card import read_customer, search_customers
from sync_server.crm.lead_filters import Filter, View
from sync_server.crm.templates import Asked
from sync_server.inbox import pages, refusals
from sync_server.inbox.addresses import read_id
from sync_server.inbox.calls import Call

_SHOWN = 100
_HISTORY = 60
_OBSERVATIONS = 30
_VISITS = 8


def customer_list(call: Call) -> Response:
    """Customers that fit what is typed."""
    query = call.request.query_params.get("q", "").strip()
    with call.database.reading() as connection:
        found = search_customers(connection, query, limit=_SHOWN + 1)
        counts = leads.count_views(connection, call.reader)
    template = "customer_rows.html" if call.is_partial else "customers.html"
    return pages.render(
        call,
        template,
        section="customers",
        query=query,
        found=found[:_SHOWN],
        cut=len(found) > _SHOWN,
        counts=counts,
    )


def customer(call: Call) -> Response:
    """One customer."""
    customer_id = read_id(call.request.path_params["customer_id"])
    with call.database.reading() as connection:
        card = read_customer(connection, customer_id, history_limit=_HISTORY) if customer_id else None
        if card is None:
            return refusals.not_found(call)
        wanted = Filter(view=View.ALL, customer_id=card.id)
        rows = leads.list_leads(connection, call.reader, wanted, limit=_OBSERVATIONS)
        total = leads.count_leads(connection, call.reader, wanted)
        counts = leads.count_views(connection, call.reader)
        visits = coming_at(connection, card.id, call.now, limit=_VISITS)
        conditions = _conditions(connection, call.language.code)
    return pages.render(
        call,
        "customer.html",
        section="customers",
        conditions=conditions,
        customer=card,
        rows=rows,
        total=total,
        wanted=wanted,
        visits=visits,
        counts=counts,
    )


def _conditions(connection: Connection, language: str) -> dict[str, str]:
    """How machines may look, in the words of the question after it."""
    question = Asked(connection, [FIRST_TEMPLATE]).question(FIRST_TEMPLATE, CONDITION)
    return {choice.id: choice.words.spoken(language) for choice in question.choices} if question else {}
