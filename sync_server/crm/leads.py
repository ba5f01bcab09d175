"""The queue of leads as inside sales reads it: rows, stable pages, neighbours and counts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)

from protocol.observation import FlagKind, Kind, Urgency
from protocol.review import LeadState, RejectionReason
from sync_server.crm.lead_filters import (
    DECIDED,
    UNDECIDED,
    Filter,
    Reader,
    View,
    everything,
    in_view,
    matches_filter,
    may_read,
    open_follow_up,
)
from sync_server.store.schema import (
    blobs,
    customers,
    lead_events,
    leads,
    observations,
    photos,
    seen_by,
    sites,
    tasks,
    users,
)


class Place(NamedTuple):
    """Where a lead stands in a list, whatever is added before or after it."""

    key: str
    lead_id: UUID

    def __str__(self) -> str:
        return f"{self.key}~{self.lead_id.hex}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read a place back from an address.

        Raises:
            ValueError: this is none.
        """
        key, _, lead_id = text.partition("~")
        datetime.fromisoformat(key)
        return cls(key, UUID(lead_id))


@dataclass(frozen=True)
class LeadRow:
    """One line of the list."""

    lead_id: UUID
    place: Place
    state: LeadState
    reason: RejectionReason | None
    note: str
    """What the decider wrote to the reason; empty for whom the text of the observation is not."""
    assignee_name: str | None
    decided_by_name: str | None
    revision: int
    created_at: datetime
    received_at: datetime
    observation_id: UUID
    kind: Kind
    urgency: Urgency
    flag_kind: FlagKind | None
    title: str | None
    """None when this reader may not read the text."""
    customer_id: UUID
    customer_name: str
    customer_class: str | None
    site_name: str | None
    author_name: str
    has_conflict: bool
    photos: int
    photos_received: int
    voices: int
    signatures: int
    next_step_due: date | None
    follow_up_due: date | None
    unread: bool
    offered_at: datetime | None = None


@dataclass(frozen=True)
class Position:
    """Where a lead stands in the filtered list. `number` is None when it is not (any more) in it."""

    number: int | None
    total: int
    previous: UUID | None
    next: UUID | None


_assignee = users.alias("assignee")
_decider = users.alias("decider")
_author = users.alias("author")
_is_photo = and_(photos.c.seconds.is_(None), photos.c.signed_at.is_(None))
"""Not a voice note, nor a signature."""


_URGENT_AT_MOST = 20
"""Of more urgent leads at once only these many are counted: whoever has so many needs no exact number."""


def count_views(connection: Connection, reader: Reader) -> dict[View, int]:
    """How many leads each view holds for this reader."""
    undecided_views: list[View] = [view for view in View if view not in (View.DECIDED, View.ALL, View.DUE)]
    columns = [
        func.coalesce(func.sum(case((in_view(view, reader), 1), else_=0)), 0).label(view.value)
        for view in undecided_views
    ]
    row = connection.execute(
        select(*columns).select_from(everything).where(leads.c.state.in_(UNDECIDED))
    ).one()
    counts: dict[View, int] = {view: int(row._mapping[view.value]) for view in undecided_views}
    # A follow-up may also hang on a lead that was accepted.
    counts[View.DUE] = _count(connection, in_view(View.DUE, reader))
    decided = connection.execute(
        select(func.count()).select_from(leads).where(leads.c.state.in_(DECIDED))
    ).scalar_one()
    counts[View.DECIDED] = decided
    counts[View.ALL] = connection.execute(select(func.count()).select_from(leads)).scalar_one()
    return counts


def list_leads(
    connection: Connection,
    reader: Reader,
    wanted: Filter,
    *,
    after: Place | None = None,
    limit: int,
) -> list[LeadRow]:
    """Rows of the filtered list in its stable order, those behind `after`."""
    statement = _rows(reader, wanted.view).where(matches_filter(wanted, reader))
    if after is not None:
        statement = statement.where(_behind(wanted.view, after))
    statement = _ordered(statement, wanted.view).limit(limit)
    return [_row(found, reader) for found in connection.execute(statement).mappings()]


