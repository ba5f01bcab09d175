"""Which customer and which site an appointment in somebody's calendar means: by number, name or address. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from protocol.rules.search import fold

_LEGAL_FORMS = frozenset(fold("GmbH mbH AG KG OHG GbR UG SE eG eK KGaA Co und e K G V").split())
"""What nobody writes into a calendar."""


@dataclass(frozen=True)
class Somewhere:
    """A site as far as an appointment may name it."""

    id: UUID
    street: str
    town: str


@dataclass(frozen=True)
class Somebody:
    """A customer as far as an appointment may name him."""

    id: UUID
    number: str
    name: str
    sites: Sequence[Somewhere] = ()


@dataclass(frozen=True)
class Found:
    """Who is meant, and where."""

    customer_id: UUID
    site_id: UUID | None


class Ambiguous(LookupError):
    """More than one customer may be meant; nobody guesses to whose door a technician is sent."""


class Whereabouts:
    """Everybody who may be meant."""

    def __init__(self, customers: Iterable[Somebody]) -> None:
        self._customers = [(customer, _core(customer.name)) for customer in customers]

    def find(self, *texts: str) -> Found | None:
        """Whom these texts mean: by the customer's number, else by the longest name in them, else by an address.

        Raises:
            Ambiguous: two customers are named equally well.
        """
        said = f" {fold(' '.join(texts))} "
        named = self._by_number(said) or self._by_name(said) or self._by_address(said)
        if len(named) > 1:
            # Firms of one name: the address decides, if it does.
            named = [customer for customer in named if _site(customer, said)] or named
        if len(named) > 1:
            raise Ambiguous
        if not named:
            return None
        site = _site(named[0], said) or (named[0].sites[0].id if len(named[0].sites) == 1 else None)
        return Found(named[0].id, site)

    def _by_number(self, said: str) -> list[Somebody]:
        return [one for one, _ in self._customers if one.number and f" {fold(one.number)} " in said]

    def _by_name(self, said: str) -> list[Somebody]:
        named = [(len(core), one) for one, core in self._customers if core and f" {core} " in said]
        longest = max((length for length, _ in named), default=0)
        return [one for length, one in named if length == longest]

    def _by_address(self, said: str) -> list[Somebody]:
        return [one for one, _ in self._customers if _site(one, said)]


def _core(name: str) -> str:
    """A name as people say it: without its legal form."""
    return " ".join(word for word in fold(name).split() if word not in _LEGAL_FORMS)


def _site(customer: Somebody, said: str) -> UUID | None:
    for site in customer.sites:
        street, town = fold(site.street), fold(site.town)
        if street and town and f" {street} " in said and f" {town} " in said:
            return site.id
    return None
