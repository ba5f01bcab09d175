"""The way to a place, opened in the app that leads there."""

from urllib.parse import quote

import flet as ft

from app.ui.components.touch import touchable
from app.ui.surroundings import Surroundings
from app.ui.theme import look


def route_to(name: str, address: str, platform: ft.PagePlatform | None) -> str:
    """The address that opens the way there in the app that a person has for it, also without network.

    Android asks with `geo:` which of his apps it shall be (RFC 5870 and Android's "Common intents"); Apple's devices
    open their own maps (developer.apple.com, "Map Links"). Elsewhere there is no such app: then a page leads there
    (developers.google.com/maps/documentation/urls).
    """
    there = quote(f"{name}, {address}")
    if platform is ft.PagePlatform.ANDROID:
        return f"geo:0,0?q={there}"
    if platform in (ft.PagePlatform.IOS, ft.PagePlatform.MACOS):
        return f"https://maps.apple.com/?daddr={quote(address)}"
    return f"https://www.google.com/maps/dir/?api=1&destination={there}"


def route_button(here: Surroundings, name: str, address: str, *, label: str, identifier: str) -> ft.Control:
    """A round button that opens the way; the touch itself opens it, as browsers insist."""
    colours = look()
    return touchable(
        ft.Icon(ft.Icons.DIRECTIONS_OUTLINED, size=28, color=colours.container.text),
        None,
        action=ft.OpenUrl(url=route_to(name, address, here.page.platform), target="_blank"),
        label=label,
        identifier=identifier,
        radius=28,
        height=56,
        width=56,
        alignment=ft.Alignment.CENTER,
        bgcolor=colours.container.ground,
    )
