"""Inside sales keeps what the brief tells: people, consents, interests, class, customers of customers, offers."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from protocol.ids import new_id
from protocol.reference import Customer, Entity, Influence
from sync_server.crm.master_editing import contact_base
from sync_server.settings import Settings
from sync_server.store import schema as t
from tests.inbox.desk import Desk, words
from tests.server.firm import Firm, Tablet

FIRMS_ZONE = ZoneInfo(Settings.timezone)


def today() -> date:
    """The firm's calendar day, which begins before or after that of the machine that tests."""
    return datetime.now(FIRMS_ZONE).date()


@pytest.fixture
def bauer(firm: Firm) -> UUID:
    """A contact of whom nothing is known."""
    key = new_id()
    with firm.database.writing() as connection:
        connection.execute(
            insert(t.contacts).values(id=key, customer_id=firm.brandl, name="Thomas Bauer", has_left=False)
        )
    return key


def change(desk: Desk, firm: Firm, step: str, **fields: str) -> Any:
    return desk.post(f"/customers/{firm.brandl.hex}/edit/{step}", fields)


def told(tablet: Tablet, firm: Firm) -> Customer:
    tablet.pull()
    return Customer.model_validate(tablet.held[Entity.CUSTOMER, firm.brandl].body)


def history(desk: Desk, firm: Firm) -> str:
    return words(desk.get(f"/customers/{firm.brandl.hex}/edit").text)


def test_what_a_person_decides_and_how_he_is_reached_goes_to_the_tablets_with_history(
    firm: Firm, nora: Desk, anna: Tablet, bauer: UUID
) -> None:
    said = {"contact": bauer.hex, "base": "", "role": "Leiter Technik", "influence": "decides", "channel": "phone", "reachable": "vormittags"}  # fmt: skip
    assert change(nora, firm, "contact", **said).status_code == 303
    (person,) = told(anna, firm).contacts
    assert (person.role, person.influence, person.reachable) == (
        "Leiter Technik",
        Influence.DECIDES,
        "vormittags",
    )
    text = history(nora, firm)
    assert "Nora Kern" in text
    assert "Leiter Technik · entscheidet · Telefon · vormittags" in text
    late = change(nora, firm, "contact", **said | {"reachable": "nie"})
    assert late.status_code == 409, "somebody else was faster"
    assert "„nie“" in late.text, "and what was written is still there"
    with firm.database.reading() as connection:
        row = connection.execute(select(t.contacts)).one()
    assert change(nora, firm, "contact", **said | {"base": contact_base(row), "influence": "opposes"}).status_code == 303  # fmt: skip
    assert told(anna, firm).contacts[0].influence is Influence.OPPOSES


def test_a_word_on_advertising_needs_its_evidence_and_the_one_before_stays(
    firm: Firm, nora: Desk, anna: Tablet, bauer: UUID
) -> None:
    said = {"contact": bauer.hex, "channel": "phone", "purpose": "Angebote", "granted": "yes", "evidence": "Servicebericht 4711"}  # fmt: skip
    assert change(nora, firm, "consent", **said | {"evidence": " "}).status_code == 422
    assert change(nora, firm, "consent", **said).status_code == 303
    assert change(nora, firm, "consent", **said | {"granted": "no", "evidence": "Anruf"}).status_code == 303
    (person,) = told(anna, firm).contacts
    assert person.permissions is not None
    assert [one.granted for one in person.permissions] == [False]
    with firm.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.consents)).scalar_one() == 2


def test_an_interest_is_noted_with_the_agreement_or_not_at_all_and_a_withdrawal_removes_it(
    firm: Firm, nora: Desk, anna: Tablet, bauer: UUID
) -> None:
    said = {"contact": bauer.hex, "text": "Segelfliegen", "agreed_on": today().isoformat(), "evidence": "mündlich, Besuch"}  # fmt: skip
    for missing in ("agreed_on", "evidence", "text"):
        assert change(nora, firm, "interest", **said | {missing: ""}).status_code == 422
    tomorrow = (today() + timedelta(days=2)).isoformat()
    assert change(nora, firm, "interest", **said | {"agreed_on": tomorrow}).status_code == 422
    assert told(anna, firm).contacts == () or told(anna, firm).contacts[0].interests is None
    assert change(nora, firm, "interest", **said).status_code == 303
    (person,) = told(anna, firm).contacts
    assert person.interests is not None
    assert (person.interests[0].text, person.interests[0].agreed_on) == ("Segelfliegen", today())
    with firm.database.reading() as connection:
        interest = connection.execute(select(t.interests.c.id)).scalar_one()
    assert change(nora, firm, "withdraw", interest=interest.hex).status_code == 303
    assert told(anna, firm).contacts[0].interests is None
    assert "Einwilligung widerrufen" in history(nora, firm)
    with firm.database.reading() as connection:
        everywhere = [
            str(row) for table in (t.interests, t.edits, t.feed) for row in connection.execute(select(table))
        ]
    assert not any("Segelfliegen" in row for row in everywhere), (
        "it is gone, from the history and the feed too"
    )


