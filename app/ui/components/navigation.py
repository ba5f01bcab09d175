"""The way between the main screens; "Erfassen" in the middle, always in reach."""

import flet as ft

from app.i18n import t, tn
from app.ui.components.frame import is_phone
from app.ui.components.touch import Handler, touchable
from app.ui.surroundings import Surroundings
from app.ui.text_size import is_large, shortened, text_scale
from app.ui.theme import CARD_RADIUS, look

_BAR = 92
_SIGN = 80
"""Width in dp of the sign of "Erfassen" alone, with the air around it."""
_WORD = 72
"""Width in dp of the longest word at 14."""


def bar_height(page: ft.Page) -> float:
    """Height of the bar in dp, without what the device keeps for itself below it."""
    return _BAR - _PLACE + _rows(page) * _place_height()


_PLACE = 72


def _place_height() -> float:
    return max(_PLACE, 40 + 20 * text_scale()) if is_large() else _PLACE


def _rows(page: ft.Page) -> int:
    """Two where the words are too long for one: a phone with large text."""
    return 2 if is_large() and ((page.width or 0) - _SIGN) / 4 < _WORD * text_scale() else 1


def bar(here: Surroundings, tab: str, unread: int) -> ft.Control:
    """The navigation at the bottom of a stack, for an upright tablet and a phone."""
    colours = look()
    compact = is_phone(here.page)
    today, customers, observations, me = _places(here, tab, unread)
    # On a phone there is room for the sign of "Erfassen" alone.
    middle = ft.Container(width=_SIGN) if compact else ft.Container(expand=4)
    if _rows(here.page) == 1:
        places: ft.Control = _row(today, customers, middle, observations, me)
    else:
        places = ft.Column(
            [_row(today, middle, customers), _row(observations, ft.Container(width=_SIGN), me)], spacing=0
        )
    return ft.Stack(
        [
            ft.Container(
                content=ft.SafeArea(
                    content=ft.Container(
                        places, padding=ft.Padding.symmetric(vertical=8), height=bar_height(here.page)
                    ),
                    avoid_intrusions_top=False,
                ),
                bgcolor=colours.surface,
                border=ft.Border.only(top=ft.BorderSide(1, colours.outline)),
                margin=ft.Margin.only(top=12),
            ),
            # Not a container: Flet's takes every touch within its bounds, here those of the places below.
            ft.Row(
                [_capture(here, 72 if compact else 178, 72, text=not compact)],
                alignment=ft.MainAxisAlignment.CENTER,
            ),
        ],
        left=0,
        right=0,
        bottom=0,
    )


def _row(*places: ft.Control) -> ft.Control:
    return ft.Row(
        [place if isinstance(place, ft.Container) else ft.Container(place, expand=3) for place in places],
        spacing=0,
    )


def rail(here: Surroundings, tab: str, unread: int) -> ft.Control:
    """The navigation at the side, for a tablet held across."""
    colours = look()
    today, customers, observations, me = _places(here, tab, unread)
    return ft.Container(
        content=ft.Column(
            [
                today,
                customers,
                ft.Container(_capture(here, 96, 96, tall=True), margin=ft.Margin.symmetric(vertical=12)),
                observations,
                me,
            ],
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=14,
        ),
        width=112,
        bgcolor=colours.surface,
        border=ft.Border.only(right=ft.BorderSide(1, colours.outline)),
    )


def _places(here: Surroundings, tab: str, unread: int) -> tuple[ft.Control, ...]:
    size = 14 if is_phone(here.page) else 16
    news = tn("{count} neue Antwort", "{count} neue Antworten", unread) if unread else ""
    return (
        _place(t("Heute"), ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY, "nav-today", tab == "/", lambda: here.go("/"), size=size),
        _place(
            t("Kunden"), ft.Icons.BUSINESS_OUTLINED, ft.Icons.BUSINESS, "nav-customers",
            tab == "/customers", lambda: here.go("/customers"), size=size,
        ),
        _place(
            t("Meldungen"), ft.Icons.OUTBOX_OUTLINED, ft.Icons.OUTBOX, "nav-observations",
            tab == "/observations", lambda: here.go("/observations"), badge=unread, news=news, size=size,
        ),
        _place(
            t("Ich"), ft.Icons.ACCOUNT_CIRCLE_OUTLINED, ft.Icons.ACCOUNT_CIRCLE, "nav-me",
            tab == "/me", lambda: here.go("/me"), size=size,
        ),
    )  # fmt: skip


def _place(  # noqa: PLR0917  called four times, above
    text: str,
    icon: ft.IconData,
    chosen_icon: ft.IconData,
    identifier: str,
    chosen: bool,
    on_click: Handler,
    *,
    badge: int = 0,
    news: str = "",
    size: float,
) -> ft.Control:
    colours = look()
    ink = colours.primary.ground if chosen else colours.secondary
    picture: ft.Control = ft.Icon(chosen_icon if chosen else icon, size=28, color=ink)
    if badge:
        picture = ft.Stack(
            [
                ft.Container(picture, padding=ft.Padding.symmetric(horizontal=14)),
                ft.Container(
                    ft.Text(str(badge), size=13, weight=ft.FontWeight.BOLD, color=colours.hint.text),
                    bgcolor=colours.hint.ground,
                    border=ft.Border.all(1, colours.hint.text),
                    border_radius=10,
                    padding=ft.Padding.symmetric(horizontal=6),
                    right=0,
                    top=-2,
                ),
            ],
            clip_behavior=ft.ClipBehavior.NONE,
        )
    return touchable(
        ft.Column(
            [
                picture,
                ft.Text(
                    text,
                    size=size,
                    weight=ft.FontWeight.W_500 if chosen else None,
                    color=ink,
                    max_lines=shortened(1),
                ),
            ],
            spacing=4,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        on_click,
        label=f"{text}, {news}" if news else text,
        identifier=identifier,
        selected=chosen,
        height=_place_height(),
        alignment=ft.Alignment.CENTER,
    )


def _capture(
    here: Surroundings, width: float, height: float, *, tall: bool = False, text: bool = True
) -> ft.Control:
    colours = look()
    parts: list[ft.Control] = [ft.Icon(ft.Icons.ADD, size=32, color=colours.primary.text)]
    if text:
        parts.append(
            ft.Text(
                t("Erfassen"),
                size=17 if tall else 19,
                weight=ft.FontWeight.W_500,
                color=colours.primary.text,
            )
        )
    content: ft.Control = (
        ft.Column(
            parts,
            spacing=2,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        if tall
        else ft.Row(parts, spacing=12, alignment=ft.MainAxisAlignment.CENTER)
    )
    return touchable(
        content,
        here.capture,
        label=t("Erfassen"),
        identifier="nav-capture",
        radius=CARD_RADIUS,
        width=width,
        height=height,
        bgcolor=colours.primary.ground,
        shadow=ft.BoxShadow(
            blur_radius=16, offset=ft.Offset(0, 4), color=ft.Colors.with_opacity(0.25, ft.Colors.BLACK)
        ),
    )
