"""The way to a place, opened in the app that leads there."""

from urllib.parse import quote

import flet as ft

from app.ui.components.touch import touchable
from app.ui.theme import look


def route_to(name: str, address: str) -> str:
    """The address that opens the way there: the maps app where it has claimed such links, else its page.

    `geo:` would be shorter, but browsers on iPads and desktops do not know it
    (Google Maps URLs: developers.google.com/maps/documentation/urls).
    """
    return f"https://www.google.com/maps/dir/?api=1&destination={quote(f'{name}, {address}')}"


def route_button(name: str, address: str, *, label: str, identifier: str) -> ft.Control:
    """A round button that opens the way; the touch itself opens it, as browsers insist."""
    colours = look()
    return touchable(
        ft.Icon(ft.Icons.DIRECTIONS_OUTLINED, size=28, color=colours.container.text),
        None,
        action=ft.OpenUrl(url=route_to(name, address), target="_blank"),
        label=label,
        identifier=identifier,
        radius=28,
        height=56,
        width=56,
        alignment=ft.Alignment.CENTER,
        bgcolor=colours.container.ground,
    )
