"""Text fields as drawn: white, rounded, the label inside above the text, what is wrong below in words."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.i18n import t
from app.ui.components.touch import merged
from app.ui.components.typed_field import TypedField, typed_text
from app.ui.text_size import heading, is_crowded, is_large
from app.ui.theme import BODY, FIELD_RADIUS, SECONDARY, look


def text_field(
    value: str,
    on_change: Callable[[str], None],
    *,
    label: str,
    identifier: str,
    lines: int = 1,
    hint: str = "",
    error: str | None = None,
    on_blur: Callable[[], Any] | None = None,
    on_submit: Callable[[], Any] | None = None,
    autofocus: bool = False,
    key: str | None = None,
    suffix: ft.Control | None = None,
    keyboard: ft.KeyboardType | None = None,
    size: float = BODY,
    below: float = 20,
    capitalization: ft.TextCapitalization = ft.TextCapitalization.SENTENCES,
) -> ft.Control:
    """One field. `on_change` gets the whole text at each keystroke.

    Args:
        below: how much of what follows (in pixels) comes into sight with the field when it is written in.
    """
    colours = look()
    edge = colours.bad_strong if error else colours.strong_outline
    several = lines > 1
    above = label
    if hint and is_crowded():
        # In the field it would be cut off, and whoever writes would not see it any more.
        above, hint = f"{label}\n{hint}", ""
    field = TypedField(
        value=value,
        hint_text=hint or None,
        multiline=several,
        min_lines=lines if several else None,
        max_lines=14 if several else 1,
        keyboard_type=keyboard or (ft.KeyboardType.MULTILINE if several else ft.KeyboardType.TEXT),
        capitalization=capitalization,
        text_size=heading(size),
        color=colours.text,
        cursor_color=colours.primary.ground,
        hint_style=ft.TextStyle(size=BODY, color=colours.secondary),
        filled=True,
        fill_color=colours.surface,
        hover_color=ft.Colors.TRANSPARENT,
        border={
            ft.ControlState.FOCUSED: ft.OutlineInputBorder(
                side=ft.BorderSide(2, colours.bad_strong if error else colours.primary.ground),
                border_radius=FIELD_RADIUS,
            ),
            ft.ControlState.DEFAULT: ft.OutlineInputBorder(
                side=ft.BorderSide(2 if error else 1, edge), border_radius=FIELD_RADIUS
            ),
        },
        content_padding=ft.Padding.symmetric(horizontal=18, vertical=18),
        scroll_padding=ft.Padding(20, 20, 20, below),
        error=ft.Text(error, size=SECONDARY, color=colours.bad_strong) if error else None,
        suffix=suffix,
        autofocus=autofocus,
        on_change=lambda event: on_change(typed_text(event)),
        on_blur=(lambda _: on_blur()) if on_blur else None,
        on_submit=(lambda _: on_submit()) if on_submit else None,
    )
    # The label stands above the field: a floating one would shrink below what can be read at arm's length.
    return merged(
        ft.Column(
            [ft.Text(above, size=SECONDARY, color=colours.bad_strong if error else colours.secondary), field],
            spacing=6,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            key=key,
        ),
        identifier,
    )


def search_field(query: str, on_change: Callable[[str], None], *, label: str, identifier: str) -> ft.Control:
    """A field to search in; with a cross to empty it."""
    colours = look()
    field = TypedField(
        value=query,
        hint_text=None if is_large() else label,
        prefix_icon=ft.Icon(ft.Icons.SEARCH, size=26, color=colours.secondary),
        suffix_icon=ft.IconButton(
            icon=ft.Icons.CLOSE,
            icon_size=26,
            tooltip=t("Suche leeren"),
            on_click=lambda _: on_change(""),
            width=48,
            height=48,
        )
        if query
        else None,
        text_size=18,
        content_padding=ft.Padding.symmetric(horizontal=18, vertical=20),
        color=colours.text,
        hint_style=ft.TextStyle(size=18, color=colours.secondary),
        filled=True,
        fill_color=colours.surface,
        hover_color=ft.Colors.TRANSPARENT,
        border={
            ft.ControlState.FOCUSED: ft.OutlineInputBorder(
                side=ft.BorderSide(2, colours.primary.ground), border_radius=FIELD_RADIUS
            ),
            ft.ControlState.DEFAULT: ft.OutlineInputBorder(
                side=ft.BorderSide(1, colours.strong_outline), border_radius=FIELD_RADIUS
            ),
        },
        autocorrect=False,
        on_change=lambda event: on_change(typed_text(event)),
    )
    if is_large():
        above = ft.Text(label, size=SECONDARY, color=colours.secondary)
        return merged(
            ft.Column(
                [above, field], spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
            ),
            identifier,
        )
    # What stands in the empty field is its name; once something is typed it still has to have one.
    return merged(field, identifier, label=label if query else None)
