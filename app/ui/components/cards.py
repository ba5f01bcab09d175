"""Cards, the lines inside them, and coloured notices."""

from collections.abc import Sequence

import flet as ft

from app.ui.components.placing import placed
from app.ui.components.touch import Handler, named, touchable
from app.ui.components.type import body, secondary
from app.ui.text_size import heading, is_crowded, is_large
from app.ui.theme import CARD_RADIUS, FIELD_RADIUS, Tone, look


def card(controls: Sequence[ft.Control], *, padding: ft.PaddingValue = 22, spacing: float = 14) -> ft.Control:
    """A white area with rounded corners."""
    return ft.Container(
        content=ft.Column(
            placed(controls), spacing=spacing, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
        ),
        bgcolor=look().surface,
        border=ft.Border.all(1, look().outline),
        border_radius=CARD_RADIUS,
        padding=min(padding, 14) if is_crowded() and isinstance(padding, int | float) else padding,
    )


def lines(rows: Sequence[ft.Control | None]) -> ft.Control:
    """A card whose rows are parted by hairlines."""
    parted: list[ft.Control] = []
    for row in placed(rows):
        if parted:
            parted.append(hairline())
        parted.append(row)
    return ft.Container(
        content=ft.Column(parted, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True),
        bgcolor=look().surface,
        border=ft.Border.all(1, look().outline),
        border_radius=CARD_RADIUS,
        padding=ft.Padding.symmetric(vertical=6),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def framed(row: ft.Control, *, first: bool, last: bool, key: str) -> ft.Control:
    """One row of a card that is too long to be one control: a list draws only the rows that are seen."""
    top = CARD_RADIUS if first else 0
    below = CARD_RADIUS if last else 0
    return ft.Container(
        content=ft.Column(
            # The first one has a hairline too, of no height: whatever becomes the first one stays the same row.
            [hairline(0 if first else 1), row],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=look().surface,
        border_radius=ft.BorderRadius(top_left=top, top_right=top, bottom_left=below, bottom_right=below),
        padding=ft.Padding.only(top=6 if first else 0, bottom=6 if last else 0),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        key=key,
    )


def hairline(height: float = 1) -> ft.Control:
    """The line between two rows."""
    return ft.Container(height=height, bgcolor=look().outline, margin=ft.Margin.symmetric(horizontal=22))


def line(
    first: ft.Control | str,
    second: str | None = None,
    *,
    icon: ft.IconData | None = None,
    leading: ft.Control | None = None,
    trailing: Sequence[ft.Control | None] = (),
    on_click: Handler | None = None,
    identifier: str | None = None,
    label: str | None = None,
    chevron: bool = False,
    key: str | None = None,
    wrap_second: bool = False,
    narrow: bool = False,
    left: int | None = None,
) -> ft.Control:
    """A row of a card: picture, two lines of text, something at the end; on `narrow` screens that stands below.

    Args:
        left: room before it, where something else stands in the place of the picture.
    """
    colours = look()
    narrow = narrow or is_large()
    start: list[ft.Control] = []
    if leading is not None:
        start.append(leading)
    elif icon is not None:
        start.append(ft.Icon(icon, size=28, color=colours.text))
    texts: list[ft.Control] = [body(first, bold=True, max_lines=2) if isinstance(first, str) else first]
    if second:
        texts.append(secondary(second, max_lines=None if wrap_second else 2))
    end = [control for control in trailing if control is not None]
    if narrow and end:
        # Beside them, words would break in the middle.
        texts.append(ft.Container(ft.Row(end, spacing=8, wrap=True), padding=ft.Padding.only(top=6)))
        end = []
    if chevron and not is_crowded():
        end.append(ft.Icon(ft.Icons.CHEVRON_RIGHT, size=26, color=colours.text))
    if is_crowded():
        # Words need the whole width; a picture that only illustrates them steps back.
        over = [leading] if leading is not None else []
        content: ft.Control = ft.Column(
            [*over, *texts, *end],
            spacing=6,
            tight=True,
        )
    else:
        content = ft.Row(
            [*start, ft.Column(texts, spacing=2, tight=True, expand=True), *end],
            spacing=12 if narrow else 16,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    side = 16 if narrow else 24
    return touchable(
        content,
        on_click,
        label=label,
        identifier=identifier,
        radius=0,
        padding=ft.Padding(left=side if left is None else left, right=side, top=14, bottom=14),
        key=key,
    )


def notice(
    tone: Tone,
    icon: ft.IconData,
    first: ft.Control | str,
    second: str | None = None,
    *,
    action: ft.Control | None = None,
    on_click: Handler | None = None,
    identifier: str | None = None,
    live: bool = False,
) -> ft.Control:
    """A coloured area that says something important, with at most one action; or the whole of it is touched."""
    pair = look().area(tone)
    texts: list[ft.Control] = [body(first, bold=True, color=pair.text) if isinstance(first, str) else first]
    if second:
        texts.append(secondary(second, color=pair.text))
    said = ft.Column(texts, spacing=2, tight=True, expand=True)
    row: list[ft.Control] = [said] if is_crowded() else [ft.Icon(icon, size=28, color=pair.text), said]
    if action is not None and not is_large():
        row.append(action)
    content: ft.Control = ft.Row(row, spacing=16, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    if action is not None and is_large():
        content = ft.Column([content, action], spacing=6, tight=True)
    padding = ft.Padding.only(left=18, right=10, top=12, bottom=12)
    if on_click is not None:
        row.append(ft.Icon(ft.Icons.CHEVRON_RIGHT, size=26, color=pair.text))
        return touchable(
            content,
            on_click,
            identifier=identifier,
            radius=FIELD_RADIUS,
            padding=padding,
            bgcolor=pair.ground,
        )
    return named(
        ft.Container(
            content=content,
            bgcolor=pair.ground,
            border_radius=FIELD_RADIUS,
            padding=padding,
        ),
        identifier=identifier,
        live=live,
    )


def empty(icon: ft.IconData, sentence: str, more: str = "") -> ft.Control:
    """What stands where nothing is yet."""
    colours = look()
    texts: list[ft.Control] = [
        ft.Icon(icon, size=44, color=colours.secondary),
        ft.Text(sentence, size=heading(18), color=colours.text, text_align=ft.TextAlign.CENTER),
    ]
    if more:
        texts.append(ft.Text(more, size=16, color=colours.secondary, text_align=ft.TextAlign.CENTER))
    return ft.Container(
        content=ft.Column(texts, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.CENTER),
        padding=ft.Padding.symmetric(vertical=36, horizontal=0 if is_crowded() else 24),
        alignment=ft.Alignment.CENTER,
    )
