"""A competitor's machine that is reported becomes an asset of the customer: once, for all of the territory, until refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, insert, select

from protocol.answers import Answer, Answers
from protocol.changes import ReviseObservation
from protocol.first_template import FIRST_TEMPLATE
from protocol.ids import new_id
from protocol.observation import Flag, FlagKind, Kind
from protocol.pairing import Role
from protocol.reference import Asset, Customer, Entity
from protocol.review import RejectionReason
from protocol.rules.access import Who
from sync_server.crm import documents, review
from sync_server.store import facts
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet


def reported(tablet: Tablet, heard: str = "Steht neben unserer", **given: str) -> ReviseObservation:
    """An observation of a competitor's machine; `given` are answers without their prefix, or fields of the content."""
    fields: dict[str, Any] = {
        name: given.pop(name)
        for name in ("customer_id", "asset_id", "flag", "observed_at", "kind")
        if name in given
    }
    answers = tuple(Answer(question=f"rival_{name}", value=value) for name, value in given.items())
    return tablet.observe(
        heard,
        **{
            "kind": Kind.COMPETITOR,
            "answers": Answers(template=FIRST_TEMPLATE, given=answers) if answers else None,
            **fields,
        },
    )


def corrected(tablet: Tablet, before: ReviseObservation, after: ReviseObservation) -> ReviseObservation:
    """The next revision of an observation, with the content of another."""
    revision = tablet.revise(before, "")
    return revision.model_copy(update={"content": after.content})


def machines(tablet: Tablet, customer_id: UUID | None = None) -> list[Asset]:
    """The customer's machines as a tablet reads them."""
    tablet.pull()
    body = tablet.held[Entity.CUSTOMER, customer_id or tablet.firm.brandl].body
    return list(Customer.model_validate(body).assets)


def decide(firm: Firm, change: ReviseObservation, reason: RejectionReason) -> None:
    """Inside sales rejects."""
    with firm.database.writing() as connection:
        lead = connection.execute(
            select(t.leads).join(t.observations, t.observations.c.lead_id == t.leads.c.id)
            .where(t.observations.c.id == change.observation_id)
        ).one()  # fmt: skip
        review.reject(
            connection, Who(firm.nora.id, Role.INSIDE_SALES), lead.id, lead.revision,
            reason=reason, note="So steht es im Protokoll.", now=NOW,
        )  # fmt: skip


@pytest.fixture
def colleague(firm: Firm) -> Tablet:
    """Another tablet of the same territory."""
    return firm.pair(firm.anna)


def test_a_reported_machine_reaches_the_other_tablets_of_the_territory_with_day_and_source(
    anna: Tablet, jan: Tablet, colleague: Tablet
) -> None:
    report = reported(anna, maker="Boge", model="C 30", serial="99-1", year="~2009", condition="worn")
    anna.push(report)
    (machine,) = machines(colleague)
    assert (machine.maker, machine.model, machine.serial_number) == ("Boge", "C 30", "99-1")
    assert (machine.built_in, machine.condition, machine.ours) == (2009, "worn", False)
    assert (machine.seen_at, machine.seen_by) == (NOW, "Anna Wieland")
    assert machine.observation_id == report.observation_id
    jan.pull()
    assert (Entity.CUSTOMER, anna.firm.brandl) not in jan.held


def test_sent_again_or_corrected_it_is_still_one_machine(anna: Tablet) -> None:
    report = reported(anna, maker="Boge", model="C 30")
    anna.push(report)
    anna.push(report)
    (before,) = machines(anna)
    anna.push(corrected(anna, report, reported(anna, maker="Boge", model="C 40", serial="99-1")))
    (after,) = machines(anna)
    assert (before.id, before.model) == (after.id, "C 30")
    assert (after.model, after.serial_number) == ("C 40", "99-1")


@pytest.mark.parametrize(
    "fields", [{"kind": Kind.NOTE}, {"flag": Flag(kind=FlagKind.THIRD_PARTY, purpose="Klären")}]
)
def test_corrected_to_something_else_or_flagged_it_is_gone(anna: Tablet, fields: dict[str, Any]) -> None:
    report = reported(anna, maker="Boge")
    anna.push(report)
    assert len(machines(anna)) == 1
    anna.push(corrected(anna, report, reported(anna, maker="Boge", **fields)))
    assert machines(anna) == []
    with anna.firm.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.sightings)).scalar_one() == 0


def test_a_report_that_names_nothing_makes_no_machine(anna: Tablet) -> None:
    anna.push(reported(anna, "Da steht was vom Wettbewerb"), reported(anna, condition="worn"))
    assert machines(anna) == []


def test_the_same_number_is_the_same_machine_and_the_newest_word_counts(
    anna: Tablet, colleague: Tablet
) -> None:
    first = reported(anna, maker="Boge", model="C 30", serial="99-1", condition="good", year="2009")
    later: Any = NOW + timedelta(days=200)
    second = reported(colleague, maker="BOGE", serial="0099 1", condition="worn", observed_at=later)
    anna.push(first)
    colleague.push(second)
    (machine,) = machines(anna)
    assert (machine.model, machine.built_in, machine.condition) == ("C 30", 2009, "worn")
    assert (machine.seen_at, machine.observation_id) == (later, second.observation_id)
    decide(anna.firm, second, RejectionReason.TOO_VAGUE)
    (machine,) = machines(anna)
    assert (machine.condition, machine.observation_id) == ("good", first.observation_id)


