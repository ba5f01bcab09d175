"""Which special offers fit a customer, and which of them are shown today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from protocol.reference import Offer
from protocol.rules.search import fold

SHOWN = 3
"""Offers in the brief: more than three nobody remembers at the door."""


@dataclass(frozen=True)
class Audience:
    """For whom an offer is; what is empty excludes nobody.

    Attributes:
        classes: letters of customer classes.
        trades: words of which one is in the customer's trade.
        machines: words of which one is in maker and model of a machine on site, ours or a competitor's.
    """

    classes: frozenset[str] = frozenset()
    trades: Sequence[str] = ()
    machines: Sequence[str] = ()


def fits(audience: Audience, customer_class: str | None, trade: str | None, machines: Iterable[str]) -> bool:
    """Whether an offer is for this customer: every criterion that is given has to be met."""
    if audience.classes and (customer_class or "") not in audience.classes:
        return False
    if audience.trades and not _one_in(audience.trades, [trade or ""]):
        return False
    return not audience.machines or _one_in(audience.machines, machines)


def shown_today(offers: Iterable[Offer] | None, today: date) -> list[Offer]:
    """Those that are valid today, the one that ends first at the top. An expired one is never shown."""
    valid = [offer for offer in offers or () if offer.valid_from <= today <= offer.valid_until]
    return sorted(valid, key=lambda offer: (offer.valid_until, offer.title))[:SHOWN]


def _one_in(words: Iterable[str], texts: Iterable[str]) -> bool:
    folded = [fold(text) for text in texts]
    return any(wanted in text for text in folded for wanted in map(fold, words) if wanted)
