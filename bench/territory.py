"""A technician's large territory on the server, and his tablet's outbox after weeks without network."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from uuid import UUID

from sqlalchemy import Connection, insert, select

from app.store.memory import MemoryBacking, MemoryDisk
from app.store.own_work import OwnWork
from bench.firm import TERRITORY, BenchFirm, found, observations
from protocol.ids import new_id
from protocol.reference import Entity
from protocol.rules.access import own_audience
from protocol.rules.search import fold
from sync_server.crm import as_written, documents
from sync_server.crm.first_documents import FirstDocuments
from sync_server.crm.known import Sender
from sync_server.settings import Settings
from sync_server.store import Database, feed
from sync_server.store import schema as t

LOGIN = "technician0"
"""Whose territory it is."""

_DIFFERENT = 500
_IN_ONE_TRANSACTION = 5_000
_CITIES = ("Ravensburg", "Weingarten", "Köln")


def settled(settings: Settings, customers: int, observed: int) -> BenchFirm:
    """A firm whose one technician reads so many customers (with sites, contacts and assets) and observations."""
    firm = found(settings)
    now = datetime.now(UTC)
    database = Database(settings.url)
    try:
        with database.writing() as connection:
            _add_customers(connection, customers - 1, now)
            ids = connection.execute(select(t.customers.c.id)).scalars().all()
            documents.publish_customers(connection, ids, now)
        waiting = _observed(firm, ids, observed)
        while some := list(islice(waiting, _IN_ONE_TRANSACTION)):
            with database.writing() as connection:
                feed.append(connection, Entity.OBSERVATION, some)
    finally:
        database.close()
    return firm


async def with_more_to_send(
    stored: Mapping[tuple[str, str], str], customer_id: UUID, count: int
) -> Mapping[tuple[str, str], str]:
    """What a tablet's own work holds once so many further observations were saved without network.

    Args:
        stored: what it holds, by table and key, as the backing keeps it.
    """
    disk = MemoryDisk()
    disk.documents.update(stored)
    own = await OwnWork.open(MemoryBacking(disk))
    for change in observations(customer_id, count, seed=count):
        await own.add(change)
    await own.close()
    return disk.documents


def _add_customers(connection: Connection, count: int, now: datetime) -> None:
    customers, sites, contacts, assets = [], [], [], []
    for number in range(count):
        key, city = new_id(), _CITIES[number % len(_CITIES)]
        name = f"Käsmayr {number} Kunststofftechnik GmbH & Co. KG"
        customers.append(
            {"id": key, "number": f"K-{number:05}", "name": name, "folded_name": fold(f"{name} {city}"),
             "customer_class": "ABC"[number % 3], "industry": "Kunststoff", "city": city, "territory": TERRITORY,
             "changed_at": now}
        )  # fmt: skip
        sites += [
            {"id": new_id(), "customer_id": key, "name": f"Werk {place}", "street": f"Industriestraße {place}",
             "postal_code": "88213", "city": city}
            for place in (1, 2)
        ]  # fmt: skip
        contacts += [
            {"id": new_id(), "customer_id": key, "name": f"Dr. Jörg Müller-{person}", "role": "Einkauf",
             "phone": "+49 751 1234567", "email": f"m{person}@kaesmayr.test", "has_left": False}
            for person in range(3)
        ]  # fmt: skip
        assets.append(
            {
                "id": new_id(),
                "customer_id": key,
                "maker": "Hofer",
                "model": "V 15",
                "built_in": 2009,
                "ours": False,
            }
        )
    for table, rows in (
        (t.customers, customers),
        (t.sites, sites),
        (t.contacts, contacts),
        (t.assets, assets),
    ):
        connection.execute(insert(table), rows)


def _observed(firm: BenchFirm, customers: Sequence[UUID], count: int) -> Iterator[tuple[str, str, str]]:
    carried = firm.tablets[0]
    write = FirstDocuments(Sender(carried.who, carried.name, new_id()), datetime.now(UTC))
    written = []
    for change in observations(firm.customer_id, _DIFFERENT):
        said = as_written.written(change)
        written.append((said.thing, write.state(change, said, ())))
    own, place = own_audience(carried.who.user_id), str(firm.customer_id)
    for (old, document), customer in islice(zip(cycle(written), cycle(customers)), count):
        fresh = str(new_id())
        yield own, fresh, document.replace(old, fresh).replace(place, str(customer))
