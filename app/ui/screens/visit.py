"""One visit: when, where and for what; what is prepared; the way there, and changing or calling it off."""

from datetime import datetime
from functools import partial
from uuid import UUID

import flet as ft

from app.i18n import t
from app.i18n.times import clock, long_day
from app.state.views import VisitView
from app.ui.components.buttons import outlined, primary, second
from app.ui.components.cards import card, empty, line, lines, notice
from app.ui.components.checklist import checklist_part
from app.ui.components.chips import chip, class_chip
from app.ui.components.frame import bottom, head, is_phone, part, scrolled
from app.ui.components.route import route_to
from app.ui.components.type import body, secondary, section
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.text_size import beside, is_crowded
from app.ui.theme import Tone
from protocol.planning import OtherPlan
from protocol.problems import Problem


@component
def VisitScreen(here: Surroundings, visit_id: UUID) -> ft.Control:
    """One visit."""
    use_changes(here.notebook)
    view = here.notebook.planning.visit(visit_id)
    if view is None:
        return scrolled(
            here.page,
            head(t("Besuch"), on_back=lambda: here.back("/visits")),
            empty(
                ft.Icons.EVENT_BUSY_OUTLINED,
                t("Diesen Besuch gibt es nicht mehr."),
                t("Er wurde abgesagt oder jemand anderem gegeben."),
            ),
        )
    known = bool(view.customer_name)
    return ft.Column(
        [
            scrolled(
                here.page,
                _refusal(view.problem) if view.problem else None,
                _others(here, view),
                _facts(here, view),
                checklist_part(here, view),
                pinned=head(
                    view.customer_name or t("Kunde ist nicht mehr auf diesem Tablet"),
                    when_words(view),
                    trailing=[class_chip(view.customer_class)],
                    on_back=lambda: here.back("/visits"),
                ),
                key="visit",
            ),
            bottom(here.page, _main(here, view)) if known else ft.Container(),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def when_words(view: VisitView) -> str:
    """Day and time: "Mittwoch, 25. November · 10:00 – 11:00"."""
    return _when(view.visit.starts_at, view.visit.ends_at)


def _when(starts_at: datetime, ends_at: datetime | None) -> str:
    times = clock(starts_at) + (f" – {clock(ends_at)}" if ends_at else "")
    return f"{long_day(starts_at.astimezone().date())} · {times}"


def _main(here: Surroundings, view: VisitView) -> ft.Control:
    visit, phone = view.visit, is_phone(here.page)
    share = None if is_crowded() else True
    return beside(
        [
            primary(
                t("Kundenbrief"),
                lambda: here.go(f"/customers/{visit.customer_id}"),
                icon=None if phone else ft.Icons.DESCRIPTION_OUTLINED,
                identifier="open-customer",
                expand=share,
            ),
            second(
                t("Erfassen") if phone else t("Hier erfassen"),
                lambda: here.capture(customer_id=visit.customer_id, site_id=visit.site_id, visit_id=visit.id),
                icon=None if phone else ft.Icons.ADD_CIRCLE_OUTLINE,
                identifier="capture-here",
                expand=share,
            ),
        ],
        spacing=12,
    )


def _facts(here: Surroundings, view: VisitView) -> ft.Control:
    visit = view.visit
    address = view.place.split(" · ", 1)[-1]
    rows = [
        line(visit.purpose or t("Wozu: noch nicht gesagt"), icon=ft.Icons.BUILD_OUTLINED),
        line(view.place or t("Adresse fehlt"), icon=ft.Icons.PLACE_OUTLINED),
        line(
            t("Von dir geplant") if view.is_mine else t("Von der Firma geplant"),
            None if view.is_mine else t("Änderungen bitte mit dem Innendienst absprechen."),
            icon=ft.Icons.EVENT_NOTE_OUTLINED,
            trailing=[chip(t("wartet auf Netz"), Tone.WAITING)] if view.waiting else [],
            narrow=is_phone(here.page),
        ),
    ]
    actions: list[ft.Control] = []
    if address:
        actions.append(
            outlined(
                t("Route"),
                None,
                icon=ft.Icons.DIRECTIONS_OUTLINED,
                identifier="route",
                action=ft.OpenUrl(
                    url=route_to(view.customer_name, address, here.page.platform), target="_blank"
                ),
            )
        )
    if view.is_mine:
        actions.append(
            outlined(
                t("Ändern"),
                lambda: here.go(f"/plan?visit={visit.id}"),
                icon=ft.Icons.EDIT_CALENDAR_OUTLINED,
                identifier="visit-change",
            )
        )
        actions.append(
            outlined(
                t("Absagen"),
                lambda: call_off(here, visit.id),
                icon=ft.Icons.EVENT_BUSY_OUTLINED,
                identifier="visit-off",
                danger=True,
            )
        )
    return part(
        section(t("Besuch")),
        lines(rows),
        ft.Row(actions, spacing=12, run_spacing=12, wrap=True) if actions else None,
    )


def call_off(here: Surroundings, visit_id: UUID) -> None:
    """The visit is off; then say so, with a way back."""
    planning = here.notebook.planning

    async def keep() -> None:
        before = await planning.call_off(visit_id)
        if before is None:
            return

        async def bring_back() -> None:
            await planning.plan(before, visit_id)

        here.say(
            t("Besuch abgesagt. Sicher auf diesem Tablet."),
            action=t("Rückgängig"),
            on_action=lambda: here.spawn(bring_back()),
        )
        here.back("/visits")

    here.spawn(keep())


# -- what needs a decision -------------------------------------------------------------------------


def _refusal(problem: Problem) -> ft.Control:
    return notice(
        Tone.BAD,
        ft.Icons.ERROR_OUTLINED,
        problem.title,
        t("Sicher auf diesem Tablet. Bitte ändern oder absagen."),
        identifier="visit-refused",
    )


def _others(here: Surroundings, view: VisitView) -> ft.Control | None:
    others = view.visit.others
    if not others:
        return None
    planning, visit = here.notebook.planning, view.visit

    def choose(other: OtherPlan) -> None:
        here.spawn(planning.plan(other.plan, visit.id))

    def keep() -> None:
        shown = planning.plan_of(visit.id)
        if shown is not None:
            here.spawn(planning.plan(shown, visit.id))

    rows: list[ft.Control] = [
        secondary(t("Auf einem anderen Tablet hast du ihn anders geplant. Welcher gilt?")),
        _version(when_words(view), visit.purpose, outlined(t("Dieser"), keep, identifier="version-shown")),
    ]
    for other in others:
        plan = other.plan
        rows.append(
            _version(
                t("abgesagt") if plan.cancelled else _when(plan.starts_at, plan.ends_at),
                plan.purpose,
                outlined(t("Dieser"), partial(choose, other), identifier=f"version-{other.id}"),
            )
        )
    return part(section(t("Zweimal verschieden geplant")), card(rows))


def _version(first: str, then: str, action: ft.Control) -> ft.Control:
    texts: list[ft.Control] = [body(first, bold=True, max_lines=2)]
    if then:
        texts.append(secondary(then, max_lines=2))
    return ft.Row(
        [ft.Column(texts, spacing=2, tight=True, expand=True), action],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
