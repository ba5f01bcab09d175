"""Which offers fit, which are shown today, whose interests may be read: the expired and the unagreed never."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from protocol.reference import Contact, Interest, Offer
from protocol.rules.brief import interests
from protocol.rules.offers import SHOWN, Audience, fits, shown_today

TODAY = date(2026, 11, 25)
AT = datetime(2026, 11, 1, tzinfo=UTC)


def offer(number: int, begins: str, ends: str) -> Offer:
    return Offer(
        id=UUID(int=number), title=str(number), valid_from=date.fromisoformat(begins),
        valid_until=date.fromisoformat(ends), changed_at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience(), True),
        (Audience(classes=frozenset("AB")), True),
        (Audience(classes=frozenset("C")), False),
        (Audience(trades=("Möbel", "molkerei")), True),
        (Audience(trades=("Möbel",)), False),
        (Audience(machines=("rv 75",)), True),
        (Audience(machines=("Hofacker",)), True),
        (Audience(machines=("RV 90",)), False),
        (Audience(frozenset("A"), ("Molkerei",), ("RV 90",)), False),
        (Audience(frozenset("A"), ("Molkerei",), ("Hofacker",)), True),
    ],
)
def test_every_criterion_that_is_given_has_to_be_met(audience: Audience, expected: bool) -> None:
    assert fits(audience, "A", "Molkerei", ["Albwerk RV 75", "Hofacker V 15"]) is expected


def test_of_a_customer_of_whom_nothing_is_known_only_offers_for_everybody_fit() -> None:
    assert fits(Audience(), None, None, [])
    assert not fits(Audience(classes=frozenset("A")), None, None, [])
    assert not fits(Audience(trades=("Molkerei",)), None, None, [])


def test_an_expired_offer_is_never_shown_and_what_ends_first_stands_first() -> None:
    offers = [
        offer(1, "2026-11-01", "2026-11-24"), offer(2, "2026-11-26", "2026-12-24"),
        offer(3, "2026-11-25", "2026-12-31"), offer(4, "2026-01-01", "2026-11-25"),
    ]  # fmt: skip
    assert [one.title for one in shown_today(offers, TODAY)] == ["4", "3"]
    many = [offer(number, "2026-11-01", "2026-12-01") for number in range(9)]
    assert len(shown_today(many, TODAY)) == SHOWN
    assert shown_today(None, TODAY) == []


def test_without_the_day_of_the_agreement_an_interest_is_not_shown() -> None:
    agreed = Interest(text="Segeln", agreed_on=date(2026, 5, 4))
    person = Contact(
        id=UUID(int=1), name="Thomas Bauer",
        interests=(agreed, Interest(text="Imkerei"), Interest(text="Chor", agreed_on=date(2027, 1, 1))),
    )  # fmt: skip
    assert interests(person, TODAY) == [agreed]
    assert interests(person.model_copy(update={"left": True}), TODAY) == []
