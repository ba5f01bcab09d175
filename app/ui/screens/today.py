"""Heute: the greeting, what waits for transfer, the visits of the day, answers from inside sales, begun drafts."""

from datetime import datetime

import flet as ft

from app.i18n import t, tn
from app.i18n.times import ago, clock, long_day, when
from app.state.tasks import TaskList
from app.state.views import Draft, ObservationRow, Progress, Question, VisitView
from app.ui import words
from app.ui.components.buttons import outlined, primary, second, symbol
from app.ui.components.cards import card, empty, line, lines, notice
from app.ui.components.chips import class_chip
from app.ui.components.day_line import day_line, day_nears_its_end
from app.ui.components.frame import columns, head, is_phone, is_wide, part, scrolled, stack
from app.ui.components.observation_row import title
from app.ui.components.outcome import thanks
from app.ui.components.route import route_to
from app.ui.components.storage import RoomNotice
from app.ui.components.task_row import task_row
from app.ui.components.transfer_banner import TransferBanner
from app.ui.components.type import body, led, secondary, section
from app.ui.components.update_notice import update_notice
from app.ui.following import use_later, use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.text_size import heading, is_large
from app.ui.theme import Tone, look

_TASKS = 3
"""Tasks on the first screen: what is due today fits, the rest is one tap away."""


@component
def Today(here: Surroundings) -> ft.Control:
    """The screen that a technician sees first."""
    notebook = here.notebook
    # A transfer tells of itself again and again: whatever it leaves as it is here is not drawn anew for that.
    shown, drafts, tasks, is_short = use_reading(
        notebook,
        lambda: (
            notebook.today(here.now()),
            notebook.drafts(),
            notebook.tasks.all(here.now()),
            notebook.room.is_short,
        ),
    )
    is_later = use_later()
    now = here.now()
    upcoming = [view for view in shown.visits if not _is_over(view, now)]
    over = [view for view in shown.visits if _is_over(view, now)]
    count = tn("{count} Besuch", "{count} Besuche", len(shown.visits)) if shown.visits else t("keine Besuche")
    left = [
        part(section(t("Als Nächstes")), _next_visit(here, upcoming[0], now)) if upcoming else None,
        part(section(t("Danach")), lines([_later(here, view) for view in upcoming[1:]]))
        if upcoming[1:]
        else None,
        None if upcoming else part(section(t("Besuche")), card([_no_visits(bool(over))])),
        part(section(t("Heute schon besucht")), lines([_later(here, view) for view in over]))
        if over
        else None,
        lines([_all_visits(here)]),
    ]
    evening = day_nears_its_end(shown.visits, now)
    # Beside each other both columns are in sight; below each other the second one can come a moment later.
    right = (
        _mine(here, tasks, drafts, shown.answers, now, evening=evening)
        if is_later or is_wide(here.page)
        else []
    )
    return scrolled(
        here.page,
        head(
            _greeting(here.notebook.identity.user_name, now),
            f"{long_day(now.astimezone().date())} · {count}",
            trailing=[
                symbol(
                    ft.Icons.SETTINGS_OUTLINED,
                    t("Einstellungen"),
                    lambda: here.go("/me"),
                    identifier="settings",
                )
            ],
        ),
        ft.Container(TransferBanner(here), padding=ft.Padding.only(top=6)),
        RoomNotice(here) if is_short else None,
        update_notice(here) if here.launch.update_ready else None,
        day_line(here, len(drafts), on_top=True) if evening else None,
        columns(here.page, left, right) if any(right) else stack(*left),
        wide=is_wide(here.page),
        key="today",
    )


def _mine(
    here: Surroundings,
    tasks: TaskList,
    drafts: tuple[Draft, ...],
    answers: tuple[ObservationRow, ...],
    now: datetime,
    *,
    evening: bool,
) -> list[ft.Control | None]:
    """What the technician has to do himself, and what inside sales says to him."""
    return [
        _tasks(here, tasks, now) if tasks.open or tasks.done_today else None,
        part(section(t("Entwurf weiterschreiben")), lines([_draft(here, draft, now) for draft in drafts[:3]]))
        if drafts
        else None,
        None if evening else day_line(here, len(drafts), on_top=False),
        part(section(t("Antworten für dich")), lines([_answer(here, row, now) for row in answers[:6]]))
        if answers
        else None,
    ]


