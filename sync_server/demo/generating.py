"""Makes the whole demo company from a seed and a day: the same company every time, and no I/O."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from protocol.first_template import first_template
from protocol.pairing import Role
from protocol.rules.search import fold
from protocol.template import Template
from sync_server.demo.acquaintance import class_columns, known_of
from sync_server.demo.album import Album
from sync_server.demo.business import draw_business, draw_preparing
from sync_server.demo.chance import Chance
from sync_server.demo.company import Company
from sync_server.demo.contacts_made import draw_history
from sync_server.demo.customers import Account, draw_accounts
from sync_server.demo.fates import mark_seen
from sync_server.demo.happening import Happening
from sync_server.demo.machines import LIVES, OUR_NAME
from sync_server.demo.people import mail_of
from sync_server.demo.permissions import draw_consents
from sync_server.demo.recording import Story, rows_of
from sync_server.demo.staff import Staff, staff_of
from sync_server.demo.visits import Rounds
from sync_server.demo.worktime import local

SEED = 2_027
CUSTOMERS = 247
OBSERVATIONS = 1_040
ENDS_AT = time(11, 0)
"""Local time of `today` at which the data ends when nobody says otherwise: the middle of a morning."""

_FEWEST = 20


def generate(
    seed: int,
    today: date,
    customers: int = CUSTOMERS,
    observations: int = OBSERVATIONS,
    *,
    at: time = ENDS_AT,
) -> Company:
    """The demo company as it is on a day.

    Args:
        seed: another seed gives other customers and stories.
        today: visits and the newest observations are of this day.
        customers: at least 20.
        observations: about so many, over two years.
        at: local time at which the data ends.

    Raises:
        ValueError: fewer than 20 customers: not every technician would have one.
    """
    if customers < _FEWEST:
        raise ValueError(f"the demo company needs at least {_FEWEST} customers")
    chance, end = Chance(seed), local(today, at)
    staff = staff_of(chance)
    accounts = draw_accounts(chance, today, customers)
    rounds = Rounds(staff, accounts, seed)
    happening = Happening(
        chance.apart("stories"), staff, accounts, rounds, end, appointments=list(rounds.around(today))
    )
    happening.let_happen(observations)
    album = Album(chance.apart("photos"), end)
    album.choose(happening.stories)

    company = Company(seed, today, customers, OUR_NAME, staff.technicians[0].login)
    company.add("users", *_users(staff, end))
    company.add("devices", *_devices(chance.apart("devices"), staff, end))
    company.add("templates", _template(chance.id_of("template"), staff, end))
    for account in accounts:
        _add_account(company, staff, account)
    company.add("history", *draw_history(chance.apart("history"), staff, accounts, end))
    company.add("consents", *draw_consents(chance.apart("consents"), accounts, today))
    album.hand_out()
    happening.write()
    company.add("visits", *(appointment.row for appointment in happening.appointments))
    draw_business(company, staff, accounts, end)
    draw_preparing(company, staff, happening.appointments, end)
    _add_stories(company, chance.apart("inbox"), staff, happening.stories, end)
    company.pictures = album.pictures
    company.add("blobs", *album.rows())
    company.complete()
    return company


def _users(staff: Staff, end: datetime) -> Iterator[dict[str, Any]]:
    for colleague in staff.everybody:
        yield {
            "id": colleague.id,
            "login": colleague.login,
            "name": colleague.name,
            "email": mail_of(colleague.person, "tannhauer"),
            "role": colleague.role.value,
            "territory": colleague.territory,
            "language": "de",
            "password_hash": None,
            "active": True,
            "created_at": end - timedelta(days=760),
        }


def _template(template_id: UUID, staff: Staff, end: datetime) -> dict[str, Any]:
    """The version in which head of sales has said how long the firm's machines last."""
    (head, *_) = staff.with_role(Role.HEAD_OF_SALES)
    kinds = first_template().kinds
    return {
        "id": template_id,
        "number": 1,
        "content": Template(id=template_id, kinds=kinds, lives=LIVES).as_json(),
        "author_id": head.id,
        "published_at": end - timedelta(days=300),
    }


def _devices(chance: Chance, staff: Staff, end: datetime) -> Iterator[dict[str, Any]]:
    """Tablets of all technicians but the one whom the demo link pairs anew; one is lost and blocked."""
    for number, technician in enumerate(staff.technicians[1:], 2):
        lost = number == len(staff.technicians)
        seen = end - (timedelta(days=64) if lost else timedelta(minutes=chance.number(3, 1300)))
        yield {
            "id": chance.id_of(f"device/{technician.login}"),
            "user_id": technician.id,
            "name": f"Tablet {number:02d}",
            # The hash of no token: nobody can come in with this tablet.
            "token_hash": chance.bits(32),
            "paired_at": end - timedelta(days=chance.number(90, 420)),
            "last_seen_at": seen,
            "expires_at": seen + timedelta(days=180),
            "blocked_at": end - timedelta(days=62) if lost else None,
            "clock_offset_ms": chance.number(-1800, 2600),
        }


def _add_account(company: Company, staff: Staff, account: Account) -> None:
    firm = account.firm
    town = account.places[0].town
    city = town.name if town else None
    company.add(
        "customers",
        {
            "id": account.id,
            "number": account.number,
            "name": firm.name,
            "folded_name": fold(f"{firm.name} {city or ''}"),
            "customer_class": firm.customer_class,
            "industry": firm.trade.industry,
            "city": city,
            "territory": account.territory,
            "field_sales_id": staff.field_sales_for(account.territory).id,
            "changed_at": account.changed_at,
            **class_columns(account),
        },
    )
    for place in account.places:
        company.add(
            "sites",
            {
                "id": place.id,
                "customer_id": account.id,
                "name": place.name,
                "street": place.street,
                "postal_code": place.town.postal_code if place.town else None,
                "city": place.town.name if place.town else None,
            },
        )
    for someone in account.people:
        company.add(
            "contacts",
            {
                "id": someone.id,
                "customer_id": account.id,
                "site_id": someone.place.id if someone.place else None,
                "name": someone.person.name,
                "role": someone.role,
                "phone": someone.phone,
                "email": someone.email,
                "preferred_channel": someone.channel,
                "has_left": someone.gone,
                **known_of(someone),
            },
        )
    for installed in account.machines:
        company.add(
            "assets",
            {
                "id": installed.id,
                "customer_id": account.id,
                "site_id": installed.place.id,
                "maker": installed.machine.maker,
                "model": installed.machine.model,
                "serial_number": installed.serial_number,
                "built_in": installed.built_in,
                "ours": installed.machine.ours,
                "note": installed.note,
                "service_due_on": installed.service_due_on,
            },
        )


def _add_stories(company: Company, chance: Chance, staff: Staff, stories: list[Story], end: datetime) -> None:
    events: list[dict[str, Any]] = []
    for story in stories:
        written = rows_of(story)
        events.extend(written.pop("lead_events"))
        for table, rows in written.items():
            company.add(table, *rows)
        company.add("seen_by", *mark_seen(chance, story.life, staff, end))
    # Numbered in the order in which they happened, as the product would have.
    company.add("lead_events", *sorted(events, key=lambda event: event["at"]))
