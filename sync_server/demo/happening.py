"""Two years of observations: who was where when, what he told, and what inside sales made of it."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account
from sync_server.demo.fates import Fates
from sync_server.demo.recording import Story, begin, write_revisions
from sync_server.demo.showcase import showcase
from sync_server.demo.staff import Staff
from sync_server.demo.telling import Teller
from sync_server.demo.visits import DAYS_BEFORE, Appointment, Rounds
from sync_server.demo.worktime import awake, day_of, local, workday

_LATELY = 0.2
"""Share of the observations from the weeks of which every visit exists."""

_TOLD_AGAIN = 0.045
"""Share that says what a colleague said before: inside sales marks them as duplicates."""

_EVERY_CONFLICT = 110
"""One observation in so many was corrected on two tablets at once."""


@dataclass
class Happening:
    """All that happened until `end`."""

    chance: Chance
    staff: Staff
    accounts: list[Account]
    rounds: Rounds
    end: datetime
    appointments: list[Appointment]
    """The visits of the weeks around today; those of older observations are added."""
    stories: list[Story] = field(default_factory=list)
    """Oldest first."""
    _earlier: dict[tuple[str, datetime], Appointment] = field(default_factory=dict)

    def let_happen(self, count: int) -> None:
        """Fill `stories` with so many observations."""
        scripted = list(showcase(self.chance.apart("showcase"), self.staff, self.accounts, self.end))
        teller, fates = (
            Teller(self.chance.apart("words")),
            Fates(self.chance.apart("fates"), self.staff, self.end),
        )
        occasions = sorted(self._occasions(max(0, count - len(scripted))), key=lambda o: (o[1], o[0].id.int))
        for appointment, observed_at in occasions:
            original = self._original(appointment, observed_at)
            story = self._story(teller, appointment, observed_at, original)
            if story is not None:
                fates.work_on(story, original)
                self.stories.append(story)
        self.stories = sorted([*self.stories, *scripted], key=lambda story: (story.received_at, story.id.int))

    def write(self) -> None:
        """Write every story's revisions, once it is known which photos it has."""
        for number, story in enumerate(self.stories):
            conflict = number % _EVERY_CONFLICT == _EVERY_CONFLICT - 1 or number == len(self.stories) - 25
            write_revisions(self.chance, story, self.end, conflict=conflict)

    def _occasions(self, count: int) -> Iterator[tuple[Appointment, datetime]]:
        begun = [a for a in self.appointments if a.starts_at + timedelta(minutes=50) < self.end]
        lately = round(count * _LATELY)
        for number in range(count):
            is_recent = number < lately and bool(begun)
            appointment = self.chance.pick(begun) if is_recent else self._earlier_visit()
            minutes = self.chance.number(5, 75)
            latest = self.end - timedelta(minutes=12)
            yield appointment, min(appointment.starts_at + timedelta(minutes=minutes), latest)

    def _earlier_visit(self) -> Appointment:
        technician = self.chance.pick([t for t in self.staff.technicians if self.rounds.has_customers(t)])
        days = int(DAYS_BEFORE * 1.5 + 700 * self.chance.between(0, 1) ** 1.2)
        day = workday(day_of(self.end) - timedelta(days=days), -1)
        start = local(day, time(self.chance.number(7, 15), 15 * self.chance.number(0, 3)))
        known = self._earlier.get((technician.login, start))
        if known is not None:
            return known
        account = self.rounds.customer_of(self.chance, technician)
        appointment = self.rounds.appointment(self.chance, technician, account, start)
        self.appointments.append(appointment)
        self._earlier[technician.login, start] = appointment
        return appointment

    def _original(self, appointment: Appointment, observed_at: datetime) -> Story | None:
        if not self.chance.happens(_TOLD_AGAIN):
            return None
        recent = bisect_left(
            self.stories, observed_at - timedelta(days=40), key=lambda story: story.observed_at
        )
        found = [
            story
            for story in self.stories[recent:]
            if story.account.territory == appointment.technician.territory
            and story.author is not appointment.technician
            and story.told.situation is not None
        ]
        return self.chance.pick(found) if found else None

    def _story(
        self, teller: Teller, appointment: Appointment, observed_at: datetime, original: Story | None
    ) -> Story | None:
        account = original.account if original else appointment.account
        days_ago = (self.end - observed_at).days
        technician = appointment.technician
        received_at = self._received(observed_at)
        if received_at >= self.end:
            return None
        told = (
            teller.retell(original.told, day_of(observed_at))
            if original
            else teller.tell(technician.id, account, appointment.place, day_of(observed_at), days_ago)
        )
        visit_id = None if original else appointment.id
        return begin(
            self.chance,
            technician,
            account,
            told,
            observed_at=observed_at,
            received_at=received_at,
            visit_id=visit_id,
        )

    def _received(self, observed_at: datetime) -> datetime:
        """Most arrive within minutes, some when the van is back in reach, a few the next morning."""
        delay = self.chance.weighted({(2, 9): 60.0, (15, 190): 32.0, (600, 700): 8.0})
        later = observed_at + timedelta(minutes=self.chance.number(*delay), seconds=self.chance.number(0, 59))
        return awake(later)
