"""Planning visits on the tablet, changing them, calling them off; ticking what is prepared. Without network."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from app.state.room import Room
from app.state.views import RefusedWord, VisitView
from app.state.visits import Visits
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.changes import PlanVisit, PrepareVisit
from protocol.fields import clean_text
from protocol.limits import MAX_PURPOSE
from protocol.planning import VisitPlan
from protocol.rules.preparation import Prepares, checklist


class Planning:
    """What one technician plans and prepares. What is called saved is durable when a method returns.

    Args:
        new_id: makes ids that sort by when they were made.
        clock: the time now, with zone.
        sending: changes that are on the wire.
        saved: is called when there is something to send.
    """

    def __init__(
        self,
        own: OwnWork,
        reference: Reference,
        visits: Visits,
        room: Room,
        *,
        new_id: Callable[[], UUID],
        clock: Callable[[], datetime],
        sending: Callable[[], frozenset[UUID]],
        saved: Callable[[], None],
    ) -> None:
        self._own = own
        self._reference = reference
        self._visits = visits
        self._room = room
        self._new_id = new_id
        self._clock = clock
        self._sending = sending
        self._saved = saved

    def visit(self, visit_id: UUID) -> VisitView | None:
        """One visit; None if it is not here (any more), or off."""
        return self._visits.one(visit_id, self._sending())

    def refused(self) -> tuple[RefusedWord, ...]:
        """What was said of visits here and the server did not take, oldest first."""
        return self._visits.refused()

    async def plan(self, plan: VisitPlan, visit_id: UUID | None = None) -> UUID:
        """Plan a visit, or change one that was planned here; gives its id. Raises StorageFull, StoreError."""
        key = visit_id or self._new_id()
        held = self._visits.held(key)
        # Versions made apart that were on the screen: whoever saves now has decided between them.
        settles = tuple(other.id for other in (held.visit.others if held else None) or ())
        change = PlanVisit(
            id=self._new_id(),
            visit_id=key,
            revision_id=self._new_id(),
            based_on=held.base if held else None,
            settles=settles,
            plan=plan,
            recorded_at=self._clock(),
        )
        await self._room.keep(lambda: self._own.add(change))
        self._saved()
        return key

    async def call_off(self, visit_id: UUID) -> VisitPlan | None:
        """A visit is off; gives what it was, so that `plan` can bring it back. None: it was not there any more."""
        before = self.plan_of(visit_id)
        if before is None:
            return None
        await self.plan(before.model_copy(update={"cancelled": True}), visit_id)
        return before

    def plan_of(self, visit_id: UUID) -> VisitPlan | None:
        """What is planned of a visit."""
        held = self._visits.held(visit_id)
        if held is None:
            return None
        visit = held.visit
        return VisitPlan(
            customer_id=visit.customer_id,
            site_id=visit.site_id,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            purpose=clean_text(visit.purpose)[:MAX_PURPOSE],
        )

    async def give_up(self, change_id: UUID) -> None:
        """Forget a word on a visit that the server did not take."""
        await self._own.remove_refused(change_id)

    def checklist(self, view: VisitView) -> list[Prepares]:
        """What is to be prepared for a visit, and what of it is done."""
        shelf = self._reference.templates
        return checklist(shelf.asked, view.visit.prepared or (), shelf.find)

    async def prepare(self, visit_id: UUID, item: str, *, done: bool) -> None:
        """Say of a point of the preparation that it is done, or open after all. Raises StorageFull, StoreError."""
        change = PrepareVisit(
            id=self._new_id(),
            visit_id=visit_id,
            item=item,
            template=self._reference.templates.asked.id,
            done=done,
            recorded_at=self._clock(),
        )
        await self._room.keep(lambda: self._own.add(change))
        self._saved()
