"""The customers of the demo firm: sites, people, machines, and the gaps that real master data has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sync_server.demo.chance import Chance
from sync_server.demo.firms import Firm, draw_firms
from sync_server.demo.machines import (
    OUR_ADSORBERS,
    OUR_CHILLERS,
    OUR_COMPRESSORS,
    OUR_DRYERS,
    OUR_OILFREE,
    OUR_REGULATED,
    THEIR_MACHINES,
    Family,
    Machine,
)
from sync_server.demo.people import Person, domain_of, draw_person, draw_phone, mail_of
from sync_server.demo.towns import STREETS, TERRITORIES, Town
from sync_server.demo.worktime import local, workday

_ROLES = {
    "Leiter Technik": 5.0,
    "Instandhaltung": 6.0,
    "Betriebsleiter": 5.0,
    "Einkauf": 4.0,
    "Geschäftsführer": 4.0,
    "Produktionsleiter": 3.0,
    "Schichtleiter": 3.0,
    "Energiebeauftragter": 1.5,
    "Hausmeister": 1.0,
    "Leiter Qualität": 1.0,
}
_FEMALE_ROLES = {
    "Leiter Technik": "Leiterin Technik",
    "Betriebsleiter": "Betriebsleiterin",
    "Geschäftsführer": "Geschäftsführerin",
    "Produktionsleiter": "Produktionsleiterin",
    "Schichtleiter": "Schichtleiterin",
    "Energiebeauftragter": "Energiebeauftragte",
    "Hausmeister": "Hausmeisterin",
    "Leiter Qualität": "Leiterin Qualität",
}
_NOTES = (
    "Schlüssel an der Pforte, Anmeldung beim Schichtleiter.",
    "Zugang nur mit Gehörschutz und Sicherheitsschuhen.",
    "Steht im Keller, kein Netz. Treppe eng, Hebezeug mitnehmen.",
    "Läuft im Verbund, vor dem Abschalten Leitwarte anrufen.",
    "Ansaugung von der Straßenseite, Filter öfter zu.",
    "Öl: VD 46 synthetisch, 18 l.",
    "Wartungsvertrag Plus bis Jahresende.",
    "Wärmerückgewinnung auf die Hallenheizung.",
)


@dataclass(frozen=True)
class Place:
    """A site with its halls."""

    id: UUID
    name: str
    street: str | None
    town: Town | None
    halls: tuple[str, ...]


@dataclass(frozen=True)
class Someone:
    """A contact of a customer."""

    id: UUID
    person: Person
    role: str | None
    phone: str | None
    email: str | None
    channel: str | None
    place: Place | None
    gone: bool


@dataclass(frozen=True)
class Installed:
    """A machine at a customer."""

    id: UUID
    machine: Machine
    place: Place
    serial_number: str | None
    built_in: int | None
    note: str | None
    service_due_on: date | None


@dataclass
class Account:
    """A customer with everything that belongs to it."""

    id: UUID
    number: str
    firm: Firm
    territory: str
    places: list[Place]
    people: list[Someone] = field(default_factory=list)
    machines: list[Installed] = field(default_factory=list)
    changed_at: datetime = datetime(2000, 1, 1)

    @property
    def weight(self) -> float:
        """How often somebody is there: large potential, many visits."""
        return {"A": 5.0, "B": 2.2, "C": 0.8}.get(self.firm.customer_class or "", 0.6)

    @property
    def present(self) -> list[Someone]:
        """Contacts who have not left."""
        return [someone for someone in self.people if not someone.gone]

    def ours(self, family: Family | None = None) -> list[Installed]:
        """Our machines here, of one family or all."""
        return [i for i in self.machines if i.machine.ours and family in (None, i.machine.family)]

    def theirs(self) -> list[Installed]:
        """Competitors' machines here."""
        return [i for i in self.machines if not i.machine.ours]


def draw_accounts(chance: Chance, today: date, count: int) -> list[Account]:
    """So many customers over all territories."""
    firms = draw_firms(chance.apart("firms"), count)
    return [_account(chance.apart(f"customer/{i}"), chance, today, i, firm) for i, firm in enumerate(firms)]


