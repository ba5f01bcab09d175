"""Nothing is lost between real processes: broken networks, `kill -9`, a full disk. More seeds in `make soak`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync_server.store import Database, migrate
from tests.faults.disk import small_disk
from tests.faults.places import Headquarters, TabletProcess, running
from tests.faults.play import play
from tests.faults.proxy import Kind, Mishap, Proxy, Way
from tests.model.invariants import hold
from tests.model.office import found
from tests.model.promises import Promises
from tests.model.quiescence import everything_arrived, tablets_agree
from tests.postgres import Postgres


@dataclass
class Office:
    """One server for several tests, and every tablet that has worked with it."""

    headquarters: Headquarters
    place: Path
    promises: Promises = field(default_factory=Promises)
    tablets: list[TabletProcess] = field(default_factory=list)

    def tablet(self) -> TabletProcess:
        """Another tablet of Anna's, that has read everything."""
        name = f"T{len(self.tablets) + 1}"
        proxy = Proxy(self.headquarters.ports)
        tablet = TabletProcess(name, self.headquarters.users["anna"], self.place, proxy, name)
        self.tablets.append(tablet)
        tablet.start()
        tablet.pair(self.headquarters.code_for("anna"))
        assert tablet.synchronize() == ""
        return tablet

    def all_is_well(self, tablet: TabletProcess) -> None:
        """The tablet ends, and everything that it called saved is on the server, once."""
        tablet.end()
        tablet.note_saved(self.promises)
        assert tablet.said
        hold(self.headquarters, self.tablets, self.promises)
        everything_arrived(self.headquarters, self.tablets, self.promises)
        tablets_agree(self.headquarters, [tablet])


@contextmanager
def opened(data: Path, place: Path) -> Iterator[Office]:
    """A firm's server for the length of a `with` block; its database is whole at the end."""
    data.mkdir(exist_ok=True)
    file = data / "rundgang.db"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    found(database)
    database.close()
    with running(data, f"sqlite:///{file}", place, 1) as headquarters:
        office = Office(headquarters, place)
        try:
            yield office
        finally:
            for tablet in office.tablets:
                tablet.end()
                tablet.proxy.close()
    with closing(sqlite3.connect(file)) as looked_at:
        assert looked_at.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server behind proxies."""
    place = tmp_path_factory.mktemp("office")
    with opened(place / "data", place) as office:
        yield office


def test_nothing_is_lost_when_the_network_breaks_and_either_side_is_killed(tmp_path: Path) -> None:
    assert play(2, tmp_path, rounds=2), "nothing went wrong, so nothing was proven"


def test_nothing_is_lost_between_two_servers_on_postgresql(postgres: Postgres, tmp_path: Path) -> None:
    name = postgres.create()
    try:
        assert play(3, tmp_path, url=postgres.url(name), servers=2, rounds=2)
    finally:
        postgres.drop(name)


def test_a_full_disk_loses_nothing_and_says_so_until_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data") as disk, opened(disk.place, tmp_path) as office:
        tablet = office.tablet()
        (server,) = office.headquarters.servers
        assert server.process is not None
        tablet.act(3)
        disk.fill(server.process.pid)
        assert "storage_full" in (tablet.synchronize() or "")
        tablet.act(5)
        assert "storage_full" in (tablet.synchronize() or "")
        disk.make_room(server.process.pid)
        assert tablet.synchronize() == ""
        assert tablet.synchronize() == ""
        office.all_is_well(tablet)


@pytest.mark.parametrize("way", Way)
def test_s1_a_push_that_is_cut_at_any_place_arrives_once(way: Way, office: Office) -> None:
    tablet = office.tablet()
    tablet.act(6)
    for place in (1, 300, 700, 1_500, 3_000):
        tablet.proxy.plan([Mishap(Kind.CUT, way, place)])
        tablet.synchronize()
    assert len(tablet.proxy.happened) >= 3
    tablet.proxy.plan([])
    assert tablet.synchronize() == ""
    assert tablet.synchronize() == ""
    office.all_is_well(tablet)


def test_s3_no_answer_of_a_captive_portal_is_a_receipt(office: Office) -> None:
    tablet = office.tablet()
    tablet.act(4)
    for kind in (Kind.PORTAL, Kind.REDIRECT):
        for place in (1, 400):
            tablet.proxy.plan([Mishap(kind, Way.UP, place)])
            assert "Offline" in (tablet.synchronize() or "")
    tablet.proxy.plan([])
    assert tablet.synchronize() == ""
    assert tablet.synchronize() == ""
    office.all_is_well(tablet)
