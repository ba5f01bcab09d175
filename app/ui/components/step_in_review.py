"""A next step in the day's review: it stays, it is done, or it gets another day; each taken back by another tap."""

from collections.abc import Callable
from datetime import date, timedelta

import flet as ft

from app.i18n import t
from app.i18n.times import short_day
from app.state.day_review import StepInReview
from app.ui.brief_words import due_chip, turn
from app.ui.components.chips import chip, choice
from app.ui.components.frame import is_phone
from app.ui.components.next_step import pick_day
from app.ui.components.task_row import mark
from app.ui.components.type import body, secondary
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone
from protocol.rules.day import can_be_confirmed
from protocol.rules.steps import Step


@component
def ReviewedStep(here: Surroundings, shown: StepInReview, day: date) -> ft.Control:
    """One step with what can be said of it."""
    moving, set_moving = ft.use_state(False)
    step = shown.step
    done = step.done_at is not None
    words, tone = due_chip(step, here.now().astimezone().date())
    key = step.observation_id

    def confirm() -> None:
        here.spawn(here.notebook.days.confirm(step, day, confirmed=not shown.confirmed))

    def move(due_on: date) -> None:
        set_moving(False)
        here.spawn(_move(here, step, due_on, day))

    answers: list[ft.Control] = []
    if can_be_confirmed(step, day) and not done:
        answers.append(
            choice(
                t("Stimmt so"), confirm, chosen=shown.confirmed, identifier=f"confirm-{key}", tone=Tone.GOOD
            )
        )
    if step.is_mine:
        answers.append(
            choice(
                t("Erledigt"),
                lambda: mark(here, step, done=not done),
                chosen=done,
                identifier=f"review-done-{key}",
                tone=Tone.GOOD,
            )
        )
    if shown.has_draft and not done:
        answers.append(
            choice(
                t("Entwurf weiterschreiben"),
                lambda: here.edit(here.notebook.correction(key)),
                chosen=False,
                icon=ft.Icons.EDIT_OUTLINED,
                identifier=f"review-draft-{key}",
            )
        )
    elif not done:
        answers.append(
            choice(
                t("Verschieben"),
                lambda: set_moving(not moving),
                chosen=moving,
                icon=ft.Icons.EVENT_OUTLINED,
                identifier=f"move-{key}",
            )
        )
    phone = is_phone(here.page)
    state = chip(t("erledigt"), Tone.GOOD, ft.Icons.CHECK) if done else chip(words, tone)
    texts: list[ft.Control] = [
        body(step.text, bold=True, max_lines=3),
        secondary(f"{shown.customer_name} · {turn(step)}", max_lines=2),
    ]
    first = (
        ft.Column([*texts, state], spacing=4, tight=True)
        if phone
        else ft.Row([ft.Column(texts, spacing=2, tight=True, expand=True), state], spacing=12)
    )
    return ft.Container(
        ft.Column(
            [
                first,
                ft.Row(answers, spacing=10, run_spacing=10, wrap=True),
                *([_days(here, step, move)] if moving and not done else []),
            ],
            spacing=10,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.symmetric(horizontal=16 if phone else 24, vertical=14),
    )


def _days(here: Surroundings, step: Step, move: Callable[[date], None]) -> ft.Control:
    today = here.now().astimezone().date()
    usual = [
        (t("morgen"), today + timedelta(days=1), "tomorrow"),
        (t("in einer Woche"), today + timedelta(days=7), "week"),
    ]
    chips = [
        choice(
            name,
            lambda to=to: move(to),  # type: ignore[misc]
            chosen=False,
            identifier=f"move-{identifier}-{step.observation_id}",
        )
        for name, to, identifier in usual
    ]
    chips.append(
        choice(
            t("anderer Tag …"),
            lambda: pick_day(here, step.due_on, move),
            chosen=False,
            identifier=f"move-other-{step.observation_id}",
        )
    )
    return ft.Row(chips, spacing=10, run_spacing=10, wrap=True)


async def _move(here: Surroundings, step: Step, due_on: date, day: date) -> None:
    """Move a step, then say so, with a way back."""
    moved = await here.notebook.days.move(step, due_on, day)

    async def back() -> None:
        before = await here.notebook.days.move(moved, step.due_on, day)
        await here.notebook.days.confirm(before, day, confirmed=False)

    here.say(
        t("Auf {day} verschoben. Sicher auf diesem Tablet.", day=short_day(due_on)),
        action=t("Rückgängig"),
        on_action=lambda: here.spawn(back()),
    )
