"""My tasks on the screens: by day, done by one tap, with a way back, in the brief as well."""

from typing import Any

import pytest

from app.ui.surroundings import Surroundings
from protocol.observation import Side
from tests.app.a_tablet import draft
from tests.app.scripted_server import NOW, name
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio


async def promise(here: Surroundings, text: str, **fields: Any) -> str:
    made = draft(here.notebook, next_step=text, next_step_by=Side.TECHNICIAN, **fields)
    await here.notebook.save(made)
    return str(made.id)


async def test_one_tap_on_the_first_screen_does_a_task_and_another_brings_it_back(open_app: OpenApp) -> None:
    page, here = await open_app()
    key = await promise(here, "Ersatzteil mitbringen", next_step_due=NOW.date())
    await page.settle()
    assert "heute fällig" in page.text(f"step-{key}")
    assert "Käsmayr GmbH" in page.text(f"step-{key}")
    await page.tap(f"done-{key}")
    assert f"step-{key}" not in page.identifiers()
    assert "Erledigt. Sicher auf diesem Tablet." in page.text()
    await page.undo()
    assert f"step-{key}" in page.identifiers()


async def test_all_tasks_stand_by_day_and_what_was_done_today_can_be_opened_again(open_app: OpenApp) -> None:
    page, here = await open_app()
    key = await promise(here, "Schlüssel zurück", next_step_due=NOW.date())
    await promise(here, "Messkoffer holen")
    await page.settle()
    await page.tap("all-tasks")
    assert "2 offen" in page.text()
    text = page.text()
    places = [
        text.index(words) for words in ("Jetzt dran", "Schlüssel", "Später oder ohne Termin", "Messkoffer")
    ]
    assert places == sorted(places)
    page.moved = (f"done-{key}", f"step-{key}")  # from one day's card to another one's
    await page.tap(f"done-{key}")
    assert "Heute erledigt" in page.text()
    assert "Wieder öffnen: Schlüssel zurück" in page.text()
    await page.tap(f"done-{key}")
    assert "Heute erledigt" not in page.text()


async def test_in_the_brief_only_ones_own_step_has_a_box(open_app: OpenApp) -> None:
    page, here = await open_app(f"/customers/{name('Käsmayr')}")
    mine = await promise(here, "Ersatzteil mitbringen")
    theirs = draft(here.notebook, next_step="Angebot schicken", next_step_by=Side.INSIDE_SALES)
    await here.notebook.save(theirs)
    await page.settle()
    assert f"done-{mine}" in page.identifiers()
    assert f"done-{theirs.id}" not in page.identifiers()
    assert f"step-{theirs.id}" in page.identifiers()
    await page.tap(f"done-{mine}")
    assert f"step-{mine}" not in page.identifiers()


async def test_without_tasks_the_screen_says_what_belongs_there(open_app: OpenApp) -> None:
    page, here = await open_app("/tasks")
    assert "Du hast nichts offen." in page.text()
    here.speak("en")
    await page.settle()
    assert "Nothing is left for you to do." in page.text()
