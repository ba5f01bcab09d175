"""Who is going to visit a customer when: what inside sales should know before it calls there."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from sync_server.crm import visit_versions
from sync_server.store import schema as t

_UNDER_WAY = timedelta(hours=4)
"""How long after its beginning a visit of which nobody has said the end may still be under way."""


class ComingVisit(NamedTuple):
    """A visit that is under way or to come.

    Attributes:
        is_his_own: the technician has planned it himself.
        undecided: he has planned it differently on two tablets, and not said which one counts.
        prepared: points of the preparation that are done.
    """

    starts_at: datetime
    ends_at: datetime | None
    purpose: str
    technician: str
    is_his_own: bool
    undecided: bool
    prepared: int


def coming_at(connection: Connection, customer_id: UUID, now: datetime, *, limit: int) -> list[ComingVisit]:
    """The next visits at a customer, earliest first."""
    visits = t.visits.c
    rows = connection.execute(
        select(t.visits, t.users.c.name)
        .join(t.users, t.users.c.id == visits.technician_id)
        .where(visits.customer_id == customer_id, visits.starts_at >= now - _UNDER_WAY)
        .order_by(visits.starts_at, visits.id)
        .limit(limit)
    ).all()
    planned = visit_versions.shown(connection, [row.id for row in rows])
    prepared = visit_versions.prepared(connection, {row.id: row.technician_id for row in rows})
    return [
        ComingVisit(
            row.starts_at,
            row.ends_at,
            row.purpose,
            row.name,
            row.id in planned,
            row.id in planned and bool(planned[row.id].others),
            len(prepared.get(row.id, ())),
        )
        for row in rows
    ]
