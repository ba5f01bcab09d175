"""The frame of a screen: margins, columns where there is room, what stays at the bottom."""

from collections.abc import Sequence

import flet as ft

from app.i18n import t
from app.ui.components.buttons import symbol
from app.ui.components.placing import placed
from app.ui.components.touch import Handler
from app.ui.components.type import secondary, title
from app.ui.text_size import is_large, room
from app.ui.theme import BEFORE_SECTION, GAP, MARGIN, TOUCH, look

WIDE = 1000
"""From this width on (a tablet held across) there is room for two columns."""
PHONE = 600
"""Below this width everything is stacked and margins are small."""
READABLE = 900
"""No single column gets wider: lines would be too long to read."""

_HEARD_EVERY = 100
"""Milliseconds between two words of a list that moves: often enough to have rows ready below the edge."""
_LINE = 72
"""The least height in dp of a line with two lines of text."""


def is_wide(page: ft.Page) -> bool:
    """Whether two columns fit, at the size in which text is read."""
    return room(page.width or 0) >= WIDE


def is_phone(page: ft.Page) -> bool:
    """Whether there is no more room than on a phone: on one, or on a tablet with large text."""
    return 0 < room(page.width or 0) < PHONE


def margin(page: ft.Page) -> float:
    """The distance to the edge of the screen."""
    return 16 if is_phone(page) else MARGIN


def head(
    text: str,
    sub: str | None = None,
    *,
    trailing: Sequence[ft.Control | None] = (),
    on_back: Handler | None = None,
) -> ft.Control:
    """The top of a screen: way back, title, explanation."""
    row: list[ft.Control] = []
    if on_back is not None:
        row.append(symbol(ft.Icons.ARROW_BACK, t("Zurück"), on_back, identifier="back", width=TOUCH))
    texts: list[ft.Control] = [title(text, size=26 if on_back else 30)]
    if sub:
        texts.append(secondary(sub))
    more = [control for control in trailing if control is not None]
    if is_large():
        # Title and explanation need the whole width: what leads away stands above them, the rest below.
        above = [*row, *(control for control in more if not row)]
        below = more if row else []
        return ft.Column(
            [
                *(
                    [ft.Row(above, alignment=ft.MainAxisAlignment.START if row else ft.MainAxisAlignment.END)]
                    if above
                    else []
                ),
                *texts,
                *([ft.Row(below, wrap=True)] if below else []),
            ],
            spacing=4,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    row.append(ft.Column(texts, spacing=4, tight=True, expand=True))
    row.extend(more)
    return ft.Row(row, spacing=4 if on_back else 14, vertical_alignment=ft.CrossAxisAlignment.CENTER)


def narrow_head(on_back: Handler, *more: ft.Control) -> ft.Control:
    """The top of a column beside what is worked on: the way back and what else can be done, without a title.

    What stands below says what this is, and a title would break within its words there.
    """
    return ft.Row(
        [
            symbol(ft.Icons.ARROW_BACK, t("Zurück"), on_back, identifier="back", width=TOUCH),
            ft.Row(list(more), spacing=0, wrap=True),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
    )


def stack(*controls: ft.Control | None, spacing: float = GAP) -> ft.Column:
    """Controls one below the other, as wide as there is room."""
    return ft.Column(
        placed(controls),
        spacing=spacing,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def part(heading: ft.Control, *controls: ft.Control | None) -> ft.Control:
    """A section with its heading."""
    return ft.Container(content=stack(heading, *controls), padding=ft.Padding.only(top=BEFORE_SECTION - GAP))


def columns(
    page: ft.Page, left: Sequence[ft.Control | None], right: Sequence[ft.Control | None]
) -> ft.Control:
    """Two columns where they fit, else one below the other."""
    if not is_wide(page):
        return stack(*left, *right)
    return ft.Row(
        [ft.Container(stack(*left), expand=3), ft.Container(stack(*right), expand=2)],
        spacing=MARGIN,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def scrolled(
    page: ft.Page,
    *controls: ft.Control | None,
    wide: bool = False,
    key: str | None = None,
    pinned: ft.Control | None = None,
) -> ft.Control:
    """The scrollable middle of a screen; what is `pinned` stays above it, in sight and in reach."""
    edge = margin(page)
    width = page.width or READABLE
    side = edge if wide else max(edge, (width - _beside(page) - READABLE) / 2)
    moving = ft.ListView(
        controls=placed(controls),
        expand=True,
        spacing=GAP,
        padding=ft.Padding.only(left=side, right=side, top=8 if pinned and not is_large() else 20, bottom=36),
        key=key,
        build_controls_on_demand=False,
    )
    if pinned is not None and is_large():
        # What is read large would leave no room below what does not move.
        moving.controls.insert(0, pinned)
        return moving
    if pinned is None:
        return moving
    return ft.Column(
        [ft.Container(pinned, padding=ft.Padding.only(left=side, right=side, top=20, bottom=8)), moving],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def rows_in_sight(page: ft.Page) -> int:
    """How many lines of a list can be seen at once at most, and some below the edge."""
    return int((page.height or READABLE) / _LINE) + 6


def headed_list(
    page: ft.Page,
    above: ft.Control,
    rows: Sequence[ft.Control],
    *,
    key: str,
    on_near_end: Handler | None = None,
) -> ft.Control:
    """A list of rows below what does not move; where text is large that moves with them, or the rows had no room.

    `on_near_end` is called when less than a screen of rows is left to come.
    """

    def scrolled_to(event: ft.OnScrollEvent) -> None:
        if on_near_end is not None and event.extent_after < event.viewport_dimension:
            on_near_end()

    heard = scrolled_to if on_near_end is not None else None
    width = page.width or READABLE
    side = max(margin(page), (width - _beside(page) - READABLE) / 2)
    below = ft.Padding.only(left=side, right=side, top=8, bottom=36)
    if is_large():
        return ft.ListView(
            controls=[ft.Container(above, padding=ft.Padding.only(top=12, bottom=8)), *rows],
            expand=True,
            padding=below,
            key=key,
            on_scroll=heard,
            scroll_interval=_HEARD_EVERY,
        )
    return ft.Column(
        [
            ft.Container(above, padding=ft.Padding.only(left=side, right=side, top=20, bottom=4)),
            ft.ListView(
                controls=list(rows),
                expand=True,
                padding=below,
                key=key,
                on_scroll=heard,
                scroll_interval=_HEARD_EVERY,
            ),
        ],
        spacing=0,
        expand=True,
    )


def bottom(page: ft.Page, content: ft.Control) -> ft.Control:
    """What stays at the bottom of a screen, in reach of the thumb."""
    edge = margin(page)
    width = page.width or READABLE
    side = max(edge, (width - 1100) / 2)
    return ft.Container(
        content=content,
        bgcolor=look().surface,
        border=ft.Border.only(top=ft.BorderSide(1, look().outline)),
        padding=ft.Padding.only(left=side, right=side, top=16, bottom=20),
    )


def _beside(page: ft.Page) -> float:
    return 112 if is_wide(page) else 0
