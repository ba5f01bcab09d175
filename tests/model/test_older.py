"""What the model calls old is what old versions left: held against recorded stores and against the steps of migration."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from app.store.documents import Documents, Put
from app.store.sqlite import SQLiteBacking
from protocol.ids import new_id
from sync_server.store import migrate
from sync_server.store import schema as t
from tests.model import older_databases, older_stores
from tests.model.backing import Disks
from tests.model.office import START, Office
from tests.model.older_stores import RECORDED, as_version_1, set_back

pytestmark = pytest.mark.anyio

STORES = sorted(file.stem for file in RECORDED.glob("*.sqlite3"))


@pytest.fixture
def disks(tmp_path: Path) -> Disks:
    """A tablet as version 1 of the app left it."""
    for store in STORES:
        shutil.copy(RECORDED / f"{store}.sqlite3", tmp_path)
    return Disks(tmp_path)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A firm's server, stopped when the test ends."""
    office = Office(tmp_path, random.Random(0))
    office.begin()
    yield office
    office.stop()


async def opened_by_the_present_app(disks: Disks) -> None:
    for store in STORES:
        backing = await disks.open(store)
        counted = "reference" not in store
        await (await Documents.open(backing, name=store, schema=2, counted=counted)).close()


@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
async def test_what_version_1_wrote_is_brought_up_to_date_and_set_back_byte_for_byte(
    disks: Disks, killed: bool
) -> None:
    recorded = {store: disks.texts(store) for store in STORES}
    photos = {store: disks.file_keys(store) for store in STORES}
    await opened_by_the_present_app(disks)
    assert all(disks.texts(store) != recorded[store] for store in STORES)
    assert set_back(disks, killed=killed)
    assert disks.folder is not None
    assert {file.suffix for file in disks.folder.iterdir()} == (
        {".sqlite3", ".sqlite3-wal"} if killed else {".sqlite3"}
    )
    for store in STORES:
        header = (RECORDED / f"{store}.sqlite3").read_bytes()[:24]
        assert (disks.folder / f"{store}.sqlite3").read_bytes()[:24] == header
    assert {store: disks.texts(store) for store in STORES} == recorded
    assert {store: disks.file_keys(store) for store in STORES} == photos
    await opened_by_the_present_app(disks)


def test_the_tables_are_made_with_the_statements_of_version_1() -> None:
    for store in STORES:
        with closing(sqlite3.connect(f"file:{RECORDED / store}.sqlite3?immutable=1", uri=True)) as recorded:
            found = recorded.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
            assert tuple(row[0] for row in found) == older_stores._statements()


async def test_what_version_1_could_not_say_is_left_out_or_the_tablet_is_not_set_back(disks: Disks) -> None:
    own = next(store for store in STORES if "own" in store)
    await opened_by_the_present_app(disks)
    assert disks.folder is not None
    documents = await Documents.open(
        await SQLiteBacking.open(disks.folder / f"{own}.sqlite3"), name=own, schema=2, counted=True
    )
    key, entry = next(iter(documents.all("outbox").items()))
    again = {**entry, "known_since": "2026-11-25T09:00:00Z"}
    await documents.change(
        lambda: [Put("outbox", key, again), Put("log", "000000000099", {"what": "thinned"})]
    )
    texts = as_version_1(disks.texts(own))
    assert texts is not None
    assert "known_since" not in texts["outbox", key]
    assert ("log", "000000000099") not in texts
    sha256, photo = next(iter(documents.all("photos").items()))
    await documents.change(lambda: [Put("photos", sha256, {**photo, "gone": "thinned"})])
    await documents.close()
    assert not set_back(disks, killed=False)


@pytest.mark.parametrize("revision", older_databases.revisions())
def test_a_database_set_back_is_of_that_revision_and_loses_nothing(office: Office, revision: str) -> None:
    said = _thread(office, (0, 60))
    file = office.data / "rundgang.db"
    office.stop()
    assert revision in older_databases.possible(file)
    before = older_databases.rows(file, left_by=revision)
    older_databases.set_back(file, revision)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)
        columns = {row[1] for row in database.execute("PRAGMA table_info(comments)")}
    assert ("received_at" in columns) == (revision != "0001")
    office.start()
    migrate(office.database)
    assert older_databases.rows(file, left_by=revision) == before
    with office.database.reading() as connection:
        lines = connection.execute(select(t.comments).order_by(t.comments.c.received_at)).all()
    assert [line.id for line in lines] == said


