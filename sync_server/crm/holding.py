"""What a writer holds while others write at the same time, so that each sees what the one before it has done.

SQLite has one writer at a time and nothing of this is asked of it. On PostgreSQL whoever renders an observation
holds its lead from before the look to the commit: two that change the same one follow each other, and the later one
publishes both changes. The order of kinds is that of `store.locking`.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from sync_server.store import schema as t
from sync_server.store.locking import hold, hold_rows, several_write
from sync_server.store.many import among


def customers(connection: Connection, ids: Iterable[UUID | str]) -> None:
    """No customer of these gets another territory meanwhile; others may hold them so, too."""
    wanted = list(ids)
    if wanted and several_write(connection):
        rows = select(t.customers.c.id).where(among(connection, t.customers.c.id, wanted))
        connection.execute(rows.order_by(t.customers.c.id).with_for_update(read=True))


def customers_for_telling(connection: Connection, ids: Iterable[UUID]) -> None:
    """Nobody else changes these customers meanwhile, nor makes machines of theirs by sightings: what is told of them
    without a change of one's own must not be older than what others are just telling."""
    wanted = sorted(ids)
    hold_rows(
        connection,
        select(t.customers.c.id)
        .where(among(connection, t.customers.c.id, wanted))
        .order_by(t.customers.c.id),
    )
    hold(connection, "machines", [str(key) for key in wanted])


def photos(connection: Connection, hashes: Iterable[str]) -> None:
    """A photo's file and an observation that names it do not arrive unseen by each other."""
    hold(connection, "photo", hashes)


def visits(connection: Connection, ids: Iterable[UUID]) -> None:
    """Nobody else changes these visits meanwhile; one may have no row yet."""
    hold(connection, "visit", [key.hex for key in ids])


def leads_of(connection: Connection, observation_ids: Iterable[UUID | str]) -> None:
    """Nobody else changes these observations, their reviews or their threads meanwhile."""
    wanted = list(observation_ids)
    if wanted and several_write(connection):
        mine = select(t.observations.c.lead_id).where(among(connection, t.observations.c.id, wanted))
        hold_rows(connection, select(t.leads.c.id).where(t.leads.c.id.in_(mine)).order_by(t.leads.c.id))


def machines_at(
    connection: Connection, customer_ids: Iterable[UUID | str], observation_ids: Iterable[UUID | str]
) -> None:
    """Nobody else makes or changes machines of these customers by sightings meanwhile, nor of those at which these
    observations have reported one."""
    if not several_write(connection):
        return
    reported = list(observation_ids)
    before = select(t.assets.c.customer_id).join(t.sightings, t.sightings.c.asset_id == t.assets.c.id)
    known = connection.execute(
        before.where(among(connection, t.sightings.c.observation_id, reported))
    ).scalars()
    hold(
        connection,
        "machines",
        {str(customer_id) for customer_id in (*customer_ids, *(known if reported else ()))},
    )
