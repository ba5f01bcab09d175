"""Fills a firm's feed and the limit's table with the same documents, through the store's bulk path.

A million documents are written by `feed.append`, 10,000 in a transaction; their texts are those of a thousand
observations with new ids. The limit's table gets what the feed holds, in its order.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import select

from bench.firm import BenchFirm, Carried, found, observations
from bench.limit_server import open_database, store
from protocol.ids import new_id
from protocol.reference import Entity
from protocol.rules.access import own_audience
from sync_server.crm import as_written
from sync_server.crm.first_documents import FirstDocuments
from sync_server.crm.known import Sender
from sync_server.settings import Settings
from sync_server.store import Database, feed, on_postgres, schema
from sync_server.sync_api.cursor import Cursor, scope_of

_DIFFERENT = 1_000
_IN_ONE_TRANSACTION = 10_000


def filled(settings: Settings, folder: Path, documents: int) -> BenchFirm:
    """A firm whose one technician reads this many documents of 1 KB; the limit has the same in `limit.db`."""
    firm = found(settings)
    database = Database(settings.url)
    try:
        waiting = islice(_documents(firm), documents)
        while some := list(islice(waiting, _IN_ONE_TRANSACTION)):
            with database.writing() as connection:
                feed.append(connection, Entity.OBSERVATION, some)
        _copy_for_the_limit(database, folder)
        if not database.is_sqlite:
            with database.writing() as connection:
                on_postgres.count_anew(connection)
    finally:
        database.close()
    return firm


def cursor_before_the_last(firm: BenchFirm, documents: int) -> str:
    """The cursor of a tablet that has read everything but the last few documents."""
    database = Database(firm.settings.url)
    positions = select(schema.feed.c.position).order_by(schema.feed.c.position.desc())
    try:
        with database.reading() as connection:
            epoch = feed.epoch(connection)
            before = connection.execute(positions.offset(documents).limit(1)).scalar_one()
    finally:
        database.close()
    return Cursor(epoch, scope_of(firm.tablets[0].who), position=before).encoded()


def _documents(firm: BenchFirm) -> Iterator[tuple[str, str, str]]:
    carried: Carried = firm.tablets[0]
    write = FirstDocuments(Sender(carried.who, carried.name, new_id()), datetime.now(UTC))
    written = [
        (said.thing, write.state(change, said, ()))
        for change in observations(firm.customer_id, _DIFFERENT)
        for said in [as_written.written(change)]
    ]
    own = own_audience(carried.who.user_id)
    for old, document in cycle(written):
        fresh = str(new_id())
        yield own, fresh, document.replace(old, fresh)


def _copy_for_the_limit(database: Database, folder: Path) -> None:
    columns = schema.feed.c
    rows = select(columns.entity, columns.thing_id, columns.body).order_by(columns.position)
    with closing(open_database(str(folder / "limit.db"))) as limit, database.reading() as connection:
        streamed = connection.execution_options(yield_per=_IN_ONE_TRANSACTION).execute(rows)
        for some in streamed.partitions():
            store(limit, [(f"{row.entity}{row.thing_id.hex}", row.body) for row in some])
