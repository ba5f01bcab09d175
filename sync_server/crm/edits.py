"""Reads who of the inbox has changed what of a customer, and what stands in the forms with which it is changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from sync_server.crm.master_editing import class_base, contact_base
from sync_server.store import schema as t


class Edit(NamedTuple):
    """One change."""

    at: datetime
    by_name: str
    what: str
    contact_name: str | None
    before: str
    after: str


@dataclass(frozen=True)
class ContactForm:
    """A contact with what may be changed of him, and what he agreed that we note."""

    row: RowMapping
    base: str
    interests: tuple[RowMapping, ...]


@dataclass(frozen=True)
class EditPage:
    """Everything on the page on which a customer is changed."""

    row: RowMapping
    base: str
    contacts: tuple[ContactForm, ...]
    own_customers: tuple[RowMapping, ...]
    edits: tuple[Edit, ...]


def read_edit_page(connection: Connection, customer_id: UUID, *, limit: int) -> EditPage | None:
    """The page; None if there is no such customer."""
    row = connection.execute(select(t.customers).where(t.customers.c.id == customer_id)).first()
    if row is None:
        return None
    people = connection.execute(
        select(t.contacts)
        .where(t.contacts.c.customer_id == customer_id)
        .order_by(t.contacts.c.has_left, t.contacts.c.name)
    ).all()
    agreed = connection.execute(
        select(t.interests)
        .where(t.interests.c.contact_id.in_([person.id for person in people]))
        .order_by(t.interests.c.noted_at)
    ).mappings()
    interests = list(agreed)
    own = connection.execute(
        select(t.own_customers)
        .where(t.own_customers.c.customer_id == customer_id)
        .order_by(t.own_customers.c.name)
    ).mappings()
    return EditPage(
        row._mapping,
        class_base(row),
        tuple(
            ContactForm(
                person._mapping,
                contact_base(person),
                tuple(one for one in interests if one["contact_id"] == person.id),
            )
            for person in people
        ),
        tuple(own),
        edits_of(connection, customer_id, limit=limit),
    )


def edits_of(connection: Connection, customer_id: UUID, *, limit: int) -> tuple[Edit, ...]:
    """The newest changes of a customer."""
    rows = connection.execute(
        select(t.edits, t.users.c.name.label("by_name"), t.contacts.c.name.label("contact_name"))
        .join(t.users, t.users.c.id == t.edits.c.actor_id)
        .outerjoin(t.contacts, t.contacts.c.id == t.edits.c.contact_id)
        .where(t.edits.c.customer_id == customer_id)
        .order_by(t.edits.c.id.desc())
        .limit(limit)
    )
    return tuple(Edit(row.at, row.by_name, row.what, row.contact_name, row.before, row.after) for row in rows)
