"""Visits that technicians plan themselves: every version is kept, a rule shows one; and what they prepared for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from protocol.changes import OfVisit, PlanVisit, PrepareVisit
from protocol.planning import VisitPlan
from protocol.problems import Code
from protocol.rules.access import may_record_at
from protocol.rules.revisions import tips
from sync_server.crm import documents, holding
from sync_server.crm.known import ACCEPTED, CONFLICT, DUPLICATE, Sender, Verdict, rejected
from sync_server.crm.visit_versions import Version, versions_of, winner_of
from sync_server.store import schema as t
from sync_server.store.inserting import insert_or_update
from sync_server.store.many import among, look_up


@dataclass
class KnownVisits:
    """What the store knows of the visits that a push names."""

    territories: dict[UUID, str] = field(default_factory=dict)
    """By customer."""
    planners: dict[UUID, UUID] = field(default_factory=dict)
    """Who has planned a visit himself."""
    appointed: dict[UUID, UUID] = field(default_factory=dict)
    """Whose visit it is, of those that the office has planned."""
    plans: dict[UUID, tuple[UUID, VisitPlan]] = field(default_factory=dict)
    """Versions, each with its visit."""

    def owner(self, visit_id: UUID) -> UUID | None:
        """Whose visit it is; None: nobody here has heard of it."""
        return self.planners.get(visit_id) or self.appointed.get(visit_id)


def read(connection: Connection, changes: Sequence[OfVisit]) -> KnownVisits:
    """Look up everything that these changes name, and hold the visits."""
    known = KnownVisits()
    if not changes:
        return known
    visit_ids = {change.visit_id for change in changes}
    customer_ids = {change.plan.customer_id for change in changes if isinstance(change, PlanVisit)}
    revision_ids = {change.revision_id for change in changes if isinstance(change, PlanVisit)}
    holding.visits(connection, visit_ids)
    holding.customers(connection, customer_ids)
    rows = look_up(connection, t.customers.c.id, customer_ids, t.customers.c.territory)
    known.territories = {row.id: row.territory for row in rows}
    plans = t.visit_plans.c
    owners = select(plans.visit_id, plans.technician_id).where(among(connection, plans.visit_id, visit_ids))
    known.planners = {row.visit_id: row.technician_id for row in connection.execute(owners)}
    rows = look_up(connection, t.visits.c.id, visit_ids, t.visits.c.technician_id)
    known.appointed = {row.id: row.technician_id for row in rows if row.id not in known.planners}
    rows = look_up(connection, plans.id, revision_ids, plans.visit_id, plans.content)
    known.plans = {row.id: (row.visit_id, VisitPlan.model_validate_json(row.content)) for row in rows}
    return known


def judge(change: OfVisit, sender: Sender, known: KnownVisits) -> Verdict:
    """Whether a change may be taken, from what is known alone.

    Points of a preparation are taken of a visit that nobody knows, too: it was called off meanwhile, and the word of
    the technician is kept all the same.
    """
    owner, me = known.owner(change.visit_id), sender.who.user_id
    if isinstance(change, PrepareVisit):
        return ACCEPTED if owner in (None, me) else rejected(Code.FORBIDDEN)
    if owner not in (None, me):
        return rejected(Code.ID_TAKEN if change.based_on is None else Code.FORBIDDEN)
    if change.visit_id in known.appointed:
        return rejected(Code.FORBIDDEN)  # the office has planned it, and would undo what is changed here
    held = known.plans.get(change.revision_id)
    if held is not None:
        return DUPLICATE if held == (change.visit_id, change.plan) else rejected(Code.ID_TAKEN)
    territory = known.territories.get(change.plan.customer_id)
    if territory is None:
        # Calling off needs no customer: he may have been erased for that very reason.
        return ACCEPTED if change.plan.cancelled else rejected(Code.UNKNOWN_CUSTOMER)
    return ACCEPTED if may_record_at(sender.who, territory) else rejected(Code.FORBIDDEN)


def take(
    connection: Connection, sender: Sender, change: OfVisit, known: KnownVisits, now: datetime
) -> Verdict:
    """Store a change that was judged to be acceptable, and tell the technician's tablets."""
    if isinstance(change, PlanVisit):
        return _plan(connection, sender, change, known, now)
    connection.execute(
        insert(t.preparations).values(
            change_id=change.id,
            visit_id=change.visit_id,
            technician_id=sender.who.user_id,
            item=change.item,
            template_id=change.template,
            done=change.done,
            at=change.recorded_at,
            received_at=now,
        )
    )
    documents.publish_visit(connection, change.visit_id, now)
    return ACCEPTED


def _plan(
    connection: Connection, sender: Sender, change: PlanVisit, known: KnownVisits, now: datetime
) -> Verdict:
    me, plans = sender.who.user_id, t.visit_plans
    before = versions_of(connection, [change.visit_id])[change.visit_id]
    connection.execute(
        insert(plans).values(
            id=change.revision_id,
            visit_id=change.visit_id,
            technician_id=me,
            based_on=change.based_on,
            content=change.plan.as_json(),
            device_id=sender.device_id,
            recorded_at=change.recorded_at,
            received_at=now,
        )
    )
    if change.settles:
        settled = plans.c.id.in_(change.settles) & (plans.c.visit_id == change.visit_id)
        connection.execute(update(plans).where(settled).values(settled_by=change.revision_id))
    known.planners[change.visit_id] = me
    known.plans[change.revision_id] = (change.visit_id, change.plan)
    versions = versions_of(connection, [change.visit_id])[change.visit_id]
    _show(connection, me, versions[winner_of(versions)])
    documents.publish_visit(connection, change.visit_id, now)
    moved_on = bool(before) and change.based_on != winner_of(before)
    open_ends = tips([version.node for version in versions.values()])
    is_conflict = moved_on and len(open_ends) > 1 and change.revision_id in open_ends
    return CONFLICT if is_conflict else ACCEPTED


def _show(connection: Connection, technician_id: UUID, version: Version) -> None:
    """Make the row of a visit what its shown version says; one that is off has none."""
    plan = version.plan
    known = select(t.customers.c.id).where(t.customers.c.id == plan.customer_id)
    if plan.cancelled or connection.execute(known).first() is None:
        connection.execute(delete(t.visits).where(t.visits.c.id == version.visit_id))
        return
    places = (t.sites.c.id == plan.site_id) & (t.sites.c.customer_id == plan.customer_id)
    site_id = connection.execute(select(t.sites.c.id).where(places)).scalar() if plan.site_id else None
    row: dict[str, Any] = {
        "technician_id": technician_id,
        "customer_id": plan.customer_id,
        "site_id": site_id,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "purpose": plan.purpose,
    }
    connection.execute(insert_or_update(connection, t.visits, ["id"], row), {"id": version.visit_id, **row})
