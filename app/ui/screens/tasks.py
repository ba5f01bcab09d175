"""Aufgaben: what the technician himself has promised, by day; done by one tap."""

from datetime import datetime

import flet as ft

from app.i18n import t, tn
from app.state.tasks import Task
from app.ui.components.cards import empty, lines
from app.ui.components.frame import head, part, scrolled
from app.ui.components.task_row import task_row
from app.ui.components.type import section
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from protocol.rules.steps import Due, due

_SHOWN = 60
"""Tasks drawn at most: whoever has more needs the first ones."""


@component
def TasksScreen(here: Surroundings) -> ft.Control:
    """The list of tasks."""
    use_changes(here.notebook)
    now = here.now()
    today = now.astimezone().date()
    tasks = here.notebook.tasks.all(now)
    shown = tasks.open[:_SHOWN]
    late = [task for task in shown if due(task.step.due_on, today) in (Due.OVERDUE, Due.TODAY)]
    soon = [task for task in shown if due(task.step.due_on, today) is Due.SOON]
    rest = [task for task in shown if task not in late and task not in soon]
    count = len(tasks.open)
    return scrolled(
        here.page,
        _part(here, t("Jetzt dran"), late, now),
        _part(here, t("In den nächsten Tagen"), soon, now),
        _part(here, t("Später oder ohne Termin"), rest, now),
        _part(here, t("Heute erledigt"), list(tasks.done_today), now),
        None if tasks.open or tasks.done_today else _nothing(),
        pinned=head(
            t("Deine Aufgaben"),
            tn("{count} offen", "{count} offen", count) if count else t("Nichts ist offen."),
            on_back=lambda: here.back("/"),
        ),
        key="tasks",
    )


def _part(here: Surroundings, heading: str, tasks: list[Task], now: datetime) -> ft.Control | None:
    if not tasks:
        return None
    rows = [
        task_row(here, task.step, now, task.customer_name or t("Kunde ist nicht mehr auf diesem Tablet"))
        for task in tasks
    ]
    return part(section(heading), lines(rows))


def _nothing() -> ft.Control:
    return empty(
        ft.Icons.TASK_ALT,
        t("Du hast nichts offen."),
        t("Hier steht, was du beim Erfassen als nächsten Schritt selbst übernommen hast."),
    )
