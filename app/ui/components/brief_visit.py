"""The next visit at a customer in one line of the brief, or that none is planned: one tap opens it or plans one."""

from datetime import datetime

import flet as ft

from app.i18n import t
from app.i18n.times import clock, near_day
from app.state.views import CustomerPage
from app.ui.components.cards import line, lines
from app.ui.components.checklist import prepared_words
from app.ui.components.chips import chip
from app.ui.components.frame import is_phone
from app.ui.components.type import body
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone, look


def visit_line(here: Surroundings, shown: CustomerPage, now: datetime) -> ft.Control:
    """The line."""
    view, phone = shown.next_visit, is_phone(here.page)
    if view is None:
        row = line(
            body(t("Kein Besuch geplant"), color=look().secondary),
            icon=ft.Icons.EVENT_OUTLINED,
            trailing=[chip(t("planen"), Tone.CONTAINER, ft.Icons.ADD)],
            narrow=phone,
            on_click=lambda: here.go(f"/plan?customer={shown.customer.id}"),
            identifier="plan-here",
        )
        return lines([row])
    visit = view.visit
    day = near_day(visit.starts_at.astimezone().date(), now.astimezone().date())
    row = line(
        t("Besuch {day}, {time}", day=day, time=clock(visit.starts_at)),
        " · ".join(text for text in (visit.purpose, prepared_words(here, view)) if text),
        icon=ft.Icons.EVENT_OUTLINED,
        chevron=True,
        on_click=lambda: here.go(f"/visits/{visit.id}"),
        identifier="open-visit",
    )
    return lines([row])
