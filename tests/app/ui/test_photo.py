"""The camera and the photo's screen without a browser: every state, every tool, and what is said about it."""

from dataclasses import replace
from typing import Any

import flet as ft
import flet.canvas as cv
import pytest

from app.device.camera import NoCamera, Viewfinder
from app.photo.edits import Tool
from app.photo.marks import CLOTH, SIGNAL
from app.state.drafting import DraftEditor
from app.ui.surroundings import Surroundings
from tests.app.photo_studio import edit, picture, shows_secret
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

ROOM = (800, 600)
"""The photo's own size: a dp of the sheet is a pixel."""


@pytest.fixture(autouse=True)
def camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a camera, and it is on; its pictures come from the tests."""

    async def is_on(_: Viewfinder) -> None:
        return None

    monkeypatch.setattr(Viewfinder, "start", is_on)


def can_edit(here: Surroundings) -> None:
    """This device has a canvas."""
    photos = here.notebook.photos
    photos._platform = replace(photos._platform, edit_photo=edit)


async def in_the_form(open_app: OpenApp, **size: Any) -> tuple[HeadlessPage, Surroundings, DraftEditor]:
    """A draft whose form is open."""
    page, here = await open_app(**size)
    page.session.apply_page_patch({"web": True})
    can_edit(here)
    await page.tap("capture-here")
    (editor,) = here.editors.values()
    return page, here, editor


async def at_a_photo(open_app: OpenApp, **size: Any) -> tuple[HeadlessPage, Surroundings, DraftEditor]:
    """The photo's screen, with a photo that was just taken."""
    page, here, editor = await in_the_form(open_app, **size)
    here.go(f"/capture/{editor.draft.id}/camera")
    await page.settle()
    await editor.roll.hold(picture())
    await page.settle()
    await page.tap("roll-1")
    await the_sheet(page).dispatch("resize", {"w": ROOM[0], "h": ROOM[1]})
    return page, here, editor


class the_sheet:
    """A finger and keys on the photo."""

    def __init__(self, page: HeadlessPage) -> None:
        self.page = page

    def find(self, kind: type) -> Any:
        found = [control for control in self.page.controls() if isinstance(control, kind)]
        assert found, f"no {kind.__name__} on the screen"
        return found[-1]

    async def dispatch(self, event: str, data: Any, kind: type = cv.Canvas) -> None:
        await self.page.session.dispatch_event(self.find(kind)._i, event, data)
        await self.page.settle()

    async def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        await self.down(start)
        await self.move(end)
        await self.up(end)

    async def down(self, place: tuple[float, float]) -> None:
        await self.dispatch("pan_down", {**_at(place), "k": "touch"}, ft.GestureDetector)

    async def move(self, place: tuple[float, float]) -> None:
        data = {**_at(place), "gd": {"x": 1, "y": 1}, "ld": {"x": 1, "y": 1}, "pd": 1.0}
        await self.dispatch("pan_update", data, ft.GestureDetector)

    async def up(self, place: tuple[float, float]) -> None:
        await self.dispatch("pan_end", {**_at(place), "v": {"x": 0, "y": 0}, "pv": 0.0}, ft.GestureDetector)

    async def key(self, *keys: str) -> None:
        for key in keys:
            await self.dispatch("key_down", {"key": key}, ft.KeyboardListener)

    def colours(self) -> set[Any]:
        """Of everything that is painted on the photo now."""
        canvases = [control for control in self.page.controls() if isinstance(control, cv.Canvas)]
        return {shape.paint.color for canvas in canvases for shape in canvas.shapes}  # type: ignore[attr-defined]


def _at(place: tuple[float, float]) -> dict[str, Any]:
    there = {"x": place[0], "y": place[1]}
    return {"l": there, "g": there}


async def test_each_tool_draws_and_can_be_undone(open_app: OpenApp) -> None:
    page, _, editor = await at_a_photo(open_app)
    editing = editor.roll.editing
    assert editing is not None
    sheet = the_sheet(page)
    for tool in (Tool.ARROW, Tool.CIRCLE, Tool.HIDE, Tool.CROP):
        await page.tap(f"photo-tool-{tool.value}")
        assert page.find(f"photo-tool-{tool.value}").selected
        before = editing.edits
        await sheet.drag((100, 100), (500, 400))
        assert editing.edits != before
        await page.tap("photo-undo")
        assert editing.edits == before
    await page.tap("photo-turn")
    assert editing.edits.turns == 1


