"""A customer as inside sales reads it: sites, contacts with their consents, machines, history, observations."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, RowMapping, case, func, literal, or_, select

from protocol.reference import Channel
from protocol.rules.search import fold
from sync_server.crm.lead_filters import MAX_QUERY
from sync_server.store.schema import (
    assets,
    consents,
    contacts,
    customers,
    history,
    observations,
    sightings,
    sites,
    users,
)


class CustomerLine(NamedTuple):
    """A customer in a list."""

    id: UUID
    number: str
    name: str
    customer_class: str | None
    city: str | None
    territory: str
    observations: int
    last_observed_at: datetime | None


@dataclass(frozen=True)
class ConsentView:
    """What a person has permitted or refused for one channel and purpose (Werbeerlaubnis), newest word."""

    channel: Channel
    purpose: str
    granted: bool
    evidence: str
    at: datetime


@dataclass(frozen=True)
class ContactView:
    """A person at the customer."""

    id: UUID
    name: str
    role: str | None
    phone: str | None
    email: str | None
    preferred_channel: Channel | None
    has_left: bool
    consents: tuple[ConsentView, ...]


@dataclass(frozen=True)
class HistoryView:
    """One past contact."""

    at: datetime
    channel: Channel
    summary: str
    by_name: str | None
    contact_name: str | None


@dataclass(frozen=True)
class CustomerCard:
    """A customer with everything that hangs on it; rows of sites and assets are those of their tables."""

    id: UUID
    number: str
    name: str
    customer_class: str | None
    industry: str | None
    city: str | None
    territory: str
    field_sales_name: str | None
    sites: tuple[RowMapping, ...]
    contacts: tuple[ContactView, ...]
    assets: tuple[RowMapping, ...]
    history: tuple[HistoryView, ...]
    history_count: int

    @property
    def own_assets(self) -> int:
        """Machines that we delivered."""
        return sum(bool(asset["ours"]) for asset in self.assets)

    def contact(self, contact_id: UUID | None) -> ContactView | None:
        """The contact with this id."""
        return next((contact for contact in self.contacts if contact.id == contact_id), None)


def search_customers(connection: Connection, query: str, *, limit: int) -> list[CustomerLine]:
    """Customers whose name, city or number has words beginning with those of the query, by name.

    Whole names and beginnings of names come first.
    """
    folded = fold(query[:MAX_QUERY])
    text = literal(" ") + customers.c.folded_name + literal(" ") + func.lower(customers.c.number)
    statement = (
        select(
            customers.c.id,
            customers.c.number,
            customers.c.name,
            customers.c.customer_class,
            customers.c.city,
            customers.c.territory,
            func.count(observations.c.id),
            func.max(observations.c.observed_at, type_=observations.c.observed_at.type),
        )
        .outerjoin(observations, observations.c.customer_id == customers.c.id)
        .group_by(customers.c.id)
        .limit(limit)
    )
    for word in folded.split():
        statement = statement.where(or_(text.like(f"% {word}%")))
    begins = case((customers.c.folded_name.like(f"{folded}%"), 0), else_=1)
    statement = statement.order_by(begins, customers.c.folded_name, customers.c.id)
    return [CustomerLine(*row) for row in connection.execute(statement)]


def read_customer(connection: Connection, customer_id: UUID, *, history_limit: int) -> CustomerCard | None:
    """The customer with the newest `history_limit` entries of its history; None if there is none."""
    found = (
        connection.execute(
            select(customers, users.c.name.label("field_sales_name"))
            .outerjoin(users, users.c.id == customers.c.field_sales_id)
            .where(customers.c.id == customer_id)
        )
        .mappings()
        .first()
    )
    if found is None:
        return None
    return CustomerCard(
        id=found["id"],
        number=found["number"],
        name=found["name"],
        customer_class=found["customer_class"],
        industry=found["industry"],
        city=found["city"],
        territory=found["territory"],
        field_sales_name=found["field_sales_name"],
        sites=tuple(
            connection.execute(
                select(sites).where(sites.c.customer_id == customer_id).order_by(sites.c.name)
            ).mappings()
        ),
        contacts=_contacts(connection, customer_id),
        assets=_assets(connection, customer_id),
        history=_history(connection, customer_id, history_limit),
        history_count=connection.execute(
            select(func.count()).select_from(history).where(history.c.customer_id == customer_id)
        ).scalar_one(),
    )


def _assets(connection: Connection, customer_id: UUID) -> tuple[RowMapping, ...]:
    """Machines, ours first; those that were reported with the newest report: its day, author and lead."""
    newest_first = func.row_number().over(
        partition_by=sightings.c.asset_id,
        order_by=(sightings.c.seen_at.desc(), sightings.c.observation_id.desc()),
    )
    seen = (
        select(
            sightings.c.asset_id,
            sightings.c.condition,
            sightings.c.seen_at,
            observations.c.lead_id,
            users.c.name.label("seen_by"),
            newest_first.label("place"),
        )
        .join(observations, observations.c.id == sightings.c.observation_id)
        .join(users, users.c.id == observations.c.author_id)
        .where(observations.c.customer_id == customer_id)
        .subquery()
    )
    statement = (
        select(
            assets,
            sites.c.name.label("site_name"),
            seen.c.condition,
            seen.c.seen_at,
            seen.c.seen_by,
            seen.c.lead_id,
        )
        .outerjoin(sites, sites.c.id == assets.c.site_id)
        .outerjoin(seen, (seen.c.asset_id == assets.c.id) & (seen.c.place == 1))
        .where(assets.c.customer_id == customer_id)
        .order_by(assets.c.ours.desc(), assets.c.maker, assets.c.model)
    )
    return tuple(connection.execute(statement).mappings())


def _contacts(connection: Connection, customer_id: UUID) -> tuple[ContactView, ...]:
    rows = (
        connection.execute(
            select(contacts)
            .where(contacts.c.customer_id == customer_id)
            .order_by(contacts.c.has_left, contacts.c.name)
        )
        .mappings()
        .all()
    )
    said: dict[UUID, dict[tuple[str, str], ConsentView]] = {row["id"]: {} for row in rows}
    # Append-only: the newest word of each person for a channel and purpose counts.
    for row in connection.execute(
        select(consents).where(consents.c.contact_id.in_(list(said))).order_by(consents.c.at, consents.c.id)
    ).mappings():
        said[row["contact_id"]][row["channel"], row["purpose"]] = ConsentView(
            Channel(row["channel"]), row["purpose"], row["granted"], row["evidence"], row["at"]
        )
    return tuple(
        ContactView(
            id=row["id"],
            name=row["name"],
            role=row["role"],
            phone=row["phone"],
            email=row["email"],
            preferred_channel=Channel(row["preferred_channel"]) if row["preferred_channel"] else None,
            has_left=row["has_left"],
            consents=tuple(said[row["id"]].values()),
        )
        for row in rows
    )


def _history(connection: Connection, customer_id: UUID, limit: int) -> tuple[HistoryView, ...]:
    rows = connection.execute(
        select(history, users.c.name.label("by_name"), contacts.c.name.label("contact_name"))
        .outerjoin(users, users.c.id == history.c.user_id)
        .outerjoin(contacts, contacts.c.id == history.c.contact_id)
        .where(history.c.customer_id == customer_id)
        .order_by(history.c.at.desc(), history.c.id)
        .limit(limit)
    ).mappings()
    return tuple(
        HistoryView(row["at"], Channel(row["channel"]), row["summary"], row["by_name"], row["contact_name"])
        for row in rows
    )
