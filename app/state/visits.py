"""The technician's visits: those of a day, those that come, the next one at a customer; each with what it needs."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from app.state.briefing import questions
from app.state.observations import Observations
from app.state.places import place_of
from app.state.planned import HeldVisit, merged
from app.state.views import RefusedWord, VisitDay, VisitView
from app.store.outbox import EntryState
from app.store.own_work import OwnWork
from app.store.reference import Reference

SHOWN = 60
"""Coming visits listed at most: about four weeks of one technician."""


class Visits:
    """All visits of one technician.

    Args:
        local: turns a moment into the time of the place where the tablet is.
    """

    def __init__(
        self,
        own: OwnWork,
        reference: Reference,
        observations: Observations,
        local: Callable[[datetime], datetime],
    ) -> None:
        self._own = own
        self._reference = reference
        self._observations = observations
        self._local = local
        self._held: tuple[object, list[HeldVisit]] = (None, [])

    def of_day(self, now: datetime, sending: frozenset[UUID]) -> tuple[VisitView, ...]:
        """The visits of the local day of `now`, earliest first."""
        return self.of_date(self._local(now).date(), sending)

    def of_date(self, day: date, sending: frozenset[UUID]) -> tuple[VisitView, ...]:
        """The visits of a local day, earliest first."""
        return tuple(self._view(held, sending) for held in self._on() if self._day(held) == day)

    def coming(self, now: datetime, sending: frozenset[UUID]) -> tuple[VisitDay, ...]:
        """Today and the days after it on which there is a visit, the nearest SHOWN visits."""
        today = self._local(now).date()
        ahead = [held for held in self._on() if self._day(held) >= today][:SHOWN]
        return tuple(
            VisitDay(day, tuple(self._view(held, sending) for held in visits))
            for day, visits in groupby(ahead, key=self._day)
        )

    def next_at(self, customer_id: UUID, now: datetime, sending: frozenset[UUID]) -> VisitView | None:
        """The visit at a customer that is under way or comes next."""
        found = (held for held in self._on() if held.visit.customer_id == customer_id)
        coming = next((one for one in found if (one.visit.ends_at or one.visit.starts_at) >= now), None)
        return self._view(coming, sending) if coming else None

    def one(self, visit_id: UUID, sending: frozenset[UUID]) -> VisitView | None:
        """One visit; None if it is not here (any more), or off."""
        held = self.held(visit_id)
        return self._view(held, sending) if held and not held.cancelled else None

    def held(self, visit_id: UUID) -> HeldVisit | None:
        """One visit with the version that the next one builds on, also when it was called off here."""
        return next((held for held in self._all() if held.visit.id == visit_id), None)

    def refused(self) -> tuple[RefusedWord, ...]:
        """What was said of visits here and the server did not take, oldest first."""
        found = []
        for entry in self._own.entries():
            if entry.state != EntryState.REFUSED or not (entry.plan or entry.preparation):
                continue
            held = self.held(entry.thing)
            plan = entry.plan.plan if entry.plan else None
            customer_id = plan.customer_id if plan else (held.visit.customer_id if held else None)
            found.append(
                RefusedWord(
                    change_id=entry.id,
                    visit_id=entry.thing,
                    customer_name=self._reference.customer_name(customer_id) if customer_id else "",
                    plan=plan,
                    problem=entry.problem,
                )
            )
        return tuple(found)

    def _on(self) -> Iterable[HeldVisit]:
        return (held for held in self._all() if not held.cancelled)

    def _all(self) -> list[HeldVisit]:
        state = (self._own.documents.version, self._reference.documents.version)
        if self._held[0] != state:
            self._held = (state, merged(self._reference.visits(), self._own.entries()))
        return self._held[1]

    def _day(self, held: HeldVisit) -> date:
        return self._local(held.visit.starts_at).date()

    def _view(self, held: HeldVisit, sending: frozenset[UUID]) -> VisitView:
        visit = held.visit
        customer = self._reference.customer(visit.customer_id)
        asked = questions(self._observations.of_customer(visit.customer_id, sending))
        return VisitView(
            visit=visit,
            customer_name=customer.name if customer else "",
            customer_class=customer.customer_class if customer else None,
            place=place_of(customer, visit.site_id),
            question=asked[0] if asked else None,
            waiting=held.waiting,
            problem=held.problem,
        )
