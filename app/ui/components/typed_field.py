"""A text field in which what a person types is never taken back by a drawing that is behind."""

from typing import Any

import flet as ft
from flet.controls.base_control import BaseControl


class TypedField(ft.TextField):
    """Flet's text field; a drawing changes its text only where the app itself wants another one.

    Flet hears of a keystroke twice: first the field's new text, then, a turn of the loop later, the event. Whatever
    is drawn in between still knows the text of the keystroke before and would write it over the field. So each field
    remembers what the app was last told; when that is what it is given, what stands in the field stays.
    """

    told = ""
    """The text that the app knew last."""

    def __init__(self, *, value: str, on_change: Any, **looks: Any) -> None:
        super().__init__(value=value, on_change=on_change, **looks)
        self.told = value

    def _migrate_state(self, other: BaseControl) -> None:
        super()._migrate_state(other)
        if isinstance(other, TypedField) and self.value == other.told:
            self.value = other.value


def typed_text(event: ft.Event[TypedField]) -> str:
    """The whole text after a keystroke; from now on the app is told."""
    event.control.told = event.control.value or ""
    return event.control.told
