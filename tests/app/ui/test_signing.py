"""Signing on the glass without a browser: strokes, undo, a new sheet, what is refused, and what becomes of it."""

import io
from datetime import timedelta
from itertools import pairwise
from typing import Any

import flet as ft
import flet.canvas as cv
import pytest
from PIL import Image

from app.state.errors import StorageFull
from app.store.own_work import OwnWork
from app.ui.surroundings import Surroundings
from protocol.first_template import first_template
from protocol.observation import Kind
from tests.app.a_tablet import Shelf
from tests.app.scripted_server import name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage
from tests.app.ui.test_questions import saved

pytestmark = pytest.mark.anyio

ROOM = (760.0, 420.0)
CURVE = [(120 + 7 * step, 220 + (60 if step % 2 else -60)) for step in range(40)]
DASH = [(200, 330), (420, 320), (600, 335)]


class a_hand:
    """A finger on the field."""

    def __init__(self, page: HeadlessPage) -> None:
        self.page = page

    def find(self, kind: type) -> Any:
        found = [control for control in self.page.controls() if isinstance(control, kind)]
        assert found, f"no {kind.__name__} on the screen"
        return found[-1]

    async def dispatch(self, event: str, data: Any, kind: type = ft.GestureDetector) -> None:
        await self.page.session.dispatch_event(self.find(kind)._i, event, data)

    async def turn(self, room: tuple[float, float]) -> None:
        await self.dispatch("resize", {"w": room[0], "h": room[1]}, cv.Canvas)
        await self.page.settle()

    async def draw(self, *places: tuple[float, float]) -> None:
        """One stroke. Nothing is drawn in between: the events come faster than that."""
        first, *others = places
        await self.dispatch("pan_down", _at(first))
        for place in others:
            await self.dispatch("pan_update", _at(place))
        if others:
            await self.dispatch("pan_end", {**_at(others[-1]), "v": {"x": 0, "y": 0}})
        else:
            await self.dispatch("pan_cancel", None)
        await self.page.settle()

    def lines(self) -> list[Any]:
        """What is drawn, without the line to write on."""
        return [shape for shape in self.find(cv.Canvas).shapes if isinstance(shape, cv.Points)]


def _at(place: tuple[float, float]) -> dict[str, Any]:
    return {"l": {"x": place[0], "y": place[1]}, "g": {"x": place[0], "y": place[1]}}


async def at_the_field(open_app: OpenApp, **size: Any) -> tuple[HeadlessPage, Surroundings, a_hand]:
    """A draft about somebody new, whose consent is going to be signed."""
    page, here = await open_app(**size)
    await page.tap("capture-here")
    await page.tap("kind-contact_change")
    await page.tap("ask-change_person-1")
    await page.type("capture-text", "Thomas Bauer leitet jetzt die Instandhaltung")
    return page, here, await sign(page)


async def sign(page: HeadlessPage) -> a_hand:
    """Open the field."""
    await page.tap("ask-change_consent-sign")
    hand = a_hand(page)
    await hand.turn(ROOM)
    return hand


async def test_what_is_signed_stands_above_the_field_and_the_name_is_there_already(open_app: OpenApp) -> None:
    page, here, _ = await at_the_field(open_app)
    said = page.text("sign-words")
    assert "Ich bin einverstanden" in said
    assert here.notebook.identity.company in said
    assert "Käsmayr GmbH & Co. KG · Werk 2, Halle B" in said
    assert str(here.now().year) in said
    assert page.stands_in("sign-name") == "Thomas Bauer"


