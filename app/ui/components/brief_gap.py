"""Something that nobody knows of a customer yet, shown as missing: one tap begins the observation that fills it."""

from uuid import UUID

import flet as ft

from app.i18n import t
from app.state.views import CustomerPage
from app.ui.brief_words import gap
from app.ui.components.cards import line
from app.ui.components.chips import chip
from app.ui.components.frame import is_phone
from app.ui.components.type import body
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone, look
from protocol.rules.brief import KIND_FOR, Gap, Missing


def gap_rows(here: Surroundings, shown: CustomerPage, gaps: list[Missing], *wanted: Gap) -> list[ft.Control]:
    """The gaps of these sorts, each a row that can be tapped."""
    return [_row(here, shown, missing) for missing in gaps if missing.gap in wanted]


def present_place(here: Surroundings, shown: CustomerPage) -> tuple[UUID | None, UUID | None]:
    """Site and visit that an observation begun here belongs to: those of today's visit, else the only site."""
    visit = shown.next_visit.visit if shown.next_visit else None
    only = shown.customer.sites[0].id if len(shown.customer.sites) == 1 else None
    is_today = visit and visit.starts_at.astimezone().date() == here.now().astimezone().date()
    return (visit.site_id if visit else None) or only, visit.id if visit and is_today else None


def _row(here: Surroundings, shown: CustomerPage, missing: Missing) -> ft.Control:
    what, ask = gap(missing)
    site_id, visit_id = present_place(here, shown)
    thing = missing.contact_id or missing.asset_id or missing.site_id
    return line(
        body(what, color=look().secondary, max_lines=2),
        ask,
        icon=ft.Icons.HELP_CENTER_OUTLINED,
        trailing=[chip(t("nachtragen"), Tone.CONTAINER, ft.Icons.ADD)],
        narrow=is_phone(here.page),
        on_click=lambda: here.capture(
            customer_id=shown.customer.id,
            site_id=missing.site_id or site_id,
            visit_id=visit_id,
            kind=KIND_FOR[missing.gap],
            asset_id=missing.asset_id,
            contact_id=missing.contact_id,
        ),
        identifier=f"gap-{missing.gap.value}" + (f"-{thing}" if thing else ""),
    )
