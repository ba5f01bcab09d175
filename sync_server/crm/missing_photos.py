"""Photos that no tablet can give any more: noted at their observations, until one of them comes after all (S13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from sync_server.crm import holding
from sync_server.crm.documents import publish_observations
from sync_server.store import schema as t


@dataclass(frozen=True)
class Noted:
    """What became of it: photos that are here all the same, and the leads at which another one is missing now."""

    received: Sequence[str]
    leads: Sequence[UUID]


def note(connection: Connection, author_id: UUID, hashes: Sequence[str], now: datetime) -> Noted:
    """Note that the tablet of this author no longer has these photos.

    Only his own observations are touched; a photo that nobody has named is nobody's and is passed over.
    """
    holding.photos(connection, sorted(hashes))
    received = (
        connection.execute(
            select(t.blobs.c.sha256).where(t.blobs.c.sha256.in_(hashes)).order_by(t.blobs.c.sha256)
        )
        .scalars()
        .all()
    )
    lost = connection.execute(
        select(t.photos.c.id, t.photos.c.observation_id, t.observations.c.lead_id)
        .join(t.observations, t.observations.c.id == t.photos.c.observation_id)
        .where(
            t.photos.c.sha256.in_(set(hashes) - set(received)),
            t.observations.c.author_id == author_id,
            t.photos.c.missing_since.is_(None),
        )
    ).all()
    if lost:
        ids = [row.id for row in lost]
        connection.execute(update(t.photos).where(t.photos.c.id.in_(ids)).values(missing_since=now))
        publish_observations(connection, sorted({row.observation_id for row in lost}), now)
    return Noted(received, sorted({row.lead_id for row in lost}))
