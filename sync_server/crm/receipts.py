"""Receipts, stored under the change's id as a unique key: whoever inserts it first stores the change (S1, S2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update

from protocol.changes import Outcome, Receipt
from protocol.problems import Advice, Code, Problem, problem
from protocol.rules.access import Who
from sync_server.store.inserting import insert_or_skip
from sync_server.store.schema import receipts

_FINAL = frozenset({Advice.CORRECT, Advice.GIVE_UP})
"""A rejection is stored as the change's receipt if the same change can never be taken; one that says
"retry" or "update" is not, so that the change is taken when what it waited for is there."""


def is_final(refusal: Problem) -> bool:
    """Whether a rejection holds for ever, and is therefore stored."""
    return refusal.advice in _FINAL


def claim(
    connection: Connection, who: Who, device_id: UUID, expected: Sequence[Receipt], now: datetime
) -> set[UUID]:
    """Insert the receipts that are expected to be given, where no receipt is yet; give those changes' ids.

    Never select, then insert: of two pushes of the same change at once, one claims it, the other waits
    for the first one's transaction and then reads its receipt.
    """
    if not expected:
        return set()
    rows = [
        {
            "change_id": receipt.change_id,
            "user_id": who.user_id,
            "device_id": device_id,
            "receipt": receipt.as_json(),
            "received_at": now,
        }
        for receipt in expected
    ]
    statement = insert_or_skip(connection, receipts).returning(receipts.c.change_id)
    return set(connection.execute(statement, rows).scalars())


def settle(connection: Connection, changed: Iterable[Receipt]) -> None:
    """Write what became of claimed changes where it is not what was expected."""
    other = [receipt for receipt in changed if receipt.problem is None or is_final(receipt.problem)]
    open_again = [
        receipt.change_id for receipt in changed if receipt.problem is not None and receipt not in other
    ]
    if other:
        statement = update(receipts).where(receipts.c.change_id == bindparam("change"))
        connection.execute(
            statement.values(receipt=bindparam("text")),
            [{"change": receipt.change_id, "text": receipt.as_json()} for receipt in other],
        )
    if open_again:
        connection.execute(delete(receipts).where(receipts.c.change_id.in_(open_again)))


def given(
    connection: Connection, who: Who, change_ids: Sequence[UUID], now: datetime, language: str
) -> dict[UUID, Receipt]:
    """The receipts that were given for these changes before; another user's are not shown."""
    if not change_ids:
        return {}
    found: dict[UUID, Receipt] = {}
    statement = select(receipts.c.change_id, receipts.c.user_id, receipts.c.receipt)
    for row in connection.execute(statement.where(receipts.c.change_id.in_(change_ids))):
        if row.user_id == who.user_id:
            found[row.change_id] = Receipt.model_validate_json(row.receipt)
        else:
            found[row.change_id] = rejection(row.change_id, problem(Code.ID_TAKEN, language=language), now)
    return found


def rejection(change_id: UUID, refusal: Problem, now: datetime) -> Receipt:
    """The receipt of a change that was not taken."""
    return Receipt(change_id=change_id, outcome=Outcome.REJECTED, received_at=now, problem=refusal)
