"""Areas that can be touched: large enough, with a name for screen readers and a stable identifier for tests."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.text_size import at_least, is_large

Handler = Callable[[], Any]


def touchable(
    content: ft.Control,
    on_click: Handler | None,
    *,
    label: str | None = None,
    identifier: str | None = None,
    selected: bool | None = None,
    radius: ft.BorderRadiusValue = 16,
    padding: ft.PaddingValue = 0,
    bgcolor: str | None = None,
    border: ft.Border | None = None,
    height: float | None = None,
    width: float | None = None,
    alignment: ft.Alignment | None = None,
    shadow: ft.BoxShadow | None = None,
    action: ft.ClientAction | None = None,
    expand: bool | int | None = None,
    key: str | None = None,
    usable: bool = True,
) -> ft.Control:
    """`content` as one button; with a `label`, screen readers hear that instead of the texts inside.

    `height` is the smallest one where text is read large. An `action` is done by the platform itself inside the
    person's touch (browsers insist on that for files, calls and new tabs). What is not `usable` for the moment stays a
    button.
    """
    if height is not None and is_large():
        content = at_least(content, height, fill=alignment == ft.Alignment.CENTER)
        height = None
    area = ft.Container(
        # Excluded inside the touched area, not around it: outside, the touch would be excluded as well.
        content=content if label is None else ft.Semantics(content=content, exclude_semantics=True),
        action=action,
        ink=usable and (on_click is not None or action is not None),
        on_click=without_event(on_click) if usable else None,
        border_radius=radius,
        padding=padding,
        bgcolor=bgcolor,
        border=border,
        height=height,
        width=width,
        alignment=alignment,
        shadow=shadow,
    )
    if on_click is None and action is None:
        return named(area, label=label, identifier=identifier, expand=expand, key=key)
    return ft.MergeSemantics(
        content=ft.Semantics(
            content=area,
            label=label,
            identifier=identifier,
            button=True,
            disabled=not usable,
            selected=selected,
        ),
        expand=expand,
        key=key or identifier,
    )


def without_event(handler: Handler | None) -> Handler | None:
    """A handler that is called without Flet's event.

    Flet counts a handler's parameters, defaults included, and would fill them with its event.
    """
    return None if handler is None else lambda: handler()  # noqa: PLW0108  that is the point


def named(
    content: ft.Control,
    *,
    label: str | None = None,
    identifier: str | None = None,
    live: bool = False,
    expand: bool | int | None = None,
    key: str | None = None,
) -> ft.Control:
    """`content` with a name for screen readers; `live` reads changes aloud."""
    if label is None and identifier is None and not live:
        if expand is not None:
            content.expand = expand
        if key is not None:
            content.key = key
        return content
    return ft.Semantics(
        content=content,
        label=label,
        identifier=identifier,
        container=True,
        live_region=live or None,
        exclude_semantics=label is not None,
        expand=expand,
        key=key or identifier,
    )


def merged(
    content: ft.Control, identifier: str, *, label: str | None = None, expand: bool | int | None = None
) -> ft.Control:
    """A control that has its own role (a button, a field), found by `identifier`; `label` adds to its own name."""
    return ft.MergeSemantics(
        content=ft.Semantics(content=content, identifier=identifier, label=label),
        expand=expand,
        key=identifier,
    )