def _greeting(name: str, now: datetime) -> str:
    hour = now.astimezone().hour
    first = name.split(maxsplit=1)[0] if name.split() else name
    if hour < 11:
        return t("Guten Morgen, {name}", name=first)
    if hour < 18:
        return t("Guten Tag, {name}", name=first)
    return t("Guten Abend, {name}", name=first)


def _is_over(view: VisitView, now: datetime) -> bool:
    end = view.visit.ends_at or view.visit.starts_at
    return end < now


def _next_visit(here: Surroundings, view: VisitView, now: datetime) -> ft.Control:
    visit = view.visit
    times = clock(visit.starts_at)
    if visit.ends_at is not None:
        times = f"{times} – {clock(visit.ends_at)}"
    phone = is_phone(here.page)
    facts = [_fact(ft.Icons.SCHEDULE, times, whole_line=phone)]
    if visit.purpose:
        facts.append(_fact(ft.Icons.BUILD_OUTLINED, visit.purpose, whole_line=phone))
    actions: list[ft.Control] = [
        primary(
            t("Kundenbrief"),
            lambda: here.go(f"/customers/{visit.customer_id}"),
            icon=ft.Icons.DESCRIPTION_OUTLINED,
            identifier="open-customer",
        ),
        second(
            t("Hier erfassen"),
            lambda: here.capture(customer_id=visit.customer_id, site_id=visit.site_id, visit_id=visit.id),
            icon=ft.Icons.ADD_CIRCLE_OUTLINE,
            identifier="capture-here",
        ),
        outlined(
            t("Route"),
            None,
            icon=ft.Icons.DIRECTIONS_OUTLINED,
            identifier="route",
            action=ft.OpenUrl(url=_route(here, view), target="_blank"),
        ),
    ]
    return card(
        [
            _where(here, view),
            stack(*facts, spacing=6) if phone else ft.Row(facts, spacing=24, run_spacing=6, wrap=True),
            *([_question(here, view.question)] if view.question else []),
            ft.Row(actions, spacing=12, run_spacing=12, wrap=True),
        ]
    )


def _question(here: Surroundings, asked: Question) -> ft.Control:
    return notice(
        Tone.HINT,
        ft.Icons.HELP_OUTLINE,
        led(t("Frage vom Innendienst:"), asked.text, color=look().hint.text),
        on_click=lambda: here.go(f"/observations/{asked.observation_id}"),
        identifier="question",
    )


def _where(here: Surroundings, view: VisitView) -> ft.Control:
    chip = class_chip(view.customer_class, long=True)
    name = ft.Text(
        view.customer_name,
        size=heading(22 if is_phone(here.page) else 24),
        weight=ft.FontWeight.W_500,
        color=look().text,
    )
    if is_large():
        return stack(name, secondary(view.place), ft.Row([chip]) if chip else None, spacing=4)
    texts = ft.Column([name, secondary(view.place)], spacing=4, tight=True, expand=True)
    return ft.Row([texts, *([chip] if chip else [])], spacing=12)


def _fact(icon: ft.IconData, text: str, *, whole_line: bool) -> ft.Control:
    return ft.Row(
        [ft.Icon(icon, size=24, color=look().text), body(text, expand=whole_line or None)],
        spacing=8,
        tight=not whole_line,
    )


def _route(here: Surroundings, view: VisitView) -> str:
    return route_to(view.customer_name, view.place.split(" · ", 1)[-1], here.page.platform)


