"""A dial on which a person chooses the time of day."""

from collections.abc import Callable
from datetime import time

import flet as ft

from app.i18n import t
from app.ui.surroundings import Surroundings
from app.ui.theme import look


def pick_time(here: Surroundings, chosen: time | None, take: Callable[[time], None]) -> None:
    """Let the person choose a time; `take` gets it."""

    def picked(event: ft.Event[ft.TimePicker]) -> None:
        value = event.control.value
        if value is not None:
            take(value.replace(second=0, microsecond=0, tzinfo=None))

    here.page.show_dialog(
        ft.TimePicker(
            value=chosen or time(9),
            hour_format=ft.TimePickerHourFormat.H24,
            help_text=t("Um wie viel Uhr?"),
            hour_label_text=t("Stunde"),
            minute_label_text=t("Minute"),
            error_invalid_text=t("Diese Uhrzeit gibt es nicht."),
            cancel_text=t("Abbrechen"),
            confirm_text=t("Übernehmen"),
            barrier_color=ft.Colors.with_opacity(0.4, ft.Colors.BLACK) if look().dark else None,
            on_change=picked,
        )
    )
