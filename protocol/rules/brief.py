"""The brief before a visit (Kundenbrief): what is told of a customer, in which order, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from protocol.observation import Kind
from protocol.reference import (
    Asset,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    Influence,
    Interest,
    Occasion,
    OwnCustomer,
    Permission,
    Trend,
)

SERVICE_SOON = 30
"""Days before a service is due in which it is shown as due: a visit in that month can take it along."""

PLANS_KNOWN = timedelta(days=365)
"""How long a plan counts as known: what a firm invests is decided year by year."""

LAST_SHOWN = 4
"""Contacts shown as "last": as many as are read in half a minute."""

SIGHTINGS_SHOWN = 3


class Section(StrEnum):
    """The parts of the brief."""

    VISIT = "visit"
    QUESTIONS = "questions"
    STEPS = "steps"
    LAST = "last"
    MACHINES = "machines"
    COMPETITORS = "competitors"
    PEOPLE = "people"
    OFFERS = "offers"
    OWN_CUSTOMERS = "own_customers"
    VALUE = "value"
    SITES = "sites"


ORDER = tuple(Section)
"""The visit itself in one line; then what can go wrong at the door comes first: what sales wants to know, what was promised, what happened last."""


# -- machines --------------------------------------------------------------------------------------


class Service(StrEnum):
    """How the service of one of our machines stands."""

    OVERDUE = "overdue"
    SOON = "soon"
    FINE = "fine"
    UNKNOWN = "unknown"


def service(asset: Asset, today: date) -> Service:
    """How the service of a machine stands today."""
    if asset.service_due_on is None:
        return Service.UNKNOWN
    days = (asset.service_due_on - today).days
    if days < 0:
        return Service.OVERDUE
    return Service.SOON if days <= SERVICE_SOON else Service.FINE


def age(asset: Asset, today: date) -> int | None:
    """Whole years since a machine was built; None if nobody knows, or the year lies ahead."""
    if asset.built_in is None or asset.built_in > today.year:
        return None
    return today.year - asset.built_in


def is_near_its_end(asset: Asset, life: int | None, today: date) -> bool:
    """Whether a machine is as old as the firm expects it to become. Where the firm does not say, nobody guesses.

    Args:
        life: years, as the firm reckons (`protocol.rules.machine_life`).
    """
    years = age(asset, today)
    return years is not None and life is not None and years >= life


def our_machines(customer: Customer, today: date) -> list[Asset]:
    """Ours, what needs a hand first: overdue, due soon, unknown, fine; the older one first."""
    urgency = {Service.OVERDUE: 0, Service.SOON: 1, Service.UNKNOWN: 2, Service.FINE: 3}
    ours = [asset for asset in customer.assets if asset.ours]
    return sorted(ours, key=lambda a: (urgency[service(a, today)], a.built_in or today.year, a.model))


def their_machines(customer: Customer) -> list[Asset]:
    """Those of competitors, the oldest first: it is the next one to go."""
    theirs = [asset for asset in customer.assets if not asset.ours]
    return sorted(theirs, key=lambda asset: (asset.built_in is None, asset.built_in or 0, asset.maker))


def sightings(customer: Customer, history: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """What was reported of competitors, newest first; not what stands among the machines already."""
    known = {asset.observation_id for asset in customer.assets if asset.observation_id}
    seen = [entry for entry in history if entry.kind is Kind.COMPETITOR and entry.observation_id not in known]
    return sorted(seen, key=lambda entry: entry.at, reverse=True)[:SIGHTINGS_SHOWN]


# -- what happened ---------------------------------------------------------------------------------


def happened_last(history: Iterable[HistoryEntry], count: int = LAST_SHOWN) -> list[HistoryEntry]:
    """The newest contacts, and beyond them the newest complaint, offer and order, newest first."""
    entries = sorted(history, key=lambda entry: entry.at, reverse=True)
    wanted = {entry.id for entry in entries[:count]}
    for occasion in (Occasion.COMPLAINT, Occasion.OFFER, Occasion.ORDER):
        wanted.update(entry.id for entry in _first(entries, occasion))
    return [entry for entry in entries if entry.id in wanted]


def occasion_of(entry: HistoryEntry) -> Occasion | None:
    """What a contact was about; a complaint that a technician recorded is one."""
    return Occasion.COMPLAINT if entry.kind is Kind.COMPLAINT else entry.occasion


def _first(entries: Sequence[HistoryEntry], occasion: Occasion) -> list[HistoryEntry]:
    return [entry for entry in entries if occasion_of(entry) is occasion][:1]


# -- people ----------------------------------------------------------------------------------------

_WEIGHT = {Influence.DECIDES: 0, Influence.BUYS: 1, Influence.OPPOSES: 2, Influence.USES: 3, None: 4}

_BUYING = ("einkauf", "einkäufer", "purchas", "buyer")
"""How people call the job of buying, where nobody has noted who buys."""


def people(customer: Customer) -> list[Contact]:
    """Contacts, those who decide first; who has left stands at the end."""
    return sorted(
        customer.contacts, key=lambda person: (person.left, _WEIGHT[influence(person)], person.name)
    )


def influence(person: Contact) -> Influence | None:
    """What a person does when his company buys, as noted, else as his job says."""
    if person.influence is not None:
        return person.influence
    role = (person.role or "").casefold()
    return Influence.BUYS if any(word in role for word in _BUYING) else None


@dataclass(frozen=True)
class Allowed:
    """What may be said to a person over one channel: advertising or not, since when."""

    channel: Channel
    granted: bool
    at: datetime


def allowed(permissions: Iterable[Permission] | None) -> list[Allowed]:
    """By channel, one word: whoever has refused one purpose is not advertised to over that channel at the door.

    Empty means that nobody has asked, which is no permission.
    """
    found: dict[Channel, Allowed] = {}
    for said in permissions or ():
        known = found.get(said.channel)
        refuses = known is not None and known.granted and not said.granted
        newer = known is not None and known.granted == said.granted and said.at > known.at
        if known is None or refuses or newer:
            found[said.channel] = Allowed(said.channel, said.granted, said.at)
    return [found[channel] for channel in Channel if channel in found]


def interests(person: Contact, today: date) -> list[Interest]:
    """What a person has agreed that we note; without his agreement nothing, and nothing of who has left."""
    if person.left:
        return []
    return [one for one in person.interests or () if one.agreed_on is not None and one.agreed_on <= today]


_TREND = {Trend.SHRINKING: 0, Trend.GROWING: 1, Trend.STEADY: 2, None: 3}


def own_customers(customer: Customer) -> list[OwnCustomer]:
    """To whom the customer sells: what endangers him first, then what makes him invest."""
    return sorted(customer.own_customers or (), key=lambda one: (_TREND[one.trend], one.name))


# -- what is missing -------------------------------------------------------------------------------


class Gap(StrEnum):
    """Something that a technician can find out on site."""

    CONTACT = "contact"
    DECIDER = "decider"
    BUYER = "buyer"
    REACH = "reach"
    """Nobody knows how to reach the one who decides."""
    MACHINE = "machine"
    YEAR = "year"
    COMPETITOR = "competitor"
    ADDRESS = "address"
    PLAN = "plan"
    OWN_CUSTOMERS = "own_customers"


@dataclass(frozen=True)
class Missing:
    """A gap, and what it is about where it is about one thing."""

    gap: Gap
    contact_id: UUID | None = None
    asset_id: UUID | None = None
    site_id: UUID | None = None
    name: str = ""


KIND_FOR: dict[Gap, Kind] = {
    Gap.CONTACT: Kind.CONTACT_CHANGE,
    Gap.DECIDER: Kind.CONTACT_CHANGE,
    Gap.BUYER: Kind.CONTACT_CHANGE,
    Gap.REACH: Kind.CONTACT_CHANGE,
    Gap.MACHINE: Kind.NOTE,
    Gap.YEAR: Kind.NOTE,
    Gap.COMPETITOR: Kind.COMPETITOR,
    Gap.ADDRESS: Kind.NOTE,
    Gap.PLAN: Kind.PLAN,
    Gap.OWN_CUSTOMERS: Kind.NOTE,
}
"""With what kind of observation each gap is filled."""


def missing(customer: Customer, history: Sequence[HistoryEntry], now: datetime) -> list[Missing]:
    """What nobody knows of this customer yet, in the order of the brief."""
    return [
        *_missing_plan(history, now),
        *_missing_machines(customer),
        *_missing_competitors(customer, history),
        *_missing_people(customer),
        *([] if customer.own_customers else [Missing(Gap.OWN_CUSTOMERS)]),
        *(
            Missing(Gap.ADDRESS, site_id=s.id, name=s.name)
            for s in customer.sites
            if not (s.street and s.city)
        ),
    ]


def _missing_plan(history: Sequence[HistoryEntry], now: datetime) -> list[Missing]:
    known = any(entry.kind is Kind.PLAN and now - entry.at <= PLANS_KNOWN for entry in history)
    return [] if known else [Missing(Gap.PLAN)]


def _missing_machines(customer: Customer) -> list[Missing]:
    if not any(asset.ours for asset in customer.assets):
        return [Missing(Gap.MACHINE)]
    return [
        Missing(Gap.YEAR, asset_id=asset.id, name=asset.model)
        for asset in customer.assets
        if asset.ours and asset.built_in is None
    ]


def _missing_competitors(customer: Customer, history: Sequence[HistoryEntry]) -> list[Missing]:
    known = any(not asset.ours for asset in customer.assets) or bool(sightings(customer, history))
    return [] if known else [Missing(Gap.COMPETITOR)]


def _missing_people(customer: Customer) -> list[Missing]:
    present = [person for person in customer.contacts if not person.left]
    if not present:
        return [Missing(Gap.CONTACT)]
    deciders = [person for person in present if influence(person) is Influence.DECIDES]
    gaps = [] if deciders else [Missing(Gap.DECIDER)]
    if not any(influence(person) is Influence.BUYS for person in present):
        gaps.append(Missing(Gap.BUYER))
    gaps += [
        Missing(Gap.REACH, contact_id=person.id, name=person.name)
        for person in deciders
        if not (person.phone or person.email)
    ]
    return gaps
