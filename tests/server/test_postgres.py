"""The store on PostgreSQL: commit order, one moment, limits and failures in the project's own words."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection, select, text

from protocol.changes import Outcome
from protocol.ids import new_id
from protocol.problems import Code
from protocol.reference import Entity, Visit
from protocol.rules.checksum import fingerprint
from sync_server.settings import Settings
from sync_server.store import Busy, Database, StorageFull, Unreachable, Unusable, facts, feed, life, migrate
from sync_server.store import schema as t
from sync_server.sync_api.cursor import Cursor, decode
from tests.postgres import Postgres
from tests.server.conftest import ON_BOTH
from tests.server.firm import NOW, SOUTH, Firm, Tablet
from tests.server.test_push_in_any_order import arrivals, require_the_same_store

NEVER = 2**63 - 1
"""A reader that trusts the order of positions alone reads this far: what any sequence would tempt one to do."""


@pytest.fixture
def engine() -> str:
    return "postgres"


def publish(connection: Connection, audience: str = "a", thing: UUID | None = None) -> UUID:
    visit = Visit(id=thing or new_id(), customer_id=new_id(), starts_at=NOW)
    feed.publish(connection, audience, Entity.VISIT, visit.id, visit, NOW)
    return visit.id


def read(database: Database, after: int, end: int | None = None) -> tuple[list[UUID], int, bool]:
    """Things after a position, where to go on, and whether some are held back."""
    with database.reading() as connection:
        end = feed.bounds(connection).end if end is None else end
        page = feed.read_page(connection, ["a"], after, 100, end=end)
    return [UUID(row[2]) for row in page.rows], page.rows[-1][0] if page.rows else after, page.held_back


def test_s8_of_two_transactions_that_commit_in_the_other_order_none_is_missed(database: Database) -> None:
    with ExitStack() as first:
        slow = publish(first.enter_context(database.writing()))
        with database.writing() as second:
            quick = publish(second)
        seen, cursor, held_back = read(database, 0)
        assert (seen, held_back) == ([], True)
        tempted, tempted_cursor, _ = read(database, 0, NEVER)
        assert tempted == [quick]

    assert read(database, cursor)[0] == [slow, quick]
    # What happens without the rule: the reader has passed the row before it appeared, and never sees it.
    assert read(database, tempted_cursor, NEVER)[0] == []


def test_s8_what_was_rolled_back_holds_nobody_up(database: Database) -> None:
    with suppress(RuntimeError), database.writing() as connection:
        publish(connection)
        raise RuntimeError
    with database.writing() as connection:
        thing = publish(connection)
    assert read(database, 0)[0] == [thing]


def test_s8_positions_within_a_transaction_go_on_after_a_savepoint_that_was_undone(
    database: Database,
) -> None:
    with database.writing() as connection:
        first = publish(connection)
        with suppress(RuntimeError), connection.begin_nested():
            publish(connection)
            raise RuntimeError
        second = publish(connection)
    assert read(database, 0)[0] == [first, second]


def test_s8_more_changes_in_one_transaction_than_have_room_are_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_server.store.positions._ROOM", 2)
    with database.writing() as connection:
        publish(connection)
        publish(connection)
        with pytest.raises(OverflowError):
            publish(connection)


def test_s9a_totals_wait_until_they_fit_to_what_may_be_read(firm: Firm, anna: Tablet) -> None:
    held = anna.pull().totals
    assert held is not None
    with firm.database.writing() as slow:
        publish(slow, "somebody else")
        anna.push(anna.observe())
        page = anna.pull()
        assert (page.items, page.more, page.totals) == ((), False, None)

    page = anna.pull()
    assert len(page.items) == 2
    assert page.totals is not None
    assert (page.totals.count, page.totals.checksum) == (len(anna.held), anna.checksum())


def test_s11_who_reads_anew_during_a_deletion_is_told_of_it(firm: Firm, anna: Tablet) -> None:
    audience = f"territory:{SOUTH}"
    with firm.database.writing() as slow:
        publish(slow, "somebody else")
        with firm.database.writing() as connection:
            feed.retract(connection, audience, Entity.CUSTOMER, firm.brandl, NOW)
        anna.pull()
    anna.pull()
    assert anna.held == {}
    assert anna.pull().totals is not None


def test_s9a_every_connection_has_a_share_of_the_totals_and_they_can_be_folded(database: Database) -> None:
    things: list[UUID] = []
    with ExitStack() as together:
        writers = [together.enter_context(database.writing()) for _ in range(3)]
        things += [publish(connection) for connection in writers]
    with database.writing() as connection:
        feed.retract(connection, "a", Entity.VISIT, things[0], NOW)

    def totals() -> tuple[int, int, int]:
        with database.reading() as connection:
            held = feed.totals(connection, ["a"])
            return len(connection.execute(select(t.audience_totals)).all()), held.count, held.checksum

    before = totals()
    assert before[:2] == (3, 2)
    with database.writing() as connection:
        feed.fold_totals(connection)
    assert totals() == (1, *before[1:])
    with database.reading() as connection:
        rows = connection.execute(select(t.feed).where(t.feed.c.body.is_not(None))).all()
    assert before[2] == fingerprint(Entity.VISIT, rows[0].thing_id, rows[0].position) ^ fingerprint(
        Entity.VISIT, rows[1].thing_id, rows[1].position
    )


def test_s10_an_incremental_pull_touches_as_many_pages_however_much_is_stored(database: Database) -> None:
    """Blocks are counted as PostgreSQL counts them, because time would depend on the machine."""

    def blocks() -> int:
        with database.writing() as connection:
            connection.execute(text("ANALYZE feed"))
        with database.reading() as connection:
            end = feed.bounds(connection).end
        with database.writing() as connection:
            publish(connection)
        with database.reading() as connection:
            statement = (
                "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM ("
                "SELECT position, body FROM feed WHERE audience = 'a' AND position > :end UNION ALL "
                "SELECT position, body FROM feed WHERE audience = 'b' AND position > :end"
                ") AS page ORDER BY position LIMIT 501"
            )
            plan: Any = connection.execute(text(statement), {"end": end}).scalar_one()
        return int(plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"])

    def fill(count: int) -> None:
        visits = [Visit(id=new_id(), customer_id=new_id(), starts_at=NOW) for _ in range(count)]
        with database.writing() as connection:
            things = [visit.id for visit in visits]
            feed.replace(connection, Entity.VISIT, things, [("a", v.id, v) for v in visits], NOW)

    fill(500)
    few = blocks()
    fill(5_000)
    assert blocks() <= few + 6


def test_s13_a_cursor_from_after_the_backup_is_noticed_even_if_the_epoch_was_not_changed(
    firm: Firm, anna: Tablet
) -> None:
    anna.pull()
    assert anna.cursor is not None
    told = decode(anna.cursor)
    with firm.database.reading() as connection:
        end = feed.bounds(connection).end
    anna.cursor = Cursor(told.epoch, told.scope, end + 2**32).encoded()
    assert anna.ask_page().json()["code"] == Code.CURSOR_OTHER_EPOCH


def test_s13_a_copied_database_has_an_epoch_of_its_own(database: Database, postgres: Postgres) -> None:
    with database.writing() as connection:
        epoch = facts.epoch(connection)
        publish(connection)
        held = feed.totals(connection, ["a"])
    name = database.url.database
    assert name is not None
    database.close()  # nobody may be connected to what is copied
    copy = Database(postgres.url(postgres.create(template=name)))
    for _start in range(2):
        migrate(copy)
        with copy.reading() as connection:
            told = json.loads(facts.get(connection, facts.RESTORED) or "")
            assert told["from"] == str(epoch)  # told once: the second start finds nothing new
            assert facts.epoch(connection) != epoch
            totals = feed.totals(connection, ["a"])
            assert (totals.count, totals.checksum == held.checksum) == (1, False)
    assert len(read(copy, 0)[0]) == 1
    copy.close()


def test_s13_what_comes_from_a_cluster_that_was_further_on_is_put_in_order_again(
    firm: Firm, anna: Tablet, database: Database
) -> None:
    """A dump keeps positions; in a younger cluster they lie in the future, where nobody reads."""
    seen = anna.observe("vorher")
    anna.push(seen)
    anna.pull()
    before = dict(anna.held)
    with database.writing() as connection:
        connection.execute(text("UPDATE feed SET position = position + 1099511627776"))
        facts.put(connection, facts.LIFE, "another cluster")
    old = anna.cursor
    migrate(database)

    assert anna.ask_page().json()["code"] == Code.CURSOR_OTHER_EPOCH
    anna.cursor, anna.held = None, {}
    anna.push(anna.observe("nachher"))
    page = anna.pull()
    assert anna.cursor != old
    assert set(before) < set(anna.held)
    assert page.totals is not None
    assert (page.totals.count, page.totals.checksum) == (len(anna.held), anna.checksum())


def test_s8_positions_of_which_nobody_knows_the_cluster_are_put_in_order_again(database: Database) -> None:
    with database.writing() as connection:
        thing = publish(connection)
        epoch = facts.epoch(connection)
        connection.execute(text("UPDATE feed SET position = position + 1099511627776"))
        connection.execute(text("DELETE FROM facts WHERE name = 'life'"))
    assert read(database, 0)[0] == []
    migrate(database)
    assert read(database, 0)[0] == [thing]
    with database.reading() as connection:
        assert facts.epoch(connection) == epoch  # whoever took the mark away has seen to it


def test_s13_a_life_can_be_begun_with_a_chosen_epoch(database: Database) -> None:
    chosen = new_id()
    with database.writing() as connection:
        assert life.begin(connection, chosen) == chosen
        assert not life.notice(connection)
        assert facts.epoch(connection) == chosen


def test_s2_what_the_database_itself_refuses_is_found_and_its_neighbours_are_stored(
    firm: Firm, anna: Tablet, postgres: Postgres, settings: Settings
) -> None:
    changes = [anna.observe(f"Nr. {number}") for number in range(4)]
    refused = changes[1].observation_id
    with refusing(postgres, settings, "23514", f"NEW.id = '{refused}'"):
        outcomes = [receipt.outcome for receipt in anna.push(*changes).receipts]
    assert outcomes == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED, Outcome.ACCEPTED]
    with firm.database.reading() as connection:
        stored = set(connection.execute(select(t.observations.c.id)).scalars())
    assert stored == {change.observation_id for change in changes} - {refused}
    assert anna.push(changes[1]).receipts[0].outcome is Outcome.ACCEPTED


def test_a_full_disk_is_answered_stores_nothing_and_the_push_works_later(
    anna: Tablet, postgres: Postgres, settings: Settings
) -> None:
    observation = anna.observe()
    with refusing(postgres, settings, "53100", "true"):
        answer = anna.send(observation)
        assert (answer.status_code, answer.json()["code"]) == (507, Code.STORAGE_FULL)
    assert anna.push(observation).receipts[0].outcome is Outcome.ACCEPTED


@contextmanager
def refusing(postgres: Postgres, settings: Settings, code: str, when: str) -> Iterator[None]:
    """PostgreSQL itself refuses rows of `observations` with an error code, until the block ends."""
    name = settings.url.rpartition("/")[2]
    postgres.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {when} THEN RAISE EXCEPTION USING ERRCODE = '{code}'; END IF; RETURN NEW; END $$",
        name,
    )
    postgres.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON observations FOR EACH ROW EXECUTE FUNCTION refuse()", name
    )
    try:
        yield
    finally:
        postgres.execute("DROP FUNCTION refuse() CASCADE", name)


def test_a_locked_table_is_answered_with_busy_and_the_push_works_later(
    anna: Tablet, firm: Firm, settings: Settings
) -> None:
    observation = anna.observe()
    impatient = Database(settings.url, busy_seconds=0.1)
    with firm.database.writing() as other:
        other.execute(text("LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(Busy), impatient.reading() as connection:
            connection.execute(select(t.receipts))
    impatient.close()
    assert anna.push(observation).receipts[0].outcome is Outcome.ACCEPTED


def test_who_stands_still_in_a_transaction_is_ended_and_holds_up_nobody(
    database: Database, settings: Settings
) -> None:
    idle = Database(f"{settings.url}?options=-c%20idle_in_transaction_session_timeout%3D50")

    def stand_still() -> None:
        with idle.writing() as connection:
            publish(connection)
            process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            while still_there(database, process):
                pass
            publish(connection)

    with pytest.raises(Busy):
        stand_still()
    idle.close()
    with database.writing() as connection:
        thing = publish(connection)
    assert read(database, 0)[0] == [thing]


def still_there(database: Database, process: int) -> bool:
    with database.reading() as connection:
        found = connection.execute(
            text("SELECT pid FROM pg_stat_activity WHERE pid = :pid"), {"pid": process}
        )
        return found.first() is not None


def test_our_own_connections_are_ended_when_they_stand_still(database: Database) -> None:
    with database.reading() as connection:
        shown = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    assert shown == "1min"


def test_a_restarted_database_server_costs_one_attempt(
    firm: Firm, anna: Tablet, database: Database, postgres: Postgres
) -> None:
    observation = anna.observe()
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%' AND pid <> pg_backend_pid()"
    )
    answers = [anna.send(observation) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[0].json()["code"] == Code.BUSY


def test_writing_is_durable_even_where_the_operator_asked_for_less(settings: Settings) -> None:
    asked = Database(f"{settings.url}?options=-c%20synchronous_commit%3Doff")
    with asked.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"
        assert connection.execute(text("SHOW fsync")).scalar_one() == "on"
    asked.close()


@pytest.mark.parametrize("spelling", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_address_may_be_spelled_as_other_tools_do(settings: Settings, spelling: str) -> None:
    database = Database(settings.url.replace("postgresql+psycopg", spelling))
    with database.reading() as connection:
        assert facts.epoch(connection)
    database.close()


@pytest.mark.parametrize("address", ["mysql://u:GEHEIM@h/d", "nonsense GEHEIM"])
def test_another_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(Unusable) as caught:
        Database(address)
    assert "GEHEIM" not in str(caught.value)


def test_a_server_that_is_not_there_is_told(settings: Settings) -> None:
    database = Database("postgresql+psycopg://rundgang@127.0.0.1:1/rundgang", busy_seconds=1)
    with pytest.raises(Unreachable):
        migrate(database)
    database.close()


def test_times_come_back_as_they_were_said(database: Database) -> None:
    at = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    with database.writing() as connection:
        connection.execute(t.attempts.insert(), {"subject": "x", "at": at})
    with database.reading() as connection:
        assert connection.execute(select(t.attempts.c.at)).scalar_one() == at


# Fewer examples than on SQLite: what differs is found by the first ones.
@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals())
def test_s1_s5_any_order_and_any_repetition_of_a_batch_gives_the_same_store(
    anna: Tablet, plan: tuple[int, list[list[int]]]
) -> None:
    require_the_same_store(anna, plan)


@pytest.mark.parametrize(
    "text", ["\x00", "\ud83d", "\udc00x", "\x85", "e\u0301", "🙂" * 20_000, "ß" * 20_001]
)
def test_odd_texts_are_taken_or_refused_as_on_sqlite(anna: Tablet, text: str) -> None:
    observation = anna.observe().as_dict()
    observation["content"]["heard"] = text
    body = json.dumps(anna.body(observation)).encode()
    answer = anna.http.post(
        "/sync/v1/push", content=body, headers=anna.headers | {"Content-Type": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    refused = text[0] in "\x00\ud83d\udc00\x85" or len(text) > 20_000
    outcome = answer.json()["receipts"][0]["outcome"]
    assert outcome == (Outcome.REJECTED if refused else Outcome.ACCEPTED)


def test_the_contract_of_the_server_runs_on_both_engines() -> None:
    wanted = {
        "pull",
        "push_receipts",
        "revisions",
        "media",
        "store",
        "visit_plans",
        "sighted_machines",
        "offers",
    }
    assert {f"test_{name}" for name in wanted} <= ON_BOTH


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings.url, busy_seconds=settings.busy_seconds)
    migrate(opened)
    yield opened
    opened.close()


def test_storage_full_is_the_word_for_a_full_disk(database: Database) -> None:
    with pytest.raises(StorageFull), database.writing() as connection:
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$"))
