"""What the brief tells of a customer, in which order, and what it shows as missing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from protocol.observation import Kind
from protocol.reference import (
    Asset,
    Channel,
    Contact,
    Customer,
    HistoryEntry,
    Influence,
    Occasion,
    OwnCustomer,
    Permission,
    Site,
)
from protocol.rules import brief
from protocol.rules.brief import Gap, Service

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def name(text: str) -> UUID:
    return uuid5(UUID(int=0), text)


def customer(**fields: Any) -> Customer:
    known: dict[str, Any] = {"number": "1", "name": "Brandl", "territory": "sued", "changed_at": NOW}
    return Customer(id=name("Brandl"), **(known | fields))


def entry(text: str, days_ago: float = 0, **fields: Any) -> HistoryEntry:
    return HistoryEntry(
        id=name(text),
        customer_id=name("Brandl"),
        at=NOW - timedelta(days=days_ago),
        summary=text,
        **({"channel": Channel.PHONE} | fields),
    )


def asset(model: str, **fields: Any) -> Asset:
    return Asset(id=name(model), maker="Albwerk", model=model, **fields)


def contact(who: str, **fields: Any) -> Contact:
    return Contact(id=name(who), name=who, **fields)


OWN = OwnCustomer(id=name("Autowerk"), name="Autowerk", as_of=NOW.date())

WHOLE = customer(
    own_customers=(OWN,),
    sites=(Site(id=name("Werk"), name="Werk", street="Gasse 1", city="Ulm"),),
    contacts=(
        contact("Bauer", influence=Influence.DECIDES, phone="+49 731 1"),
        contact("Kern", role="Leiterin Einkauf"),
    ),
    assets=(asset("RV 75", built_in=2014), asset("V 15", ours=False)),
)
PLANS = [entry("Halle C", 300, kind=Kind.PLAN)]


def test_the_brief_begins_with_what_can_go_wrong_at_the_door() -> None:
    assert [section.value for section in brief.ORDER] == [
        "visit", "questions", "steps", "last", "machines", "competitors", "people", "offers", "own_customers", "value", "sites",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due_in", "expected"),
    [
        (None, Service.UNKNOWN), (-1, Service.OVERDUE), (0, Service.SOON), (30, Service.SOON), (31, Service.FINE),
    ],
)  # fmt: skip
def test_service_is_due_in_the_month_before_its_day(due_in: int | None, expected: Service) -> None:
    due_on = None if due_in is None else TODAY + timedelta(days=due_in)
    assert brief.service(asset("RV 75", service_due_on=due_on), TODAY) is expected


@pytest.mark.parametrize(("built", "years"), [(None, None), (2027, None), (2026, 0), (2013, 13), (2012, 14)])
def test_a_machine_is_as_old_as_its_nameplate_says(built: int | None, years: int | None) -> None:
    assert brief.age(asset("RV 75", built_in=built), TODAY) == years


@pytest.mark.parametrize(
    ("built", "expected_life", "near_its_end"),
    [(2012, 14, True), (2013, 14, False), (2012, 20, False), (2012, None, False), (None, 14, False)],
)
def test_a_machine_is_near_its_end_where_the_firm_says_how_old_it_becomes_and_nowhere_else(
    built: int | None, expected_life: int | None, near_its_end: bool
) -> None:
    machine = asset("RV 75", built_in=built)
    assert brief.is_near_its_end(machine, expected_life, TODAY) is near_its_end


def test_of_our_machines_the_one_that_needs_a_hand_stands_first() -> None:
    late, soon, unknown, fine = (
        asset("late", service_due_on=TODAY - timedelta(days=3)),
        asset("soon", service_due_on=TODAY + timedelta(days=3)),
        asset("unknown"),
        asset("fine", service_due_on=TODAY + timedelta(days=99)),
    )
    known = customer(assets=(fine, unknown, asset("V 15", ours=False), soon, late))
    assert brief.our_machines(known, TODAY) == [late, soon, unknown, fine]
    assert [machine.model for machine in brief.their_machines(known)] == ["V 15"]


def test_what_happened_last_includes_the_last_complaint_offer_and_order_however_old() -> None:
    newest = [entry(f"call {day}", day) for day in range(1, 5)]
    history = [
        *newest,
        entry("older call", 9),
        entry("offer", 40, occasion=Occasion.OFFER),
        entry("older offer", 80, occasion=Occasion.OFFER),
        entry("ticket", 60, channel=Channel.OBSERVATION, kind=Kind.COMPLAINT),
        entry("order", 200, occasion=Occasion.ORDER),
    ]
    shown = brief.happened_last(reversed(history))
    assert [one.summary for one in shown] == [
        "call 1", "call 2", "call 3", "call 4", "offer", "ticket", "order",
    ]  # fmt: skip


def test_who_decides_stands_first_and_who_has_left_last() -> None:
    known = customer(
        contacts=(
            contact("A", left=True, influence=Influence.DECIDES),
            contact("B"),
            contact("C", influence=Influence.USES),
            contact("D", role="Einkäuferin"),
            contact("E", influence=Influence.DECIDES),
        )
    )
    assert [person.name for person in brief.people(known)] == ["E", "D", "C", "B", "A"]


def said(channel: Channel, granted: bool, days_ago: int, purpose: str = "Angebote") -> Permission:
    return Permission(channel=channel, purpose=purpose, granted=granted, at=NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (None, []),
        ((said(Channel.PHONE, True, 9),), [(Channel.PHONE, True, 9)]),
        (
            (said(Channel.EMAIL, False, 9), said(Channel.PHONE, True, 8)),
            [(Channel.PHONE, True, 8), (Channel.EMAIL, False, 9)],
        ),
        # A yes to one purpose does not take back the no to another, whichever came later.
        ((said(Channel.EMAIL, False, 9), said(Channel.EMAIL, True, 1, "Messe")), [(Channel.EMAIL, False, 9)]),
        ((said(Channel.EMAIL, True, 1, "Messe"), said(Channel.EMAIL, False, 9)), [(Channel.EMAIL, False, 9)]),
        ((said(Channel.EMAIL, True, 9), said(Channel.EMAIL, True, 1, "Messe")), [(Channel.EMAIL, True, 1)]),
    ],
)
def test_a_refusal_for_one_purpose_closes_the_channel(
    words: tuple[Permission, ...] | None, expected: list[tuple[Channel, bool, int]]
) -> None:
    found = [(one.channel, one.granted, (NOW - one.at).days) for one in brief.allowed(words)]
    assert found == expected


def test_of_a_customer_who_is_known_nothing_is_missing() -> None:
    assert brief.missing(WHOLE, PLANS, NOW) == []


@pytest.mark.parametrize(
    ("without", "history", "gaps"),
    [
        ({}, [], [Gap.PLAN]),
        ({}, [entry("Halle C", 366, kind=Kind.PLAN)], [Gap.PLAN]),
        ({"contacts": ()}, PLANS, [Gap.CONTACT]),
        ({"contacts": (contact("Lutz", left=True, influence=Influence.DECIDES),)}, PLANS, [Gap.CONTACT]),
        ({"contacts": (contact("Ott"),)}, PLANS, [Gap.DECIDER, Gap.BUYER]),
        (
            {"contacts": (contact("Ott", influence=Influence.DECIDES), contact("K", role="Einkauf"))},
            PLANS,
            [Gap.REACH],
        ),
        ({"assets": (asset("V 15", ours=False),)}, PLANS, [Gap.MACHINE]),
        ({"assets": (asset("RV 75"), asset("V 15", ours=False))}, PLANS, [Gap.YEAR]),
        ({"assets": (asset("RV 75", built_in=2014),)}, PLANS, [Gap.COMPETITOR]),
        (
            {"assets": (asset("RV 75", built_in=2014),)},
            [*PLANS, entry("Hofacker gesehen", kind=Kind.COMPETITOR)],
            [],
        ),
        ({"sites": (Site(id=name("Werk"), name="Werk", city="Ulm"),)}, PLANS, [Gap.ADDRESS]),
    ],
)
def test_what_nobody_knows_is_missing(
    without: dict[str, Any], history: list[HistoryEntry], gaps: list[Gap]
) -> None:
    found = brief.missing(WHOLE.model_copy(update=without), history, NOW)
    assert [one.gap for one in found] == gaps


def test_each_gap_can_be_filled_with_a_kind_of_observation() -> None:
    assert set(brief.KIND_FOR) == set(Gap)