async def test_what_a_finger_is_drawing_is_seen_while_it_draws(open_app: OpenApp) -> None:
    page, _, editor = await at_a_photo(open_app)
    sheet = the_sheet(page)
    await sheet.down((100, 100))
    assert sheet.colours() == set()
    await sheet.move((400, 300))
    assert SIGNAL in sheet.colours()
    assert editor.roll.editing is not None
    assert not editor.roll.editing.can_undo, "nothing is done before the finger is lifted"
    await sheet.up((400, 300))
    assert editor.roll.editing.edits.marks
    assert SIGNAL in sheet.colours()
    await page.tap("photo-tool-hide")
    await sheet.drag((10, 10), (200, 200))
    assert set(CLOTH) <= sheet.colours()


async def test_what_is_hidden_reaches_to_where_the_finger_was_lifted(open_app: OpenApp) -> None:
    page, _, editor = await at_a_photo(open_app)
    await page.tap("photo-tool-hide")
    sheet = the_sheet(page)
    await sheet.down((380, 280))
    await sheet.move((450, 350))  # the rest of the way is not told: too many movements
    await sheet.up((580, 440))
    await page.tap("photo-done")
    assert not shows_secret(editor.roll.held[0].scaled.data)


async def test_done_keeps_the_photo_with_the_secret_gone(open_app: OpenApp) -> None:
    page, here, editor = await at_a_photo(open_app)
    await page.tap("photo-tool-hide")
    await the_sheet(page).drag((380, 280), (580, 440))
    await page.tap("photo-done")
    assert here.route.endswith("/camera"), "back to where the next one is taken"
    assert len(editor.roll.held) == 1
    assert not shows_secret(editor.roll.held[0].scaled.data)
    await page.tap("camera-done")
    (photo,) = editor.draft.photos
    data = await here.notebook.photo(photo.sha256)
    assert data is not None
    assert not shows_secret(data)


async def test_a_photo_of_the_form_is_edited_from_there(open_app: OpenApp) -> None:
    page, here, editor = await in_the_form(open_app)
    await editor.add_photo(picture())
    await page.settle()
    (before,) = editor.draft.photos
    await page.tap(f"photo-edit-{before.id}")
    await the_sheet(page).dispatch("resize", {"w": ROOM[0], "h": ROOM[1]})
    await page.tap("photo-turn")
    await page.tap("photo-done")
    assert here.route == f"/capture/{editor.draft.id}"
    (after,) = editor.draft.photos
    assert (after.width, after.height) == (600, 800)
    assert await here.notebook.photo(before.sha256) is None


async def test_by_keys_alone_a_mark_is_set_moved_made_smaller_and_drawn(open_app: OpenApp) -> None:
    page, _, editor = await at_a_photo(open_app)
    await page.tap("photo-tool-circle")
    sheet = the_sheet(page)
    await sheet.key("Enter", "Arrow Right", "Arrow Down", "Shift Left", "Arrow Left", "Enter")
    assert editor.roll.editing is not None
    (mark,) = editor.roll.editing.edits.marks
    around = mark.around  # type: ignore[union-attr]
    assert (around.left, around.top, around.width, around.height) == (216, 166, 384, 300)
    await sheet.key("Enter", "Delete", "Arrow Left")
    assert len(editor.roll.editing.edits.marks) == 1


@pytest.mark.parametrize("size", [{"width": 1180, "height": 820}, {"width": 390, "height": 844}])
@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
async def test_held_across_and_on_a_phone_everything_is_there(
    open_app: OpenApp, size: dict[str, Any], language: str
) -> None:
    page, _, _ = await at_a_photo(open_app, language=language, **size)
    there = page.identifiers()
    tools = {"photo-turn", "photo-tool-crop", "photo-tool-arrow", "photo-tool-circle", "photo-tool-hide"}
    assert tools | {"back", "photo-undo", "photo-remove", "photo-done", "photo-sheet"} <= set(there)
    label = page.find("photo-sheet").label
    assert label is not None
    assert label.startswith("Foto. Werkzeug: Pfeil." if language == "de-DE" else "Photo. Tool: Arrow.")


async def test_a_photo_removed_while_looking_at_it_can_be_had_back(open_app: OpenApp) -> None:
    page, here, editor = await at_a_photo(open_app)
    await page.tap("photo-remove")
    assert here.route.endswith("/camera")
    assert editor.roll.held == ()
    await page.undo()
    assert len(editor.roll.held) == 1


