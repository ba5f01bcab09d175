"""Kundenbrief: what a technician wants to know of one customer, in two minutes, before the door opens."""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

import flet as ft

from app.i18n import t
from app.i18n.times import plain_day, when
from app.state.views import CustomerPage
from app.ui import words
from app.ui.components.brief_business import offers_part, own_customers_part
from app.ui.components.brief_gap import gap_rows, present_place
from app.ui.components.brief_last import last_row
from app.ui.components.brief_machines import our_machine, sighting, their_machine
from app.ui.components.brief_people import person_row
from app.ui.components.brief_sites import site_row
from app.ui.components.brief_steps import question_row, step_row
from app.ui.components.brief_visit import visit_line
from app.ui.components.buttons import primary
from app.ui.components.cards import card, empty, line, lines
from app.ui.components.chips import class_chip
from app.ui.components.frame import bottom, columns, head, is_phone, is_wide, part, rows_in_sight, scrolled
from app.ui.components.observation_row import row_of
from app.ui.components.scan_answer import scan_row
from app.ui.components.touch import touchable
from app.ui.components.type import body, secondary, section
from app.ui.following import use_changes, use_later
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import look
from protocol.rules import brief
from protocol.rules.brief import Gap, Missing, Section
from protocol.rules.steps import in_order

_ALL_SHOWN = 60
"""Entries of the history at most, once all of it is asked for: more is not read in a car."""
_MINE = 6
_STEPS = 5
_MACHINES = 4
"""Lines of a section until all of it is asked for: two minutes are short, and what matters stands first."""
_LINES = 4
"""How many lines of a list a section is as high as, with its heading: so many as are in sight are drawn at once."""


@dataclass(frozen=True)
class _More:
    """Which sections the person has opened to their end."""

    opened: frozenset[Section]
    open: Callable[[Section], object]

    def few(self, name: Section, rows: list[ft.Control], count: int) -> list[ft.Control]:
        """The first rows of a section, or all where there is hardly more."""
        return rows if name in self.opened or len(rows) <= count + 1 else rows[:count]

    def rest(self, name: Section, everything: Sized, shown: Sized) -> ft.Control | None:
        """What opens the section to its end."""
        if len(everything) <= len(shown):
            return None
        return touchable(
            body(t("Alle {count} anzeigen", count=len(everything)), bold=True, color=look().container.text),
            lambda: self.open(name),
            identifier=f"all-{name.value}",
            height=48,
            alignment=ft.Alignment.CENTER,
        )


