"""The customer's business in the brief: special offers that fit him, and to whom he sells himself."""

from datetime import datetime

import flet as ft

from app.i18n import t
from app.i18n.times import plain_day
from app.state.views import CustomerPage
from app.ui.brief_words import trend
from app.ui.components.brief_gap import gap_rows
from app.ui.components.cards import line, lines
from app.ui.components.chips import chip
from app.ui.components.frame import is_phone, part
from app.ui.components.type import section
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone
from protocol.rules.brief import Gap, Missing, own_customers
from protocol.rules.offers import shown_today


def offers_part(shown: CustomerPage, now: datetime) -> ft.Control | None:
    """Offers that are valid today; None where there is none."""
    today = now.astimezone().date()
    rows = []
    for offer in shown_today(shown.customer.offers, today):
        source = " · ".join(
            text
            for text in (
                t("gilt bis {day}", day=plain_day(offer.valid_until, today)),
                offer.by_name,
                t("Stand {day}", day=plain_day(offer.changed_at.astimezone().date(), today)),
            )
            if text
        )
        below = f"{offer.text}\n{source}" if offer.text else source
        rows.append(
            line(
                offer.title,
                below,
                icon=ft.Icons.LOCAL_OFFER_OUTLINED,
                wrap_second=True,
                key=str(offer.id),
                identifier=f"offer-{offer.id}",
            )
        )
    return part(section(t("Angebote, die passen")), lines(rows)) if rows else None


def own_customers_part(
    here: Surroundings, shown: CustomerPage, gaps: list[Missing], now: datetime
) -> ft.Control:
    """To whom the customer sells, and how those develop; that nobody knows is shown, too."""
    today = now.astimezone().date()
    rows = []
    for one in own_customers(shown.customer):
        words = trend(one.trend) if one.trend else (t("Entwicklung unbekannt"), Tone.NEUTRAL, None)
        facts = (one.note, one.source, t("Stand {day}", day=plain_day(one.as_of, today)))
        rows.append(
            line(
                one.name,
                " · ".join(fact for fact in facts if fact),
                icon=ft.Icons.STOREFRONT_OUTLINED,
                trailing=[chip(*words)],
                narrow=is_phone(here.page),
                key=str(one.id),
                identifier=f"own-customer-{one.id}",
            )
        )
    rows += gap_rows(here, shown, gaps, Gap.OWN_CUSTOMERS)
    return part(section(t("Kunden des Kunden")), lines(rows))
