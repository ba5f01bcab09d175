"""A word to the person that needs no answer, at the lower edge; never before the screen that it is said over."""

from collections.abc import Callable

import flet as ft

from app.ui.text_size import text_scale
from app.ui.theme import BODY, FIELD_RADIUS, look

_ABOVE_BOTTOM = 108
"""Height in dp of the bars at the bottom of the screens."""
_READ_IN, _ANSWERED_IN = 5000, 8000
"""Milliseconds that it stays: to be read, and to be read and acted upon."""


class Saying:
    """What is said on one page.

    While another screen is on its way, it waits for that: Flutter needs a picture of its own for each message, and the
    screen would come a picture later.
    """

    def __init__(self, page: ft.Page) -> None:
        self._page = page
        self._waits_for_screen = False
        self._waiting: list[ft.SnackBar] = []

    def screen_comes(self) -> None:
        """Another screen is going to be drawn."""
        self._waits_for_screen = True

    def screen_stands(self) -> None:
        """It is on its way to the glass: what was said meanwhile follows."""
        self._waits_for_screen = False
        while self._waiting:
            self._page.show_dialog(self._waiting.pop(0))

    def say(
        self, sentence: str, *, action: str | None = None, on_action: Callable[[], object] | None = None
    ) -> None:
        """Tell the person something; with an action (an undo) if there is one."""
        said = _bar(sentence, action, on_action)
        if self._waits_for_screen:
            self._waiting.append(said)
        else:
            self._page.show_dialog(said)


def _bar(sentence: str, action: str | None, on_action: Callable[[], object] | None) -> ft.SnackBar:
    colours = look()
    return ft.SnackBar(
        content=ft.Text(sentence, size=BODY, color=colours.page),
        bgcolor=colours.text,
        behavior=ft.SnackBarBehavior.FLOATING,
        # Above what stays at the bottom: a message must not cover the main action.
        margin=ft.Margin.only(left=20, right=20, bottom=_ABOVE_BOTTOM * text_scale()),
        shape=ft.RoundedRectangleBorder(radius=FIELD_RADIUS),
        duration=_ANSWERED_IN if action else _READ_IN,
        action=ft.SnackBarAction(
            label=action,
            text_color=colours.container.ground,
            on_click=lambda _: on_action() if on_action else None,
        )
        if action
        else None,
        persist=False,
    )