def _later(here: Surroundings, view: VisitView) -> ft.Control:
    phone = is_phone(here.page)
    place = view.place.split(",")[-1].strip().lstrip("0123456789 ") if view.place else ""
    return line(
        view.customer_name,
        " · ".join(text for text in (place, view.visit.purpose) if text) or None,
        leading=ft.Container(
            ft.Text(
                clock(view.visit.starts_at), size=19, weight=ft.FontWeight.W_500, color=look().primary.ground
            ),
            width=None if is_large() else 60 if phone else 68,
        ),
        # A phone has no room for the class and the arrow beside a customer's name.
        trailing=[] if phone else [class_chip(view.customer_class)],
        chevron=not phone,
        narrow=phone,
        on_click=lambda: here.go(f"/customers/{view.visit.customer_id}"),
        identifier=f"visit-{view.visit.id}",
        key=str(view.visit.id),
    )


def _all_visits(here: Surroundings) -> ft.Control:
    return line(
        body(t("Alle Besuche"), bold=True),
        icon=ft.Icons.CALENDAR_MONTH_OUTLINED,
        chevron=True,
        on_click=lambda: here.go("/visits"),
        identifier="all-visits",
    )


def _tasks(here: Surroundings, tasks: TaskList, now: datetime) -> ft.Control:
    shown = tasks.open[:_TASKS]
    more = line(
        body(t("Alle Aufgaben"), bold=True),
        tn("{count} offen", "{count} offen", len(tasks.open)),
        icon=ft.Icons.CHECKLIST,
        chevron=True,
        on_click=lambda: here.go("/tasks"),
        identifier="all-tasks",
    )
    rows = [task_row(here, task.step, now, task.customer_name) for task in shown]
    return part(section(t("Deine Aufgaben")), lines([*rows, more]))


def _draft(here: Surroundings, draft: Draft, now: datetime) -> ft.Control:
    text = (draft.heard or draft.seen or draft.concluded or draft.next_step).strip().split("\n", 1)[0]
    customer = here.notebook.customer(draft.customer_id) if draft.customer_id else None
    facts = [
        customer.customer.name if customer else t("Kunde noch offen"),
        words.kind(draft.kind, here.notebook.template(draft)),
        ago(draft.updated_at, now),
    ]
    return line(
        text or t("Noch ohne Text"),
        " · ".join(facts),
        icon=ft.Icons.EDIT_OUTLINED,
        chevron=True,
        on_click=lambda: here.edit(draft),
        identifier=f"draft-{draft.id}",
        key=str(draft.id),
    )


def _answer(here: Surroundings, row: ObservationRow, now: datetime) -> ft.Control:
    leads = {
        Progress.ACCEPTED: t("Angenommen:"),
        Progress.REJECTED: t("Abgelehnt:"),
        Progress.DUPLICATE: t("Schon gemeldet:"),
        Progress.HANDED_OVER: t("Beim Vertrieb:"),
        Progress.OFFERED: t("Angebot gemacht:"),
        Progress.WON: t("Auftrag!"),
        Progress.LOST: t("Kein Auftrag:"),
        Progress.QUESTION: t("Rückfrage:"),
        Progress.REFUSED: t("Nicht angenommen:"),
    }
    below = row.customer_name
    if row.question:
        below = t("„{question}“ · {by}", question=row.question, by=row.question_by or t("Innendienst"))
    elif row.progress is Progress.WON:
        below = f"{thanks(here.notebook.identity.user_name)} · {row.customer_name}"
    elif row.reason:
        below = f"{words.reason(row.reason)} · {row.customer_name}"
    text = led(leads.get(row.progress, t("Neu:")), title(row), max_lines=2)
    return line(
        text,
        below,
        icon=words.progress_icon(row.progress),
        trailing=[
            secondary(when(row.changed_at, now)),
            ft.Container(width=12, height=12, border_radius=6, bgcolor=look().primary.ground)
            if row.unread
            else None,
        ],
        on_click=lambda: here.go(f"/observations/{row.id}"),
        identifier=f"news-{row.id}",
        key=str(row.id),
    )


def _no_visits(done: bool) -> ft.Control:
    if done:
        return empty(ft.Icons.EVENT_AVAILABLE_OUTLINED, t("Für heute ist alles besucht."))
    return empty(
        ft.Icons.EVENT_AVAILABLE_OUTLINED,
        t("Heute stehen keine Besuche an."),
        t("Einen Kunden findest du unter „Kunden“."),
    )
