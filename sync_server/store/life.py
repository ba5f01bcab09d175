"""The life of a database (rules S8, S13): its epoch, and how a copy or a restored dump is noticed on PostgreSQL.

A position in the feed holds the id of a transaction, which means something in one cluster only. Whoever restores a
dump, copies the database or goes back in time with PostgreSQL's own tools begins another life: tablets must read
anew, and offer again what they have confirmed. The embedded database cannot tell by itself; there
`rundgang restore` does it.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, insert, select, text

from protocol.reference import Entity
from protocol.rules.checksum import fingerprint
from sync_server.store import facts
from sync_server.store.schema import audience_totals, feed, pairing_codes, sessions
from sync_server.store.schema import facts as facts_table


def begin(connection: Connection, epoch: UUID | None = None) -> UUID:
    """Make what is in the database a life of its own, with another epoch and positions that are in order here.

    Args:
        epoch: a random one when not given.
    """
    chosen = epoch or uuid4()
    if connection.dialect.name == "postgresql":
        _number_anew(connection)
        facts.put(connection, facts.LIFE, _place(connection))
    facts.put(connection, facts.EPOCH, str(chosen))
    return chosen


def notice(connection: Connection) -> bool:
    """Begin a new life if this database is a copy, a restored dump, or was set back; whether it was.

    Call when a server or a command starts, as the only one who does.
    """
    if connection.dialect.name != "postgresql":
        return False
    lived, here = facts.get(connection, facts.LIFE), _place(connection)
    if lived == here:
        return False
    if lived is None:
        if connection.execute(select(feed.c.position).limit(1)).first() is not None:
            # A restore has taken the mark away: whose transactions the positions name is not known.
            _number_anew(connection)
        facts.put(connection, facts.LIFE, here)
        return False
    before = facts.epoch(connection)
    begin(connection)
    told = {"at": datetime.now(UTC).isoformat(), "backup_of": None, "from": str(before)}
    facts.put(connection, facts.RESTORED, json.dumps(told))
    # Who has signed out, or changed the password since, must not be signed in again.
    connection.execute(delete(sessions))
    connection.execute(delete(pairing_codes))
    return True


def _place(connection: Connection) -> str:
    """Cluster, timeline, database and table: one of them is another one after whatever PostgreSQL's tools can do."""
    place: str = connection.execute(_PLACE).scalar_one()
    return place


_PLACE = text(
    "SELECT concat_ws('/',"
    " (SELECT system_identifier FROM pg_control_system()),"
    " left(pg_walfile_name(pg_current_wal_lsn()), 8),"
    " (SELECT oid FROM pg_database WHERE datname = current_database()),"
    " 'feed'::regclass::oid)"
)


def _number_anew(connection: Connection) -> None:
    """Number the feed from 1 in its order: below the position of any transaction that can still come."""
    connection.execute(text("LOCK TABLE feed, audience_totals IN EXCLUSIVE MODE"))
    # By way of negative numbers, so that no two rows have the same one in between.
    connection.execute(text("UPDATE feed SET position = -position"))
    connection.execute(
        text(
            "UPDATE feed SET position = numbered.place"
            " FROM (SELECT position AS old, row_number() OVER (ORDER BY position DESC) AS place FROM feed) AS numbered"
            " WHERE feed.position = numbered.old"
        )
    )
    connection.execute(delete(facts_table).where(facts_table.c.name == facts.FEED_HORIZON))
    _add_up_anew(connection)


def _add_up_anew(connection: Connection) -> None:
    connection.execute(delete(audience_totals))
    counts: dict[str, int] = defaultdict(int)
    checksums: dict[str, int] = defaultdict(int)
    held = select(feed.c.audience, feed.c.entity, feed.c.thing_id, feed.c.position).where(
        feed.c.body.is_not(None)
    )
    for row in connection.execute(held, execution_options={"yield_per": 5_000}):
        counts[row.audience] += 1
        checksums[row.audience] ^= fingerprint(Entity(row.entity), row.thing_id, row.position)
    rows = [
        {"audience": audience, "writer": 0, "count": count, "checksum": checksums[audience]}
        for audience, count in counts.items()
    ]
    if rows:
        connection.execute(insert(audience_totals), rows)
