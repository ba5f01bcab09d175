"""What inside sales changes of a customer and his people: checked, noted with who and when, told to the tablets."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update

from protocol.ids import new_id
from protocol.reference import Channel, CustomerClass, Influence, Trend
from sync_server.crm import documents
from sync_server.store import schema as t


class MasterFault(StrEnum):
    """What keeps a change from being made."""

    TEXT_MISSING = "text_missing"
    TOO_LONG = "too_long"
    EVIDENCE_MISSING = "evidence_missing"
    """How somebody said yes or no must be shown, or it is worth nothing."""
    AGREEMENT_MISSING = "agreement_missing"
    """An interest is noted with the day on which the person agreed to that, or not at all."""
    DAY_AHEAD = "day_ahead"
    OVERTAKEN = "overtaken"
    """Somebody else has changed it since the page was opened."""


class CannotChange(ValueError):
    """Nothing was changed; `fault` says why."""

    def __init__(self, fault: MasterFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Editor:
    """Who changes something, and when by the firm's calendar and by the clock."""

    user_id: UUID
    today: date
    now: datetime


def set_class(  # noqa: PLR0917  the fields of one form
    connection: Connection, by: Editor, customer_id: UUID, base: str, rank: CustomerClass | None, reason: str
) -> None:
    """Say which class a customer has and why. Raises CannotChange."""
    row = _customer(connection, customer_id)
    _same(base, class_base(row))
    reason = _line(reason, 300, needed=rank is not None)
    values = {
        "customer_class": rank.value if rank else None,
        "class_reason": reason or None,
        "class_decided_on": by.today if rank else None,
    }
    _keep_customer(connection, by, customer_id, values)
    _note(
        connection,
        by,
        customer_id,
        "class",
        _joined(row.customer_class, row.class_reason),
        _joined(rank, reason),
    )
    _tell(connection, by, customer_id)


def set_contact(  # noqa: PLR0917  the fields of one form
    connection: Connection,
    by: Editor,
    contact_id: UUID,
    base: str,
    role: str,
    influence: Influence | None,
    channel: Channel | None,
    reachable: str,
) -> None:
    """Say what a person does, which part he plays when his company buys, how he likes to be reached. Raises CannotChange."""
    row = _contact(connection, contact_id)
    _same(base, contact_base(row))
    values = {
        "role": _line(role, 120) or None,
        "influence": influence.value if influence else None,
        "preferred_channel": channel.value if channel else None,
        "reachable": _line(reachable, 200) or None,
    }
    connection.execute(update(t.contacts).where(t.contacts.c.id == contact_id).values(values))
    before = _joined(row.role, row.influence, row.preferred_channel, row.reachable)
    _note(connection, by, row.customer_id, "contact", before, _joined(*values.values()), contact_id)
    _tell(connection, by, row.customer_id)


def say_consent(  # noqa: PLR0917  the fields of one form
    connection: Connection,
    by: Editor,
    contact_id: UUID,
    channel: Channel,
    purpose: str,
    granted: bool,
    evidence: str,
) -> None:
    """Note a person's yes or no to advertising; the words before it stay as evidence. Raises CannotChange."""
    row = _contact(connection, contact_id)
    purpose = _line(purpose, 120, needed=True)
    evidence = _line(evidence, 500)
    if not evidence:
        raise CannotChange(MasterFault.EVIDENCE_MISSING)
    connection.execute(
        insert(t.consents).values(
            id=new_id(),
            contact_id=contact_id,
            channel=channel.value,
            purpose=purpose,
            granted=granted,
            evidence=evidence,
            at=by.now,
        )
    )
    said = _joined(channel, purpose, "yes" if granted else "no")
    _note(connection, by, row.customer_id, "consent", "", said, contact_id)
    _tell(connection, by, row.customer_id)


def note_interest(  # noqa: PLR0917  the fields of one form
    connection: Connection, by: Editor, contact_id: UUID, text: str, agreed_on: date | None, evidence: str
) -> None:
    """Note what interests a person, with his agreement to that (Art. 7 (1) GDPR). Raises CannotChange."""
    row = _contact(connection, contact_id)
    text = _line(text, 200, needed=True)
    if agreed_on is None:
        raise CannotChange(MasterFault.AGREEMENT_MISSING)
    if agreed_on > by.today:
        raise CannotChange(MasterFault.DAY_AHEAD)
    evidence = _line(evidence, 300)
    if not evidence:
        raise CannotChange(MasterFault.EVIDENCE_MISSING)
    connection.execute(
        insert(t.interests).values(
            id=new_id(),
            contact_id=contact_id,
            text=text,
            agreed_on=agreed_on,
            evidence=evidence,
            noted_by_id=by.user_id,
            noted_at=by.now,
        )
    )
    # What it is stands nowhere else: so that a withdrawal removes all of it.
    _note(connection, by, row.customer_id, "interest", "", agreed_on.isoformat(), contact_id)
    _tell(connection, by, row.customer_id)


