"""Large buttons for what was observed, and one more that goes straight to the camera."""

from collections.abc import Callable

import flet as ft

from app.i18n import t
from app.ui import words
from app.ui.components.frame import is_phone
from app.ui.components.touch import Handler, touchable
from app.ui.text_size import is_crowded, shortened
from app.ui.theme import CARD_RADIUS, GAP, look
from protocol.observation import Kind
from protocol.template import Template

_PER_ROW, _PER_CROWDED_ROW = 4, 2


def kind_tiles(
    page: ft.Page,
    template: Template,
    chosen: Kind | None,
    choose: Callable[[Kind], None],
    photograph: Handler,
    *,
    missing: bool,
) -> ft.Control:
    """The tiles of a version; with a red edge while a choice is missing."""
    kinds = [asked.kind for asked in template.kinds]
    if chosen is not None and chosen not in kinds:
        kinds.append(chosen)  # an observation of a kind that is no longer offered can still be corrected
    height = 92 if is_phone(page) else 104
    size = _size(page)
    tiles: list[ft.Control] = [
        _tile(
            kind,
            words.kind(kind, template),
            kind is chosen,
            choose,
            height=height,
            size=size,
            missing=missing,
        )
        for kind in kinds
    ]
    tiles.append(_photo_tile(photograph, height, size))
    per_row = _PER_CROWDED_ROW if is_crowded() else _PER_ROW
    rows: list[ft.Control] = [
        ft.Row(tiles[start : start + per_row], spacing=8 if is_phone(page) else GAP)
        for start in range(0, len(tiles), per_row)
    ]
    return ft.Column(rows, spacing=8 if is_phone(page) else GAP, tight=True)


def _size(page: ft.Page) -> float:
    """So that "Wettbewerb" stays one word on the narrowest phones, too."""
    if not is_phone(page):
        return 16
    return 14 if (page.width or 0) >= 384 else 12


def _tile(
    kind: Kind,
    name: str,
    chosen: bool,
    choose: Callable[[Kind], None],
    *,
    height: float,
    size: float,
    missing: bool,
) -> ft.Control:
    colours = look()
    ink = colours.primary.text if chosen else colours.text
    edge = colours.bad_strong if missing else (colours.primary.ground if chosen else colours.outline)
    return touchable(
        _face(words.kind_icon(kind), name, ink, size),
        lambda: choose(kind),
        label=name,
        identifier=f"kind-{kind.value}",
        selected=chosen,
        radius=CARD_RADIUS,
        height=height,
        bgcolor=colours.primary.ground if chosen else colours.surface,
        border=ft.Border.all(2 if missing else 1, edge),
        expand=True,
    )


def _photo_tile(photograph: Handler, height: float, size: float) -> ft.Control:
    pair = look().container
    return touchable(
        _face(ft.Icons.PHOTO_CAMERA_OUTLINED, t("Foto"), pair.text, size),
        photograph,
        label=t("Foto aufnehmen"),
        identifier="capture-photo",
        radius=CARD_RADIUS,
        height=height,
        bgcolor=pair.ground,
        expand=True,
    )


def _face(icon: ft.IconData, text: str, ink: str, size: float) -> ft.Control:
    return ft.Column(
        [
            ft.Icon(icon, size=32, color=ink),
            ft.Text(
                text,
                size=size,
                weight=ft.FontWeight.W_500,
                color=ink,
                text_align=ft.TextAlign.CENTER,
                max_lines=shortened(2),
            ),
        ],
        spacing=8,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
