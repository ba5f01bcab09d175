"""Several server processes on one PostgreSQL: nothing is missed, nothing is lost, everybody hears of it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Connection, select, text

from protocol.changes import AddComment, AnyChange, Outcome, Receipt, ReviseObservation
from protocol.reference import Entity
from protocol.rules.access import own_audience
from sync_server.crm.known import Sender
from sync_server.crm.observations import as_pushed, take
from sync_server.inbox import sessions
from sync_server.live_bridge import CHANNEL
from sync_server.media.blobs import record
from sync_server.media.examining import Found
from sync_server.store import Database, feed
from sync_server.store import schema as t
from tests.postgres import Postgres
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.two_servers import TwoServers, Wire, two_servers

WRITERS, ROUNDS, EACH = 6, 8, 9


@pytest.fixture
def engine() -> str:
    return "postgres"


@pytest.fixture
def servers(tmp_path: Path, postgres: Postgres, postgres_database: str) -> Iterator[TwoServers]:
    postgres.empty(postgres_database)
    (tmp_path / "shared").mkdir()
    with two_servers(tmp_path / "shared", postgres.url(postgres_database)) as running:
        yield running


class Writer:
    """A tablet that observes, corrects, makes versions apart and sends something impossible, all in each push."""

    def __init__(self, tablet: Tablet) -> None:
        self.tablet = tablet
        self.answered: dict[UUID, Receipt] = {}
        self.changes: dict[UUID, AnyChange] = {}

    def write(self) -> None:
        earlier: ReviseObservation | None = None
        for _ in range(ROUNDS):
            changes: list[AnyChange] = [self.tablet.observe() for _ in range(EACH - 4)]
            if earlier is not None:
                changes += [self.tablet.revise(earlier, "so"), self.tablet.revise(earlier, "oder so")]
                changes.append(self.tablet.comment(earlier, "nachgesehen"))
            # Kinto rolled back what it had answered as created when a later one of the same batch conflicted.
            changes.append(self.tablet.observe(customer_id=self.tablet.paired.device_id))
            self.changes |= {change.id: change for change in changes}
            for receipt in self.tablet.push(*changes).receipts:
                self.answered[receipt.change_id] = receipt
            first = changes[0]
            assert isinstance(first, ReviseObservation)
            earlier = first


class Poller:
    """A reader that goes on from its cursor for as long as others write, at one server after the other."""

    def __init__(self, tablet: Tablet, wires: list[Wire]) -> None:
        self.tablet = tablet
        self.wires = wires
        self.checked = 0
        self.held_back = 0

    def read(self, done: threading.Event) -> None:
        turn = 0
        while not done.is_set():
            self.tablet.http = self.wires[turn % 2]
            self.once(limit=7)
            turn += 1
        self.once(limit=7)

    def once(self, limit: int) -> None:
        totals = self.tablet.pull(limit).totals
        if totals is None:
            self.held_back += 1
            return
        # S9a: whenever the server gives totals they are those of what this reader has been shown.
        assert (totals.count, totals.checksum) == (len(self.tablet.held), self.tablet.checksum())
        self.checked += 1


def test_s8_s2_kinto_six_writers_at_two_servers_and_a_polling_reader_lose_nothing(
    servers: TwoServers,
) -> None:
    firm = servers.firm
    writers = [
        Writer(servers.pair(firm.anna, servers.a if number % 2 else servers.b)) for number in range(WRITERS)
    ]
    reader = servers.pair(firm.anna, servers.a)
    done = threading.Event()
    with ExitStack() as closing, ThreadPoolExecutor(WRITERS + 1) as threads:
        wires = [Wire(servers.a.url), Wire(servers.b.url)]
        for wire in wires:
            closing.callback(wire.close)
        poller = Poller(reader, wires)
        polling = threads.submit(poller.read, done)
        writing = [threads.submit(writer.write) for writer in writers]
        try:
            for each in writing:
                each.result()
        finally:
            done.set()
        polling.result()
        poller.once(limit=100)

    changes = {key: change for writer in writers for key, change in writer.changes.items()}
    answers = {key: receipt.outcome for writer in writers for key, receipt in writer.answered.items()}
    assert answers.keys() == changes.keys()
    taken = [changes[key] for key, outcome in answers.items() if outcome is not Outcome.REJECTED]
    assert len(taken) == len(changes) - WRITERS * ROUNDS
    assert list(answers.values()).count(Outcome.CONFLICT) == WRITERS * (ROUNDS - 1)
    with firm.database.reading() as connection:
        revisions = set(connection.execute(select(t.revisions.c.id)).scalars())
        comments = set(connection.execute(select(t.comments.c.id)).scalars())
        mine = (t.feed.c.audience == own_audience(firm.anna.id)) & (t.feed.c.entity == Entity.OBSERVATION)
        rows = connection.execute(select(t.feed.c.thing_id, t.feed.c.position).where(mine))
        latest = {row.thing_id: row.position for row in rows}
    assert revisions == {change.revision_id for change in taken if isinstance(change, ReviseObservation)}
    assert comments == {change.comment_id for change in taken if isinstance(change, AddComment)}
    # The reader never began anew: what it holds it was shown, in the newest state.
    shown = {key[1]: item.version for key, item in reader.held.items() if key[0] is Entity.OBSERVATION}
    assert shown == latest
    assert poller.checked > 0


def test_live_a_push_to_one_server_shows_up_in_the_stream_of_the_other(
    servers: TwoServers, postgres: Postgres
) -> None:
    firm, anna = servers.firm, servers.pair(servers.firm.anna, servers.a)
    with firm.database.writing() as connection:
        token = sessions.begin(connection, firm.nora.id, datetime.now(UTC))
    until(lambda: _listening(firm.database) == 3)

    cookies = {"rundgang-session": token}
    with (
        httpx.Client(base_url=servers.b.url, cookies=cookies, timeout=60) as browser,
        browser.stream("GET", "/events") as stream,
    ):
        lines = stream.iter_lines()
        assert _next_event(lines) == "ready"
        anna.push(anna.observe("GEHEIM"))
        assert _next_event(lines) == "arrived"

        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rundgang live'"
        )
        assert _next_event(lines) == "reload"
        until(lambda: _listening(firm.database) == 3)
        anna.push(anna.observe("GEHEIM"))
        assert _next_event(lines, but="reload") == "arrived"


def _listening(database: Database) -> int:
    with database.reading() as connection:
        found = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rundgang live' AND query = :asked"
            ),
            {"asked": f"LISTEN {CHANNEL}"},
        )
        return int(found.scalar_one())


def _next_event(lines: Iterator[str], but: str = "") -> str:
    names = (line.removeprefix("event: ") for line in lines if line.startswith("event: "))
    return next(name for name in names if name != but)


def until(met: Callable[[], bool]) -> None:
    """Ask the database again and again: it does not tell by itself."""
    for _ in range(20_000):
        if met():
            return
    raise AssertionError("it never came to that")


def _is_waiting(database: Database) -> bool:
    with database.reading() as connection:
        waiting = text(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return connection.execute(waiting).first() is not None


def test_s5_two_versions_that_arrive_at_the_same_moment_are_siblings(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()
    anna.push(observation)
    here, there = anna.revise(observation, "hier"), anna.revise(observation, "dort")
    with ThreadPoolExecutor(1) as threads:
        with firm.database.writing() as connection:
            _take(firm, connection, anna, here)
            later = threads.submit(anna.push, there)
            until(lambda: _is_waiting(firm.database))
        assert later.result().receipts[0].outcome is Outcome.CONFLICT
    anna.pull()
    assert {sibling.id for sibling in anna.observation(observation).siblings} | {
        anna.observation(observation).shown.id
    } == {here.revision_id, there.revision_id}


def test_s1_the_same_change_at_the_same_moment_is_stored_once(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe()
    with ThreadPoolExecutor(1) as threads:
        with firm.database.writing() as connection:
            _take(firm, connection, anna, observation)
            again = threads.submit(anna.push, observation)
            until(lambda: _is_waiting(firm.database))
        assert again.result().receipts[0].outcome is Outcome.ACCEPTED
    with firm.database.reading() as connection:
        assert len(connection.execute(select(t.observations)).all()) == 1


def test_s15_a_photo_and_the_observation_that_names_it_arrive_at_the_same_moment(
    firm: Firm, anna: Tablet
) -> None:
    photo = photo_of("ab" * 32)
    observation = anna.observe(photos=(photo,))
    with ThreadPoolExecutor(1) as threads:
        with firm.database.writing() as connection:
            record(connection, photo.sha256, photo.size, Found("image/jpeg", 10, 10), datetime.now(UTC))
            pushing = threads.submit(anna.push, observation)
            until(lambda: _is_waiting(firm.database))
        pushing.result()
    anna.pull()
    assert anna.observation(observation).media_received == (photo.id,)


def test_two_publish_the_same_observation_at_the_same_moment_and_the_later_one_says_both(
    firm: Firm, anna: Tablet
) -> None:
    photo = photo_of("cd" * 32)
    observation = anna.observe(photos=(photo,))
    anna.push(observation)

    def arrive() -> None:
        with firm.database.writing() as connection:
            record(connection, photo.sha256, photo.size, Found("image/jpeg", 10, 10), datetime.now(UTC))

    with ThreadPoolExecutor(1) as threads:
        with firm.database.writing() as connection:
            _take(firm, connection, anna, anna.comment(observation, "Halle 2"))
            arriving = threads.submit(arrive)
            until(lambda: _is_waiting(firm.database))
        arriving.result()
    anna.pull()
    state = anna.observation(observation)
    assert (state.media_received, [line.text for line in state.comments]) == ((photo.id,), ["Halle 2"])


def _take(firm: Firm, connection: Connection, tablet: Tablet, change: Any) -> None:
    sender = Sender(firm.anna.who, firm.anna.name, tablet.paired.device_id)
    take(connection, sender, [as_pushed(change)], datetime.now(UTC))


def test_servers_that_start_at_once_on_an_empty_database_make_its_tables_once(postgres: Postgres) -> None:
    from sync_server.store import migrate

    name = postgres.create()
    databases = [Database(postgres.url(name)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for made in [threads.submit(migrate, database) for database in databases]:
            made.result()
    with databases[0].reading() as connection:
        assert feed.epoch(connection)
    for database in databases:
        database.close()
