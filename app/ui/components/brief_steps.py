"""What sales wants to know on site, and what was promised to a customer: whose turn it is, until when."""

from datetime import date, datetime

import flet as ft

from app.i18n import t
from app.i18n.times import plain_day
from app.state.views import Question
from app.ui.brief_words import due_chip, turn
from app.ui.components.cards import line
from app.ui.components.chips import chip
from app.ui.components.frame import is_phone
from app.ui.components.task_row import task_row
from app.ui.components.type import body
from app.ui.surroundings import Surroundings
from app.ui.theme import look
from protocol.rules.steps import Step


def question_row(here: Surroundings, question: Question, today: date) -> ft.Control:
    """A question of inside sales; a tap leads to its answer."""
    who = t("{name}, Innendienst", name=question.by_name) if question.by_name else t("Innendienst")
    asked = question.asked_at
    since = t("gefragt am {day}", day=plain_day(asked.astimezone().date(), today)) if asked else None
    return line(
        body(question.text, bold=True, max_lines=4),
        " · ".join(text for text in (who, since) if text),
        leading=ft.Icon(ft.Icons.HELP_OUTLINE, size=28, color=look().hint.text),
        chevron=True,
        on_click=lambda: here.go(f"/observations/{question.observation_id}?answer=1"),
        identifier=f"question-{question.observation_id}",
    )


def step_row(here: Surroundings, step: Step, now: datetime) -> ft.Control:
    """A promise or next step; a tap leads to the observation where it is the reader's own."""
    today = now.astimezone().date()
    words, tone = due_chip(step, today)
    said = plain_day(step.said_at.astimezone().date(), today)
    source = (
        t("vereinbart am {day}, {name}", day=said, name=step.by_name)
        if step.by_name
        else t("vereinbart am {day}", day=said)
    )
    if step.is_mine:
        return task_row(here, step, now, f"{turn(step)} · {source}")
    mine = step.by_name is None
    return line(
        body(step.text, max_lines=3),
        f"{turn(step)} · {source}",
        icon=ft.Icons.EVENT_AVAILABLE_OUTLINED,
        trailing=[chip(words, tone)],
        narrow=is_phone(here.page),
        on_click=(lambda: here.go(f"/observations/{step.observation_id}")) if mine else None,
        identifier=f"step-{step.observation_id}",
    )
