"""Besuche: today's and the coming visits by day, each with its address and the way there; planning another one."""

from datetime import date

import flet as ft

from app.i18n import t, tn
from app.i18n.times import clock, long_day
from app.state.views import VisitDay, VisitView
from app.ui.components.buttons import primary
from app.ui.components.cards import empty, line, lines
from app.ui.components.chips import chip, class_chip
from app.ui.components.frame import bottom, head, is_phone, part, scrolled, stack
from app.ui.components.refused_words import refused_words
from app.ui.components.route import route_button
from app.ui.components.type import section
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.text_size import is_large
from app.ui.theme import Tone, look


@component
def VisitsScreen(here: Surroundings) -> ft.Control:
    """The list of coming visits."""
    use_changes(here.notebook)
    now = here.now()
    days = here.notebook.coming_visits(now)
    today = now.astimezone().date()
    count = sum(len(day.visits) for day in days)
    listed = scrolled(
        here.page,
        refused_words(here),
        *[_day(here, day, today) for day in days],
        None if days else _nothing(),
        pinned=head(
            t("Besuche"),
            tn("{count} Besuch vor dir", "{count} Besuche vor dir", count) if count else None,
            on_back=lambda: here.back("/"),
        ),
        key="visits",
    )
    plan = primary(
        t("Besuch planen"),
        lambda: here.go("/plan"),
        icon=ft.Icons.ADD,
        identifier="plan-visit",
        expand=True,
    )
    return ft.Column(
        [listed, bottom(here.page, plan)],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _day(here: Surroundings, shown: VisitDay, today: date) -> ft.Control:
    distance = (shown.day - today).days
    name = long_day(shown.day)
    if distance in (0, 1):
        name = " · ".join(((t("Heute"), t("Morgen"))[distance], name))
    return part(section(name), lines([_visit(here, view) for view in shown.visits]))


def _visit(here: Surroundings, view: VisitView) -> ft.Control:
    visit, phone = view.visit, is_phone(here.page)
    known = bool(view.customer_name)
    name = view.customer_name or t("Kunde ist nicht mehr auf diesem Tablet")
    facts = [view.place or (t("Adresse fehlt") if known else None), visit.purpose]
    row = line(
        name,
        " · ".join(fact for fact in facts if fact) or None,
        leading=ft.Container(
            ft.Text(clock(visit.starts_at), size=19, weight=ft.FontWeight.W_500, color=look().primary.ground),
            width=None if is_large() else 60 if phone else 68,
        ),
        trailing=[
            chip(t("nicht angenommen"), Tone.BAD)
            if view.problem
            else chip(t("bitte entscheiden"), Tone.HINT)
            if visit.others
            else chip(t("wartet auf Netz"), Tone.WAITING)
            if view.waiting
            else None,
            None if phone else class_chip(view.customer_class),
        ],
        narrow=phone,
        wrap_second=True,
        on_click=lambda: here.go(f"/visits/{visit.id}"),
        identifier=f"visit-{visit.id}",
    )
    address = view.place.split(" · ", 1)[-1]
    way = (
        route_button(
            here,
            view.customer_name,
            address,
            label=t("Route: {site}", site=view.customer_name),
            identifier=f"route-{visit.id}",
        )
        if address
        else None
    )
    if is_large() and way:
        return stack(
            row, ft.Container(way, padding=ft.Padding.symmetric(horizontal=16, vertical=6)), spacing=0
        )
    # Two things to touch stand beside each other: one inside the other would be one for a screen reader.
    return ft.Row(
        [
            ft.Container(row, expand=True),
            *([ft.Container(way, margin=ft.Margin.only(right=16))] if way else []),
        ],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        key=str(visit.id),
    )


def _nothing() -> ft.Control:
    return empty(
        ft.Icons.EVENT_AVAILABLE_OUTLINED,
        t("Es sind keine Besuche geplant."),
        t("Geplante Besuche kommen mit dem Abgleich, oder du planst hier selbst einen."),
    )
