"""The thread of an observation: lines of technician and inside sales in the order in which the server got them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, insert, select

from sync_server.store.schema import comments

IN_ORDER: tuple[ColumnElement[object], ...] = (comments.c.received_at, comments.c.id)
"""The order of a thread. A tablet whose clock is wrong would else put its answer before the question (S19)."""

_NEXT = timedelta(microseconds=1)


def add(
    connection: Connection,
    comment_id: UUID,
    observation_id: UUID,
    author_id: UUID,
    text: str,
    *,
    by_technician: bool,
    at: datetime,
    now: datetime,
) -> None:
    """Add a line behind all others.

    Args:
        at: when it was said, by its author's clock; shown, never used for the order.
        now: when the server received it.
    """
    # Several lines of one push were received in the same moment, and a server's clock can be set back.
    newest = connection.execute(
        select(func.max(comments.c.received_at)).where(comments.c.observation_id == observation_id)
    ).scalar()
    received_at = now if newest is None else max(now, newest + _NEXT)
    connection.execute(
        insert(comments).values(
            id=comment_id,
            observation_id=observation_id,
            author_id=author_id,
            by_technician=by_technician,
            text=text,
            at=at,
            received_at=received_at,
        )
    )
