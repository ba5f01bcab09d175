"""Planning a visit, or changing one: customer, day, time, purpose; with gloves and without network."""

from datetime import date, time, timedelta
from functools import partial
from uuid import UUID

import flet as ft

from app.i18n import t, tn
from app.i18n.times import long_day, short_day
from app.state.plan_form import PlanEditor, PlanFault, PlanForm, faults, form_of, plan_of
from app.ui.components.buttons import primary, quiet
from app.ui.components.cards import card, empty, framed, line, lines, notice
from app.ui.components.chips import choice
from app.ui.components.fields import search_field, text_field
from app.ui.components.frame import bottom, head, part, scrolled
from app.ui.components.next_step import pick_day
from app.ui.components.pick_time import pick_time
from app.ui.components.type import section
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.screens.customers import customer_line
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone
from protocol.limits import MAX_PURPOSE

_FOUND = 12
"""Customers offered at once: who is looked for is found by two letters more."""

_HOURS = range(7, 18)
_LENGTHS = (30, 60, 120, 240)
_WORKDAYS = 5
"""Days offered as chips: the coming working week."""


@component
def PlanVisitScreen(here: Surroundings, visit_id: UUID | None, customer_id: UUID | None) -> ft.Control:
    """The form. `visit_id` is the visit that is changed, `customer_id` the customer that it begins with."""
    before = here.notebook.planning.plan_of(visit_id) if visit_id else None
    begun = form_of(before) if before else _fresh(here, customer_id)
    editor = PlanEditor(here.plan_text(str(visit_id or customer_id or "new")), begun)
    use_changes(editor.text)
    use_changes(here.notebook)
    form, now = editor.form, here.now()
    hindering = faults(form, now, before=before)
    return ft.Column(
        [
            scrolled(
                here.page,
                part(section(t("Bei wem?")), _who(here, editor, form)),
                part(section(t("Wann?")), card([_days(here, editor, form), _times(here, editor, form)]))
                if form.customer_id
                else None,
                part(section(t("Wie lange?")), card([_lengths(editor, form)])) if form.customer_id else None,
                _purpose(here, editor, form) if form.customer_id else None,
                notice(Tone.WAITING, ft.Icons.EVENT_BUSY_OUTLINED, t("Dieser Zeitpunkt ist schon vorbei."))
                if PlanFault.PAST in hindering
                else None,
                pinned=head(
                    t("Besuch ändern") if visit_id else t("Besuch planen"),
                    _when(form),
                    on_back=lambda: here.back("/visits"),
                ),
                key="plan",
            ),
            bottom(
                here.page,
                primary(
                    t("Ändern") if visit_id else t("Besuch planen"),
                    lambda: _save(here, editor, visit_id),
                    icon=ft.Icons.CHECK,
                    identifier="plan-save",
                    expand=True,
                ),
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _fresh(here: Surroundings, customer_id: UUID | None) -> PlanForm:
    found = here.notebook.customer(customer_id) if customer_id else None
    if found is None:
        return PlanForm()
    sites = found.customer.sites
    return PlanForm(customer_id=customer_id, site_id=sites[0].id if len(sites) == 1 else None)


def _save(here: Surroundings, editor: PlanEditor, visit_id: UUID | None) -> None:
    planning, form = here.notebook.planning, editor.form
    before = planning.plan_of(visit_id) if visit_id else None
    hindering = faults(form, here.now(), before=before)
    if hindering:
        here.say(fault_words(hindering))
        return

    async def keep() -> None:
        made: list[UUID] = []

        async def save(_: str) -> None:
            made.append(await planning.plan(plan_of(form), visit_id))

        await editor.text.send(save)
        (key,) = made

        async def undo() -> None:
            if before is not None:
                await planning.plan(before, key)
            else:
                await planning.call_off(key)

        here.say(
            t("Besuch geändert. Sicher auf diesem Tablet.")
            if before
            else t("Besuch geplant. Sicher auf diesem Tablet."),
            action=t("Rückgängig"),
            on_action=lambda: here.spawn(undo()),
        )
        here.back("/visits")

    here.spawn(keep())


def fault_words(hindering: list[PlanFault]) -> str:
    """What is still missing, in one sentence."""
    if PlanFault.PAST in hindering:
        return t("Dieser Zeitpunkt ist schon vorbei.")
    names = {PlanFault.CUSTOMER: t("Kunde"), PlanFault.DAY: t("Tag"), PlanFault.TIME: t("Uhrzeit")}
    return t("Es fehlt noch: {what}", what=", ".join(names[fault] for fault in hindering))


def _when(form: PlanForm) -> str | None:
    if form.day is None:
        return None
    return long_day(form.day) + (f" · {form.begins:%H:%M}" if form.begins else "")


# -- customer and site -----------------------------------------------------------------------------


def _who(here: Surroundings, editor: PlanEditor, form: PlanForm) -> ft.Control:
    if form.customer_id is None:
        return _Search(here, editor)
    found = here.notebook.customer(form.customer_id)
    name = found.customer.name if found else t("Kunde ist nicht mehr auf diesem Tablet")
    rows = [
        line(
            name,
            found.customer.city if found else None,
            icon=ft.Icons.BUSINESS_OUTLINED,
            trailing=[
                quiet(
                    t("Anderer"),
                    lambda: editor.change(customer_id=None, site_id=None),
                    identifier="plan-other-customer",
                )
            ],
        )
    ]
    sites = found.customer.sites if found else ()
    if len(sites) > 1:
        chips: list[ft.Control] = [
            choice(
                site.name,
                partial(editor.change, site_id=None if form.site_id == site.id else site.id),
                chosen=form.site_id == site.id,
                identifier=f"plan-site-{site.id}",
            )
            for site in sites
        ]
        rows.append(
            ft.Container(
                ft.Row(chips, spacing=10, run_spacing=10, wrap=True),
                padding=ft.Padding.symmetric(horizontal=20, vertical=12),
            )
        )
    return lines(rows)


@component
def _Search(here: Surroundings, editor: PlanEditor) -> ft.Control:
    typed = here.search("planning")
    use_changes(typed)
    found = here.notebook.search_customers(typed.text, limit=_FOUND)

    def take(customer_id: UUID) -> None:
        typed.change("")
        page = here.notebook.customer(customer_id)
        sites = page.customer.sites if page else ()
        editor.change(customer_id=customer_id, site_id=sites[0].id if len(sites) == 1 else None)

    last = len(found) - 1
    return ft.Column(
        [
            search_field(
                typed.text, typed.change, label=t("Name, Ort oder Nummer"), identifier="plan-search"
            ),
            ft.Container(height=12),
            *[
                framed(
                    customer_line(row, partial(take, row.id)),
                    first=index == 0,
                    last=index == last,
                    key=str(row.id),
                )
                for index, row in enumerate(found)
            ],
            *([] if found else [empty(ft.Icons.SEARCH_OFF, t("Kein Kunde passt dazu."))]),
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


# -- day, time, length, purpose --------------------------------------------------------------------


def _days(here: Surroundings, editor: PlanEditor, form: PlanForm) -> ft.Control:
    today = here.now().astimezone().date()
    offered = [day for day in (today + timedelta(days=n) for n in range(9)) if day.weekday() < _WORKDAYS]
    offered = offered[:_WORKDAYS]
    chips: list[ft.Control] = [
        choice(
            _day_name(day, today),
            partial(editor.change, day=day),
            chosen=form.day == day,
            identifier=f"plan-day-{day.isoformat()}",
        )
        for day in offered
    ]
    elsewhere = form.day is not None and form.day not in offered
    chips.append(
        choice(
            _day_name(form.day, today) if elsewhere and form.day else t("anderer Tag …"),
            lambda: pick_day(here, form.day, lambda day: editor.change(day=day), title=t("An welchem Tag?")),
            chosen=elsewhere,
            icon=ft.Icons.EVENT_OUTLINED,
            identifier="plan-day-other",
        )
    )
    return ft.Row(chips, spacing=10, run_spacing=10, wrap=True)


def _day_name(day: date, today: date) -> str:
    near = {0: t("heute"), 1: t("morgen")}.get((day - today).days)
    return near or short_day(day)


def _times(here: Surroundings, editor: PlanEditor, form: PlanForm) -> ft.Control:
    offered = [time(hour) for hour in _HOURS]
    chips: list[ft.Control] = [
        choice(
            f"{begins:%H:%M}",
            partial(editor.change, begins=begins),
            chosen=form.begins == begins,
            identifier=f"plan-time-{begins:%H%M}",
        )
        for begins in offered
    ]
    elsewhere = form.begins is not None and form.begins not in offered
    chips.append(
        choice(
            f"{form.begins:%H:%M}" if elsewhere and form.begins else t("andere Uhrzeit …"),
            lambda: pick_time(here, form.begins, lambda begins: editor.change(begins=begins)),
            chosen=elsewhere,
            icon=ft.Icons.SCHEDULE,
            identifier="plan-time-other",
        )
    )
    return ft.Row(chips, spacing=10, run_spacing=10, wrap=True)


def _lengths(editor: PlanEditor, form: PlanForm) -> ft.Control:
    offered = (*_LENGTHS, *([form.minutes] if form.minutes not in (*_LENGTHS, None) else []))
    chips: list[ft.Control] = [
        choice(
            length_words(minutes),
            partial(editor.change, minutes=minutes),
            chosen=form.minutes == minutes,
            identifier=f"plan-length-{minutes}",
        )
        for minutes in offered
        if minutes is not None
    ]
    chips.append(
        choice(
            t("offen"),
            partial(editor.change, minutes=None),
            chosen=form.minutes is None,
            identifier="plan-length-open",
        )
    )
    return ft.Row(chips, spacing=10, run_spacing=10, wrap=True)


def length_words(minutes: int) -> str:
    """How long a visit takes: "30 Min.", "1 Std.", "2 Std. 15 Min."."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t("{minutes} Min.", minutes=rest)
    if not rest:
        return tn("{count} Std.", "{count} Std.", hours)
    return t("{hours} Std. {minutes} Min.", hours=hours, minutes=rest)


def _purpose(here: Surroundings, editor: PlanEditor, form: PlanForm) -> ft.Control:
    usual = (t("Wartung"), t("Reparatur"), t("Inbetriebnahme"), t("Beratung"), t("Abholung"))
    chips: list[ft.Control] = [
        choice(
            name,
            partial(editor.change, purpose="" if form.purpose == name else name),
            chosen=form.purpose == name,
            identifier=f"plan-purpose-{number}",
        )
        for number, name in enumerate(usual)
    ]
    return part(
        section(t("Wozu?")),
        ft.Row(chips, spacing=10, run_spacing=10, wrap=True),
        text_field(
            form.purpose,
            lambda value: editor.change(purpose=value[:MAX_PURPOSE]),
            label=t("Wozu (in einem Satz)"),
            hint=t("zum Beispiel: Wartung RV 75"),
            identifier="plan-purpose",
            on_blur=lambda: here.spawn(editor.text.flush()),
            key="purpose",
        ),
    )
