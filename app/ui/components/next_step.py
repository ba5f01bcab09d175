"""The next step: what, by whom, until when, with the usual days one touch away."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import flet as ft

from app.i18n import t
from app.i18n.times import short_day
from app.state.drafting import DraftEditor
from app.ui import words
from app.ui.components.cards import card
from app.ui.components.chips import choice
from app.ui.components.fields import text_field
from app.ui.components.type import secondary
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import GAP, Tone, look
from protocol.limits import EARLIEST_DATE, LATEST_DATE
from protocol.observation import Side


@component
def NextStep(here: Surroundings, editor: DraftEditor) -> ft.Control:
    """The fields of the next step; day and side appear once there is a step."""
    begun = use_reading(editor, lambda: bool(editor.draft.next_step.strip()))
    due = use_reading(editor, lambda: editor.draft.next_step_due)
    by = use_reading(editor, lambda: editor.draft.next_step_by)
    problems = use_reading(editor, lambda: editor.problems)
    problem = next((p for p in problems if p.field.startswith("next_step")), None)
    field = text_field(
        editor.draft.next_step,
        lambda value: editor.change(next_step=value),
        label=t("Nächster Schritt (wenn es einen gibt)"),
        hint=t("zum Beispiel: Innendienst ruft an"),
        identifier="capture-next-step",
        error=words.draft_problem(problem) if problem else None,
        on_blur=lambda: here.spawn(editor.flush()),
        key="next-step",
    )
    details: list[ft.Control] = []
    if begun or due is not None:
        details.append(
            card(
                [
                    secondary(t("Wer?")),
                    ft.Row(
                        [
                            choice(
                                words.side(side),
                                lambda side=side: editor.change(next_step_by=side),  # type: ignore[misc]
                                chosen=side is by,
                                identifier=f"side-{side.value}",
                            )
                            for side in (Side.INSIDE_SALES, Side.FIELD_SALES, Side.TECHNICIAN, Side.CUSTOMER)
                        ],
                        spacing=10,
                        run_spacing=10,
                        wrap=True,
                    ),
                    secondary(t("Bis wann?")),
                    _days(here, editor, due),
                ],
                padding=18,
                spacing=10,
            )
        )
    # The field keeps its place whatever stands below it: moved, it would lose the cursor in mid-word.
    return ft.Column(
        [field, *details],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _days(here: Surroundings, editor: DraftEditor, due: date | None) -> ft.Control:
    today = here.now().astimezone().date()
    usual = [
        (t("heute"), today, "today"),
        (t("morgen"), today + timedelta(days=1), "tomorrow"),
        (t("in einer Woche"), today + timedelta(days=7), "week"),
    ]
    chosen_elsewhere = due is not None and all(due != day for _, day, _ in usual)

    def toggle(day: date) -> None:
        editor.change(next_step_due=None if due == day else day)

    chips = [
        choice(
            name,
            lambda day=day: toggle(day),  # type: ignore[misc]
            chosen=due == day,
            identifier=f"due-{identifier}",
            tone=Tone.WAITING,
        )
        for name, day, identifier in usual
    ]
    chips.append(
        choice(
            t("bis {day}", day=short_day(due))
            if due is not None and chosen_elsewhere
            else t("anderer Tag …"),
            lambda: pick_day(here, due, lambda day: editor.change(next_step_due=day)),
            chosen=chosen_elsewhere,
            icon=ft.Icons.EVENT_OUTLINED,
            identifier="due-other",
            tone=Tone.WAITING,
        )
    )
    return ft.Row(chips, spacing=10, run_spacing=10, wrap=True)


def pick_day(
    here: Surroundings, chosen: date | None, take: Callable[[date], None], *, title: str | None = None
) -> None:
    """Let the person choose a day from a calendar; `take` gets it."""
    today = here.now().astimezone().date()
    shown = chosen or today

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        value = event.control.value
        if value is None:
            return
        # The calendar answers with midnight where the tablet is, told in UTC: bring it back to that day.
        day = value.astimezone().date() if isinstance(value, datetime) and value.tzinfo else _plain(value)
        take(day)

    here.page.show_dialog(
        ft.DatePicker(
            value=datetime(shown.year, shown.month, shown.day),
            first_date=datetime(EARLIEST_DATE.year, 1, 1),
            last_date=datetime(LATEST_DATE.year - 1, 12, 31),
            current_date=datetime(today.year, today.month, today.day),
            help_text=title or t("Bis wann?"),
            cancel_text=t("Abbrechen"),
            confirm_text=t("Übernehmen"),
            barrier_color=ft.Colors.with_opacity(0.4, ft.Colors.BLACK) if look().dark else None,
            on_change=picked,
        )
    )


def _plain(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
