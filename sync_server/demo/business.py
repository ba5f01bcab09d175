"""The customers' own customers, special offers, agreed interests; a visit that a technician planned, and what he ticked."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from protocol.first_template import FIRST_TEMPLATE
from protocol.pairing import Role
from protocol.planning import VisitPlan
from protocol.reference import Trend
from sync_server.demo.chance import Chance
from sync_server.demo.company import Company
from sync_server.demo.customers import Account
from sync_server.demo.staff import Staff
from sync_server.demo.visits import Appointment

_BUYERS = {
    "Autozulieferer": ("Branche im Rückgang, zweite Schicht fällt weg", Trend.SHRINKING),
    "Hersteller von Medizintechnik": ("nimmt jedes Jahr mehr ab", Trend.GROWING),
    "Möbelkette": ("Bestellungen unverändert", Trend.STEADY),
    "Molkerei im Nachbarort": ("baut eine neue Linie", Trend.GROWING),
    "Windkraftbauer": ("wartet auf Genehmigungen", None),
    "Baustoffhandel": ("bestellt weniger, seit weniger gebaut wird", Trend.SHRINKING),
}
_SOURCES = ("Gespräch beim Besuch", "Jahresbericht des Kunden", "Messe", "Lokalzeitung")
_INTERESTS = ("Segelfliegen", "Imkerei", "Chor", "Oldtimer", "Fußball, zweite Mannschaft")
_OFFERS = (
    (
        "Wärmerückgewinnung zum Festpreis",
        "Nachrüstsatz mit Einbau, amortisiert in etwa zwei Jahren.",
        "AB",
        6,
        40,
    ),
    ("Kältetrockner: 10 % bei Abnahme bis Jahresende", "Alle Baugrößen, Altgerät wird abgeholt.", "", 20, 37),
    ("Wartungsvertrag: erstes Jahr halber Preis", "Für Anlagen ab 10 Jahren.", "BC", 40, 25),
    ("Sommeraktion Filter", "Satz Filter zum Preis von zweien.", "", 200, -90),
)
"""Title, text, classes, days since it began, days until it ends; the last one is over."""


def draw_business(company: Company, staff: Staff, accounts: list[Account], end: datetime) -> None:
    """Rows of `own_customers`, `offers` and `interests`. Draws apart: nothing else of the company changes by it."""
    sales = next(one for one in staff.everybody if one.role is Role.INSIDE_SALES)
    today = end.date()
    for account in accounts:
        chance = Chance(account.id.int).apart("business")
        is_shown = account is accounts[0]
        if is_shown or chance.happens(0.4):
            for buyer in chance.some(tuple(_BUYERS), 2 if is_shown else chance.number(1, 2)):
                note, trend = _BUYERS[buyer]
                company.add(
                    "own_customers",
                    {
                        "id": chance.id_of(f"own/{account.id}/{buyer}"),
                        "customer_id": account.id,
                        "name": buyer,
                        "trend": trend.value if trend else None,
                        "note": note,
                        "as_of": today - timedelta(days=chance.number(20, 300)),
                        "source": chance.pick(_SOURCES),
                    },
                )
        for someone in account.people:
            is_bauer = is_shown and someone.person.name == "Thomas Bauer"
            if not (is_bauer or chance.happens(0.05)):
                continue
            agreed = today - timedelta(days=chance.number(30, 400))
            company.add(
                "interests",
                {
                    "id": chance.id_of(f"interest/{someone.id}"),
                    "contact_id": someone.id,
                    "text": "Segelfliegen" if is_bauer else chance.pick(_INTERESTS),
                    "agreed_on": agreed,
                    "evidence": "Im Gespräch zugestimmt, Servicebericht",
                    "noted_by_id": sales.id,
                    "noted_at": end - (today - agreed),
                },
            )
    company.add("offers", *(_offer(sales.id, today, end, number) for number in range(len(_OFFERS))))


def _offer(author: object, today: date, end: datetime, number: int) -> dict[str, object]:
    title, text, classes, ago, ahead = _OFFERS[number]
    return {
        "id": Chance(number).id_of(f"offer/{number}"),
        "title": title,
        "text": text,
        "valid_from": today - timedelta(days=ago),
        "valid_until": today + timedelta(days=ahead),
        "classes": classes,
        "trades": "",
        "machines": "",
        "changed_by_id": author,
        "changed_at": end - timedelta(days=ago),
    }


def draw_preparing(
    company: Company, staff: Staff, appointments: Iterable[Appointment], end: datetime
) -> None:
    """Of the technician whom the demo shows: his last known visit he has planned himself, the next one he prepares."""
    me = staff.technicians[0]
    coming = sorted(
        (one for one in appointments if one.technician.id == me.id and one.starts_at > end),
        key=lambda one: one.starts_at,
    )
    if not coming:
        return
    own, following = coming[-1], coming[0]
    plan = VisitPlan(
        customer_id=own.account.id,
        site_id=own.place.id,
        starts_at=own.starts_at,
        ends_at=own.ends_at,
        purpose=own.purpose,
    )
    made = end - timedelta(days=1)
    chance = Chance(own.id.int)
    company.add(
        "visit_plans",
        {
            "id": chance.id_at(made),
            "visit_id": own.id,
            "technician_id": me.id,
            "content": plan.as_json(),
            "recorded_at": made,
            "received_at": made,
        },
    )
    for item in ("history", "contacts"):
        company.add(
            "preparations",
            {
                "change_id": chance.id_of(f"prepared/{item}"),
                "visit_id": following.id,
                "technician_id": me.id,
                "item": item,
                "template_id": FIRST_TEMPLATE,
                "done": True,
                "at": made,
                "received_at": made,
            },
        )
