"""The camera's full-screen viewfinder: take pictures, see that each is kept, go back."""

from uuid import UUID

import flet as ft

from app.device.camera import NoCamera, Viewfinder
from app.i18n import t, tn
from app.ui.components.buttons import outlined, symbol
from app.ui.components.cards import empty
from app.ui.components.frame import head, scrolled
from app.ui.components.touch import touchable
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings

_SHUTTER = 84


@component
def CameraScreen(here: Surroundings, draft_id: UUID, question: str | None) -> ft.Control:
    """The viewfinder for one draft; its pictures answer a question, if there is one."""
    editor = here.editor(draft_id)
    viewfinder = ft.use_memo(Viewfinder, [])
    # Kept with its frame: drawn anew around it, the camera would lose its place on the page.
    picture = ft.use_memo(lambda: _frame(viewfinder), [])
    ready, set_ready = ft.use_state(False)
    failed, set_failed = ft.use_state(False)
    busy, set_busy = ft.use_state(False)
    count = use_reading(editor, lambda: len(editor.draft.photos))

    async def start() -> None:
        try:
            await viewfinder.start()
            set_ready(True)
        except NoCamera as error:
            here.last_failure = str(error)
            set_failed(True)

    async def turn() -> None:
        set_ready(False)
        try:
            await viewfinder.turn()
            set_ready(True)
        except NoCamera as error:
            here.last_failure = str(error)
            set_failed(True)

    async def take() -> None:
        set_busy(True)
        try:
            await editor.add_photo(await viewfinder.take(), question=question)
        except NoCamera as error:
            here.last_failure = str(error)
            set_failed(True)
        finally:
            set_busy(False)

    def begin() -> None:
        here.spawn(start())

    ft.use_effect(begin, [])
    back = lambda: here.back(f"/capture/{draft_id}")  # noqa: E731
    if failed:
        return scrolled(
            here.page,
            head(t("Kamera"), on_back=back),
            empty(
                ft.Icons.NO_PHOTOGRAPHY_OUTLINED,
                t("Die Kamera ist nicht zu benutzen."),
                t("Bitte in den Einstellungen des Browsers erlauben, oder ein Foto aus einer Datei nehmen."),
            ),
            outlined(t("Zurück"), back, identifier="camera-back", icon=ft.Icons.ARROW_BACK),
        )
    return ft.Stack(
        [
            picture,
            ft.Container(
                symbol(ft.Icons.ARROW_BACK, t("Zurück"), back, identifier="camera-back", color="#FFFFFF"),
                bgcolor="#99000000",
                border_radius=28,
                left=16,
                top=16,
            ),
            ft.Container(
                ft.Row(
                    [
                        ft.Container(
                            ft.Text(
                                tn("{count} Foto gesichert", "{count} Fotos gesichert", count)
                                if count
                                else t("noch kein Foto"),
                                size=17,
                                color="#FFFFFF",
                            ),
                            expand=True,
                        ),
                        touchable(
                            ft.Container(
                                ft.ProgressRing(width=36, height=36, color="#10262A")
                                if busy or not ready
                                else None,
                                width=_SHUTTER - 16,
                                height=_SHUTTER - 16,
                                border_radius=_SHUTTER,
                                bgcolor="#FFFFFF",
                                alignment=ft.Alignment.CENTER,
                            ),
                            None if busy or not ready else lambda: here.spawn(take()),
                            label=t("Auslösen"),
                            identifier="camera-shutter",
                            radius=_SHUTTER,
                            width=_SHUTTER,
                            height=_SHUTTER,
                            border=ft.Border.all(4, "#FFFFFF"),
                            alignment=ft.Alignment.CENTER,
                        ),
                        ft.Container(
                            ft.Row(
                                [
                                    *(
                                        [
                                            symbol(
                                                ft.Icons.FLIP_CAMERA_ANDROID_OUTLINED,
                                                t("Andere Kamera"),
                                                lambda: here.spawn(turn()),
                                                identifier="camera-turn",
                                                color="#FFFFFF",
                                            )
                                        ]
                                        if ready and viewfinder.can_turn
                                        else []
                                    ),
                                    *(
                                        [
                                            touchable(
                                                ft.Text(
                                                    t("Fertig"),
                                                    size=18,
                                                    weight=ft.FontWeight.W_500,
                                                    color="#FFFFFF",
                                                ),
                                                back,
                                                identifier="camera-done",
                                                height=56,
                                                padding=ft.Padding.symmetric(horizontal=20),
                                                alignment=ft.Alignment.CENTER,
                                            )
                                        ]
                                        if count
                                        else []
                                    ),
                                ],
                                alignment=ft.MainAxisAlignment.END,
                                spacing=8,
                            ),
                            expand=True,
                        ),
                    ],
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                bgcolor="#99000000",
                padding=ft.Padding.symmetric(horizontal=24, vertical=16),
                left=0,
                right=0,
                bottom=0,
            ),
        ],
        expand=True,
    )


def _frame(viewfinder: Viewfinder) -> ft.Control:
    return ft.Container(viewfinder.control, bgcolor="#000000", left=0, right=0, top=0, bottom=0)