def test_the_class_has_a_reason_and_its_day(firm: Firm, nora: Desk, anna: Tablet) -> None:
    assert change(nora, firm, "class", base="A", **{"class": "B", "reason": ""}).status_code == 422
    assert (
        change(nora, firm, "class", base="A", **{"class": "B", "reason": "Zweites Werk zu"}).status_code
        == 303
    )
    found = told(anna, firm)
    assert (found.customer_class, found.class_reason, found.class_decided_on) == (
        "B",
        "Zweites Werk zu",
        today(),
    )
    assert "A B · Zweites Werk zu" in history(nora, firm)


def test_to_whom_a_customer_sells_is_kept_replaced_and_removed(firm: Firm, nora: Desk, anna: Tablet) -> None:
    said = {"name": "Autowerk Süd", "trend": "growing", "note": "40 % vom Umsatz", "source": "Messe"}
    assert change(nora, firm, "own-customer", **said).status_code == 303
    assert change(nora, firm, "own-customer", **said | {"trend": "shrinking"}).status_code == 303
    own = told(anna, firm).own_customers
    assert own is not None
    (one,) = own
    assert (one.name, one.trend, one.as_of) == ("Autowerk Süd", "shrinking", today())
    assert change(nora, firm, "remove-own-customer", own=one.id.hex).status_code == 303
    assert told(anna, firm).own_customers is None


def offer(desk: Desk, **fields: str) -> Any:
    said = {"offer": "", "title": "Trockner -10 %", "text": "", "valid_from": today().isoformat(),
            "valid_until": (today() + timedelta(days=30)).isoformat(), "class-A": "1", "trades": "", "machines": ""}  # fmt: skip
    return desk.post("/offers", said | fields)


def test_an_offer_reaches_the_customers_whom_it_fits_and_leaves_them_when_it_is_changed_or_ended(
    firm: Firm, nora: Desk, anna: Tablet
) -> None:
    assert offer(nora).status_code == 303
    found = told(anna, firm).offers
    assert found is not None
    assert (found[0].title, found[0].by_name) == ("Trockner -10 %", "Nora Kern")
    key = found[0].id.hex
    assert offer(nora, offer=key, **{"class-A": "", "class-C": "1"}).status_code == 303
    assert told(anna, firm).offers is None
    assert offer(nora, offer=key).status_code == 303
    assert told(anna, firm).offers is not None
    page = nora.get(f"/offers?offer={key}").text
    assert "Trockner -10 %" in page
    assert nora.post("/offers/withdraw", {"offer": key}).status_code == 303
    assert told(anna, firm).offers is None


@pytest.mark.parametrize(
    "wrong", [{"title": " "}, {"valid_until": "2020-01-01"}, {"valid_from": "morgen"}, {"text": "x" * 501}]
)
def test_an_offer_that_is_none_is_refused_and_what_was_written_stays(
    nora: Desk, firm: Firm, wrong: dict[str, str]
) -> None:
    answer = offer(nora, **{"machines": "RV 75"} | wrong)
    assert answer.status_code == 422
    assert "RV 75" in answer.text
    with firm.database.reading() as connection:
        assert connection.execute(select(t.offers)).all() == []


def test_what_is_not_there_or_unknown_changes_nothing(firm: Firm, nora: Desk) -> None:
    assert change(nora, firm, "contact", contact=new_id().hex, base="").status_code == 404
    assert change(nora, firm, "nonsense").status_code == 404
    assert nora.get(f"/customers/{new_id().hex}/edit").status_code == 404