def _account(chance: Chance, ids: Chance, today: date, index: int, firm: Firm) -> Account:
    territory, town = _home(chance, index, firm)
    key = f"customer/{index}"
    account = Account(
        id=ids.id_of(key),
        number=str(10_412 + index * 7 + index % 3),
        firm=firm,
        territory=territory,
        places=list(_places(chance, ids, key, firm, territory=territory, town=town)),
        changed_at=local(
            workday(today - timedelta(days=chance.number(2, 500)), -1),
            time(chance.number(8, 16), chance.number(0, 59)),
        ),
    )
    account.people = list(_people(chance, ids, key, account))
    account.machines = list(
        _kaesmayrs_machines(ids, key, account, today)
        if index == 0
        else _machines(chance, ids, key, account, today)
    )
    return account


def _home(chance: Chance, index: int, firm: Firm) -> tuple[str, Town]:
    if firm.town:
        return next(
            (territory, town)
            for territory, towns in TERRITORIES.items()
            for town in towns
            if town.name == firm.town
        )
    territories = list(TERRITORIES)
    # The south is home: a third more customers there.
    territory = territories[0] if index % 16 == 0 else territories[index % len(territories)]
    territory = firm.territory or territory
    return territory, chance.pick(TERRITORIES[territory])


def _places(
    chance: Chance, ids: Chance, key: str, firm: Firm, *, territory: str, town: Town
) -> Iterator[Place]:
    many = {"A": {1: 1.0, 2: 4.0, 3: 3.0, 4: 1.0}, "B": {1: 5.0, 2: 3.0, 3: 1.0}}
    count = chance.weighted(many.get(firm.customer_class or "", {1: 9.0, 2: 1.0}))
    if firm.name.startswith("Käsmayr"):
        count = 3
    names = _place_names(chance, count)
    if firm.name.startswith("Käsmayr"):
        names = ("Werk 1", "Werk 2", "Werk 3")
    for i, name in enumerate(names):
        there = town if i == 0 or chance.happens(0.5) else chance.pick(TERRITORIES[territory])
        street: str | None = f"{chance.pick(STREETS)} {chance.number(1, 96)}"
        if firm.name.startswith("Käsmayr") and i == 1:
            there, street = Town("Ravensburg", "88213"), "Industriestraße 14"
        elif not firm.town and chance.happens(0.05):
            street = None
        letters = chance.happens(0.5)
        halls = tuple(f"Halle {'ABCDE'[n] if letters else n + 1}" for n in range(chance.number(2, 4)))
        if firm.name.startswith("Käsmayr"):
            halls = ("Halle A", "Halle B")
        yield Place(ids.id_of(f"{key}/site/{i}"), name, street, there, halls)


def _place_names(chance: Chance, count: int) -> tuple[str, ...]:
    if count == 1:
        return (chance.pick(("Werk", "Stammwerk", "Betrieb", "Hauptsitz", "Firmensitz")),)
    if chance.happens(0.6):
        return tuple(f"Werk {i + 1}" for i in range(count))
    return ("Stammwerk", "Werk Nord", "Logistikzentrum", "Lager und Versand")[:count]


def _people(chance: Chance, ids: Chance, key: str, account: Account) -> Iterator[Someone]:
    domain = domain_of(account.firm.name)
    bavarian = account.territory == "Allgäu-Lech"
    count = chance.number(2, 6) if account.firm.customer_class == "A" else chance.number(1, 3)
    roles = list(dict.fromkeys(chance.weighted(_ROLES) for _ in range(count * 3)))[:count]
    if account.firm.name.startswith("Käsmayr"):
        roles = ["Leiter Technik", *(role for role in roles if role != "Leiter Technik")]
    for i, role in enumerate(roles):
        person = draw_person(chance, 0.6 if role == "Einkauf" else 0.22)
        if account.firm.name.startswith("Käsmayr") and i == 0:
            person = Person("Thomas", "Bauer", False)
        is_known = person.name == "Thomas Bauer" and account.firm.name.startswith("Käsmayr")
        shown_role = _FEMALE_ROLES.get(role, role) if person.woman else role
        yield Someone(
            id=ids.id_of(f"{key}/contact/{i}"),
            person=person,
            role=None if chance.happens(0.06) and not is_known else shown_role,
            phone=None if chance.happens(0.14) and not is_known else draw_phone(chance, bavarian),
            email=None if chance.happens(0.22) else mail_of(person, domain),
            channel="phone" if is_known else _channel(chance),
            place=chance.pick(account.places) if len(account.places) > 1 else None,
            gone=i > 0 and chance.happens(0.13),
        )


def _channel(chance: Chance) -> str | None:
    return chance.pick(("phone", "email", "visit", "letter", "phone")) if chance.happens(0.5) else None