def get_row(connection: Connection, reader: Reader, lead_id: UUID, view: View = View.ALL) -> LeadRow | None:
    """One lead as a line of a list, whatever the filter."""
    found = connection.execute(_rows(reader, view).where(leads.c.id == lead_id)).mappings().first()
    return _row(found, reader) if found is not None else None


def urgent_news(connection: Connection, reader: Reader) -> list[LeadRow]:
    """Urgent leads that nobody has begun with and this reader has not opened, newest first."""
    urgent = Filter(view=View.URGENT, state=LeadState.NEW)
    return [row for row in list_leads(connection, reader, urgent, limit=_URGENT_AT_MOST) if row.unread]


def count_leads(connection: Connection, reader: Reader, wanted: Filter) -> int:
    """How many rows the filtered list has."""
    return _count(connection, matches_filter(wanted, reader))


def count_before(connection: Connection, reader: Reader, wanted: Filter, place: Place) -> int:
    """How many rows of the filtered list stand before a place: what is new above the first row shown."""
    return _count(connection, and_(matches_filter(wanted, reader), _before(wanted.view, place)))


def find_position(connection: Connection, reader: Reader, wanted: Filter, place: Place) -> Position:
    """Where a lead stands in the filtered list, and its neighbours there.

    A lead that has left the list (it was just decided) keeps neighbours: those it stood between.
    """
    matches = matches_filter(wanted, reader)
    total = _count(connection, matches)
    inside = _count(connection, and_(matches, leads.c.id == place.lead_id)) == 1
    number = _count(connection, and_(matches, _before(wanted.view, place))) + 1 if inside else None
    ids = select(leads.c.id).select_from(everything).where(matches)
    following = connection.execute(
        _ordered(ids.where(_behind(wanted.view, place)), wanted.view).limit(1)
    ).scalar()
    preceding = connection.execute(
        _ordered(ids.where(_before(wanted.view, place)), wanted.view, backwards=True).limit(1)
    ).scalar()
    return Position(number, total, preceding, following)


def list_technicians(connection: Connection) -> list[tuple[UUID, str]]:
    """Everybody who has recorded an observation, by name, for the filter."""
    authors = select(observations.c.author_id).distinct()
    rows = connection.execute(
        select(users.c.id, users.c.name).where(users.c.id.in_(authors)).order_by(users.c.name)
    )
    return [(row.id, row.name) for row in rows]


def list_customers(connection: Connection, reader: Reader, view: View) -> list[tuple[UUID, str]]:
    """The customers with a lead in a view, by name, for the filter."""
    rows = connection.execute(
        select(customers.c.id, customers.c.name)
        .select_from(everything)
        .where(in_view(view, reader))
        .distinct()
        .order_by(customers.c.name)
    )
    return [(row.id, row.name) for row in rows]


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(everything).where(condition)).scalar_one()


# -- order: newest first, except what has a date to be looked at, which comes earliest first ----------


def _ascending(view: View) -> bool:
    return view in (View.DUE, View.DEFERRED)


def _sort_column(view: View) -> ColumnElement[Any]:
    if _ascending(view):
        return func.coalesce(open_follow_up.c.due_on, literal_column("'9999-12-31'", Date), type_=Date)
    if view is View.DECIDED:
        return func.coalesce(leads.c.decided_at, leads.c.created_at, type_=leads.c.created_at.type)
    return leads.c.created_at


def _ordered(statement: Select[Any], view: View, *, backwards: bool = False) -> Select[Any]:
    column = _sort_column(view)
    if _ascending(view) != backwards:
        return statement.order_by(column.asc(), leads.c.id.asc())
    return statement.order_by(column.desc(), leads.c.id.desc())


def _key_value(view: View, place: Place) -> Any:
    moment = datetime.fromisoformat(place.key)
    if _ascending(view):
        return moment.date()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _behind(view: View, place: Place) -> ColumnElement[bool]:
    column = _sort_column(view)
    value = literal(_key_value(view, place), column.type)
    here = tuple_(column, leads.c.id)
    there = tuple_(value, literal(place.lead_id, leads.c.id.type))
    return here > there if _ascending(view) else here < there


def _before(view: View, place: Place) -> ColumnElement[bool]:
    column = _sort_column(view)
    value = literal(_key_value(view, place), column.type)
    here = tuple_(column, leads.c.id)
    there = tuple_(value, literal(place.lead_id, leads.c.id.type))
    return here < there if _ascending(view) else here > there