def withdraw_interest(connection: Connection, by: Editor, interest_id: UUID) -> bool:
    """The person has withdrawn his agreement: it is gone, here and at the tablets' next contact. Whether it was there."""
    found = connection.execute(
        select(t.interests.c.contact_id, t.contacts.c.customer_id)
        .join(t.contacts, t.contacts.c.id == t.interests.c.contact_id)
        .where(t.interests.c.id == interest_id)
    ).first()
    if found is None:
        return False
    connection.execute(delete(t.interests).where(t.interests.c.id == interest_id))
    _note(connection, by, found.customer_id, "interest_withdrawn", "", "", found.contact_id)
    _tell(connection, by, found.customer_id)
    return True


def add_own_customer(  # noqa: PLR0917  the fields of one form
    connection: Connection,
    by: Editor,
    customer_id: UUID,
    name: str,
    trend: Trend | None,
    note: str,
    source: str,
) -> None:
    """Note to whom a customer sells and how that one develops; one of the same name is replaced. Raises CannotChange."""
    _customer(connection, customer_id)
    name = _line(name, 200, needed=True)
    table = t.own_customers
    same = (table.c.customer_id == customer_id) & (table.c.name == name)
    before = connection.execute(select(table).where(same)).first()
    connection.execute(delete(table).where(same))
    note = _line(note, 300)
    values = {
        "trend": trend.value if trend else None,
        "note": note,
        "source": _line(source, 200),
        "as_of": by.today,
    }
    key = before.id if before else new_id()
    connection.execute(insert(table).values(id=key, customer_id=customer_id, name=name, **values))
    was = _joined(before.name, before.trend, before.note) if before else ""
    _note(connection, by, customer_id, "own_customer", was, _joined(name, trend, note))
    _tell(connection, by, customer_id)


def remove_own_customer(connection: Connection, by: Editor, own_customer_id: UUID) -> bool:
    """He does not sell there any more; whether it was known."""
    table = t.own_customers
    row = connection.execute(select(table).where(table.c.id == own_customer_id)).first()
    if row is None:
        return False
    connection.execute(delete(table).where(table.c.id == own_customer_id))
    _note(connection, by, row.customer_id, "own_customer_removed", _joined(row.name, row.trend, row.note), "")
    _tell(connection, by, row.customer_id)
    return True


def class_base(row: Any) -> str:
    """What stands in the form of the class, to notice that somebody else has changed it."""
    return _joined(row.customer_class, row.class_reason)


def contact_base(row: Any) -> str:
    """What stands in the form of a contact."""
    return _joined(row.role, row.influence, row.preferred_channel, row.reachable)


class Unknown(LookupError):
    """There is no such customer or contact (any more)."""


def _customer(connection: Connection, customer_id: UUID) -> Row[Any]:
    row = connection.execute(select(t.customers).where(t.customers.c.id == customer_id)).first()
    if row is None:
        raise Unknown(str(customer_id))
    return row


def _contact(connection: Connection, contact_id: UUID) -> Row[Any]:
    row = connection.execute(select(t.contacts).where(t.contacts.c.id == contact_id)).first()
    if row is None:
        raise Unknown(str(contact_id))
    return row


def _same(base: str, now: str) -> None:
    if base != now:
        raise CannotChange(MasterFault.OVERTAKEN)


def _line(text: str, longest: int, *, needed: bool = False) -> str:
    line = " ".join(text.split())
    if needed and not line:
        raise CannotChange(MasterFault.TEXT_MISSING)
    if len(line) > longest:
        raise CannotChange(MasterFault.TOO_LONG)
    return line


def _joined(*texts: str | None) -> str:
    return " · ".join(str(text) for text in texts if text)


def _keep_customer(connection: Connection, by: Editor, customer_id: UUID, values: dict[str, Any]) -> None:
    connection.execute(update(t.customers).where(t.customers.c.id == customer_id).values(values))


def _note(  # noqa: PLR0917  one row
    connection: Connection,
    by: Editor,
    customer_id: UUID,
    what: str,
    before: str,
    after: str,
    contact_id: UUID | None = None,
) -> None:
    connection.execute(
        insert(t.edits).values(
            customer_id=customer_id,
            contact_id=contact_id,
            actor_id=by.user_id,
            at=by.now,
            what=what,
            before=before,
            after=after,
        )
    )


def _tell(connection: Connection, by: Editor, customer_id: UUID) -> None:
    _keep_customer(connection, by, customer_id, {"changed_at": by.now})
    documents.publish_customer(connection, customer_id, by.now)
