"""The feed that tablets read: the newest state of each thing per audience, in commit order (rules S8 to S12).

Every function takes a connection whose transaction the caller has begun with `Database.writing()` (or
`reading()` for the reading ones), so that the feed changes together with the tables it is made from.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Dialect,
    Row,
    Select,
    String,
    bindparam,
    cast,
    delete,
    func,
    select,
    text,
    type_coerce,
    union_all,
)

from protocol.fields import Document
from protocol.limits import TOMBSTONES_KEPT
from protocol.reading import Totals
from protocol.reference import Entity
from protocol.rules.checksum import fingerprint
from sync_server.store import facts
from sync_server.store.inserting import insert_or_update
from sync_server.store.locking import several_write
from sync_server.store.many import Batch, among, insert_many
from sync_server.store.positions import Bounds, bounds, following, writer_of
from sync_server.store.schema import audience_totals, feed

__all__ = [
    "Bounds",
    "Entry",
    "Page",
    "audiences_of",
    "bounds",
    "count_after",
    "epoch",
    "fold_totals",
    "prune_tombstones",
    "publish",
    "put",
    "read_page",
    "replace",
    "retract",
    "retract_many",
    "totals",
]

_T = TypeVar("_T")

_AT_ONCE = 500
"""Rows in one statement: far below SQLite's limit of 32,766 bound values."""


class Entry(NamedTuple):
    """The newest state of a thing for one audience; a body of None is a tombstone."""

    audience: str
    entity: Entity
    thing_id: UUID
    body: str | None


class Page(NamedTuple):
    """Rows of the feed after a position, oldest first: (position, entity, thing's id as stored, body).

    The id is left as the database has it, on SQLite 32 hexadecimal digits: making UUIDs only to write
    them out again took a third of a pull.

    Attributes:
        more: whether further rows can be read at once.
        held_back: whether there are rows that must wait for an older transaction (PostgreSQL): the totals
            count them already, and would not fit to what may be read.
    """

    rows: Sequence[Row[int, str, str, str | None]]
    more: bool
    held_back: bool = False


def publish(  # noqa: PLR0917  a sentence: to whom, what, which, how, when
    connection: Connection, audience: str, entity: Entity, thing_id: UUID, body: Document, now: datetime
) -> None:
    """Make a document the newest state of a thing for an audience."""
    put(connection, [Entry(audience, entity, thing_id, body.as_json())], now)


def replace(
    connection: Connection,
    entity: Entity,
    things: Iterable[UUID],
    shown: Iterable[tuple[str, UUID, Document]],
    now: datetime,
) -> None:
    """Show things to exactly these audiences: publish to them, retract from all others that had them.

    Args:
        things: ids of the things that this is about; those without a document are retracted everywhere.
        shown: (audience, thing's id, document).
    """
    wanted = [Entry(audience, entity, thing, body.as_json()) for audience, thing, body in shown]
    keys = {entry[:3] for entry in wanted}
    gone = [
        Entry(audience, entity, thing, None)
        for thing, audiences in audiences_of(connection, entity, list(things)).items()
        for audience in sorted(audiences)
        if (audience, entity, thing) not in keys
    ]
    put(connection, gone + wanted, now)


def retract(connection: Connection, audience: str, entity: Entity, thing_id: UUID, now: datetime) -> None:
    """Leave a tombstone where an audience had a thing; nothing happens where it had none."""
    retract_many(connection, [(audience, entity, thing_id)], now)


def retract_many(connection: Connection, things: Iterable[tuple[str, Entity, UUID]], now: datetime) -> None:
    """Retract many things, given as (audience, entity, thing's id)."""
    put(connection, (Entry(audience, entity, thing, None) for audience, entity, thing in things), now)


def put(connection: Connection, entries: Iterable[Entry], now: datetime) -> None:
    """Write entries and tombstones in their order; among entries of one thing and audience the last counts.

    What is there already, word for word, keeps its position: nobody reads it again.
    """
    for some in _in_parts(entries):
        _put_some(connection, list({entry[:3]: entry for entry in some}.values()), now)


def append(connection: Connection, entity: Entity, documents: Sequence[tuple[str, str, str]]) -> None:
    """Publish things that no audience has had before, given as (audience, thing's id as text, document).

    Nothing is looked up: whoever has just made the things knows that they are new.

    Raises:
        IntegrityError: an audience has one of them after all; the transaction must be undone.
    """
    if not documents:
        return
    positions = following(connection, len(documents))
    rows = Batch(feed, "position", "audience", "thing_id", "body")
    counts: dict[str, int] = defaultdict(int)
    checksums: dict[str, int] = defaultdict(int)
    for position, (audience, thing, body) in zip(positions, documents, strict=True):
        rows.add((position, audience, thing, body))
        counts[audience] += 1
        checksums[audience] ^= fingerprint(entity, thing, position)
    rows.insert(connection, entity=entity.value)
    _add_to_totals(connection, counts, checksums)