@component
def CustomerScreen(here: Surroundings, customer_id: UUID) -> ft.Control:
    """One customer."""
    use_changes(here.notebook)
    opened, open_section = ft.use_state(frozenset[Section]())
    is_later = use_later()
    shown = here.notebook.customer(customer_id)
    if shown is None:
        return scrolled(
            here.page,
            head(t("Kunde"), on_back=lambda: here.back("/customers")),
            empty(
                ft.Icons.BUSINESS_OUTLINED,
                t("Dieser Kunde ist nicht auf diesem Tablet."),
                t("Er gehört vielleicht jetzt zu einem anderen Gebiet."),
            ),
        )
    now = here.now()
    more = _More(opened, lambda name: open_section(opened | {name}))
    sections = _sections(here, shown, now, more)
    # What stands further down is drawn a moment later: the first sections fill the glass.
    whole = is_later or is_wide(here.page)
    aside = (
        Section.MACHINES,
        Section.COMPETITORS,
        Section.OWN_CUSTOMERS,
        Section.VALUE,
        Section.SITES,
    )

    def drawn(name: Section) -> ft.Control | None:
        control = sections[name]()
        if control is not None:
            control.key = name.value  # sections above it come and go
        return control

    beside = [name for name in brief.ORDER if is_wide(here.page) and name in aside]
    below = (part for name in brief.ORDER if name not in beside and (part := drawn(name)) is not None)
    left = list(islice(below, None if whole else rows_in_sight(here.page) // _LINES))
    right = [drawn(name) for name in beside]
    if whole:
        right.append(_mine(here, shown, now))
    return ft.Column(
        [
            scrolled(
                here.page,
                columns(here.page, left, right),
                pinned=_head(here, shown, now),
                wide=is_wide(here.page),
                key="customer",
            ),
            bottom(here.page, _capture_here(here, shown)),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _head(here: Surroundings, shown: CustomerPage, now: datetime) -> ft.Control:
    customer, contact = shown.customer, here.notebook.transfer().last_contact
    rank = class_chip(customer.customer_class, long=True)
    facts = [t("Kundenbrief"), t("Stand {when}", when=when(contact, now)) if contact else None]
    if customer.customer_class and is_phone(here.page):
        # There the name needs the whole line.
        rank = None
        facts.insert(0, words.customer_class(customer.customer_class)[0])
    return head(
        customer.name,
        " · ".join(fact for fact in facts if fact),
        trailing=[rank],
        on_back=lambda: here.back("/customers"),
    )


def _capture_here(here: Surroundings, shown: CustomerPage) -> ft.Control:
    site_id, visit_id = present_place(here, shown)
    return primary(
        t("Hier erfassen"),
        lambda: here.capture(customer_id=shown.customer.id, site_id=site_id, visit_id=visit_id),
        icon=ft.Icons.ADD,
        identifier="capture-here",
        expand=True,
    )


def _sections(
    here: Surroundings, shown: CustomerPage, now: datetime, more: _More
) -> dict[Section, Callable[[], ft.Control | None]]:
    """How each section is drawn."""
    gaps = brief.missing(shown.customer, shown.history, now)
    return {
        Section.VISIT: lambda: visit_line(here, shown, now),
        Section.QUESTIONS: lambda: _questions(here, shown, gaps, now),
        Section.STEPS: lambda: _steps(here, shown, now, more),
        Section.LAST: lambda: _last(here, shown, now, more),
        Section.MACHINES: lambda: _machines(here, shown, gaps, now, more),
        Section.COMPETITORS: lambda: _competitors(here, shown, gaps, now),
        Section.PEOPLE: lambda: _people(here, shown, gaps, now),
        Section.OFFERS: lambda: offers_part(shown, now),
        Section.OWN_CUSTOMERS: lambda: own_customers_part(here, shown, gaps, now),
        Section.VALUE: lambda: _value(shown, now),
        Section.SITES: lambda: _sites(here, shown, gaps),
    }


def _questions(
    here: Surroundings, shown: CustomerPage, gaps: list[Missing], now: datetime
) -> ft.Control | None:
    today = now.astimezone().date()
    rows = [question_row(here, question, today) for question in shown.questions]
    rows += gap_rows(here, shown, gaps, Gap.PLAN)
    return part(section(t("Fragen an den Kunden")), lines(rows)) if rows else None


def _steps(here: Surroundings, shown: CustomerPage, now: datetime, more: _More) -> ft.Control:
    rows = [step_row(here, step, now) for step in in_order(shown.steps, now.astimezone().date())]
    if not rows:
        return part(section(t("Zusagen und nächste Schritte")), card([secondary(t("Nichts ist offen."))]))
    few = more.few(Section.STEPS, rows, _STEPS)
    return part(section(t("Zusagen und nächste Schritte")), lines(few), more.rest(Section.STEPS, rows, few))


def _last(here: Surroundings, shown: CustomerPage, now: datetime, more: _More) -> ft.Control:
    if not shown.history:
        return part(section(t("Zuletzt")), card([secondary(t("Noch keine Kontakte festgehalten."))]))
    known = list(shown.history[:_ALL_SHOWN])
    entries = known if Section.LAST in more.opened else brief.happened_last(shown.history)
    rows = [last_row(entry, now, here.notebook.asked) for entry in entries]
    return part(section(t("Zuletzt")), lines(rows), more.rest(Section.LAST, known, entries))


def _machines(
    here: Surroundings, shown: CustomerPage, gaps: list[Missing], now: datetime, more: _More
) -> ft.Control:
    today = now.astimezone().date()
    rows = [our_machine(here, shown, asset, today) for asset in brief.our_machines(shown.customer, today)]
    few = more.few(Section.MACHINES, rows, _MACHINES)
    return part(
        section(t("Anlagen von uns")),
        lines(
            [
                scan_row(here, f"/scan?customer={shown.customer.id}"),
                *few,
                *gap_rows(here, shown, gaps, Gap.MACHINE, Gap.YEAR),
            ]
        ),
        more.rest(Section.MACHINES, rows, few),
        _source(shown, now),
    )


def _competitors(here: Surroundings, shown: CustomerPage, gaps: list[Missing], now: datetime) -> ft.Control:
    today = now.astimezone().date()
    rows = [their_machine(here, shown, asset, today) for asset in brief.their_machines(shown.customer)]
    rows += [sighting(entry, today) for entry in brief.sightings(shown.customer, shown.history)]
    rows += gap_rows(here, shown, gaps, Gap.COMPETITOR)
    return part(section(t("Wettbewerb")), lines(rows))


def _people(here: Surroundings, shown: CustomerPage, gaps: list[Missing], now: datetime) -> ft.Control:
    today = now.astimezone().date()
    rows = [person_row(here, shown, person, today) for person in brief.people(shown.customer)]
    rows += gap_rows(here, shown, gaps, Gap.CONTACT, Gap.DECIDER, Gap.BUYER, Gap.REACH)
    return part(section(t("Menschen")), lines(rows), _source(shown, now))


def _value(shown: CustomerPage, now: datetime) -> ft.Control:
    customer = shown.customer
    facts = [t("Nr. {number}", number=customer.number), customer.industry, customer.city]
    about = " · ".join(fact for fact in facts if fact)
    if customer.customer_class is None:
        rank: ft.Control = line(
            t("Noch nicht eingestuft"), t("Das macht der Vertrieb."), icon=ft.Icons.STAR_OUTLINE
        )
    else:
        decided = customer.class_decided_on
        since = t("eingestuft am {day}", day=plain_day(decided, now.astimezone().date())) if decided else None
        rank = line(
            words.customer_class(customer.customer_class)[0],
            " · ".join(fact for fact in (customer.class_reason or t("ohne Begründung"), since) if fact),
            icon=ft.Icons.STAR_OUTLINE,
        )
    return part(section(t("Kundenwert")), lines([rank, line(body(about), icon=ft.Icons.BUSINESS_OUTLINED)]))


def _sites(here: Surroundings, shown: CustomerPage, gaps: list[Missing]) -> ft.Control | None:
    rows = [site_row(here, shown, site) for site in shown.customer.sites]
    rows += gap_rows(here, shown, gaps, Gap.ADDRESS)
    return part(section(t("Standorte")), lines(rows)) if rows else None


def _mine(here: Surroundings, shown: CustomerPage, now: datetime) -> ft.Control | None:
    if not shown.my_observations:
        return None

    def open_(key: UUID) -> None:
        here.go(f"/observations/{key}")

    narrow = is_phone(here.page) or is_wide(here.page)
    rows = [
        row_of(row, now, here.notebook.asked, open_, open_, narrow=narrow, with_customer=False)
        for row in shown.my_observations[:_MINE]
    ]
    return part(section(t("Meine Meldungen")), lines(rows))


def _source(shown: CustomerPage, now: datetime) -> ft.Control:
    """From where master data is and of which day."""
    day = plain_day(shown.customer.changed_at.astimezone().date(), now.astimezone().date())
    return secondary(t("Aus den Stammdaten der Firma, Stand {day}", day=day))
