"""Inside sales reads on a customer's page who is going to be there when, also what technicians planned themselves."""

from datetime import UTC, datetime, timedelta

from sync_server.crm import planning
from tests.inbox.desk import Desk, words
from tests.server.firm import Firm, Tablet
from tests.server.test_visit_plans import next_of, plan, tick


def test_a_visit_planned_on_a_tablet_is_on_the_customers_page(firm: Firm, nora: Desk, anna: Tablet) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    planned = plan(firm, starts_at=soon, purpose="Filter tauschen")
    anna.push(planned, tick(planned.visit_id))
    text = words(nora.get(f"/customers/{firm.brandl.hex}").text)
    assert "Anna Wieland · selbst geplant · Filter tauschen · 1 Punkt vorbereitet" in text
    anna.push(next_of(firm, planned, starts_at=soon, cancelled=True))
    assert "Kein Besuch geplant." in words(nora.get(f"/customers/{firm.brandl.hex}").text)


def test_what_is_planned_differently_on_two_tablets_is_marked(firm: Firm, nora: Desk, anna: Tablet) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    planned = plan(firm, starts_at=soon)
    anna.push(planned, *(next_of(firm, planned, starts_at=soon, purpose=when) for when in ("früh", "spät")))
    assert "zweimal verschieden geplant" in words(nora.get(f"/customers/{firm.brandl.hex}").text)


def test_the_offices_own_and_past_visits_are_told_apart(firm: Firm, nora: Desk) -> None:
    now = datetime.now(UTC)
    entries = [
        planning.Plan(f"{days}@x", firm.brandl, None, now + timedelta(days=days), None, f"in {days}")
        for days in (-3, 3)
    ]
    with firm.database.writing() as connection:
        planning.plan_visits(connection, firm.anna.id, entries, [], now)
    text = words(nora.get(f"/customers/{firm.brandl.hex}").text)
    assert "in 3" in text
    assert "in -3" not in text
    assert "selbst geplant" not in text
