"""The technician's visits: those of a day, those that come, the next one at a customer; each with what it needs."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from app.state.briefing import questions
from app.state.observations import Observations
from app.state.places import place_of
from app.state.views import VisitDay, VisitView
from app.store.reference import Reference
from protocol.reference import Visit

SHOWN = 60
"""Coming visits listed at most: about four weeks of one technician."""


class Visits:
    """All visits of one technician.

    Args:
        local: turns a moment into the time of the place where the tablet is.
    """

    def __init__(
        self, reference: Reference, observations: Observations, local: Callable[[datetime], datetime]
    ) -> None:
        self._reference = reference
        self._observations = observations
        self._local = local

    def of_day(self, now: datetime, sending: frozenset[UUID]) -> tuple[VisitView, ...]:
        """The visits of the local day of `now`, earliest first."""
        day = self._local(now).date()
        return tuple(self._view(visit, sending) for visit in self._all() if self._day(visit) == day)

    def coming(self, now: datetime, sending: frozenset[UUID]) -> tuple[VisitDay, ...]:
        """Today and the days after it on which there is a visit, the nearest SHOWN visits."""
        today = self._local(now).date()
        ahead = [visit for visit in self._all() if self._day(visit) >= today][:SHOWN]
        return tuple(
            VisitDay(day, tuple(self._view(visit, sending) for visit in visits))
            for day, visits in groupby(ahead, key=self._day)
        )

    def next_at(self, customer_id: UUID, now: datetime, sending: frozenset[UUID]) -> VisitView | None:
        """The visit at a customer that is under way or comes next."""
        found = (visit for visit in self._all() if visit.customer_id == customer_id)
        coming = next((visit for visit in found if (visit.ends_at or visit.starts_at) >= now), None)
        return self._view(coming, sending) if coming else None

    def _all(self) -> Iterator[Visit]:
        return iter(self._reference.visits())

    def _day(self, visit: Visit) -> date:
        return self._local(visit.starts_at).date()

    def _view(self, visit: Visit, sending: frozenset[UUID]) -> VisitView:
        customer = self._reference.customer(visit.customer_id)
        asked = questions(self._observations.of_customer(visit.customer_id, sending))
        return VisitView(
            visit=visit,
            customer_name=customer.name if customer else "",
            customer_class=customer.customer_class if customer else None,
            place=place_of(customer, visit.site_id),
            question=asked[0].text if asked else None,
        )