async def test_undoing_a_removal_leaves_alone_what_was_done_to_the_others(open_app: OpenApp) -> None:
    page, here, editor = await in_the_form(open_app)
    await editor.add_photo(picture(shade=80))
    await editor.add_photo(picture(shade=100))
    await page.settle()
    first, second = editor.draft.photos
    await page.tap(f"photo-remove-{first.id}")
    await page.tap(f"photo-edit-{second.id}")
    await page.tap("photo-turn")
    await page.tap("photo-done")
    await page.undo()
    again, turned = editor.draft.photos
    assert again == first
    assert turned.sha256 != second.sha256
    assert await here.notebook.photo(turned.sha256) is not None


async def test_where_photos_cannot_be_edited_it_says_so_and_leaves_them_alone(open_app: OpenApp) -> None:
    page, here, editor = await in_the_form(open_app)
    photos = here.notebook.photos
    photos._platform = replace(photos._platform, edit_photo=None)
    await editor.add_photo(picture())
    await page.settle()
    await page.tap(f"photo-edit-{editor.draft.photos[0].id}")
    assert "Fotos bearbeiten geht auf diesem Gerät nicht." in page.text()
    await page.tap("photo-back")
    assert here.route == f"/capture/{editor.draft.id}"
    assert len(editor.draft.photos) == 1


async def test_a_photo_whose_bytes_are_gone_says_so(open_app: OpenApp) -> None:
    page, here, editor = await in_the_form(open_app)
    here.go(f"/capture/{editor.draft.id}/photo/{editor.draft.id}")
    await page.settle()
    assert "Dieses Foto ist nicht mehr auf dem Tablet." in page.text()


async def test_the_camera_tells_what_was_taken_and_what_makes_it_safe(open_app: OpenApp) -> None:
    page, here, editor = await in_the_form(open_app)
    here.go(f"/capture/{editor.draft.id}/camera")
    await page.settle()
    assert "noch kein Foto" in page.text()
    assert "camera-done" not in page.identifiers()
    for shade in (80, 90):
        await editor.roll.hold(picture(shade=shade))
    await page.settle()
    assert "2 Fotos: antippen zum Bearbeiten, „Fertig“ sichert." in page.text()
    assert {"roll-1", "roll-2", "camera-done"} <= set(page.identifiers())
    await page.tap("camera-back")
    assert len(editor.draft.photos) == 2, "going back loses nothing"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("CameraAccessDenied: permission was denied", "Die Kamera ist nicht erlaubt."),
        ("cameraNotReadable: hardware error", "Hier ist keine Kamera zu benutzen."),
        ("no camera found", "Hier ist keine Kamera zu benutzen."),
    ],
)
async def test_without_a_camera_there_is_a_reason_and_another_way(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    async def fails(_: Viewfinder) -> None:
        raise NoCamera(code)

    monkeypatch.setattr(Viewfinder, "start", fails)
    page, here, editor = await in_the_form(open_app)
    editor.change(seen="Halle C geplant")
    here.go(f"/capture/{editor.draft.id}/camera")
    await page.settle()
    assert said in page.text()
    assert "Was du geschrieben hast, ist sicher." in page.text()
    assert "camera-file" in page.identifiers()
    await page.tap("camera-back")
    assert editor.draft.seen == "Halle C geplant"


async def test_on_a_desktop_the_camera_is_not_even_tried(open_app: OpenApp) -> None:
    page, here, editor = await in_the_form(open_app)
    page.session.apply_page_patch({"web": False, "platform": "linux"})
    here.go(f"/capture/{editor.draft.id}/camera")
    await page.settle()
    assert "Hier ist keine Kamera zu benutzen." in page.text()
    await page.tap("camera-back")
    assert here.route == f"/capture/{editor.draft.id}"
    assert "capture-save" in page.identifiers()


async def test_one_photo_after_the_other_is_edited(open_app: OpenApp) -> None:
    page, here, editor = await at_a_photo(open_app)
    await editor.roll.hold(picture(shade=120))
    await page.tap("photo-tool-hide")
    await the_sheet(page).drag((380, 280), (580, 440))
    await page.tap("photo-done")
    await page.tap("roll-2")
    await the_sheet(page).dispatch("resize", {"w": ROOM[0], "h": ROOM[1]})
    await page.tap("photo-tool-crop")
    assert page.find("photo-tool-crop").selected
    await the_sheet(page).drag((0, 0), (300, 280))
    await page.tap("photo-done")
    await page.tap("camera-done")
    assert [(photo.width, photo.height) for photo in editor.draft.photos] == [(800, 600), (300, 280)]
    for photo in editor.draft.photos:
        data = await here.notebook.photo(photo.sha256)
        assert data is not None
        assert not shows_secret(data)
