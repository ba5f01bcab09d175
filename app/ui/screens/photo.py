"""One photo, before it is kept or later: turn it, cut it, point at something, make something unrecognisable."""

from functools import partial
from uuid import UUID

import flet as ft

from app.i18n import t
from app.photo.edits import Tool
from app.state.drafting import DraftEditor
from app.state.errors import PhotoError, StoreError
from app.state.photo_editing import PhotoEditing
from app.ui.components.buttons import outlined, primary, symbol
from app.ui.components.cards import empty
from app.ui.components.frame import bottom, head, margin, narrow_head, scrolled
from app.ui.components.photo_sheet import PhotoSheet
from app.ui.components.photos import remove_photo
from app.ui.components.step_back import step_back
from app.ui.components.touch import Handler, named, touchable
from app.ui.components.type import secondary
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.photo_words import tool_hint, tool_name
from app.ui.surroundings import Surroundings
from app.ui.theme import FIELD_RADIUS, GAP, PRIMARY_HEIGHT, SECONDARY, look
from app.ui.words import failure

_BESIDE = 300
"""Width in dp of the tools where they stand beside the photo."""
_ICONS = {
    Tool.ARROW: ft.Icons.NORTH_EAST,
    Tool.CIRCLE: ft.Icons.CIRCLE_OUTLINED,
    Tool.HIDE: ft.Icons.BLUR_ON,
    Tool.CROP: ft.Icons.CROP,
}


@component
def PhotoScreen(here: Surroundings, draft_id: UUID, photo_id: UUID) -> ft.Control:
    """The photo with its tools."""
    editor = here.editor(draft_id)
    begun: ft.MutableRef[PhotoEditing | None] = ft.use_ref(None)
    _, set_ready = ft.use_state(False)
    missing, set_missing = ft.use_state(False)
    busy, set_busy = ft.use_state(False)

    async def begin() -> None:
        try:
            begun.current = await editor.roll.edit(photo_id)
        except PhotoError:
            set_missing(True)
            return
        set_ready(True)

    def start() -> None:
        if editor.roll.can_edit:
            here.spawn(begin())

    async def done() -> None:
        set_busy(True)
        try:
            await editor.roll.close()
        except (PhotoError, StoreError) as error:
            here.say(failure(error))
            return
        finally:
            set_busy(False)
        back()

    def back() -> None:
        here.back(f"/capture/{draft_id}")

    def remove() -> None:
        # By then it may be another one than the address says: made anew while the app was in the background.
        remove_photo(here, editor, begun.current.photo_id if begun.current else photo_id)
        back()

    ft.use_effect(start, [])
    if missing or not editor.roll.can_edit:
        return scrolled(
            here.page,
            head(t("Foto bearbeiten"), on_back=back),
            empty(
                ft.Icons.IMAGE_NOT_SUPPORTED_OUTLINED,
                t("Dieses Foto ist nicht mehr auf dem Tablet.")
                if missing
                else t("Fotos bearbeiten geht auf diesem Gerät nicht."),
                t("Was gesichert war, ist sicher.")
                if missing
                else t("In der App im Browser geht es. Das Foto bleibt, wie es ist."),
            ),
            outlined(t("Zurück"), back, identifier="photo-back", icon=ft.Icons.ARROW_BACK),
        )
    editing = begun.current
    if editing is None:
        return ft.Container(ft.ProgressRing(width=48, height=48), alignment=ft.Alignment.CENTER, expand=True)
    beside = (here.page.width or 0) > (here.page.height or 0)
    top = PhotoHead(editor, editing, lambda: here.spawn(done()), remove, narrow=beside)
    sheet = ft.Container(PhotoSheet(editor, editing), bgcolor=look().neutral.ground, expand=True)
    tools = PhotoTools(here, editor, editing)
    finish = primary(
        t("Fertig"),
        lambda: here.spawn(done()),
        icon=ft.Icons.CHECK,
        identifier="photo-done",
        busy=busy,
        expand=True,
    )
    if beside:
        edge = margin(here.page)
        side = ft.Column(
            [
                ft.Column([top, tools], scroll=ft.ScrollMode.AUTO, expand=True, spacing=GAP),
                ft.Row([finish]),
            ],
            spacing=GAP,
        )
        return ft.Row(
            [
                sheet,
                ft.Container(
                    side,
                    width=_BESIDE + 2 * edge,
                    padding=ft.Padding.symmetric(horizontal=edge, vertical=16),
                    bgcolor=look().surface,
                ),
            ],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return ft.Column(
        [
            ft.Container(
                top,
                padding=ft.Padding.only(left=margin(here.page), right=margin(here.page), top=12, bottom=8),
            ),
            sheet,
            bottom(here.page, ft.Column([tools, ft.Row([finish])], spacing=GAP, tight=True)),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def PhotoHead(
    editor: DraftEditor, editing: PhotoEditing, on_back: Handler, on_remove: Handler, *, narrow: bool
) -> ft.Control:
    """The way back, one step back, and the way to get rid of the photo."""
    can_undo = use_reading(editor, lambda: editing.can_undo)
    more = [
        step_back(editing.undo if can_undo else None, identifier="photo-undo"),
        symbol(ft.Icons.DELETE_OUTLINED, t("Foto entfernen"), on_remove, identifier="photo-remove"),
    ]
    return narrow_head(on_back, *more) if narrow else head(t("Foto"), trailing=more, on_back=on_back)


@component
def PhotoTools(here: Surroundings, editor: DraftEditor, editing: PhotoEditing) -> ft.Control:
    """What a finger can do, which of it it does now, and how."""
    tool = use_reading(editor, lambda: editing.tool)
    buttons = [
        _tool(t("Drehen"), ft.Icons.ROTATE_RIGHT, editing.turn, identifier="photo-turn"),
        *(
            _tool(
                tool_name(one),
                _ICONS[one],
                partial(editing.choose, one),
                identifier=f"photo-tool-{one.value}",
                chosen=one is tool,
            )
            for one in (Tool.CROP, Tool.ARROW, Tool.CIRCLE, Tool.HIDE)
        ),
    ]
    hints = [tool_hint(tool)]
    if editing.was_saved:
        hints.append(
            t("Die bisherige Fassung ist schon gesichert und bleibt beim Innendienst; die neue kommt dazu.")
        )
    return ft.Column(
        [
            named(secondary(" ".join(hints)), identifier="photo-hint", live=True),
            ft.Row(buttons, spacing=GAP - 4, run_spacing=GAP - 4, wrap=True),
        ],
        spacing=GAP,
        tight=True,
    )


def _tool(
    text: str, icon: ft.IconData, on_click: Handler, *, identifier: str, chosen: bool | None = None
) -> ft.Control:
    colours = look()
    pair = colours.primary if chosen else colours.container
    return touchable(
        ft.Row(
            [
                # A tick beside the word: which one is chosen must not be told by its colour alone.
                ft.Icon(ft.Icons.CHECK if chosen else icon, size=24, color=pair.text),
                ft.Text(text, size=SECONDARY, weight=ft.FontWeight.W_500, color=pair.text),
            ],
            spacing=8,
            tight=True,
        ),
        on_click,
        identifier=identifier,
        selected=chosen,
        radius=FIELD_RADIUS,
        padding=ft.Padding.symmetric(horizontal=14),
        height=PRIMARY_HEIGHT - 8,
        bgcolor=pair.ground,
    )
