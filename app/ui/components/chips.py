"""Small rounded words: a state, a class, a choice."""

import flet as ft

from app.ui.components.touch import Handler, touchable
from app.ui.text_size import ending, is_crowded, is_large, shortened
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
            max_lines=shortened(1),
            overflow=ending(1),
        )
    )
    return ft.Container(
        content=parts_of_a_chip(parts, 6) if icon else parts[0],
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
        parts_of_a_chip(parts, 8),
        on_click,
        identifier=identifier,
        selected=chosen,
        radius=24,
        height=TOUCH,
        padding=ft.Padding.symmetric(horizontal=18, vertical=6 if is_large() else 0),
        bgcolor=pair.ground if pair else colours.neutral.ground,
        key=key,
    )


def parts_of_a_chip(parts: list[ft.Control], spacing: float) -> ft.Control:
    """Picture and word beside each other; a word that is read large may need several lines, and all the width."""
    if not is_large():
        return ft.Row(parts, spacing=spacing, tight=True)
    if is_crowded() or len(parts) == 1:
        return parts[-1]
    return ft.Row(
        [*parts[:-1], ft.Container(parts[-1], expand=True, expand_loose=True)], spacing=spacing, tight=True
    )
