"""Planning a visit with taps: customer, day, time, purpose; changed, called off, brought back; also after a crash."""

from datetime import timedelta

import pytest

from protocol.problems import Code
from protocol.reference import Entity
from tests.app.a_tablet import customer, synchronized
from tests.app.scripted_server import NOW, ScriptedServer, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

FRIDAY = (NOW + timedelta(days=2)).date().isoformat()


async def planned(page: HeadlessPage, purpose: str = "Filter tauschen") -> None:
    await page.tap("plan-visit")
    await page.tap(f"customer-{name('Müller')}")
    await page.tap(f"plan-day-{FRIDAY}")
    await page.tap("plan-time-1000")
    await page.type("plan-purpose", purpose)
    await page.tap("plan-save")


async def test_a_visit_is_planned_by_five_taps_and_stands_on_its_day(open_app: OpenApp) -> None:
    page, here = await open_app("/visits")
    await planned(page)
    text = page.text()
    assert here.route == "/visits"
    assert "Besuch geplant. Sicher auf diesem Tablet." in text
    assert "Freitag, 27. November" in text
    row = next(identifier for identifier in page.identifiers() if identifier.startswith("visit-") and "Filter tauschen" in page.text(identifier))  # fmt: skip
    assert "wartet auf Netz" in page.text(row)
    await page.undo()
    assert "Filter tauschen" not in page.text()


async def test_it_can_be_changed_and_called_off_and_each_taken_back(open_app: OpenApp) -> None:
    page, here = await open_app("/visits")
    await planned(page)
    (key,) = [entry.thing for entry in here.notebook._own.entries()]
    await page.tap(f"visit-{key}")
    assert "Von dir geplant" in page.text()
    await page.tap("visit-change")
    assert page.stands_in("plan-purpose") == "Filter tauschen"
    await page.tap("plan-time-1400")
    await page.tap("plan-length-open")
    await page.tap("plan-save")
    here.go(f"/visits/{key}")
    await page.settle()
    assert "Freitag, 27. November · 14:00" in page.text()
    await page.tap("visit-off")
    assert here.notebook.planning.visit(key) is None
    assert "Besuch abgesagt. Sicher auf diesem Tablet." in page.text()
    await page.undo()
    assert here.notebook.planning.visit(key) is not None
    assert not here.last_failure


async def test_what_is_missing_is_said_and_nothing_is_saved(open_app: OpenApp) -> None:
    page, here = await open_app("/plan")
    await page.tap(f"customer-{name('Müller')}")
    await page.tap("plan-save")
    assert "Es fehlt noch: Tag, Uhrzeit" in page.text()
    await page.tap(f"plan-day-{NOW.date().isoformat()}")
    await page.tap("plan-time-0700")
    await page.tap("plan-save")
    assert "Dieser Zeitpunkt ist schon vorbei." in page.text()
    assert here.notebook._own.entries() == []


async def test_what_was_begun_is_there_again_after_the_app_was_swiped_away(open_app: OpenApp) -> None:
    page, here = await open_app("/plan")
    await page.tap(f"customer-{name('Müller')}")
    await page.tap(f"plan-day-{FRIDAY}")
    await page.type("plan-purpose", "Filter tau")
    await here.flush()
    page, here = await open_app("/plan", synchronize=False)
    assert page.stands_in("plan-purpose") == "Filter tau"
    assert "Freitag, 27. November" in page.text()


async def test_the_brief_leads_to_the_next_visit_or_to_planning_one(open_app: OpenApp) -> None:
    page, here = await open_app(f"/customers/{name('Käsmayr')}")
    assert "Besuch heute" in page.text("open-visit")
    await page.tap("open-visit")
    assert here.route == f"/visits/{name('visit')}"
    here.go(f"/customers/{name('Müller')}")
    await page.settle()
    await page.tap("plan-here")
    assert here.route == f"/plan?customer={name('Müller')}"
    assert "Müller GmbH & Co. KG" in page.text()


