"""Special offers on their way to the tablets: to whom they fit, a few customers at a time, none forgotten."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from protocol.changes import Outcome
from protocol.ids import new_id
from protocol.reference import Customer, Entity
from sync_server.application import tidy_up_once
from sync_server.crm import documents, offers, republishing
from sync_server.crm.offers import OfferForm
from sync_server.store import schema as t
from tests.server.firm import NOW, SOUTH, Firm, Tablet

TODAY = NOW.date()


def form(
    title: str = "Trockner -10 %", *, classes: str = "", machines: str = "", trades: str = ""
) -> OfferForm:
    """An offer as inside sales writes it."""
    return OfferForm(title, "", TODAY, TODAY + timedelta(days=30), classes, trades, machines)


def keep(firm: Firm, said: OfferForm, offer_id: UUID | None = None) -> UUID:
    """Make an offer, or change it, without telling anybody yet."""
    with firm.database.writing() as connection:
        return offers.keep(connection, firm.nora.id, offer_id, said, NOW)


def tell(firm: Firm) -> None:
    """Tell everybody who is noted."""
    republishing.tell_all(firm.database, lambda: NOW)


def noted(firm: Firm) -> set[UUID]:
    """Who still has to be told."""
    with firm.database.reading() as connection:
        return set(connection.execute(select(t.stale_customers.c.customer_id)).scalars())


def titles(tablet: Tablet, customer_id: UUID) -> list[str]:
    """The offers of a customer as a tablet reads them."""
    tablet.pull()
    customer = Customer.model_validate(tablet.held[Entity.CUSTOMER, customer_id].body)
    return [offer.title for offer in customer.offers or ()]


@pytest.fixture
def many(firm: Firm) -> list[UUID]:
    """120 more customers in the south, and the first one."""
    ids = [new_id() for _ in range(120)]
    with firm.database.writing() as connection:
        for number, key in enumerate(ids):
            connection.execute(
                insert(t.customers).values(
                    id=key, number=f"M{number}", name=f"Metallbau {number}", folded_name=f"metallbau {number}",
                    customer_class="C", industry="Metall", territory=SOUTH, changed_at=NOW,
                )
            )  # fmt: skip
        documents.publish_customers(connection, ids, NOW)
    return [*ids, firm.brandl]


def test_an_offer_is_told_to_all_whom_it_fits_and_to_nobody_else(
    firm: Firm, anna: Tablet, many: list[UUID]
) -> None:
    key = keep(firm, form(trades="Metall"))
    assert noted(firm) == set(many[:-1])
    tell(firm)
    assert noted(firm) == set()
    assert all(titles(anna, one) == ["Trockner -10 %"] for one in many[:-1])
    assert titles(anna, firm.brandl) == []

    keep(firm, form("Für große", classes="A"), key)
    assert noted(firm) == {*many, firm.werft}, "also those whom it fitted before"
    tell(firm)
    assert not any(titles(anna, one) for one in many[:-1])
    assert titles(anna, firm.brandl) == ["Für große"]


def test_an_offer_fits_by_machine_and_goes_when_it_is_withdrawn(firm: Firm, anna: Tablet) -> None:
    with firm.database.writing() as connection:
        connection.execute(
            insert(t.assets).values(
                id=new_id(), customer_id=firm.brandl, maker="Albwerk", model="RV 75", ours=True
            )
        )
    key = keep(firm, form(machines="RV 75"))
    tell(firm)
    assert titles(anna, firm.brandl) == ["Trockner -10 %"]
    with firm.database.writing() as connection:
        assert offers.withdraw(connection, firm.nora.id, key, NOW)
        assert not offers.withdraw(connection, firm.nora.id, new_id(), NOW)
    tell(firm)
    assert titles(anna, firm.brandl) == []


def test_pushes_come_between_and_nothing_they_change_is_told_older_than_it_is(
    firm: Firm, anna: Tablet, many: list[UUID]
) -> None:
    keep(firm, form())
    slices = 0
    while republishing.tell_some(firm.database, NOW):
        slices += 1
        (receipt,) = anna.push(anna.observe(f"Halle {slices}")).receipts
        assert receipt.outcome is Outcome.ACCEPTED
        with firm.database.writing() as connection:
            connection.execute(
                update(t.customers).where(t.customers.c.id.in_(many)).values(city=f"Ort {slices}")
            )
            documents.publish_customers(connection, many, NOW)
    assert slices == -(-(len(many) + 1) // republishing.SLICE)
    anna.pull()
    for one in many:
        customer = Customer.model_validate(anna.held[Entity.CUSTOMER, one].body)
        assert (customer.city, len(customer.offers or ())) == (f"Ort {slices}", 1)
    totals = anna.pull().totals
    assert totals is not None
    assert anna.checksum() == totals.checksum


def test_a_server_that_dies_between_goes_on_where_it_stopped(
    firm: Firm, anna: Tablet, many: list[UUID]
) -> None:
    keep(firm, form())
    assert republishing.tell_some(firm.database, NOW, at_most=20)
    assert len(noted(firm)) == len(many) + 1 - 20
    tidy_up_once(firm.app, datetime.now(UTC))
    assert noted(firm) == set()
    assert all(titles(anna, one) for one in many)


def test_two_offers_at_once_are_both_told(firm: Firm, anna: Tablet) -> None:
    keep(firm, form("Eins"))
    keep(firm, form("Zwei"))
    tell(firm)
    assert set(titles(anna, firm.brandl)) == {"Eins", "Zwei"}


def test_a_customer_who_is_gone_meanwhile_is_in_nobodys_way(
    firm: Firm, anna: Tablet, many: list[UUID]
) -> None:
    keep(firm, form())
    with firm.database.writing() as connection:
        connection.execute(delete(t.customers).where(t.customers.c.id == many[0]))
    tell(firm)
    anna.pull()
    assert (Entity.CUSTOMER, many[0]) not in anna.held
    assert titles(anna, firm.brandl)
