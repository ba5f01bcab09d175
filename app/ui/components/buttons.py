"""Buttons: one obvious main action per screen, 64 dp high, in reach of the thumb."""

import flet as ft

from app.ui.components.touch import Handler, touchable, without_event
from app.ui.text_size import at_least, at_most, ending, is_crowded, is_large, shortened
from app.ui.theme import BODY, CARD_RADIUS, PRIMARY_HEIGHT, TOUCH, look


def primary(
    text: str,
    on_click: Handler | None,
    *,
    icon: ft.IconData | None = None,
    identifier: str,
    expand: bool | int | None = None,
    busy: bool = False,
    danger: bool = False,
    action: ft.ClientAction | None = None,
) -> ft.Control:
    """The main action of a screen."""
    pair = look().bad if danger else look().primary
    return _button(text, on_click, icon, identifier, pair.ground, pair.text, None, expand, busy, action)


def second(
    text: str,
    on_click: Handler | None,
    *,
    icon: ft.IconData | None = None,
    identifier: str,
    expand: bool | int | None = None,
    busy: bool = False,
) -> ft.Control:
    """The second action of a screen."""
    pair = look().container
    return _button(text, on_click, icon, identifier, pair.ground, pair.text, None, expand, busy)


def outlined(
    text: str,
    on_click: Handler | None,
    *,
    icon: ft.IconData | None = None,
    identifier: str,
    expand: bool | int | None = None,
    busy: bool = False,
    danger: bool = False,
    action: ft.ClientAction | None = None,
) -> ft.Control:
    """Another action."""
    colours = look()
    ink = colours.bad_strong if danger else colours.container.text
    return _button(
        text, on_click, icon, identifier, colours.surface, ink, colours.strong_outline, expand, busy, action
    )


def quiet(
    text: str,
    on_click: Handler,
    *,
    identifier: str,
    color: str | None = None,
    icon: ft.IconData | None = None,
) -> ft.Control:
    """An action inside a line of text."""
    ink = color or look().container.text
    parts: list[ft.Control] = [ft.Icon(icon, size=22, color=ink)] if icon else []
    parts.append(ft.Text(text, size=BODY, weight=ft.FontWeight.BOLD, color=ink))
    return touchable(
        _wrapped(parts) if is_large() else ft.Row(parts, spacing=8, tight=True),
        on_click,
        identifier=identifier,
        height=TOUCH,
        padding=ft.Padding.symmetric(horizontal=12),
    )


def symbol(
    icon: ft.IconData,
    label: str,
    on_click: Handler,
    *,
    identifier: str,
    color: str | None = None,
    width: float = TOUCH + 8,
) -> ft.Control:
    """An action that is only a picture; `label` is its name for screen readers and in the tooltip."""
    return touchable(
        ft.Icon(icon, size=28, color=color or look().text),
        on_click,
        label=label,
        identifier=identifier,
        width=width,
        height=TOUCH + 8,
        radius=28,
        alignment=ft.Alignment.CENTER if width > TOUCH else ft.Alignment.CENTER_LEFT,
    )


def _button(  # noqa: PLR0917  drawn by the functions above alone
    text: str,
    on_click: Handler | None,
    icon: ft.IconData | None,
    identifier: str,
    ground: str,
    ink: str,
    edge: str | None,
    expand: bool | int | None,
    busy: bool,
    action: ft.ClientAction | None = None,
) -> ft.Control:
    usable = (on_click is not None or action is not None) and not busy
    if not (usable or busy):
        # Plain, not faded: what cannot be done yet is still read in the sun.
        colours = look()
        ground, ink, edge = colours.page, colours.secondary, colours.outline
    parts: list[ft.Control] = []
    if busy:
        parts.append(ft.ProgressRing(width=22, height=22, stroke_width=3, color=ink))
    elif icon:
        parts.append(ft.Icon(icon, size=24, color=ink))
    parts.append(
        ft.Text(
            text,
            size=at_most(18, 32),
            weight=ft.FontWeight.W_500,
            color=ink,
            max_lines=shortened(1),
            overflow=ending(1),
            text_align=ft.TextAlign.CENTER,
        )
    )
    content: ft.Control = ft.Row(parts, spacing=10, tight=True, alignment=ft.MainAxisAlignment.CENTER)
    if is_large():
        content = at_least(_wrapped(parts), PRIMARY_HEIGHT, fill=True)
    button = ft.Container(
        content=content,
        on_click=without_event(on_click) if usable else None,
        action=action,
        ink=usable,
        height=None if is_large() else PRIMARY_HEIGHT,
        padding=ft.Padding.symmetric(horizontal=16 if is_crowded() else 24),
        border_radius=CARD_RADIUS,
        bgcolor=ground,
        border=ft.Border.all(1, edge) if edge else None,
        alignment=ft.Alignment.CENTER if expand else None,
    )
    return ft.MergeSemantics(
        content=ft.Semantics(content=button, identifier=identifier, button=True, disabled=not usable),
        expand=expand,
        key=identifier,
    )


def _wrapped(parts: list[ft.Control]) -> ft.Control:
    """Picture and words of a button whose words may need several lines; on a phone they need its whole width."""
    words = parts[-1]
    if is_crowded() or len(parts) == 1:
        return words
    return ft.Row(
        [*parts[:-1], ft.Container(words, expand=True, expand_loose=True)],
        spacing=10,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )
