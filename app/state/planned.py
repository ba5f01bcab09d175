"""Visits as the technician sees them: what the server told, and what he has planned or ticked here since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.store.outbox import EntryState, OutboxEntry
from protocol.planning import Prepared
from protocol.problems import Problem
from protocol.reference import Visit


@dataclass(frozen=True)
class HeldVisit:
    """A visit, and how far what was said of it here has come.

    Attributes:
        base: the version that the next one builds on; None for the first.
        waiting: the server has not confirmed something of it yet.
        problem: why the server did not take the version that is shown.
        refused: the change that was not taken.
    """

    visit: Visit
    base: UUID | None = None
    waiting: bool = False
    problem: Problem | None = None
    refused: UUID | None = None
    cancelled: bool = False


def merged(told: Iterable[Visit], entries: Iterable[OutboxEntry]) -> list[HeldVisit]:
    """Every visit once, earliest first, those that were called off here included.

    What was saved here counts until everything has been read since the server had it: a visit that the server then
    does not tell of was called off elsewhere.

    Args:
        told: by the server.
        entries: everything in the outbox, oldest first.
    """
    plans: dict[UUID, list[OutboxEntry]] = defaultdict(list)
    points: dict[UUID, list[OutboxEntry]] = defaultdict(list)
    for entry in entries:
        if entry.plan:
            plans[entry.plan.visit_id].append(entry)
        elif entry.preparation and entry.state != EntryState.REFUSED and not entry.told:
            points[entry.preparation.visit_id].append(entry)
    known = {visit.id: visit for visit in told}
    held = [_held(key, known.get(key), plans[key], points[key]) for key in known.keys() | plans.keys()]
    return sorted((one for one in held if one), key=lambda one: (one.visit.starts_at, one.visit.id))


def _held(
    key: UUID, told: Visit | None, plans: list[OutboxEntry], points: list[OutboxEntry]
) -> HeldVisit | None:
    newest = plans[-1] if plans else None
    own = newest.plan if newest is not None and not newest.told else None
    waits = any(entry.state == EntryState.WAITING for entry in (*plans, *points))
    if own is None or newest is None:
        if told is None:
            return None
        return HeldVisit(_prepared(told, points), told.version, waits)
    refused = newest.state == EntryState.REFUSED
    plan, others = own.plan, told.others if told else None
    visit = Visit(
        id=key,
        customer_id=plan.customer_id,
        site_id=plan.site_id,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        purpose=plan.purpose,
        version=own.revision_id,
        others=tuple(other for other in others or () if other.id not in own.settles) or None,
        prepared=told.prepared if told else None,
    )
    return HeldVisit(
        _prepared(visit, points),
        base=own.based_on if refused else own.revision_id,
        waiting=waits,
        problem=newest.problem,
        refused=newest.id if refused else None,
        cancelled=plan.cancelled,
    )


def _prepared(visit: Visit, points: Iterable[OutboxEntry]) -> Visit:
    done: Mapping[str, Prepared] = {point.item: point for point in visit.prepared or ()}
    done = dict(done)
    for entry in points:
        said = entry.preparation
        if said is None:
            continue
        done.pop(said.item, None)
        if said.done:
            done[said.item] = Prepared(item=said.item, template=said.template, done_at=said.recorded_at)
    return visit.model_copy(update={"prepared": tuple(done.values()) or None})
