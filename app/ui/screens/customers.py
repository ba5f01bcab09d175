"""Kunden: search as you type, offline, tolerant of umlauts and word order."""

from functools import partial

import flet as ft

from app.i18n import t, tn
from app.state.views import CustomerRow
from app.ui.components.buttons import symbol
from app.ui.components.cards import empty, framed, line
from app.ui.components.chips import class_chip
from app.ui.components.fields import search_field
from app.ui.components.frame import head, headed_list, rows_in_sight, stack
from app.ui.components.touch import Handler
from app.ui.following import use_changes, use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import look

_SHOWN = 60
"""Rows found at most: nobody scrolls further than that, everybody types another letter."""

_MORE = 20
"""Rows that come when the last ones are nearly in sight."""


@component
def Customers(here: Surroundings) -> ft.Control:
    """The list of customers."""
    typed = here.search("customers")
    use_changes(typed)
    query = typed.text
    asked, ask = ft.use_state(("", 0))  # for which letters rows were asked for, and how many
    found = use_reading(here.notebook, lambda: here.notebook.search_customers(typed.text, limit=_SHOWN))
    total = use_reading(here.notebook, here.notebook.count_customers)
    count = tn("{count} Kunde auf diesem Tablet", "{count} Kunden auf diesem Tablet", total)
    drawn = max(rows_in_sight(here.page), asked[1] if asked[0] == query else 0)
    return ft.Container(
        content=headed_list(
            here.page,
            stack(
                head(
                    t("Kunden"),
                    count,
                    trailing=[
                        symbol(
                            ft.Icons.QR_CODE_SCANNER,
                            t("Typenschild scannen"),
                            lambda: here.go("/scan"),
                            identifier="scan",
                        )
                    ],
                ),
                search_field(
                    query, typed.change, label=t("Name, Ort oder Nummer"), identifier="customer-search"
                ),
            ),
            _rows(here, found, drawn, query, total),
            key="customers",
            # A tap that leads here or away draws each of them or takes it down; most people see the first ones only.
            on_near_end=(lambda: ask((query, drawn + _MORE))) if drawn < len(found) else None,
        ),
        expand=True,
    )


def _rows(
    here: Surroundings, found: tuple[CustomerRow, ...], drawn: int, query: str, total: int
) -> list[ft.Control]:
    if not found:
        if query:
            return [empty(ft.Icons.SEARCH_OFF, t("Kein Kunde passt zu „{query}“.", query=query))]
        return [
            empty(
                ft.Icons.BUSINESS_OUTLINED,
                t("Noch keine Kunden auf diesem Tablet."),
                t("Sie kommen mit dem ersten Abgleich."),
            )
        ]
    rows = [customer_line(row, partial(here.go, f"/customers/{row.id}")) for row in found[:drawn]]
    last = len(found) - 1
    listed: list[ft.Control] = [
        framed(row, first=index == 0, last=index == last, key=str(found[index].id))
        for index, row in enumerate(rows)
    ]
    if drawn >= _SHOWN and len(found) == _SHOWN and total > _SHOWN:
        listed.append(
            ft.Container(
                ft.Text(
                    t("Es gibt mehr. Tipp ein paar Buchstaben vom Namen."), size=16, color=look().secondary
                ),
                padding=ft.Padding.symmetric(vertical=18, horizontal=24),
            )
        )
    return listed


def customer_line(row: CustomerRow, on_click: Handler) -> ft.Control:
    """A customer in a list."""
    facts = " · ".join(text for text in (row.city, t("Nr. {number}", number=row.number)) if text)
    return line(
        row.name,
        facts,
        trailing=[class_chip(row.customer_class)],
        chevron=True,
        on_click=on_click,
        identifier=f"customer-{row.id}",
    )
