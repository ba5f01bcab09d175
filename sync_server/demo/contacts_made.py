"""Two years of contacts over every channel: important customers more, on working days, in working hours."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from protocol.pairing import Role
from protocol.reference import Channel
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account
from sync_server.demo.machines import Family
from sync_server.demo.staff import Colleague, Staff
from sync_server.demo.texts.contact_history import CHANNEL_WEIGHTS, SUMMARIES, occasion_of
from sync_server.demo.words import Scene, Words, fill
from sync_server.demo.worktime import day_of, local, workday

Row = dict[str, Any]

_PER_CUSTOMER = {"A": (24, 44), "B": (11, 22), "C": (4, 11), "": (2, 8)}


def draw_history(chance: Chance, staff: Staff, accounts: list[Account], end: datetime) -> Iterator[Row]:
    """Rows of `history` up to a moment."""
    for account in accounts:
        low, high = _PER_CUSTOMER[account.firm.customer_class or ""]
        told: list[str] = []
        for _ in range(chance.number(low, high)):
            row = _contact(chance, staff, account, end, told)
            if row["at"] < end:
                yield row


def _contact(chance: Chance, staff: Staff, account: Account, end: datetime, told: list[str]) -> Row:
    channel = chance.weighted(CHANNEL_WEIGHTS)
    # More of it lately: memory and systems both grow.
    days = int(730 * chance.between(0, 1) ** 1.25)
    day = workday(day_of(end) - timedelta(days=days), -1)
    at = local(day, time(chance.number(7, 16), chance.number(0, 59)))
    present = account.present
    contact = chance.pick(present) if present else None
    compressors = account.ours(Family.COMPRESSOR)
    asset = chance.pick(compressors) if compressors else None
    scene = Scene(account, chance.pick(account.places), contact, asset, None, day)
    template = chance.pick([s for s in SUMMARIES[channel] if s not in told[-8:]] or SUMMARIES[channel])
    told.append(template)
    person = _who(chance, staff, account, channel)
    occasion = occasion_of(template)
    return {
        "id": chance.id_at(at),
        "customer_id": account.id,
        "contact_id": contact.id if contact and chance.happens(0.8) else None,
        "user_id": person.id if person else None,
        "at": at,
        "channel": channel.value,
        "summary": fill(template, Words(chance, scene)),
        "occasion": occasion.value if occasion else None,
    }


def _who(chance: Chance, staff: Staff, account: Account, channel: Channel) -> Colleague | None:
    if channel is Channel.VISIT:
        return chance.pick(staff.technicians_of(account.territory))
    if channel is Channel.PORTAL:
        return None
    if channel is Channel.TRADE_FAIR:
        return chance.pick((staff.field_sales_for(account.territory), *staff.with_role(Role.HEAD_OF_SALES)))
    return chance.pick((*staff.inside_sales, staff.field_sales_for(account.territory)))
