"""The camera's full-screen viewfinder: take pictures one after the other, look at each, go back."""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import flet as ft

from app.device.camera import NoCamera, Viewfinder
from app.i18n import t, tn
from app.state.drafting import DraftEditor
from app.state.errors import PhotoError, StoreError
from app.ui.components.buttons import outlined, symbol
from app.ui.components.cards import empty
from app.ui.components.frame import head, scrolled
from app.ui.components.over_camera import INK, panel, way_back
from app.ui.components.roll_strip import RollStrip
from app.ui.components.touch import Handler, named, touchable
from app.ui.following import use_reading
from app.ui.guard import component, keyed
from app.ui.surroundings import Surroundings
from app.ui.theme import PRIMARY_HEIGHT
from app.ui.words import failure

_SHUTTER = 84
_SIDE = 120
"""Width in dp on either side of the shutter, so that it stays in the middle."""


@component
def CameraScreen(here: Surroundings, draft_id: UUID, question: str | None) -> ft.Control:
    """The viewfinder for one draft; its pictures answer a question, if there is one."""
    editor = here.editor(draft_id)
    if not Viewfinder.is_possible(here.page):
        return _without_camera(here, editor, question, refused=False)
    return keyed(Finder, f"finder-{draft_id}")(here, editor, question)


@component
def Finder(here: Surroundings, editor: DraftEditor, question: str | None) -> ft.Control:
    """The viewfinder itself."""
    draft_id = editor.draft.id
    viewfinder = ft.use_memo(lambda: Viewfinder(web=here.page.web), [])
    # Kept with its frame: drawn anew around it, the camera would lose its place on the page.
    picture = ft.use_memo(lambda: _frame(viewfinder), [])
    ready, set_ready = ft.use_state(False)
    missing, set_missing = ft.use_state(None)
    busy, set_busy = ft.use_state(False)
    count = use_reading(editor, lambda: len(editor.draft.photos) + len(editor.roll.held))

    def fail(error: NoCamera) -> None:
        here.last_failure = str(error)
        set_missing(lambda _: error)

    async def start() -> None:
        try:
            await viewfinder.start()
            set_ready(True)
        except NoCamera as error:
            fail(error)

    async def turn() -> None:
        set_ready(False)
        try:
            await viewfinder.turn()
            set_ready(True)
        except NoCamera as error:
            fail(error)

    async def take() -> None:
        set_busy(True)
        try:
            await editor.roll.hold(await viewfinder.take(), question=question)
        except NoCamera as error:
            fail(error)
        except PhotoError as error:
            here.say(failure(error))
        finally:
            set_busy(False)

    def begin() -> None:
        here.spawn(start())

    ft.use_effect(begin, [])
    back = lambda: here.back(f"/capture/{draft_id}")  # noqa: E731
    if missing is not None:
        return _without_camera(here, editor, question, refused=missing.refused)
    usable = ready and not busy
    return ft.Stack(
        [
            picture,
            way_back(back, identifier="camera-back"),
            panel(
                RollStrip(here, editor) if count else None,
                named(
                    ft.Text(_said(count), size=17, color=INK, text_align=ft.TextAlign.CENTER),
                    identifier="camera-count",
                    live=True,
                ),
                ft.Row(
                    [
                        ft.Container(
                            _turn(lambda: here.spawn(turn())) if ready and viewfinder.can_turn else None,
                            width=_SIDE,
                            alignment=ft.Alignment.CENTER_LEFT,
                        ),
                        _shutter(here, take, usable=usable),
                        ft.Container(
                            _done(back) if count else None,
                            width=_SIDE,
                            alignment=ft.Alignment.CENTER_RIGHT,
                        ),
                    ],
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                spacing=10,
            ),
        ],
        expand=True,
    )


def _said(count: int) -> str:
    """What was taken; that it is safe is said where it is, in the form."""
    if not count:
        return t("noch kein Foto")
    taken = tn("{count} Foto", "{count} Fotos", count)
    return t("{photos}: antippen zum Bearbeiten, „Fertig“ sichert.", photos=taken)


def _shutter(
    here: Surroundings, take: Callable[[], Coroutine[Any, Any, None]], *, usable: bool
) -> ft.Control:
    return touchable(
        ft.Container(
            None if usable else ft.ProgressRing(width=36, height=36, color="#10262A"),
            width=_SHUTTER - 16,
            height=_SHUTTER - 16,
            border_radius=_SHUTTER,
            bgcolor=INK,
            alignment=ft.Alignment.CENTER,
        ),
        lambda: here.spawn(take()),
        usable=usable,
        label=t("Auslösen"),
        identifier="camera-shutter",
        radius=_SHUTTER,
        width=_SHUTTER,
        height=_SHUTTER,
        border=ft.Border.all(4, INK),
        alignment=ft.Alignment.CENTER,
    )


def _turn(on_click: Handler) -> ft.Control:
    return symbol(
        ft.Icons.FLIP_CAMERA_ANDROID_OUTLINED,
        t("Andere Kamera"),
        on_click,
        identifier="camera-turn",
        color=INK,
    )


def _done(on_click: Handler) -> ft.Control:
    return touchable(
        ft.Text(t("Fertig"), size=18, weight=ft.FontWeight.W_500, color="#10262A"),
        on_click,
        identifier="camera-done",
        height=PRIMARY_HEIGHT,
        radius=20,
        bgcolor=INK,
        padding=ft.Padding.symmetric(horizontal=24),
        alignment=ft.Alignment.CENTER,
    )


def _without_camera(
    here: Surroundings, editor: DraftEditor, question: str | None, *, refused: bool
) -> ft.Control:
    """Why there is no picture, and how a photo gets into the draft all the same."""
    draft_id = editor.draft.id

    def back() -> None:
        here.back(f"/capture/{draft_id}")

    async def take_in(contents: list[bytes]) -> None:
        for content in contents:
            try:
                await editor.add_photo(content, question=question)
            except (PhotoError, StoreError) as error:
                here.say(failure(error))
        back()

    def chosen(contents: list[bytes]) -> None:
        here.spawn(take_in(contents))

    return scrolled(
        here.page,
        head(t("Kamera"), on_back=back),
        empty(
            ft.Icons.NO_PHOTOGRAPHY_OUTLINED,
            t("Die Kamera ist nicht erlaubt.") if refused else t("Hier ist keine Kamera zu benutzen."),
            t(
                "Sie lässt sich neben der Adresse oder in den Einstellungen des Browsers erlauben. "
                "Ein Foto aus einer Datei geht auch so. Was du geschrieben hast, ist sicher."
            )
            if refused
            else t(
                "Vielleicht benutzt sie gerade eine andere App. "
                "Ein Foto aus einer Datei geht auch so. Was du geschrieben hast, ist sicher."
            ),
        ),
        outlined(
            t("Foto aus einer Datei"),
            None,
            action=here.files.pick_photos(chosen),
            identifier="camera-file",
            icon=ft.Icons.PHOTO_LIBRARY_OUTLINED,
        ),
        outlined(t("Zurück"), back, identifier="camera-back", icon=ft.Icons.ARROW_BACK),
    )


def _frame(viewfinder: Viewfinder) -> ft.Control:
    return ft.Container(viewfinder.control, bgcolor="#000000", left=0, right=0, top=0, bottom=0)
