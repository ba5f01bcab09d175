"""`rundgang move`: all of an embedded database is in PostgreSQL afterwards, and tablets go on with it."""

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from protocol.problems import Code
from protocol.reference import Entity
from sync_server.application import build
from sync_server.commands.move import move as move_command
from sync_server.settings import Settings
from sync_server.store import Database, facts, feed
from sync_server.store.moving import NotEmptyTarget, Sum, copy
from sync_server.store.schema import metadata
from tests.postgres import Postgres
from tests.running import running_server
from tests.server.calling import calling
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.test_media import upload


def move(data: Path, url: str) -> Result:
    """The command, in English: the test's shell may speak German."""
    return CliRunner(env={"LC_ALL": "C"}).invoke(move_command, [f"--data={data}", f"--to={url}"])


def rows(database: Database) -> dict[str, list[str]]:
    """All tables but the facts, in an order that both engines share."""
    with database.reading() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table.name not in {"facts", "feed", "audience_totals"}
        }


@pytest.fixture
def target(postgres: Postgres) -> str:
    """An empty database."""
    return postgres.url(postgres.create())


def test_everything_is_there_and_tablets_go_on(
    firm: Firm, anna: Tablet, settings: Settings, target: str
) -> None:
    data = jpeg()
    observation = anna.observe(
        "Käse & „Zweite Halle“ \\N \t 🙂", photos=(photo_of(hash_of(data), len(data)),)
    )
    anna.push(observation)
    upload(anna, data)
    anna.push(
        anna.revise(observation, "so"), anna.revise(observation, "oder so"), anna.comment(observation, "x")
    )
    receipts = anna.push(observation).receipts
    anna.pull()
    old_cursor, held = anna.cursor, {key: item.body for key, item in anna.held.items()}
    firm.database.close()

    moved = move(settings.data, target)

    assert moved.exit_code == 0, moved.stderr
    assert "DATABASE_URL" in moved.stdout
    there = Database(target)
    assert rows(firm.database) == rows(there)
    there.close()
    app = build(Settings(data=settings.data, database_url=target))
    with calling(app) as http:
        anna.http = http
        # A position of SQLite is never read as one of PostgreSQL: the epoch is another one.
        assert anna.cursor == old_cursor
        assert anna.ask_page().json()["code"] == Code.CURSOR_OTHER_EPOCH
        anna.cursor, anna.held = None, {}
        totals = anna.pull().totals
        assert {key: item.body for key, item in anna.held.items()} == held
        assert totals is not None
        assert (totals.count, totals.checksum) == (len(anna.held), anna.checksum())
        # What the tablet offers again (S13) gets the receipt that it had (S1); what is new is taken and numbered.
        assert anna.push(observation).receipts == receipts
        later = anna.observe("später")
        anna.push(later, anna.comment(later, "noch etwas"))
        anna.pull()
        assert (Entity.OBSERVATION, later.observation_id) in anna.held


def test_the_order_of_the_feed_and_its_tombstones_come_along(
    firm: Firm, anna: Tablet, settings: Settings, target: str
) -> None:
    first, second = anna.observe("eins"), anna.observe("zwei")
    anna.push(first, second)
    anna.push(anna.revise(first, "eins, berichtigt"))
    firm.database.close()

    def things(database: Database) -> list[tuple[str, UUID, bool]]:
        with database.reading() as connection:
            found = connection.execute(text("SELECT 1 FROM feed LIMIT 1")).first()
            assert found is not None
            feeds = metadata.tables["feed"].c
            statement = select(feeds.audience, feeds.thing_id, feeds.body.is_(None)).order_by(feeds.position)
            return [tuple(row) for row in connection.execute(statement)]

    assert move(settings.data, target).exit_code == 0
    there = Database(target)
    assert things(there) == things(firm.database)
    with there.reading() as connection, firm.database.reading() as here:
        assert facts.epoch(connection) != facts.epoch(here)
        page = feed.read_page(connection, ["a"], 0, 10, end=feed.bounds(connection).end)
        assert page.held_back is False
    there.close()


def test_a_target_that_is_not_empty_is_refused_and_left_alone(
    firm: Firm, settings: Settings, target: str
) -> None:
    there = Database(target)
    with there.writing() as connection:
        connection.execute(text("CREATE TABLE accounts (id integer)"))
    with pytest.raises(NotEmptyTarget):
        copy(firm.database, there)
    firm.database.close()

    moved = move(settings.data, target)

    assert (moved.exit_code, moved.stdout) == (1, "")
    assert "not empty" in moved.stderr
    with there.reading() as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        assert list(tables) == ["accounts"]
    there.close()


def test_a_server_that_runs_is_not_moved_away_from(settings: Settings, target: str) -> None:
    with running_server(settings.data):
        moved = move(settings.data, target)
    assert moved.exit_code == 1
    assert "stop it first" in moved.stderr
    assert move(settings.data, target).exit_code == 0


def test_a_target_that_cannot_be_reached_is_told_without_the_password(settings: Settings) -> None:
    moved = move(settings.data, "postgresql+psycopg://rundgang:GEHEIM@127.0.0.1:1/rundgang")
    assert moved.exit_code == 1
    assert "does not answer" in moved.stderr
    assert "GEHEIM" not in moved.stderr


def test_a_folder_without_a_database_is_told(tmp_path: Path, target: str) -> None:
    assert "no database" in move(tmp_path, target).stderr


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([(1, "a")], [(1, "b")]),
        ([(1, "")], [(1, None)]),
        ([(1,)], [("1",)]),
        ([(1,), (2,)], [(1,)]),
        ([(1,), (1,)], []),
        ([("a", "b")], [("a\x1fb",)]),
    ],
)
def test_the_checksum_of_a_table_notices(
    one: list[tuple[object, ...]], other: list[tuple[object, ...]]
) -> None:
    def summed(rows: list[tuple[object, ...]]) -> Sum:
        told = Sum()
        for row in rows:
            told.add(row)
        return told

    assert summed(one) != summed(other)
    assert summed(one) == summed(one[::-1])
