"""Which leads belong to which part of the queue: the views, the filters and the search, as conditions."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, case, exists, false, func, literal, not_, or_, select, true

from protocol.observation import Flag, FlagKind, Kind, Urgency
from protocol.pairing import Role
from protocol.review import LeadState
from protocol.rules.access import INBOX_ROLES, may_read_text
from protocol.rules.leads import is_decided
from protocol.rules.search import fold
from sync_server.store.schema import customers, follow_ups, leads, observations

MAX_QUERY = 200
"""Characters of a search: longer ones are cut, nobody types that much to find something."""

UNDECIDED = tuple(state.value for state in LeadState if not is_decided(state))
DECIDED = tuple(state.value for state in LeadState if is_decided(state))


class View(StrEnum):
    """The named parts of the queue in the left column."""

    NEW = "new"
    MINE = "mine"
    DUE = "due"
    QUESTION = "question"
    URGENT = "urgent"
    A_CUSTOMERS = "a_customers"
    DEFERRED = "deferred"
    DECIDED = "decided"
    ALL = "all"


@dataclass(frozen=True)
class Reader:
    """Who looks at the queue, and on which day of the firm's calendar."""

    user_id: UUID
    role: Role
    territory: str | None
    today: date


@dataclass(frozen=True)
class Filter:
    """What of the queue is shown; all of it is carried by the page's address."""

    view: View = View.NEW
    state: LeadState | None = None
    kind: Kind | None = None
    customer_id: UUID | None = None
    technician_id: UUID | None = None
    query: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether something besides the view is chosen."""
        return bool(self.state or self.kind or self.customer_id or self.technician_id or self.query.strip())


open_follow_up = (
    select(follow_ups.c.lead_id, func.min(follow_ups.c.due_on, type_=Date).label("due_on"))
    .where(follow_ups.c.done_at.is_(None))
    .group_by(follow_ups.c.lead_id)
    .subquery("open_follow_up")
)

_earlier = observations.alias("earlier")

_is_first_observation = not_(
    exists().where(_earlier.c.lead_id == observations.c.lead_id, _earlier.c.id < observations.c.id)
)
"""A lead may gather several observations; the first one stands for it in lists."""

everything = (
    leads.join(observations, and_(observations.c.lead_id == leads.c.id, _is_first_observation))
    .join(customers, customers.c.id == observations.c.customer_id)
    .outerjoin(open_follow_up, open_follow_up.c.lead_id == leads.c.id)
)


def in_view(view: View, reader: Reader) -> ColumnElement[bool]:
    """Whether a lead belongs to a view of this reader."""
    undecided = leads.c.state.in_(UNDECIDED)
    # What an answer brought back and nobody owns must not hide between two views.
    unowned = and_(leads.c.state == LeadState.IN_REVIEW.value, leads.c.assignee_id.is_(None))
    conditions: dict[View, ColumnElement[bool]] = {
        View.NEW: or_(leads.c.state == LeadState.NEW.value, unowned),
        View.MINE: and_(undecided, _is_mine(reader)),
        View.DUE: _is_due(reader),
        View.QUESTION: leads.c.state == LeadState.QUESTION.value,
        View.URGENT: and_(undecided, observations.c.urgency == Urgency.URGENT.value),
        View.A_CUSTOMERS: and_(undecided, customers.c.customer_class == "A"),
        View.DEFERRED: and_(undecided, open_follow_up.c.due_on > reader.today),
        View.DECIDED: leads.c.state.in_(DECIDED),
        View.ALL: true(),
    }
    return conditions[view]


def _is_mine(reader: Reader) -> ColumnElement[bool]:
    if reader.role is not Role.FIELD_SALES:
        return leads.c.assignee_id == reader.user_id
    territory = customers.c.territory == reader.territory if reader.territory else false()
    return or_(customers.c.field_sales_id == reader.user_id, territory)


def _is_due(reader: Reader) -> ColumnElement[bool]:
    """Follow-ups of today that are mine, and overdue ones of anybody: a holiday must not lose a deadline."""
    table = follow_ups.alias("due")
    mine = true() if reader.role not in INBOX_ROLES else table.c.owner_id == reader.user_id
    return exists().where(
        table.c.lead_id == leads.c.id,
        table.c.done_at.is_(None),
        or_(table.c.due_on < reader.today, and_(table.c.due_on == reader.today, mine)),
    )


def matches_filter(wanted: Filter, reader: Reader) -> ColumnElement[bool]:
    """Whether a lead belongs to the filtered list."""
    conditions = [in_view(wanted.view, reader)]
    if wanted.state is not None:
        conditions.append(leads.c.state == wanted.state.value)
    if wanted.kind is not None:
        conditions.append(observations.c.kind == wanted.kind.value)
    if wanted.customer_id is not None:
        conditions.append(observations.c.customer_id == wanted.customer_id)
    if wanted.technician_id is not None:
        conditions.append(observations.c.author_id == wanted.technician_id)
    # `fold` leaves letters, digits and spaces only, so nothing of LIKE's own can be in a word.
    words = fold(wanted.query[:MAX_QUERY]).split()
    if words:
        text = _searchable(reader)
        conditions += [text.like(f"% {word}%") for word in words]
    return and_(*conditions)


def _searchable(reader: Reader) -> ColumnElement[str]:
    text: Any = observations.c.folded_text
    hidden = [kind.value for kind in FlagKind if not may_read(reader.role, kind)]
    if hidden:
        # Otherwise a search would tell, word by word, what the page does not show.
        text = case((func.coalesce(observations.c.flag_kind, "").in_(hidden), ""), else_=text)
    space = literal(" ")
    number = func.lower(customers.c.number)
    found: ColumnElement[str] = space + customers.c.folded_name + space + number + space + text
    return found


def may_read(role: Role, kind: FlagKind | None) -> bool:
    """Whether this role may read a text with a flag of this kind."""
    return may_read_text(role, Flag(kind=kind, purpose="-") if kind else None)