def _machines(chance: Chance, ids: Chance, key: str, account: Account, today: date) -> Iterator[Installed]:
    number = 0
    for place in account.places:
        if place.name.startswith(("Lager", "Logistik")) and chance.happens(0.5):
            continue
        for machine in _park(chance, account):
            built = today.year - _age(chance)
            yield Installed(
                id=ids.id_of(f"{key}/asset/{number}"),
                machine=machine,
                place=place,
                serial_number=_serial(chance, machine, built),
                built_in=None if not machine.ours and chance.happens(0.35) else built,
                note=chance.pick(_NOTES) if machine.ours and chance.happens(0.22) else None,
                service_due_on=_due(chance, today) if machine.ours and chance.happens(0.85) else None,
            )
            number += 1


def _kaesmayrs_machines(ids: Chance, key: str, account: Account, today: date) -> Iterator[Installed]:
    """The machines of which the showcase tells."""
    catalogue = (*OUR_COMPRESSORS, *OUR_REGULATED, *OUR_DRYERS, *OUR_CHILLERS, *THEIR_MACHINES)
    park = (
        (0, "RV 90", 2018, "V18-090-2207", None, 61),
        (0, "RV 55 FU", 2021, "V21-055-0418", None, 61),
        (0, "Trockner KT 200", 2018, "T18-200-1130", None, 61),
        (
            0,
            "Kaltwassersatz KS 80",
            2020,
            "K20-080-0092",
            "Freikühler auf dem Dach, Zugang über Treppenhaus 2.",
            140,
        ),
        (1, "RV 75", 2014, "V14-075-3381", "Auslastung 96 % bei der letzten Wartung, Ersatz erwartet.", 1),
        (1, "Trockner KT 200", 2019, "T19-200-0764", None, 210),
        (1, "V 15", 2009, None, None, None),
        (2, "RV 37", 2016, "V16-037-1945", "Läuft als Reserve, Zeitschaltuhr beachten.", 95),
        (2, "Trockner KT 100", 2016, "T16-100-1502", None, 95),
    )
    for number, (place, model, built, serial, note, due) in enumerate(park):
        machine = next(m for m in catalogue if m.model == model)
        due_on = workday(today + timedelta(days=due), 0) if due is not None else None
        asset_id = ids.id_of(f"{key}/asset/{number}")
        yield Installed(asset_id, machine, account.places[place], serial, built, note, due_on)


def _park(chance: Chance, account: Account) -> list[Machine]:
    low, high = account.firm.trade.kilowatts
    fitting = [machine for machine in OUR_COMPRESSORS if low <= machine.size <= high]
    oilfree = account.firm.trade.industry in (
        "Medizintechnik",
        "Molkerei und Käserei",
        "Krankenhaus und Labor",
    )
    count = {"A": chance.number(2, 4), "B": chance.number(1, 2)}.get(account.firm.customer_class or "", 1)
    park = [chance.pick(fitting or OUR_COMPRESSORS[:3]) for _ in range(count)]
    if chance.happens(0.3):
        park[-1] = chance.pick([m for m in OUR_REGULATED if m.size <= high] or OUR_REGULATED[:1])
    if oilfree and chance.happens(0.6):
        park.append(chance.pick(OUR_OILFREE[:2]))
    wanted = max(machine.size for machine in park) * 2
    if chance.happens(0.8):
        park.append(next((d for d in OUR_DRYERS if d.size >= wanted), OUR_DRYERS[-1]))
    if chance.happens(0.07):
        park.append(chance.pick(OUR_ADSORBERS))
    if chance.happens(account.firm.trade.cooling):
        park.append(chance.pick(OUR_CHILLERS))
    if chance.happens(0.42):
        park.append(chance.pick([m for m in THEIR_MACHINES if m.size <= max(high, 60)]))
    return park


def _age(chance: Chance) -> int:
    return chance.weighted({1: 2, 2: 4, 3: 5, 4: 6, 6: 8, 8: 8, 10: 7, 12: 6, 14: 4, 17: 3, 21: 1})


def _serial(chance: Chance, machine: Machine, built: int) -> str | None:
    if not machine.ours:
        return None if chance.happens(0.6) else f"{machine.maker[:2].upper()}{chance.number(100000, 999999)}"
    if chance.happens(0.03):
        return None
    letter = {Family.COMPRESSOR: "V", Family.DRYER: "T", Family.CHILLER: "K"}[machine.family]
    return f"{letter}{built % 100:02d}-{machine.size:03d}-{chance.number(1, 9899):04d}"


def _due(chance: Chance, today: date) -> date:
    return workday(today + timedelta(days=chance.number(-40, 330)), 0)
