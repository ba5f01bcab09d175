"""One step back, beside the title of a screen on which something is drawn; other small actions look the same."""

import flet as ft

from app.i18n import t
from app.ui.components.touch import Handler, touchable
from app.ui.theme import SECONDARY, TOUCH, look


def step_back(
    on_click: Handler | None,
    *,
    identifier: str,
    text: str | None = None,
    icon: ft.IconData = ft.Icons.UNDO,
) -> ft.Control:
    """The button; paler where there is nothing to go back to.

    Args:
        text: what it says; None for "undo".
    """
    ink = look().container.text if on_click else look().secondary
    return touchable(
        ft.Row(
            [
                ft.Icon(icon, size=26, color=ink),
                ft.Text(text or t("Rückgängig"), size=SECONDARY, weight=ft.FontWeight.W_500, color=ink),
            ],
            spacing=8,
            tight=True,
        ),
        on_click,
        identifier=identifier,
        height=TOUCH + 8,
        radius=28,
        padding=ft.Padding.symmetric(horizontal=14),
    )
