"""What lies over the camera's picture: white on dark, whatever it shows, in every look."""

import flet as ft

from app.i18n import t
from app.ui.components.buttons import symbol
from app.ui.components.placing import placed
from app.ui.components.touch import Handler

SHADE, INK = "#B3000000", "#FFFFFF"
"""Under the words, and the words: readable over a white wall, too."""


def way_back(on_back: Handler, *, identifier: str) -> ft.Control:
    """The way back, in the corner."""
    return ft.Container(
        symbol(ft.Icons.ARROW_BACK, t("Zurück"), on_back, identifier=identifier, color=INK),
        bgcolor=SHADE,
        border_radius=28,
        left=16,
        top=16,
    )


def panel(*rows: ft.Control | None, spacing: float) -> ft.Control:
    """The lower edge, with what is said and what can be done there."""
    return ft.Container(
        ft.Column(
            placed(rows),
            spacing=spacing,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=SHADE,
        padding=ft.Padding.symmetric(horizontal=20, vertical=16),
        left=0,
        right=0,
        bottom=0,
    )
