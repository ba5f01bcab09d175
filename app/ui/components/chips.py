"""Small rounded words: a state, a class, a choice."""

import flet as ft

from app.ui.components.touch import Handler, touchable
from app.ui.theme import SECONDARY, TOUCH, Tone, look
from app.ui.words import customer_class
from protocol.reference import CustomerClass


def chip(text: str, tone: Tone, icon: ft.IconData | None = None) -> ft.Control:
    """A word on its colour."""
    pair = look().chip(tone)
    parts: list[ft.Control] = [ft.Icon(icon, size=20, color=pair.text)] if icon else []
    parts.append(
        ft.Text(
            text,
            size=SECONDARY,
            weight=ft.FontWeight.W_500,
            color=pair.text,
            max_lines=1,
            overflow=ft.TextOverflow.ELLIPSIS,
        )
    )
    return ft.Container(
        content=ft.Row(parts, spacing=6, tight=True),
        bgcolor=pair.ground,
        border_radius=20,
        padding=ft.Padding.symmetric(horizontal=14, vertical=5),
    )


def class_chip(value: CustomerClass | None, *, long: bool = False) -> ft.Control | None:
    """A customer's class, None if he has none."""
    if value is None:
        return None
    words, tone = customer_class(value)
    shown = chip(words if long else value.value, tone)
    return shown if long else ft.Semantics(content=shown, label=words, exclude_semantics=True)


def choice(
    text: str,
    on_click: Handler,
    *,
    chosen: bool,
    icon: ft.IconData | None = None,
    identifier: str | None = None,
    tone: Tone = Tone.PRIMARY,
    key: str | None = None,
) -> ft.Control:
    """One of several possibilities; the chosen one has a tick and the colour."""
    colours = look()
    pair = colours.chip(tone) if chosen else None
    shown_icon = icon or (ft.Icons.CHECK if chosen else None)
    ink = pair.text if pair else colours.section
    parts: list[ft.Control] = [ft.Icon(shown_icon, size=20, color=ink)] if shown_icon else []
    parts.append(ft.Text(text, size=SECONDARY, weight=ft.FontWeight.W_500, color=ink))
    return touchable(
        ft.Row(parts, spacing=8, tight=True),
        on_click,
        identifier=identifier,
        selected=chosen,
        radius=24,
        height=TOUCH,
        padding=ft.Padding.symmetric(horizontal=18),
        bgcolor=pair.ground if pair else colours.neutral.ground,
        key=key,
    )
