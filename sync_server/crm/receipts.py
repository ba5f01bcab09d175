"""Receipts, stored under the change's id as a unique key: whoever inserts it first stores the change (S1, S2).

A receipt is written as text once, stored and answered as that text: a retry gets the very same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, update

from protocol.changes import Outcome, Receipt
from protocol.problems import Advice, Code, Problem, problem
from protocol.rules.access import Who
from sync_server.store.many import Batch, among, look_up
from sync_server.store.schema import receipts

_FINAL = frozenset({Advice.CORRECT, Advice.GIVE_UP})
"""A rejection is stored as the change's receipt if the same change can never be taken; one that says
"retry" or "update" is not, so that the change is taken when what it waited for is there."""


def is_final(refusal: Problem) -> bool:
    """Whether a rejection holds for ever, and is therefore stored."""
    return refusal.advice in _FINAL


def taken(change_id: str, outcome: Outcome, at: str) -> str:
    """The receipt of a change that was not rejected, as `Receipt.as_json` writes it.

    Args:
        at: when the push was received, as `moment` writes it.
    """
    return f'{{"change_id":"{change_id}","outcome":"{outcome}","received_at":"{at}"}}'


def rejection(change_id: str, refusal: Problem, now: datetime) -> str:
    """The receipt of a change that was not taken."""
    receipt = Receipt(change_id=UUID(change_id), outcome=Outcome.REJECTED, received_at=now, problem=refusal)
    return receipt.as_json()


class Claim(NamedTuple):
    """The receipt that is expected to be given for a change, and who sent it: ids as text."""

    change_id: str
    receipt: str
    user_id: str
    device_id: str


def claim(connection: Connection, claims: Iterable[Claim], now: datetime) -> set[str]:
    """Insert the receipts that are expected to be given, where no receipt is yet; give those changes' ids.

    Never select, then insert: of two pushes of the same change at once, one claims it, the other waits
    for the first one's transaction and then reads its receipt.
    """
    rows = Batch(receipts, *Claim._fields)
    for one in claims:
        rows.add(one)
    return rows.insert_absent(connection, received_at=now)


def settle(connection: Connection, changed: Mapping[str, str]) -> None:
    """Write what became of claimed changes where it is not what was expected."""
    if changed:
        statement = update(receipts).where(receipts.c.change_id == bindparam("change"))
        connection.execute(
            statement.values(receipt=bindparam("text")),
            [{"change": UUID(change_id), "text": receipt} for change_id, receipt in changed.items()],
        )


def take_back(connection: Connection, change_ids: Sequence[str]) -> None:
    """Forget claims: these changes may come again and be taken then."""
    if change_ids:
        connection.execute(delete(receipts).where(among(connection, receipts.c.change_id, change_ids)))


def given(
    connection: Connection, who: Who, change_ids: Sequence[str], now: datetime, language: str
) -> dict[str, str]:
    """The receipts that were given for these changes before; another user's are not shown."""
    if not change_ids:
        return {}
    found: dict[str, str] = {}
    held = receipts.c
    for row in look_up(connection, held.change_id, change_ids, held.user_id, held.receipt):
        change_id = str(row.change_id)
        if row.user_id == who.user_id:
            found[change_id] = row.receipt
        else:
            found[change_id] = rejection(change_id, problem(Code.ID_TAKEN, language=language), now)
    return found
