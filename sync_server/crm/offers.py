"""Special offers: kept by inside sales, given to the tablets with the customers whom they fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from protocol.ids import new_id
from protocol.reference import Offer
from protocol.rules.offers import Audience, fits
from sync_server.store import schema as t

_AT_MOST = 10
"""Offers in one customer's document: three are shown, others follow when those end."""


class KeptOffer(NamedTuple):
    """An offer and for whom it is."""

    offer: Offer
    audience: Audience


@dataclass(frozen=True)
class OfferForm:
    """An offer as it was written."""

    title: str
    text: str
    valid_from: date
    valid_until: date
    classes: str
    trades: str
    machines: str

    @property
    def audience(self) -> Audience:
        """For whom it is."""
        return _audience(self.classes, self.trades, self.machines)


def kept(connection: Connection) -> list[KeptOffer]:
    """Every offer that was not withdrawn, the one that ends first at the top."""
    table = t.offers
    rows = connection.execute(
        select(table, t.users.c.name.label("by_name"))
        .join(t.users, t.users.c.id == table.c.changed_by_id)
        .where(table.c.withdrawn_at.is_(None))
        .order_by(table.c.valid_until, table.c.id)
    )
    return [
        KeptOffer(
            Offer(
                id=row.id,
                title=row.title,
                text=row.text,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                by_name=row.by_name,
                changed_at=row.changed_at,
            ),
            _audience(row.classes, row.trades, row.machines),
        )
        for row in rows
    ]


def fitting(
    offers: Iterable[KeptOffer], customer_class: str | None, trade: str | None, machines: Sequence[str]
) -> tuple[Offer, ...]:
    """Those that fit a customer. Whether one is valid today the tablet decides, which may be without network."""
    found = [one.offer for one in offers if fits(one.audience, customer_class, trade, machines)]
    return tuple(found[-_AT_MOST:])


def keep(
    connection: Connection, actor_id: UUID, offer_id: UUID | None, form: OfferForm, now: datetime
) -> UUID:
    """Make an offer, or change one, and note all customers whom it fitted before or fits now: see `republishing`."""
    values: dict[str, Any] = {
        **vars(form),
        "changed_by_id": actor_id,
        "changed_at": now,
        "withdrawn_at": None,
    }
    before = _audience_of(connection, offer_id)
    if offer_id is None or before is None:
        key = offer_id or new_id()
        connection.execute(insert(t.offers).values(id=key, **values))
    else:
        key = offer_id
        connection.execute(update(t.offers).where(t.offers.c.id == key).values(values))
    _note(
        connection, actor_id, key, now, "offer", "", f"{form.title} ({form.valid_from} – {form.valid_until})"
    )
    _publish(connection, [audience for audience in (before, form.audience) if audience], now)
    return key


def withdraw(connection: Connection, actor_id: UUID, offer_id: UUID, now: datetime) -> bool:
    """End an offer before its day, and note whom it fitted (see `republishing`); whether there was one."""
    before = _audience_of(connection, offer_id)
    if before is None:
        return False
    connection.execute(update(t.offers).where(t.offers.c.id == offer_id).values(withdrawn_at=now))
    _note(connection, actor_id, offer_id, now, "offer_withdrawn", "", "")
    _publish(connection, [before], now)
    return True


def _note(  # noqa: PLR0917  one row
    connection: Connection, actor_id: UUID, offer_id: UUID, now: datetime, what: str, before: str, after: str
) -> None:
    row = {"offer_id": offer_id, "actor_id": actor_id, "at": now, "what": what}
    connection.execute(insert(t.edits).values(**row, before=before, after=after))


def _publish(connection: Connection, audiences: Sequence[Audience], now: datetime) -> None:
    from sync_server.crm import republishing  # renders with this module

    machines: dict[UUID, list[str]] = {}
    for row in connection.execute(select(t.assets.c.customer_id, t.assets.c.maker, t.assets.c.model)):
        machines.setdefault(row.customer_id, []).append(f"{row.maker} {row.model}")
    customers = t.customers.c
    ids = [
        row.id
        for row in connection.execute(select(customers.id, customers.customer_class, customers.industry))
        if any(fits(one, row.customer_class, row.industry, machines.get(row.id, ())) for one in audiences)
    ]
    republishing.note(connection, ids, now)


def _audience_of(connection: Connection, offer_id: UUID | None) -> Audience | None:
    row = connection.execute(select(t.offers).where(t.offers.c.id == offer_id)).first()
    return None if row is None else _audience(row.classes, row.trades, row.machines)


def _audience(classes: str, trades: str, machines: str) -> Audience:
    return Audience(frozenset(classes), tuple(trades.splitlines()), tuple(machines.splitlines()))