def test_without_a_number_two_of_one_type_are_two_machines_unless_the_known_one_was_named(
    anna: Tablet,
) -> None:
    anna.push(reported(anna, maker="Boge", model="C 30"), reported(anna, maker="Boge", model="C 30"))
    two = machines(anna)
    assert len(two) == 2
    known: Any = two[0].id
    anna.push(reported(anna, condition="broken", maker="Boge", asset_id=known))
    seen = {machine.id: machine.condition for machine in machines(anna)}
    assert len(seen) == 2
    assert seen[two[0].id] == "broken"


def test_the_same_number_of_another_maker_is_another_machine(anna: Tablet) -> None:
    anna.push(reported(anna, maker="Boge", serial="1001"), reported(anna, maker="Kaeser", serial="1001"))
    assert {machine.maker for machine in machines(anna)} == {"Boge", "Kaeser"}


def test_one_from_the_master_data_that_is_seen_again_keeps_what_they_say(firm: Firm, anna: Tablet) -> None:
    known: Any = _in_master_data(firm, maker="Boge", model="C 30", serial_number="99-1", built_in=2008)
    report = reported(anna, maker="Boge", model="C 31", serial="99-1", year="2011", condition="worn")
    anna.push(report)
    (machine,) = machines(anna)
    assert (machine.id, machine.model, machine.built_in) == (known, "C 30", 2008)
    assert (machine.condition, machine.seen_at) == ("worn", NOW)
    decide(firm, report, RejectionReason.PRIVACY)
    (machine,) = machines(anna)
    assert (machine.model, machine.condition, machine.seen_at) == ("C 30", None, None)


def test_a_report_never_touches_one_of_our_machines(firm: Firm, anna: Tablet) -> None:
    ours: Any = _in_master_data(firm, maker="Albwerk", model="RV 75", serial_number="99-1", ours=True)
    anna.push(reported(anna, maker="Boge", model="C 30", serial="99-1", asset_id=ours))
    found = {machine.id: machine for machine in machines(anna)}
    assert len(found) == 2
    assert (found[ours].model, found[ours].seen_at) == ("RV 75", None)


@pytest.mark.parametrize(
    ("reason", "stays"),
    [
        (reason, reason in {RejectionReason.NO_POTENTIAL, RejectionReason.CUSTOMER_DECLINES})
        for reason in RejectionReason
    ],
)
def test_refused_as_a_lead_it_goes_unless_the_reason_says_nothing_against_the_machine(
    firm: Firm, anna: Tablet, reason: RejectionReason, stays: bool
) -> None:
    report = reported(anna, maker="Boge")
    anna.push(report)
    decide(firm, report, reason)
    assert bool(machines(anna)) is stays


def test_a_report_that_moves_to_another_customer_takes_its_machine_along(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    report = reported(anna, maker="Boge", serial="99-1")
    anna.push(report)
    there: Any = firm.werft
    anna.push(corrected(anna, report, reported(anna, maker="Boge", serial="99-1", customer_id=there)))
    assert machines(anna) == []
    assert [machine.serial_number for machine in machines(jan, firm.werft)] == ["99-1"]


def test_a_place_of_another_customer_is_not_the_machines(firm: Firm, anna: Tablet) -> None:
    report = reported(anna, maker="Boge")
    content = report.content.model_copy(update={"site_id": new_id()})
    anna.push(report.model_copy(update={"content": content}))
    (machine,) = machines(anna)
    assert machine.site_id is None


def test_what_was_reported_before_an_update_becomes_machines_when_the_new_server_starts(
    firm: Firm, anna: Tablet
) -> None:
    anna.push(reported(anna, maker="Boge", model="C 30"))
    with firm.database.writing() as connection:
        # As the older server left it.
        connection.execute(delete(t.sightings))
        connection.execute(delete(t.assets))
        documents.publish_customer(connection, firm.brandl, NOW)
        facts.put(connection, facts.RENDERING, "2")
    assert machines(anna) == []
    with firm.database.writing() as connection:
        assert documents.publish_what_is_told_otherwise_now(connection, NOW)
    assert [machine.model for machine in machines(anna)] == ["C 30"]


def test_the_totals_agree_with_what_a_tablet_holds_after_all_of_it(firm: Firm, anna: Tablet) -> None:
    report = reported(anna, maker="Boge", serial="1")
    anna.push(report, reported(anna, maker="Boge", serial="2"))
    decide(firm, report, RejectionReason.OTHER)
    page = anna.pull()
    assert page.totals is not None
    assert (page.totals.count, page.totals.checksum) == (len(anna.held), anna.checksum())


def _in_master_data(firm: Firm, **fields: Any) -> UUID:
    asset_id = new_id()
    row = {"id": asset_id, "customer_id": firm.brandl, "ours": False}
    with firm.database.writing() as connection:
        connection.execute(insert(t.assets), row | fields)
        documents.publish_customer(connection, firm.brandl, NOW)
    return asset_id
