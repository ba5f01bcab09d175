"""Reads the kept versions of visits that technicians plan themselves, and what is done of the preparation of visits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from protocol.planning import OtherPlan, Prepared, VisitPlan
from protocol.rules.revisions import Node, tips, winner
from sync_server.store import schema as t
from sync_server.store.many import among


@dataclass(frozen=True)
class Version:
    """One row of `visit_plans`."""

    visit_id: UUID
    node: Node
    plan: VisitPlan
    recorded_at: datetime


Versions = dict[UUID, Version]


@dataclass(frozen=True)
class Shown:
    """Which version of a visit is shown, and which were made apart from it."""

    version: UUID
    others: tuple[OtherPlan, ...]


def shown(connection: Connection, visit_ids: Iterable[UUID]) -> dict[UUID, Shown]:
    """By visit, of those that technicians have planned themselves."""
    found = {}
    for visit_id, versions in versions_of(connection, visit_ids).items():
        chosen = winner_of(versions)
        apart = [key for key in tips([version.node for version in versions.values()]) if key != chosen]
        others = tuple(
            OtherPlan(id=key, plan=versions[key].plan, recorded_at=versions[key].recorded_at) for key in apart
        )
        found[visit_id] = Shown(chosen, others)
    return found


def prepared(connection: Connection, technicians: dict[UUID, UUID]) -> dict[UUID, tuple[Prepared, ...]]:
    """What is done of the preparation of visits, in the order in which it was done; visits without any are left out.

    Args:
        technicians: whose each visit is: what another has ticked before it was given to him says nothing of his.
    """
    said = t.preparations
    rows = connection.execute(
        select(said).where(among(connection, said.c.visit_id, technicians)).order_by(said.c.id)
    )
    points: dict[UUID, dict[str, Row[Any]]] = defaultdict(dict)
    for row in rows:
        if technicians[row.visit_id] == row.technician_id:
            points[row.visit_id].pop(row.item, None)
            points[row.visit_id][row.item] = row
    return {
        visit_id: done
        for visit_id, of_visit in points.items()
        if (
            done := tuple(
                Prepared(item=row.item, template=row.template_id, done_at=row.at)
                for row in of_visit.values()
                if row.done
            )
        )
    }


def winner_of(versions: Versions) -> UUID:
    """The version that is shown: that a visit is off yields to that it takes place."""
    off = [key for key, version in versions.items() if version.plan.cancelled]
    return winner([version.node for version in versions.values()], yielding=off)


def versions_of(connection: Connection, visit_ids: Iterable[UUID]) -> dict[UUID, Versions]:
    """Every kept version, by visit and id."""
    plans = t.visit_plans
    statement = select(plans).where(among(connection, plans.c.visit_id, visit_ids)).order_by(plans.c.id)
    found: dict[UUID, Versions] = defaultdict(dict)
    for row in connection.execute(statement):
        node = Node(row.id, row.based_on, row.settled_by is not None)
        plan = VisitPlan.model_validate_json(row.content)
        found[row.visit_id][row.id] = Version(row.visit_id, node, plan, row.recorded_at)
    return found
