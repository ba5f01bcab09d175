"""Visits: three or four a day for each technician around today, so that the tablet has a day to show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account, Place
from sync_server.demo.machines import Family
from sync_server.demo.staff import Colleague, Staff
from sync_server.demo.texts.contact_history import VISIT_PURPOSES
from sync_server.demo.worktime import is_holiday, local, workday

_SORTS = {
    Family.COMPRESSOR: "Schraubenkompressor",
    Family.DRYER: "Kältetrockner",
    Family.CHILLER: "Kaltwassersatz",
}
_STARTS = (time(7, 30), time(10, 30), time(13, 15), time(15, 0))

DAYS_BEFORE = 20
DAYS_AFTER = 10
"""Working days around today for which every visit of every technician exists."""


@dataclass(frozen=True)
class Appointment:
    """A technician at a place on a day."""

    id: UUID
    technician: Colleague
    account: Account
    place: Place
    starts_at: datetime
    ends_at: datetime
    purpose: str

    @property
    def row(self) -> dict[str, Any]:
        """The row of `visits`."""
        return {
            "id": self.id,
            "technician_id": self.technician.id,
            "customer_id": self.account.id,
            "site_id": self.place.id,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "purpose": self.purpose,
        }


@dataclass
class Rounds:
    """Knows whom each technician visits: his territory's customers, important ones and regulars more often."""

    staff: Staff
    accounts: list[Account]
    seed: int | str

    def __post_init__(self) -> None:
        self._of_technician: dict[UUID, dict[int, float]] = {}
        for technician in self.staff.technicians:
            regulars = Chance(f"{self.seed}/regulars/{technician.login}")
            self._of_technician[technician.id] = {
                index: account.weight * (3.0 if regulars.happens(0.4) else 1.0)
                for index, account in enumerate(self.accounts)
                if account.territory == technician.territory
            }

    def has_customers(self, technician: Colleague) -> bool:
        """Whether there is anybody in his territory."""
        return bool(self._of_technician[technician.id])

    def customer_of(self, chance: Chance, technician: Colleague) -> Account:
        """One of his customers.

        Raises:
            LookupError: there is none in his territory.
        """
        weights = self._of_technician[technician.id]
        if not weights:
            raise LookupError(f"no customers in {technician.territory}")
        return self.accounts[chance.weighted(weights)]

    def around(self, today: date) -> Iterator[Appointment]:
        """Every visit of the working days around today; today and tomorrow have some whatever day it is."""
        first, last = workday(today, -DAYS_BEFORE), workday(today, DAYS_AFTER)
        day = first
        while day <= last:
            if not is_holiday(day) or day in (today, today + timedelta(days=1)):
                yield from self.of_day(day, showcase=day == today)
            day += timedelta(days=1)

    def of_day(self, day: date, *, showcase: bool) -> Iterator[Appointment]:
        """The visits of one day; the same whenever they are asked for."""
        for number, technician in enumerate(self.staff.technicians):
            chance = Chance(f"{self.seed}/visits/{technician.login}/{day}")
            if not self._of_technician[technician.id]:
                continue
            if showcase and number == 0 and self.accounts[0].firm.name.startswith("Käsmayr"):
                yield from self._showcase_day(chance, technician, day)
                continue
            seen: set[UUID] = set()
            for start in _STARTS[: chance.number(3, 4)]:
                account = self.customer_of(chance, technician)
                if account.id in seen:
                    continue
                seen.add(account.id)
                shifted = local(day, start) + timedelta(minutes=15 * chance.number(-1, 2))
                yield self.appointment(chance, technician, account, shifted)

    def appointment(
        self, chance: Chance, technician: Colleague, account: Account, starts_at: datetime
    ) -> Appointment:
        """A visit at one of the customer's places for a purpose that fits what stands there."""
        places = [place for place in account.places if any(i.place.id == place.id for i in account.ours())]
        place = chance.pick(places or account.places)
        machine = chance.pick([i for i in account.ours() if i.place.id == place.id] or account.ours()).machine
        template = chance.weighted(dict(VISIT_PURPOSES))
        model = machine.model.split(" ", 1)[1] if machine.family is not Family.COMPRESSOR else machine.model
        sort = "Adsorptionstrockner" if model.startswith("AT") else _SORTS[machine.family]
        purpose = template.format(m=model if "{sort}" in template else machine.model, sort=sort)
        return self._made(
            technician, account, place, starts_at, minutes=15 * chance.number(4, 8), purpose=purpose
        )

    def _showcase_day(self, chance: Chance, technician: Colleague, day: date) -> Iterator[Appointment]:
        by_name = {account.firm.name: account for account in self.accounts[:9]}
        plan = (
            ("Schwarzwald Druck AG", time(7, 30), 105, "Inspektion Kältetrockner KT 200"),
            (
                "Käsmayr Kunststofftechnik GmbH & Co. KG",
                time(10, 30),
                90,
                "Wartung Schraubenkompressor RV 75",
            ),
            ("Bäckerei Obermüller e. K.", time(13, 15), 75, "Störung Kältetrockner"),
            ("Vöhringer & Söhne Werkzeugbau", time(15, 0), 90, "Inbetriebnahme RV 22 FU"),
        )
        for name, start, minutes, purpose in plan:
            account = by_name.get(name)
            if account is not None:
                place = account.places[1] if name.startswith("Käsmayr") else account.places[0]
                yield self._made(
                    technician, account, place, local(day, start), minutes=minutes, purpose=purpose
                )

    def _made(
        self,
        technician: Colleague,
        account: Account,
        place: Place,
        starts_at: datetime,
        *,
        minutes: int,
        purpose: str,
    ) -> Appointment:
        name = f"visit/{technician.login}/{starts_at.isoformat()}"
        return Appointment(
            Chance(self.seed).id_of(name),
            technician,
            account,
            place,
            starts_at,
            starts_at + timedelta(minutes=minutes),
            purpose,
        )
