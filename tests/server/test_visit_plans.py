"""Visits that technicians plan on the tablet: once, changed, called off, made apart; what they prepare (S1, S2, S5)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from protocol.changes import Outcome, PlanVisit, PrepareVisit
from protocol.first_template import FIRST_TEMPLATE
from protocol.ids import new_id
from protocol.planning import VisitPlan
from protocol.problems import Code
from protocol.reference import Entity, Visit
from sync_server.crm import documents, planning
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet


def plan(firm: Firm, *, visit_id: UUID | None = None, based_on: UUID | None = None, settles: tuple[UUID, ...] = (),
         **fields: Any) -> PlanVisit:  # fmt: skip
    said: dict[str, Any] = {
        "customer_id": firm.brandl,
        "starts_at": NOW + timedelta(days=2),
        "purpose": "Wartung",
    }
    return PlanVisit(
        id=new_id(), visit_id=visit_id or new_id(), revision_id=new_id(), based_on=based_on, settles=settles,
        plan=VisitPlan(**said | fields), recorded_at=NOW,
    )  # fmt: skip


def next_of(firm: Firm, before: PlanVisit, **fields: Any) -> PlanVisit:
    return plan(firm, visit_id=before.visit_id, based_on=before.revision_id, **fields)


def tick(visit_id: UUID, item: str = "history", *, done: bool = True) -> PrepareVisit:
    return PrepareVisit(
        id=new_id(), visit_id=visit_id, item=item, template=FIRST_TEMPLATE, done=done, recorded_at=NOW
    )


def visit(tablet: Tablet, visit_id: UUID) -> Visit | None:
    tablet.pull()
    item = tablet.held.get((Entity.VISIT, visit_id))
    return Visit.model_validate(item.body) if item else None


def outcome(tablet: Tablet, *changes: Any) -> tuple[Outcome, Code | None]:
    receipt = tablet.push(*changes).receipts[-1]
    return receipt.outcome, receipt.problem.code if receipt.problem else None


def test_a_planned_visit_reaches_every_tablet_of_its_technician_and_no_other(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    planned = plan(firm)
    assert outcome(anna, planned) == (Outcome.ACCEPTED, None)
    second = firm.pair(firm.anna)
    found = visit(second, planned.visit_id)
    assert found is not None
    assert (found.customer_id, found.purpose, found.version) == (firm.brandl, "Wartung", planned.revision_id)
    assert visit(jan, planned.visit_id) is None


def test_pushed_again_it_is_the_same_visit_with_the_same_receipt(firm: Firm, anna: Tablet) -> None:
    planned = plan(firm)
    first = anna.push(planned)
    assert anna.push(planned).receipts == first.receipts
    again = planned.model_copy(update={"id": new_id()})
    assert outcome(anna, again) == (Outcome.DUPLICATE, None)
    with firm.database.reading() as connection:
        assert len(connection.execute(select(t.visit_plans)).all()) == 1
        assert len(connection.execute(select(t.visits)).all()) == 1


def test_changed_called_off_and_taken_back_each_version_is_kept(firm: Firm, anna: Tablet) -> None:
    planned = plan(firm)
    moved = next_of(firm, planned, purpose="Wartung und Filter")
    off = next_of(firm, moved, cancelled=True)
    anna.push(planned, moved)
    found = visit(anna, planned.visit_id)
    assert found is not None
    assert (found.purpose, found.version, found.others) == ("Wartung und Filter", moved.revision_id, None)
    anna.push(off)
    assert visit(anna, planned.visit_id) is None
    back = next_of(firm, off, purpose="Wartung und Filter")
    anna.push(back)
    found = visit(anna, planned.visit_id)
    assert found is not None
    assert found.version == back.revision_id
    with firm.database.reading() as connection:
        assert len(connection.execute(select(t.visit_plans)).all()) == 4


def test_versions_made_apart_are_both_told_and_a_person_settles_them(firm: Firm, anna: Tablet) -> None:
    second = firm.pair(firm.anna)
    planned = plan(firm)
    anna.push(planned)
    here, there = next_of(firm, planned, purpose="früh"), next_of(firm, planned, purpose="spät")
    assert outcome(anna, here) == (Outcome.ACCEPTED, None)
    assert outcome(second, there) == (Outcome.CONFLICT, None)
    found = visit(anna, planned.visit_id)
    assert found is not None
    assert found.others is not None
    (other,) = found.others
    assert {found.purpose, other.plan.purpose} == {"früh", "spät"}
    assert found.version is not None
    chosen = plan(
        firm, visit_id=planned.visit_id, based_on=found.version, settles=(other.id,), purpose="mittags"
    )
    assert outcome(anna, chosen) == (Outcome.ACCEPTED, None)
    found = visit(second, planned.visit_id)
    assert found is not None
    assert (found.purpose, found.others) == ("mittags", None)


def test_that_a_visit_is_off_yields_to_that_it_was_moved(firm: Firm, anna: Tablet) -> None:
    """One too many on the list is noticed; at one too few a customer waits."""
    planned = plan(firm)
    moved, off = next_of(firm, planned, purpose="verschoben"), next_of(firm, planned, cancelled=True)
    anna.push(planned, moved)
    assert outcome(anna, off) == (Outcome.CONFLICT, None)
    found = visit(anna, planned.visit_id)
    assert found is not None
    assert found.purpose == "verschoben"
    assert found.others is not None
    assert found.others[0].plan.cancelled


def test_a_visit_at_a_customer_who_was_erased_is_refused_and_can_still_be_called_off(
    firm: Firm, anna: Tablet
) -> None:
    gone = new_id()
    planned = plan(firm, customer_id=gone)
    assert outcome(anna, planned) == (Outcome.REJECTED, Code.UNKNOWN_CUSTOMER)
    assert outcome(anna, next_of(firm, planned, customer_id=gone, cancelled=True)) == (Outcome.ACCEPTED, None)
    assert outcome(anna, plan(firm)) == (Outcome.ACCEPTED, None), "its neighbours are taken"


def test_a_site_of_somebody_else_is_no_place_and_no_hindrance(firm: Firm, anna: Tablet) -> None:
    site = new_id()
    with firm.database.writing() as connection:
        connection.execute(insert(t.sites).values(id=site, customer_id=firm.werft, name="Kai 3"))
    planned = plan(firm, site_id=site)
    assert outcome(anna, planned) == (Outcome.ACCEPTED, None)
    found = visit(anna, planned.visit_id)
    assert found is not None
    assert found.site_id is None


def test_what_the_office_has_planned_and_other_peoples_visits_are_not_his_to_change(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    with firm.database.writing() as connection:
        entry = planning.Plan("a@b", firm.brandl, None, NOW, None, "Wartung")
        planning.plan_visits(connection, firm.anna.id, [entry], [], NOW)
    of_office = planning.visit_id(firm.anna.id, "a@b")
    assert outcome(anna, plan(firm, visit_id=of_office)) == (Outcome.REJECTED, Code.FORBIDDEN)
    planned = plan(firm)
    anna.push(planned)
    assert outcome(jan, next_of(firm, planned)) == (Outcome.REJECTED, Code.FORBIDDEN)
    assert outcome(jan, plan(firm, visit_id=planned.visit_id)) == (Outcome.REJECTED, Code.ID_TAKEN)
    assert outcome(jan, tick(of_office)) == (Outcome.REJECTED, Code.FORBIDDEN)
    assert outcome(anna, tick(of_office)) == (Outcome.ACCEPTED, None)


@pytest.mark.parametrize(
    ("spoilt", "code", "pointer"),
    [
        ({"purpose": "x" * 201}, Code.INVALID_CHANGE, "/plan/purpose"),
        ({"starts_at": "1999-12-31T23:00:00Z"}, Code.IMPLAUSIBLE_DATE, "/plan/starts_at"),
        ({"starts_at": "morgen"}, Code.INVALID_CHANGE, "/plan/starts_at"),
        ({"ends_at": (NOW + timedelta(days=1)).isoformat()}, Code.INVALID_CHANGE, "/plan"),
        ({"purpose": "War\x00tung"}, Code.CONTROL_CHARACTER, "/plan/purpose"),
    ],
)
def test_a_plan_that_is_none_is_refused_with_its_place_and_holds_back_no_neighbour(
    firm: Firm, anna: Tablet, spoilt: dict[str, str], code: Code, pointer: str
) -> None:
    good, bad = plan(firm), plan(firm).as_dict()
    bad["plan"] |= spoilt
    answer = anna.push(bad, good)
    assert [receipt.outcome for receipt in answer.receipts] == [Outcome.REJECTED, Outcome.ACCEPTED]
    refused = answer.receipts[0].problem
    assert refused is not None
    assert (refused.code, refused.errors[0].pointer) == (code, pointer)


def test_points_of_the_preparation_are_told_back_and_the_last_word_counts(firm: Firm, anna: Tablet) -> None:
    planned = plan(firm)
    anna.push(planned, tick(planned.visit_id), tick(planned.visit_id, "contacts"))
    found = visit(firm.pair(firm.anna), planned.visit_id)
    assert found is not None
    assert found.prepared is not None
    assert [point.item for point in found.prepared] == ["history", "contacts"]
    undone = tick(planned.visit_id, done=False)
    first = anna.push(undone)
    assert anna.push(undone).receipts == first.receipts
    found = visit(anna, planned.visit_id)
    assert found is not None
    assert found.prepared is not None
    assert [point.item for point in found.prepared] == ["contacts"]
    with firm.database.reading() as connection:
        assert len(connection.execute(select(t.preparations)).all()) == 3, "what was said is kept"


def test_a_point_of_a_visit_that_was_called_off_is_taken_and_kept(firm: Firm, anna: Tablet) -> None:
    planned = plan(firm)
    anna.push(planned, next_of(firm, planned, cancelled=True))
    assert outcome(anna, tick(planned.visit_id)) == (Outcome.ACCEPTED, None)
    with firm.database.writing() as connection:
        assert connection.execute(select(t.preparations.c.item)).scalar_one() == "history"


def test_a_visit_given_to_somebody_else_begins_without_the_others_ticks(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    with firm.database.writing() as connection:
        entry = planning.Plan("a@b", firm.brandl, None, NOW, None, "Wartung")
        planning.plan_visits(connection, firm.anna.id, [entry], [], NOW)
    of_office = planning.visit_id(firm.anna.id, "a@b")
    anna.push(tick(of_office))
    with firm.database.writing() as connection:
        connection.execute(update(t.visits).values(technician_id=firm.jan.id))
        documents.publish_visit(connection, of_office, NOW)
    found = visit(jan, of_office)
    assert found is not None
    assert found.prepared is None


def test_a_shown_version_whose_customer_is_gone_takes_no_neighbour_with_it(firm: Firm, anna: Tablet) -> None:
    planned = plan(firm)
    anna.push(planned)
    with firm.database.writing() as connection:
        connection.execute(delete(t.visits))
        connection.execute(delete(t.customers).where(t.customers.c.id == firm.brandl))
    off = next_of(firm, planned, cancelled=True)
    late = plan(firm, visit_id=planned.visit_id, based_on=planned.revision_id, customer_id=firm.werft)
    assert outcome(anna, off, late)[0] == Outcome.CONFLICT
    found = visit(anna, planned.visit_id)
    assert found is not None
    assert found.customer_id == firm.werft
