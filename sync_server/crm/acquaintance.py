"""Reads what the firm knows beyond addresses: to whom a customer sells, and what his people agreed that we note."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from protocol.reference import Interest, OwnCustomer, Trend
from sync_server.store import schema as t
from sync_server.store.many import among


def own_customers_of(
    connection: Connection, customer_ids: Iterable[UUID]
) -> dict[UUID, tuple[OwnCustomer, ...]]:
    """By customer; those of whom nothing is known are left out."""
    table = t.own_customers
    statement = select(table).where(among(connection, table.c.customer_id, customer_ids))
    found: dict[UUID, list[OwnCustomer]] = defaultdict(list)
    for row in connection.execute(statement.order_by(table.c.name, table.c.id)):
        trend = Trend(row.trend) if row.trend else None
        found[row.customer_id].append(
            OwnCustomer(
                id=row.id, name=row.name, trend=trend, note=row.note, as_of=row.as_of, source=row.source
            )
        )
    return {key: tuple(ones) for key, ones in found.items()}


def interests_of(connection: Connection, customer_ids: Iterable[UUID]) -> dict[UUID, tuple[Interest, ...]]:
    """By contact of these customers; the evidence of the consent stays in the office."""
    statement = (
        select(t.interests, t.users.c.name)
        .join(t.contacts, t.contacts.c.id == t.interests.c.contact_id)
        .join(t.users, t.users.c.id == t.interests.c.noted_by_id)
        .where(among(connection, t.contacts.c.customer_id, customer_ids))
        .order_by(t.interests.c.noted_at, t.interests.c.id)
    )
    found: dict[UUID, list[Interest]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.contact_id].append(Interest(text=row.text, agreed_on=row.agreed_on, by_name=row.name))
    return {key: tuple(ones) for key, ones in found.items()}
