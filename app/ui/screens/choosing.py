"""Choosing what an observation belongs to: customer and site, machine, contact. Full screen, for gloves."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import flet as ft

from app.i18n import t
from app.state.views import CustomerRow
from app.ui.components.cards import empty, framed, line, lines
from app.ui.components.chips import class_chip
from app.ui.components.fields import search_field
from app.ui.components.frame import READABLE, head, margin, scrolled, stack
from app.ui.components.scan_answer import scan_row
from app.ui.components.type import section
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.screens.customers import customer_line
from app.ui.surroundings import Surroundings

_SHOWN = 40


@component
def ChooseCustomer(here: Surroundings, draft_id: UUID) -> ft.Control:
    """Which customer, and, where he has several, which site."""
    editor = here.editor(draft_id)
    typed = here.search("choosing")
    use_changes(typed)
    query = typed.text
    chosen, choose = ft.use_state(None)

    def take(customer_id: UUID, site_id: UUID | None) -> None:
        if customer_id != editor.draft.customer_id:
            editor.change(asset_id=None, contact_id=None, visit_id=None)
        editor.change(customer_id=customer_id, site_id=site_id)
        leave()

    def leave() -> None:
        typed.change("")
        here.back(f"/capture/{draft_id}")

    def pick(row: CustomerRow) -> None:
        page = here.notebook.customer(row.id)
        sites = page.customer.sites if page else ()
        if len(sites) > 1:
            choose(lambda _: row.id)
        else:
            take(row.id, sites[0].id if sites else None)

    if chosen is not None:
        return _sites(here, chosen, take, lambda: choose(lambda _: None))
    found = here.notebook.search_customers(query, limit=_SHOWN)
    last = len(found) - 1
    edge = margin(here.page)
    side = max(edge, ((here.page.width or READABLE) - READABLE) / 2)
    today = [] if query else _today(here, pick)
    return ft.Column(
        [
            ft.Container(
                stack(
                    head(t("Welcher Kunde?"), on_back=leave),
                    search_field(
                        query, typed.change, label=t("Name, Ort oder Nummer"), identifier="choose-search"
                    ),
                ),
                padding=ft.Padding.only(left=side, right=side, top=20, bottom=4),
            ),
            ft.ListView(
                controls=[
                    *today,
                    *[
                        framed(
                            customer_line(row, partial(pick, row)),
                            first=index == 0,
                            last=index == last,
                            key=str(row.id),
                        )
                        for index, row in enumerate(found)
                    ],
                    *([] if found else [empty(ft.Icons.SEARCH_OFF, t("Kein Kunde passt dazu."))]),
                ],
                expand=True,
                padding=ft.Padding.only(left=side, right=side, top=8, bottom=36),
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _today(here: Surroundings, pick: Callable[[CustomerRow], None]) -> list[ft.Control]:
    visits = here.notebook.today(here.now()).visits
    rows = {
        view.visit.customer_id: CustomerRow(
            id=view.visit.customer_id,
            name=view.customer_name,
            number="",
            city=view.place,
            customer_class=view.customer_class,
        )
        for view in visits
    }
    if not rows:
        return []
    shown = [
        line(
            row.name,
            row.city,
            icon=ft.Icons.TODAY_OUTLINED,
            trailing=[class_chip(row.customer_class)],
            chevron=True,
            on_click=partial(pick, row),
            identifier=f"today-{row.id}",
        )
        for row in rows.values()
    ]
    return [
        ft.Container(
            stack(section(t("Heute")), lines(shown), section(t("Alle"))),
            padding=ft.Padding.only(bottom=12),
            key="today",
        )
    ]


def _sites(
    here: Surroundings,
    customer_id: UUID,
    take: Callable[[UUID, UUID | None], None],
    back: Callable[[], None],
) -> ft.Control:
    found = here.notebook.customer(customer_id)
    sites = found.customer.sites if found else ()
    rows = [
        line(
            site.name,
            ", ".join(text for text in (site.street, site.city) if text) or None,
            icon=ft.Icons.PLACE_OUTLINED,
            chevron=True,
            on_click=partial(take, customer_id, site.id),
            identifier=f"site-{site.id}",
        )
        for site in sites
    ]
    rows.append(
        line(
            t("Kein bestimmter Standort"),
            icon=ft.Icons.BUSINESS_OUTLINED,
            chevron=True,
            on_click=partial(take, customer_id, None),
            identifier="site-none",
        )
    )
    return scrolled(
        here.page,
        head(t("Welcher Standort?"), found.customer.name if found else None, on_back=back),
        lines(rows),
    )


@component
def ChooseAsset(here: Surroundings, draft_id: UUID) -> ft.Control:
    """Which machine; those of the chosen site first."""
    editor = here.editor(draft_id)
    found = here.notebook.customer(editor.draft.customer_id) if editor.draft.customer_id else None
    assets = sorted(
        found.customer.assets if found else (), key=lambda asset: asset.site_id != editor.draft.site_id
    )

    # Two machines of one type stand in different halls: the place tells them apart.
    sites = {site.id: site.name for site in found.customer.sites} if found else {}
    several = len(sites) > 1

    def take(asset_id: UUID | None) -> None:
        editor.change(asset_id=asset_id)
        here.back(f"/capture/{draft_id}")

    rows = [
        line(
            f"{asset.maker} {asset.model}",
            " · ".join(
                text
                for text in (
                    t("Bj. {year}", year=asset.built_in) if asset.built_in else "",
                    t("Nr. {number}", number=asset.serial_number) if asset.serial_number else "",
                    sites.get(asset.site_id, "") if several and asset.site_id else "",
                    "" if asset.ours else t("Wettbewerb"),
                )
                if text
            )
            or None,
            icon=ft.Icons.PRECISION_MANUFACTURING_OUTLINED if asset.ours else ft.Icons.SWAP_HORIZ,
            trailing=[_tick(asset.id == editor.draft.asset_id)],
            on_click=partial(take, asset.id),
            identifier=f"asset-{asset.id}",
        )
        for asset in assets
    ]
    rows.insert(0, scan_row(here, f"/scan?draft={draft_id}"))
    rows.append(
        line(
            t("Keine bestimmte Anlage"),
            icon=ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
            on_click=partial(take, None),
            identifier="asset-none",
        )
    )
    return _list(here, draft_id, t("Welche Anlage?"), rows)


@component
def ChooseContact(here: Surroundings, draft_id: UUID) -> ft.Control:
    """Which person."""
    editor = here.editor(draft_id)
    found = here.notebook.customer(editor.draft.customer_id) if editor.draft.customer_id else None
    people = [person for person in (found.customer.contacts if found else ()) if not person.left]

    def take(contact_id: UUID | None) -> None:
        editor.change(contact_id=contact_id)
        here.back(f"/capture/{draft_id}")

    rows = [
        line(
            person.name,
            person.role,
            icon=ft.Icons.PERSON_OUTLINED,
            trailing=[_tick(person.id == editor.draft.contact_id)],
            on_click=partial(take, person.id),
            identifier=f"contact-{person.id}",
        )
        for person in people
    ]
    rows.append(
        line(
            t("Niemand bestimmtes"),
            icon=ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
            on_click=partial(take, None),
            identifier="contact-none",
        )
    )
    return _list(here, draft_id, t("Wer?"), rows)


def _tick(chosen: bool) -> ft.Control | None:
    return ft.Icon(ft.Icons.CHECK, size=28) if chosen else None


def _list(here: Surroundings, draft_id: UUID, heading: str, rows: list[ft.Control]) -> ft.Control:
    return scrolled(
        here.page,
        head(heading, on_back=lambda: here.back(f"/capture/{draft_id}")),
        lines(rows),
    )