async def test_signed_it_answers_the_question_with_picture_words_name_and_moment(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    words = page.text("sign-words")
    await hand.draw(*CURVE)
    await hand.draw((300, 90))
    assert len(hand.lines()) >= 3
    await page.tap("sign-done")
    assert "Unterschrieben. Sicher auf diesem Tablet." in page.text()
    assert "Unterschrift von Thomas Bauer" in page.text()

    await page.tap("capture-save")
    content = saved(here)
    (signature,) = content.signed
    assert (signature.question, signature.signer) == ("change_consent", "Thomas Bauer")
    assert signature.contact_id == name("Bauer")
    assert signature.words == words
    assert signature.signed_at == here.now()
    assert content.answers is not None
    assert content.answers.given[-1].value == str(signature.id)
    assert content.answers.given[-1].said == "Unterschrift von Thomas Bauer"
    data = await here.notebook.photo(signature.sha256)
    assert data is not None
    assert len(data) == signature.size < 8_000
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (signature.width, signature.height)
    assert picture.info == {}, "nothing but the line"
    assert picture.convert("L").getextrema() == (0, 255)
    assert here.notebook.drafts() == ()
    transfer = here.notebook.transfer()
    assert (transfer.photos_waiting, transfer.others_waiting) == (1, 1), "it waits, and is not called a photo"


async def test_every_stroke_is_undone_and_a_new_sheet_too(open_app: OpenApp) -> None:
    page, _, hand = await at_the_field(open_app)
    assert hand.lines() == []
    await hand.draw(*DASH)
    await hand.draw(*CURVE)
    both = len(hand.lines())
    await page.tap("sign-undo")
    once = len(hand.lines())
    assert 0 < once < both
    await page.tap("sign-new")
    assert hand.lines() == []
    await page.tap("sign-undo")
    assert len(hand.lines()) == once
    await page.tap("sign-undo")
    assert hand.lines() == []


async def test_the_stroke_under_the_finger_is_seen_to_its_end_and_what_was_seen_stays(
    open_app: OpenApp,
) -> None:
    _, _, hand = await at_the_field(open_app)
    await hand.dispatch("pan_down", _at(CURVE[0]))
    for count, place in enumerate(CURVE[1:], start=2):
        await hand.dispatch("pan_update", _at(place))
        if count % 13 == 0:
            await hand.page.settle()
            assert hand.lines()[-1].points[-1] == place
    await hand.page.settle()
    wet = [shape.points for shape in hand.lines()]
    assert wet[0][0] == CURVE[0]
    assert wet[-1][-1] == CURVE[-1]
    assert all(one[-1] == other[0] for one, other in pairwise(wet)), "no gap between its pieces"
    await hand.dispatch("pan_end", {**_at(CURVE[-1]), "v": {"x": 0, "y": 0}})
    await hand.page.settle()
    assert [shape.points for shape in hand.lines()] == wet


@pytest.mark.parametrize(
    "strokes", [[], [[(300, 200)]], [[(300, 200), (304, 203)]], [[(10, 10)], [(700, 400)]]],
    ids=["nothing", "a dot", "a slip", "two dots far apart"],
)  # fmt: skip
async def test_what_is_no_signature_is_refused_with_words(
    open_app: OpenApp, strokes: list[list[tuple[float, float]]]
) -> None:
    page, here, hand = await at_the_field(open_app)
    for stroke in strokes:
        await hand.draw(*stroke)
    await page.tap("sign-done")
    assert "Das ist noch keine Unterschrift." in page.text("sign-fault")
    (editor,) = here.editors.values()
    assert editor.draft.signatures == ()
    await hand.draw(*CURVE)
    assert "sign-fault" not in page.identifiers()
    await page.tap("sign-done")
    assert len(editor.draft.signatures) == 1


async def test_without_a_name_it_is_refused_and_a_contact_is_one_touch_away(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.type("sign-name", "  ")
    await page.tap("sign-done")
    assert "Bitte den Namen dazuschreiben." in page.text()
    await page.tap("sign-name-1")
    assert page.stands_in("sign-name") == "Thomas Bauer"
    await page.tap("sign-done")
    (editor,) = here.editors.values()
    assert editor.draft.signatures[0].contact_id == name("Bauer")


async def test_somebody_else_signs(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await page.type("sign-name", "Renate Vogt")
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    (editor,) = here.editors.values()
    (signature,) = editor.draft.signatures
    assert (signature.signer, signature.contact_id) == ("Renate Vogt", None)


async def test_what_was_drawn_is_there_after_the_browser_was_killed(open_app: OpenApp, shelf: Shelf) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*DASH)
    await hand.draw(*CURVE)
    await here.flush()
    route, drawn = here.route, len(hand.lines())
    for backing in shelf.backings.values():
        await backing.close()

    page, here = await open_app(route, pair=False)
    hand = a_hand(page)
    await hand.turn(ROOM)
    assert len(hand.lines()) == drawn
    assert page.stands_in("sign-name") == "Thomas Bauer"
    await page.tap("sign-undo")
    assert 0 < len(hand.lines()) < drawn
    await page.tap("sign-done")
    await page.tap("capture-save")
    assert len(saved(here).signed) == 1


async def test_what_was_called_signed_is_there_after_the_browser_was_killed(
    open_app: OpenApp, shelf: Shelf
) -> None:
    page, _, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    assert "Unterschrieben." in page.text()
    # Nothing more is flushed: it was durable when that was said.
    for backing in shelf.backings.values():
        await backing.close()

    page, here = await open_app(pair=False)
    (draft,) = here.notebook.drafts()
    assert len(draft.signatures) == 1
    assert draft.signing == ()
    assert await here.notebook.photo(draft.signatures[0].sha256) is not None


async def test_cancelled_nothing_of_it_is_left_but_for_undo(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("sign-cancel")
    (editor,) = here.editors.values()
    assert editor.draft.signing == ()
    assert "Nicht unterschrieben." in page.text()
    await page.undo()
    hand = a_hand(page)
    await hand.turn(ROOM)
    assert len(hand.lines()) >= 1


async def test_a_signature_that_nobody_finished_is_not_left_out_in_silence(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("back")
    await page.tap("capture-save")
    assert "Die Unterschrift ist noch nicht fertig." in page.text()
    assert here.notebook.observations()[0].progress.value == "draft"
    assert "Weiter unterschreiben" in page.text()
    hand = await sign(page)
    await page.tap("sign-done")
    await page.tap("capture-save")
    assert len(saved(here).signed) == 1


async def test_turned_the_same_strokes_stand_in_the_other_field(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await hand.turn((1100.0, 300.0))
    await hand.draw((400, 200), (700, 100))
    (editor,) = here.editors.values()
    first, second = editor.draft.signing[0].strokes
    assert (editor.draft.signing[0].width, editor.draft.signing[0].height) == ROOM
    # What lies in the middle of the wide field lies in the middle of the field that counts.
    assert abs((second[0] + second[2]) / 2 - 760 * 10 / 2) < 400
    assert len(first) == 2 * len(CURVE)
    await page.tap("sign-done")
    assert len(editor.draft.signatures) == 1


async def test_another_customer_is_another_sentence_and_the_strokes_do_not_count(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("back")
    (editor,) = here.editors.values()
    editor.change(customer_id=name("Müller"), site_id=None)
    hand = await sign(page)
    assert "Müller" in page.text("sign-words")
    assert hand.lines() == []
    assert "Die Worte darüber haben sich geändert." in page.text("sign-fault")


async def test_what_was_written_after_signing_is_said_not_to_be_signed(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    changed = "Nach der Unterschrift wurde die Meldung geändert."
    assert changed not in page.text()
    await page.type("capture-text", "Thomas Bauer leitet jetzt die Produktion")
    assert changed in page.text()
    await page.tap("capture-save")
    content = saved(here)
    assert "Thomas Bauer" not in content.signed[0].words
    here.go(f"/observations/{here.notebook.observations()[0].id}")
    await page.settle()
    assert changed in page.text()
    assert "Ich bin einverstanden" in page.text()


async def test_a_signature_is_taken_out_and_had_back(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    await page.tap("ask-change_consent-remove")
    (editor,) = here.editors.values()
    assert editor.draft.signatures == ()
    await page.undo()
    assert len(editor.draft.signatures) == 1
    await page.tap("capture-save")
    assert len(saved(here).signed) == 1


async def test_of_a_kind_that_does_not_ask_for_it_nothing_is_sent(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    await page.tap("kind-note")
    await page.tap("capture-save")
    assert saved(here).kind is Kind.NOTE
    assert saved(here).signatures is None


async def test_where_no_customer_is_chosen_there_is_nothing_to_sign(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("nav-capture")
    await page.tap("kind-contact_change")
    await page.tap("ask-change_consent-sign")
    assert "Bitte wähle zuerst den Kunden" in page.text()
    assert not here.route.endswith("change_consent")


async def test_a_full_storage_keeps_the_strokes_and_calls_nothing_signed(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StorageFull

    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    monkeypatch.setattr(OwnWork, "keep_photo", full)
    await page.tap("sign-done")
    assert "Der Speicher des Tablets ist voll." in page.text()
    assert "Unterschrieben." not in page.text()
    (editor,) = here.editors.values()
    assert editor.draft.signatures == ()
    assert len(hand.lines()) >= 1


@pytest.mark.parametrize(
    "size", [(1180, 820), (390, 844), (844, 390)], ids=["landscape", "phone", "phone held across"]
)
async def test_held_across_and_on_a_phone_everything_is_there(
    open_app: OpenApp, size: tuple[int, int]
) -> None:
    page, here, hand = await at_the_field(open_app, width=size[0], height=size[1])
    for identifier in (
        "sign-words",
        "sign-name",
        "sign-pad",
        "sign-undo",
        "sign-new",
        "sign-cancel",
        "sign-done",
        "back",
    ):
        page.find(identifier)
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    (editor,) = here.editors.values()
    assert len(editor.draft.signatures) == 1


async def test_the_day_is_handed_in_with_the_word_that_it_is_signed(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app)
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    await page.tap("capture-save")
    here.go("/day/list")
    await page.settle()
    assert "Unterschrift von Thomas Bauer liegt vor" in page.text()


async def test_in_english_the_english_sentence_is_signed(open_app: OpenApp) -> None:
    page, here, hand = await at_the_field(open_app, language="en-GB")
    assert "I agree that the company named here" in page.text("sign-words")
    await hand.draw(*CURVE)
    await page.tap("sign-done")
    (editor,) = here.editors.values()
    question = first_template().question("change_consent")
    assert question is not None
    assert question.to_be_signed.en in editor.draft.signatures[0].words
    assert here.now() - editor.draft.signatures[0].signed_at < timedelta(minutes=1)
