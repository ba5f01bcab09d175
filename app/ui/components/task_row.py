"""A task in a list: what, where, until when; one tap on its box says that it is done, and can be undone."""

from datetime import datetime

import flet as ft

from app.i18n import t
from app.ui.brief_words import due_chip
from app.ui.components.cards import line
from app.ui.components.chips import chip
from app.ui.components.frame import is_phone
from app.ui.components.touch import touchable
from app.ui.components.type import body
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone, look
from protocol.rules.steps import Step


def task_row(here: Surroundings, step: Step, now: datetime, below: str) -> ft.Control:
    """One task of the technician's own."""
    words, tone = due_chip(step, now.astimezone().date())
    done, narrow = step.done_at is not None, is_phone(here.page)
    row = line(
        body(step.text, max_lines=3, color=look().secondary if done else None),
        below,
        trailing=[chip(t("erledigt"), Tone.GOOD, ft.Icons.CHECK) if done else chip(words, tone)],
        narrow=narrow,
        left=0 if narrow else 2,  # so that the words stand below those of rows with a picture
        on_click=lambda: here.go(f"/observations/{step.observation_id}"),
        identifier=f"step-{step.observation_id}",
    )
    # Two things to touch stand beside each other: one inside the other would be one for a screen reader.
    return ft.Row(
        [done_box(here, step, left=0 if narrow else 10), ft.Container(row, expand=True)],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        key=f"task-{step.observation_id}",
    )


def done_box(here: Surroundings, step: Step, *, left: int) -> ft.Control:
    """The box that a tap ticks or clears, with room on its left."""
    done = step.done_at is not None
    return ft.Container(
        touchable(
            ft.Icon(
                ft.Icons.CHECK_BOX if done else ft.Icons.CHECK_BOX_OUTLINE_BLANK,
                size=32,
                color=look().container.text,
            ),
            lambda: mark(here, step, done=not done),
            label=t("Wieder öffnen: {task}", task=step.text)
            if done
            else t("Erledigt: {task}", task=step.text),
            identifier=f"done-{step.observation_id}",
            selected=done,
            width=56,
            height=56,
            radius=28,
            alignment=ft.Alignment.CENTER,
        ),
        padding=ft.Padding.only(left=left),
    )


def mark(here: Surroundings, step: Step, *, done: bool) -> None:
    """Keep what the person says of a task, then say so, with a way back."""

    async def keep() -> None:
        await here.notebook.tasks.mark(step, done=done)
        if done:
            here.say(
                t("Erledigt. Sicher auf diesem Tablet."),
                action=t("Rückgängig"),
                on_action=lambda: mark(here, step, done=False),
            )

    here.spawn(keep())