def audiences_of(connection: Connection, entity: Entity, things: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Which audiences hold each of these things at present."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for row in _rows_of(connection, entity, things):
        if row.body is not None:
            found[row.thing_id].add(row.audience)
    return found


def read_page(
    connection: Connection,
    audiences: Iterable[str],
    after: int,
    limit: int,
    *,
    end: int,
    no_tombstones_until: int = 0,
) -> Page:
    """What changed for these audiences after a position, at most `limit` rows.

    Args:
        end: the last position that may be read, from `bounds` in the same transaction.
        no_tombstones_until: leave tombstones out up to this position: whoever began to read anew when the
            feed ended there never got the things that they are about.
    """
    names = sorted(audiences)
    values: dict[str, Any] = {f"audience{place}": name for place, name in enumerate(names)}
    values |= {"after": after, "tombstones_after": no_tombstones_until, "limit": limit + 1}
    rows = connection.execute(_page_of(len(names), connection.dialect.name), values).all()
    if rows and rows[-1][0] > end:
        return Page([row for row in rows if row[0] <= end], more=False, held_back=True)
    return Page(rows[:limit], len(rows) > limit)


def count_after(connection: Connection, audiences: Iterable[str], after: int) -> int:
    """About how many rows these audiences have after a position (tombstones included)."""
    values = {"audiences": sorted(audiences), "after": after}
    counted: int = connection.execute(_count_after(), values).scalar_one()
    return counted


def totals(connection: Connection, audiences: Iterable[str]) -> Totals:
    """Count and checksum of what a tablet with these audiences must hold (rule S9a)."""
    count = checksum = 0
    for of_audience, flipped in connection.execute(_totals(), {"audiences": sorted(audiences)}):
        count += of_audience
        checksum ^= flipped
    return Totals(count=count, checksum=checksum)


def epoch(connection: Connection) -> UUID:
    """Identity of this life of the database (rule S13)."""
    return facts.epoch(connection)


def prune_tombstones(connection: Connection, now: datetime) -> int:
    """Forget tombstones that no paired tablet can still need, move the horizon, give their number."""
    outdated = feed.c.body.is_(None) & (feed.c.gone_at < now - TOMBSTONES_KEPT)
    last = connection.execute(select(func.max(feed.c.position)).where(outdated)).scalar()
    if last is None:
        return 0
    pruned = connection.execute(delete(feed).where(outdated)).rowcount
    facts.put(connection, facts.FEED_HORIZON, str(max(last, bounds(connection).horizon)))
    return pruned


def fold_totals(connection: Connection) -> None:
    """Make one share of an audience's many: connections come and go, and each leaves its own (PostgreSQL)."""
    if several_write(connection):
        connection.execute(_FOLD)


# What somebody is writing at the moment is left for the next time: nobody waits for this, nor this for anybody.
_FOLD = text(
    "WITH free AS (SELECT audience, writer FROM audience_totals WHERE writer <> 0 FOR UPDATE SKIP LOCKED),"
    " gone AS (DELETE FROM audience_totals AS share USING free"
    " WHERE share.audience = free.audience AND share.writer = free.writer"
    " RETURNING share.audience, share.count, share.checksum)"
    " INSERT INTO audience_totals AS kept (audience, writer, count, checksum)"
    " SELECT audience, 0, sum(count), bit_xor(checksum) FROM gone GROUP BY audience ORDER BY audience"
    " ON CONFLICT (audience, writer) DO UPDATE"
    " SET count = kept.count + excluded.count, checksum = kept.checksum # excluded.checksum"
)


# Statements are made once: putting one together takes SQLAlchemy longer than SQLite needs to run it.


@cache
def _page_of(audiences: int, dialect: str) -> CompoundSelect[Any, Any, Any, Any]:
    as_stored = type_coerce if dialect == "sqlite" else cast
    thing = as_stored(feed.c.thing_id, String).label("thing")
    parts = [
        select(feed.c.position, feed.c.entity, thing, feed.c.body)
        .where(feed.c.audience == bindparam(f"audience{place}"), feed.c.position > bindparam("after"))
        .where(feed.c.body.is_not(None) | (feed.c.position > bindparam("tombstones_after")))
        for place in range(audiences)
    ]
    return union_all(*parts).order_by("position").limit(bindparam("limit"))


@cache
def _count_after() -> Select[int]:
    mine = feed.c.audience.in_(bindparam("audiences", expanding=True))
    return select(func.count()).where(mine, feed.c.position > bindparam("after"))


@cache
def _totals() -> Select[int, int]:
    mine = audience_totals.c.audience.in_(bindparam("audiences", expanding=True))
    return select(audience_totals.c.count, audience_totals.c.checksum).where(mine)


class _Old(NamedTuple):
    position: int
    body: str | None


def _put_some(connection: Connection, entries: list[Entry], now: datetime) -> None:
    old = _old_rows(connection, entries)
    kept = [entry for entry in entries if _is_news(entry, old.get(entry[:3]))]
    if not kept:
        return
    outdated = [old[entry[:3]].position for entry in kept if entry[:3] in old]
    if outdated:
        connection.execute(delete(feed).where(feed.c.position.in_(outdated)))
    positions = _append(connection, kept, now)
    _settle(connection, kept, old, positions)


def _is_news(entry: Entry, old: _Old | None) -> bool:
    # A tombstone is for those who had the thing: elsewhere it would only be read in vain.
    return entry.body != (old.body if old is not None else None)


def _old_rows(connection: Connection, entries: list[Entry]) -> dict[tuple[str, Entity, UUID], _Old]:
    by_entity: dict[Entity, list[UUID]] = defaultdict(list)
    for entry in entries:
        by_entity[entry.entity].append(entry.thing_id)
    return {
        (row.audience, entity, row.thing_id): _Old(row.position, row.body)
        for entity, things in by_entity.items()
        for row in _rows_of(connection, entity, things)
    }


def _rows_of(
    connection: Connection, entity: Entity, things: Sequence[UUID]
) -> Iterator[Row[Any, Any, Any, Any]]:
    statement = select(feed.c.position, feed.c.audience, feed.c.thing_id, feed.c.body)
    for some in _in_parts(set(things)):
        yield from connection.execute(
            statement.where(feed.c.entity == entity.value, among(connection, feed.c.thing_id, some))
        )


def _append(connection: Connection, entries: list[Entry], now: datetime) -> list[int]:
    rows: list[dict[str, Any]] = [
        {
            "audience": entry.audience,
            "entity": entry.entity.value,
            "thing_id": entry.thing_id,
            "body": entry.body,
            "gone_at": now if entry.body is None else None,
        }
        for entry in entries
    ]
    positions = following(connection, len(rows))
    for position, row in zip(positions, rows, strict=True):
        row["position"] = position
    insert_many(connection, feed, rows)
    return list(positions)


def _settle(
    connection: Connection,
    entries: list[Entry],
    old: dict[tuple[str, Entity, UUID], _Old],
    positions: list[int],
) -> None:
    counts: dict[str, int] = defaultdict(int)
    checksums: dict[str, int] = defaultdict(int)
    for entry, position in zip(entries, positions, strict=True):
        before = old.get(entry[:3])
        if before is not None and before.body is not None:
            counts[entry.audience] -= 1
            checksums[entry.audience] ^= fingerprint(entry.entity, entry.thing_id, before.position)
        if entry.body is not None:
            counts[entry.audience] += 1
            checksums[entry.audience] ^= fingerprint(entry.entity, entry.thing_id, position)
    _add_to_totals(connection, counts, checksums)


def _add_to_totals(connection: Connection, counts: Mapping[str, int], checksums: Mapping[str, int]) -> None:
    writer = writer_of(connection)
    added = [
        {"audience": audience, "writer": writer, "count": count, "checksum": checksum}
        | {"change": checksum, "more": count}
        for audience, checksum in checksums.items()
        for count in (counts[audience],)
    ]
    connection.execute(_adding_to_totals(connection.dialect), added)


@cache
def _adding_to_totals(dialect: Dialect) -> Any:
    total = audience_totals.c
    both: BindParameter[int] = bindparam("change", type_=total.checksum.type)
    # Neither engine's SQL has an exclusive or in common: what either has, less what both have.
    flipped = total.checksum.op("|")(both) - total.checksum.op("&")(both)
    more: BindParameter[int] = bindparam("more", type_=total.count.type)
    return insert_or_update(
        dialect,
        audience_totals,
        ["audience", "writer"],
        {"count": total.count + more, "checksum": flipped},
    )


def _in_parts(items: Iterable[_T]) -> Iterator[list[_T]]:
    part: list[_T] = []
    for item in items:
        part.append(item)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part