# -- rows ------------------------------------------------------------------------------------------------


def _rows(reader: Reader, view: View) -> Select[Any]:
    seen = seen_by.alias("seen")
    # Unread again when the technician has added something since, a correction or an answer. The record
    # has the server's time; what the tablet said about its own may lie in the past (S19).
    added = exists().where(
        lead_events.c.lead_id == leads.c.id,
        lead_events.c.actor_id == observations.c.author_id,
        lead_events.c.at > seen.c.at,
    )
    return select(
        leads.c.id.label("lead_id"),
        leads.c.state,
        leads.c.reason,
        leads.c.note,
        leads.c.revision,
        leads.c.created_at,
        leads.c.offered_at,
        _sort_column(view).label("sort_key"),
        _assignee.c.name.label("assignee_name"),
        _decider.c.name.label("decided_by_name"),
        observations.c.id.label("observation_id"),
        observations.c.received_at,
        observations.c.kind,
        observations.c.urgency,
        observations.c.flag_kind,
        observations.c.title,
        observations.c.has_conflict,
        customers.c.id.label("customer_id"),
        customers.c.name.label("customer_name"),
        customers.c.customer_class,
        sites.c.name.label("site_name"),
        _author.c.name.label("author_name"),
        tasks.c.due_on.label("next_step_due"),
        open_follow_up.c.due_on.label("follow_up_due"),
        select(func.count())
        .where(photos.c.observation_id == observations.c.id, _is_photo)
        .scalar_subquery()
        .label("photo_count"),
        select(func.count())
        .where(photos.c.observation_id == observations.c.id, photos.c.seconds.is_not(None))
        .scalar_subquery()
        .label("voice_count"),
        select(func.count())
        .where(photos.c.observation_id == observations.c.id, photos.c.signed_at.is_not(None))
        .scalar_subquery()
        .label("signature_count"),
        select(func.count())
        .where(
            photos.c.observation_id == observations.c.id,
            photos.c.sha256 == blobs.c.sha256,
            _is_photo,
        )
        .scalar_subquery()
        .label("photos_received"),
        or_(seen.c.at.is_(None), added).label("unread"),
    ).select_from(
        everything.join(_author, _author.c.id == observations.c.author_id)
        .outerjoin(sites, sites.c.id == observations.c.site_id)
        .outerjoin(tasks, and_(tasks.c.observation_id == observations.c.id, tasks.c.done_at.is_(None)))
        .outerjoin(_assignee, _assignee.c.id == leads.c.assignee_id)
        .outerjoin(_decider, _decider.c.id == leads.c.decided_by_id)
        .outerjoin(seen, and_(seen.c.lead_id == leads.c.id, seen.c.user_id == reader.user_id))
    )


def _row(found: Any, reader: Reader) -> LeadRow:
    flag_kind = FlagKind(found["flag_kind"]) if found["flag_kind"] else None
    return LeadRow(
        lead_id=found["lead_id"],
        place=Place(found["sort_key"].isoformat(), found["lead_id"]),
        state=LeadState(found["state"]),
        reason=RejectionReason(found["reason"]) if found["reason"] else None,
        note=found["note"] if may_read(reader.role, flag_kind) else "",
        assignee_name=found["assignee_name"],
        decided_by_name=found["decided_by_name"],
        revision=found["revision"],
        created_at=found["created_at"],
        received_at=found["received_at"],
        observation_id=found["observation_id"],
        kind=Kind(found["kind"]),
        urgency=Urgency(found["urgency"]),
        flag_kind=flag_kind,
        title=found["title"] if may_read(reader.role, flag_kind) else None,
        customer_id=found["customer_id"],
        customer_name=found["customer_name"],
        customer_class=found["customer_class"],
        site_name=found["site_name"],
        author_name=found["author_name"],
        has_conflict=found["has_conflict"],
        photos=found["photo_count"],
        photos_received=found["photos_received"],
        voices=found["voice_count"],
        signatures=found["signature_count"],
        next_step_due=found["next_step_due"],
        follow_up_due=found["follow_up_due"],
        unread=bool(found["unread"]),
        offered_at=found["offered_at"],
    )