async def test_what_the_firm_has_planned_is_not_his_to_change(open_app: OpenApp) -> None:
    page, _ = await open_app(f"/visits/{name('visit')}")
    assert "Von der Firma geplant" in page.text()
    assert "visit-change" not in page.identifiers()
    assert "visit-off" not in page.identifiers()


async def test_two_versions_made_apart_are_settled_by_one_tap(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    other = {
        "id": str(name("other")), "recorded_at": NOW.isoformat(),
        "plan": {
            "customer_id": str(name("Müller")), "purpose": "Später",
            "starts_at": (NOW + timedelta(days=3)).isoformat(),
        },
    }  # fmt: skip
    told = {
        "id": str(name("mine")), "customer_id": str(name("Müller")), "purpose": "Früher",
        "starts_at": (NOW + timedelta(days=1)).isoformat(), "version": str(name("v")), "others": [other],
    }  # fmt: skip
    server.publish(Entity.VISIT, name("mine"), told)
    page, here = await open_app("/visits")
    assert "bitte entscheiden" in page.text(f"visit-{name('mine')}")
    await page.tap(f"visit-{name('mine')}")
    assert "Zweimal verschieden geplant" in page.text()
    await page.tap(f"version-{name('other')}")
    assert "Zweimal verschieden geplant" not in page.text()
    view = here.notebook.planning.visit(name("mine"))
    assert view is not None
    assert view.visit.purpose == "Später"


async def test_a_visit_at_an_erased_customer_is_refused_in_words_and_can_be_mended_or_given_up(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    page, here = await open_app("/visits")
    await planned(page)
    (key,) = [entry.thing for entry in here.notebook._own.entries()]
    server.refusals[key] = Code.UNKNOWN_CUSTOMER
    server.publish(Entity.CUSTOMER, name("Müller"), None)
    await synchronized(here.tablet)
    await page.settle()
    text = page.text()
    assert "Nicht angenommen" in text
    assert "Diesen Kunden gibt es auf dem Server nicht (mehr)." in text
    assert "Kunde ist nicht mehr auf diesem Tablet" in text
    (entry,) = here.notebook._own.entries()
    here.go("/")
    await page.settle()
    await page.tap("see-refused")
    assert here.route == "/visits"
    await page.tap(f"give-up-{entry.id}")
    assert here.notebook.planning.refused() == ()
    await page.undo()
    assert here.notebook.planning.visit(key) is not None, "nothing was lost by the tap"


async def test_a_visit_that_is_no_more_says_so(open_app: OpenApp) -> None:
    page, here = await open_app(f"/visits/{name('nobody')}")
    assert "Diesen Besuch gibt es nicht mehr." in page.text()
    assert not here.last_failure


async def test_a_site_is_chosen_where_there_are_several(open_app: OpenApp, server: ScriptedServer) -> None:
    server.publish(Entity.CUSTOMER, name("Zorn"), customer("Zorn", city="Aalen"))
    page, here = await open_app(f"/plan?customer={name('Käsmayr')}")
    await page.tap(f"plan-site-{name('Halle B')}")
    await page.tap("plan-other-customer")
    await page.type("plan-search", "zorn")
    await page.tap(f"customer-{name('Zorn')}")
    assert "Zorn GmbH & Co. KG" in page.text()
    assert f"plan-site-{name('Halle B')}" not in page.identifiers()
    assert not here.last_failure


async def test_the_preparation_is_ticked_by_one_tap_and_is_there_after_a_restart(open_app: OpenApp) -> None:
    page, here = await open_app(f"/visits/{name('visit')}")
    assert "Vorbereitung · 0 von 6" in page.text()
    await page.tap("prepare-history")
    await page.tap("prepare-parts")
    await page.tap("prepare-parts")
    assert "Vorbereitung · 1 von 6" in page.text()
    assert page.find("prepare-history").selected
    assert not page.find("prepare-parts").selected
    await here.close()
    page, here = await open_app(f"/customers/{name('Käsmayr')}", synchronize=False)
    assert "Vorbereitung: 1 von 6" in page.text("open-visit")
    here.speak("en")
    await page.tap("open-visit")
    assert "Read what happened last" in page.text("prepare-history")
    assert not here.last_failure
