"""Visits that come from somebody's calendar: the same entry is the same visit, however often it is taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.crm import documents, holding
from sync_server.crm.whereabouts import Somebody, Somewhere, Whereabouts
from sync_server.store import schema as t
from sync_server.store.many import among

_SPACE = UUID("5b0c1c3e-8f53-4d0e-9c53-6f1f2a7d9b11")
"""Ids of visits are made from technician and calendar entry in here (UUIDv5, RFC 9562, section 5.5)."""


@dataclass(frozen=True)
class Plan:
    """One visit as the calendar has it."""

    uid: str
    customer_id: UUID
    site_id: UUID | None
    starts_at: datetime
    ends_at: datetime | None
    purpose: str


@dataclass(frozen=True)
class Planned:
    """What became of the plans."""

    new: int
    changed: int
    same: int
    cancelled: int


def visit_id(technician_id: UUID, uid: str) -> UUID:
    """The id of the visit that a calendar entry is."""
    return uuid5(_SPACE, f"{technician_id}/{uid}")


def whereabouts(connection: Connection, territory: str) -> Whereabouts:
    """The customers of a territory, as appointments may name them."""
    sites: dict[UUID, list[Somewhere]] = {}
    of_territory = t.customers.c.territory == territory
    joined = select(t.sites).join(t.customers, t.customers.c.id == t.sites.c.customer_id).where(of_territory)
    for row in connection.execute(joined):
        sites.setdefault(row.customer_id, []).append(Somewhere(row.id, row.street or "", row.city or ""))
    rows = connection.execute(select(t.customers).where(of_territory).order_by(t.customers.c.id))
    return Whereabouts(Somebody(row.id, row.number, row.name, sites.get(row.id, ())) for row in rows)


def plan_visits(
    connection: Connection,
    technician_id: UUID,
    plans: Sequence[Plan],
    cancelled: Sequence[str],
    now: datetime,
) -> Planned:
    """Make visits of plans, move those that were made before, take away what was cancelled; tell the tablet.

    What the calendar no longer holds stays: absence is not a cancellation.

    Args:
        cancelled: the calendar's ids of what was called off.
    """
    rows = {visit_id(technician_id, plan.uid): _row(technician_id, plan) for plan in plans}
    gone = {visit_id(technician_id, uid) for uid in cancelled} - set(rows)
    ids = [*rows, *gone]
    holding.visits(connection, ids)
    held: dict[UUID, dict[str, Any]] = {
        row.id: dict(row._mapping)
        for row in connection.execute(select(t.visits).where(among(connection, t.visits.c.id, ids)))
    }
    new = [row for key, row in rows.items() if key not in held]
    changed = [row for key, row in rows.items() if key in held and held[key] != row]
    if new:
        connection.execute(insert(t.visits), new)
    for row in changed:
        connection.execute(update(t.visits).where(t.visits.c.id == row["id"]).values(row))
    called_off = sorted(gone & set(held))
    if called_off:
        connection.execute(delete(t.visits).where(among(connection, t.visits.c.id, called_off)))
    touched = [row["id"] for row in (*new, *changed)] + called_off
    documents.publish_visits(connection, touched, now)
    return Planned(len(new), len(changed), len(rows) - len(new) - len(changed), len(called_off))


def _row(technician_id: UUID, plan: Plan) -> dict[str, Any]:
    return {
        "id": visit_id(technician_id, plan.uid),
        "technician_id": technician_id,
        "customer_id": plan.customer_id,
        "site_id": plan.site_id,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "purpose": plan.purpose,
    }