def test_what_an_old_program_could_not_have_left_is_not_said_to_be_its_work(office: Office) -> None:
    _thread(office, (60, 0))  # in the order in which the server got them, not in that of their clocks
    file = office.data / "rundgang.db"
    assert older_databases.possible(file) == older_databases.revisions()[:-1]
    with office.database.writing() as connection:
        connection.execute(t.comments.delete())
    assert "0001" in older_databases.possible(file)
    with office.database.writing() as connection:
        connection.execute(update(t.revisions).values(settled_by=new_id()))
    assert older_databases.possible(file) == older_databases.revisions()[:-1]


@pytest.mark.parametrize(("held", "since"), [("visit", "0009"), ("machine", "0010"), ("offer", "0014")])
def test_what_came_later_is_set_back_to_a_program_that_had_it_and_to_no_older_one(
    office: Office, held: str, since: str
) -> None:
    {"visit": _planned_visit, "machine": _sighted_machine, "offer": _offer}[held](office)
    file = office.data / "rundgang.db"
    office.stop()
    known = older_databases.revisions()
    assert older_databases.possible(file) == known[: known.index(since) + 1]
    before = older_databases.rows(file, left_by=since)
    older_databases.set_back(file, since)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == (since,)
    office.start()
    migrate(office.database)
    assert older_databases.rows(file, left_by=since) == before


def _planned_visit(office: Office) -> None:
    anna, visit, received = office.users["anna"].id, new_id(), {"received_at": START}
    with office.database.writing() as connection:
        plan = {"id": new_id(), "visit_id": visit, "technician_id": anna, "content": "{}"}
        connection.execute(insert(t.visit_plans).values(**plan, recorded_at=START, **received))
        said = {"change_id": new_id(), "visit_id": visit, "technician_id": anna, "item": "keys"}
        connection.execute(
            insert(t.preparations).values(template_id=new_id(), done=True, at=START, **said, **received)
        )


def _sighted_machine(office: Office) -> None:
    with office.database.writing() as connection:
        machine = {"id": new_id(), "customer_id": office.customers[0], "maker": "Boge", "model": "C 22"}
        connection.execute(insert(t.assets).values(**machine, ours=False, sighted=True))


def _offer(office: Office) -> None:
    with office.database.writing() as connection:
        said = {"title": "Trockner -10 %", "text": "", "classes": "A", "trades": "", "machines": ""}
        valid = {"valid_from": START.date(), "valid_until": START.date() + timedelta(days=30)}
        by = {"changed_by_id": office.users["anna"].id, "changed_at": START}
        connection.execute(insert(t.offers).values(id=new_id(), **said, **valid, **by))


def _thread(office: Office, clocks: tuple[int, ...]) -> list[object]:
    """An observation with lines of which the clocks said these seconds; their ids as the server got them."""
    lead, observation, revision, anna = new_id(), new_id(), new_id(), office.users["anna"].id
    about = {"kind": "note", "customer_id": office.customers[0]}
    ids = [new_id() for _ in clocks]
    with office.database.writing() as connection:
        moments = {"created_at": START, "changed_at": START}
        connection.execute(insert(t.leads).values(id=lead, state="new", **moments))
        shown = {"urgency": "normal", "title": "", "folded_text": "", "shown_revision_id": revision}
        connection.execute(
            insert(t.observations).values(
                id=observation, lead_id=lead, author_id=anna, revision_count=1, has_conflict=False,
                observed_at=START, received_at=START, **about, **shown,
            )
        )  # fmt: skip
        connection.execute(
            insert(t.revisions).values(
                id=revision, observation_id=observation, author_id=anna, content="{}", conflict=False,
                recorded_at=START, received_at=START,
            )
        )  # fmt: skip
        for place, (key, seconds) in enumerate(zip(ids, clocks, strict=True)):
            connection.execute(
                insert(t.comments).values(
                    id=key, observation_id=observation, author_id=anna, by_technician=True, text="Ja",
                    at=START + timedelta(seconds=seconds), received_at=START + timedelta(hours=1, seconds=place),
                )
            )  # fmt: skip
    return list(ids)
