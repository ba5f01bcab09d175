"""Capturing: every keystroke is kept, what is missing is said at the field, nothing is called saved before it is."""

from datetime import timedelta

import pytest

from app.state.errors import StorageFull
from app.state.notebook import Notebook
from protocol.observation import FlagKind, Kind, Side
from tests.app.a_tablet import Shelf
from tests.app.scripted_server import name
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio


async def test_an_observation_is_saved_with_everything_that_was_chosen(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    assert "Käsmayr GmbH & Co. KG · Werk 2, Halle B" in page.text()

    await page.tap("kind-plan")
    await page.type("capture-text", "Halle C kommt 2027")
    await page.tap("part-seen")
    await page.type("capture-text", "Bagger steht schon")
    await page.type("capture-next-step", "Innendienst ruft an")
    await page.tap("side-field_sales")
    await page.tap("due-week")
    await page.tap("flag-open")
    await page.tap("flag-personal")
    await page.tap("purpose-0")
    await page.tap("capture-save")

    row = here.notebook.observations()[0]
    shown = here.notebook.observation(row.id)
    assert shown is not None
    assert shown.content is not None
    content = shown.content
    assert (content.kind, content.heard, content.seen) == (
        Kind.PLAN,
        "Halle C kommt 2027",
        "Bagger steht schon",
    )
    assert content.next_step is not None
    assert (content.next_step.text, content.next_step.responsible) == (
        "Innendienst ruft an",
        Side.FIELD_SALES,
    )
    assert content.flag is not None
    assert (content.flag.kind, content.flag.purpose) == (FlagKind.PERSONAL, "Rückruf durch den Innendienst")
    assert content.visit_id == name("visit")
    assert "Gespeichert. Sicher auf diesem Tablet" in page.text()
    assert here.route == "/"


async def test_what_is_said_to_be_empty_is_no_longer_said_once_something_is_written(
    open_app: OpenApp,
) -> None:
    page, _ = await open_app()
    await page.tap("nav-capture")
    await page.tap("capture-save")
    assert "Noch leer: Schreib oder sprich etwas" in page.text()
    await page.type("capture-text", "Kompressor läuft am Anschlag")
    assert "Noch leer: Schreib oder sprich etwas" not in page.text()


async def test_what_is_missing_is_said_and_nothing_is_lost(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("nav-capture")
    await page.type("capture-text", "Kompressor läuft am Anschlag")
    await page.tap("capture-save")

    assert "Bitte wähle, was für eine Beobachtung es ist." in page.text()
    assert "Kompressor läuft am Anschlag" in page.text()
    assert here.notebook.drafts()[0].heard == "Kompressor läuft am Anschlag"
    assert "Gespeichert." not in page.text()


async def test_every_keystroke_is_there_after_the_tablet_died(open_app: OpenApp, shelf: Shelf) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.type("capture-text", "Öl am Boden")
    await here.flush()
    for backing in shelf.backings.values():
        await backing.close()

    again, _ = await open_app(pair=False)
    assert "Entwurf weiterschreiben" in again.text()
    assert "Öl am Boden" in again.text()


async def test_a_full_storage_is_said_and_never_called_kept(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StorageFull

    page, here = await open_app()
    await page.tap("capture-here")
    monkeypatch.setattr(Notebook, "keep_draft", full)
    monkeypatch.setattr(Notebook, "save", full)
    await page.type("capture-text", "passt nicht mehr")
    assert "Wird gesichert …" in page.text("draft-state")
    await here.flush()
    await page.settle()
    assert "Speicher voll: nicht gesichert" in page.text("draft-state")

    await page.tap("capture-save")
    assert "Der Speicher des Tablets ist voll." in page.text()
    assert "passt nicht mehr" in page.text()


async def test_the_customer_is_found_and_chosen_with_his_site(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("nav-capture")
    await page.tap("choose-customer")
    await page.type("choose-search", "kaesm")
    await page.tap(f"customer-{name('Käsmayr')}")
    await page.tap(f"site-{name('Werk 1')}")

    assert "Käsmayr GmbH & Co. KG · Werk 1" in page.text()
    assert len(here.editors) == 1


async def test_a_discarded_draft_comes_back_with_one_touch(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.type("capture-text", "doch nicht")
    await here.flush()
    await page.tap("capture-discard")
    assert here.notebook.drafts() == ()
    assert "Entwurf verworfen." in page.text()

    await page.undo()
    assert here.notebook.drafts()[0].heard == "doch nicht"


async def test_an_error_nobody_expected_becomes_a_sentence_and_keeps_the_draft(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("boom")

    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-note")
    await page.type("capture-text", "bleibt")
    await here.flush()
    monkeypatch.setattr(Notebook, "save", broken)
    await page.tap("capture-save")

    assert "Das hat nicht geklappt." in page.text()
    assert page.connection.crashes == []
    assert here.notebook.drafts()[0].heard == "bleibt"


async def test_a_flag_says_who_may_read_it_and_what_art_9_protects_has_an_end(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("flag-open")
    await page.tap("flag-personal")
    assert "Lesen dürfen es der Vertrieb und die Technik des Gebiets." in page.text()
    (editor,) = here.editors.values()
    assert editor.draft.flag_expires_on is None
    await page.tap("flag-special_category")
    assert "nur die, die darüber entscheiden, und der Datenschutz" in page.text()
    assert editor.draft.flag_expires_on == (here.now() + timedelta(days=90)).astimezone().date()
    await page.tap("expires-never")
    assert editor.draft.flag_expires_on is None


async def test_several_observations_in_one_visit_without_leaving_the_screen(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    first = here.route
    await page.tap("kind-plan")
    await page.type("capture-text", "Halle C kommt 2027")
    await page.tap("capture-again")
    assert here.route != first
    assert here.route.startswith("/capture/")
    assert "Gespeichert. Sicher auf diesem Tablet" in page.text()
    assert "Käsmayr GmbH & Co. KG · Werk 2, Halle B" in page.text(), "the place stays"
    assert page.stands_in("capture-text") == ""
    await page.tap("kind-need")
    await page.type("capture-text", "Größerer Trockner")
    await page.tap("capture-save")
    assert here.route == "/", "what is saved is no place to go back to"
    contents = [here.notebook.observation(row.id) for row in here.notebook.observations()]
    assert [shown.content.visit_id for shown in contents if shown and shown.content] == [name("visit")] * 2


async def test_what_is_missing_keeps_the_observation_open_when_another_was_to_follow(
    open_app: OpenApp,
) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    before = here.route
    await page.tap("capture-again")
    assert here.route == before
    assert here.notebook.observations() == ()


async def test_whose_turn_it_was_last_is_offered_first(open_app: OpenApp) -> None:
    page, _ = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-plan")
    await page.type("capture-next-step", "Ersatzteil mitbringen")
    await page.tap("side-technician")
    await page.tap("capture-again")
    await page.type("capture-next-step", "Filter auch")
    assert page.find("side-technician").selected
