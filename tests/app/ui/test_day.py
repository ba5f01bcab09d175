"""The day's review on the screens: what is unfinished, what wants a word, what is handed in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.ui.surroundings import Surroundings
from protocol.observation import FlagKind, Side
from tests.app.a_tablet import draft
from tests.app.scripted_server import NOW, name
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio
TODAY = NOW.astimezone().date()


async def saved(here: Surroundings, text: str = "Halle C geplant", **fields: Any) -> str:
    made = draft(here.notebook, text, **fields)
    await here.notebook.save(made)
    return str(made.id)


async def test_an_empty_day_says_that_nothing_is_left(open_app: OpenApp) -> None:
    page, here = await open_app("/day")
    for words in ("alles besprochen", "Kein Entwurf ist offen.", "noch nichts erfasst", "Tagesliste"):
        assert words in page.text()
    here.speak("en")
    await page.settle()
    assert "Day's review" in page.text()


async def test_the_first_screen_leads_to_it_and_a_draft_is_one_tap_away(open_app: OpenApp) -> None:
    page, here = await open_app()
    begun = draft(here.notebook, "Öl am Boden")
    await here.notebook.keep_draft(begun)
    await page.settle()
    await page.tap("day-review")
    assert "noch 1 Punkt" in page.text()
    await page.tap(f"day-draft-{begun.id}")
    assert here.route == f"/capture/{begun.id}"
    assert page.stands_in("capture-text") == "Öl am Boden"


async def test_a_step_is_confirmed_by_a_tap_and_taken_back_by_another(open_app: OpenApp) -> None:
    page, here = await open_app()
    key = await saved(here, next_step="Angebot schicken", next_step_due=TODAY + timedelta(days=2))
    here.go("/day")
    await page.settle()
    assert "noch 1 Punkt" in page.text()
    await page.tap(f"confirm-{key}")
    assert "alles besprochen" in page.text()
    assert page.find(f"confirm-{key}").selected
    await page.tap(f"confirm-{key}")
    assert "noch 1 Punkt" in page.text()


async def test_ones_own_due_step_is_done_or_moved_and_the_move_has_a_way_back(open_app: OpenApp) -> None:
    page, here = await open_app()
    key = await saved(here, next_step="Ersatzteil", next_step_by=Side.TECHNICIAN, next_step_due=TODAY)
    here.go("/day")
    await page.settle()
    assert f"confirm-{key}" not in page.identifiers(), "what was due is not right as it stands"
    assert f"move-week-{key}" not in page.identifiers()
    await page.tap(f"move-{key}")
    await page.tap(f"move-week-{key}")
    assert "Auf Mi 2.12. verschoben. Sicher auf diesem Tablet." in page.text()
    assert "alles besprochen" in page.text()
    await page.undo()
    assert "heute fällig" in page.text()
    assert "noch 1 Punkt" in page.text()
    await page.tap(f"review-done-{key}")
    assert "alles besprochen" in page.text()
    await page.tap(f"review-done-{key}")
    assert "noch 1 Punkt" in page.text()


async def test_a_step_whose_correction_is_begun_is_moved_there(open_app: OpenApp) -> None:
    page, here = await open_app()
    key = await saved(here, next_step="Angebot schicken")
    step = here.notebook.day_review(TODAY).steps[0].step
    begun = here.notebook.correction(step.observation_id)
    await here.notebook.keep_draft(replace(begun, updated_at=NOW + timedelta(minutes=1)))
    here.go("/day")
    await page.settle()
    assert f"move-{key}" not in page.identifiers()
    await page.tap(f"review-draft-{key}")
    assert here.route == f"/capture/{key}"


async def test_an_answer_that_was_begun_is_to_be_finished_too(open_app: OpenApp) -> None:
    page, here = await open_app()
    key = await saved(here)
    observation = here.notebook.observations()[0].id
    await here.notebook.unsent.keep_answer(observation, "Ja, ab")
    here.go("/day")
    await page.settle()
    assert "nicht gesendet" in page.text(f"day-answer-{key}")
    await page.tap(f"day-answer-{key}")
    assert here.route == f"/observations/{key}?answer=1"


async def test_what_still_goes_out_is_listed(open_app: OpenApp) -> None:
    page, here = await open_app()
    key = await saved(here)
    here.go("/day")
    await page.settle()
    assert "Wartet auf Netz" in page.text(f"day-unsent-{key}")


async def test_the_list_is_read_before_it_is_handed_in_and_tells_what_is_not_in_it(open_app: OpenApp) -> None:
    page, here = await open_app()
    await saved(
        here,
        heard="Bauer: Halle C kommt",
        site_id=name("Halle B"),
        visit_id=name("visit"),
        next_step="Ersatzteil mitbringen",
        next_step_by=Side.TECHNICIAN,
    )
    await saved(here, "Frau Bauer ist krank", flag_kind=FlagKind.SPECIAL_CATEGORY, flag_purpose="Rückruf")
    await here.notebook.keep_draft(draft(here.notebook, "nur ein Entwurf"))
    here.go("/day")
    await page.settle()
    await page.tap("day-list")
    shown = page.text()
    for words in (
        "Tagesliste Mittwoch, 25. November 2026", "Käsmayr GmbH & Co. KG", "Wartung RV 75",
        "Gehört: Bauer: Halle C kommt", "Gesehen: Halle C geplant", "Ersatzteil mitbringen · Jonas Weber", "noch auf dem Tablet",
        "1 Beobachtung: besonders geschützt (Art. 9)", "1 Entwurf, noch nicht fertig",
    ):  # fmt: skip
        assert words in shown
    assert "krank" not in shown
    assert "nur ein Entwurf" not in shown


async def test_on_a_desktop_the_list_becomes_a_file(open_app: OpenApp) -> None:
    page, here = await open_app()
    page.session.apply_page_patch({"platform": "linux"})
    await saved(here)
    here.go("/day/list")
    await page.settle()
    await page.tap("share-pdf")
    await page.tap("share-text")
    files = {
        args["file_name"]: args["src_bytes"] for call, args in page.connection.calls if call == "save_file"
    }
    assert sorted(files) == ["tagesliste-2026-11-25.pdf", "tagesliste-2026-11-25.txt"]
    assert files["tagesliste-2026-11-25.pdf"].startswith(b"%PDF-1.7")
    assert "Halle C geplant" in files["tagesliste-2026-11-25.txt"].decode()


async def test_yesterday_can_be_handed_in_the_morning_after(open_app: OpenApp) -> None:
    page, here = await open_app()
    await saved(here, "vergessen", observed_at=NOW - timedelta(days=1))
    here.go("/day")
    await page.settle()
    await page.tap("day-yesterday")
    await page.tap("day-list")
    assert "Tagesliste Dienstag, 24. November 2026" in page.text()
    assert "vergessen" in page.text()
    await page.tap("back")
    assert page.find("day-yesterday").selected
