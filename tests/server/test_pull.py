"""Pull: commit order, pages, tombstones, scopes, totals (rules S8 to S12)."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text, update

from protocol.fields import Document
from protocol.ids import new_id
from protocol.limits import MAX_PULL_PAGE, TOMBSTONES_KEPT
from protocol.observation import Flag, FlagKind
from protocol.problems import Advice, Code
from protocol.reading import PullPage
from protocol.reference import Customer, Entity, HistoryEntry, Visit
from protocol.rules.access import own_audience, territory_audience
from sync_server.crm import documents
from sync_server.store import facts, feed
from sync_server.store import schema as t
from sync_server.sync_api.cursor import Cursor, decode
from tests.server.firm import NORTH, NOW, SOUTH, Firm, Tablet


def entities(tablet: Tablet) -> list[Entity]:
    return sorted(key[0] for key in tablet.held)


def publish_visits(firm: Firm, number: int) -> list[UUID]:
    ids = [new_id() for _ in range(number)]
    with firm.database.writing() as connection:
        connection.execute(
            t.visits.insert(),
            [
                {
                    "id": key,
                    "technician_id": firm.anna.id,
                    "customer_id": firm.brandl,
                    "starts_at": NOW,
                    "purpose": "Wartung",
                }
                for key in ids
            ],
        )
        documents.publish_visits(connection, ids, NOW)
    return ids


def test_a_tablet_reads_its_territory_and_its_own_and_nothing_else(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    publish_visits(firm, 1)
    jan.push(jan.observe("im Norden", customer_id=firm.werft))
    anna.push(anna.observe())

    anna.pull()
    jan.pull()

    assert entities(anna) == [Entity.CUSTOMER, Entity.HISTORY, Entity.OBSERVATION, Entity.VISIT]
    assert entities(jan) == [Entity.CUSTOMER, Entity.HISTORY, Entity.OBSERVATION]
    assert {key[1] for key in anna.held}.isdisjoint({key[1] for key in jan.held})


def test_every_document_is_what_the_protocol_says(firm: Firm, anna: Tablet) -> None:
    publish_visits(firm, 1)
    anna.push(anna.observe())
    anna.pull()

    models: dict[Entity, type[Document]] = {
        Entity.CUSTOMER: Customer,
        Entity.VISIT: Visit,
        Entity.HISTORY: HistoryEntry,
    }
    for (entity, key), item in anna.held.items():
        if entity in models:
            read: Any = models[entity].model_validate(item.body)
            assert read.id == key


def test_s9_pages_are_bounded_and_an_interrupted_reading_resumes(firm: Firm, anna: Tablet) -> None:
    ids = publish_visits(firm, 25)

    page = anna.pull_page(limit=10)
    assert (len(page.items), page.more, page.remaining, page.totals) == (10, True, 16, None)
    resumed = Tablet(anna.http, anna.paired, firm)
    resumed.cursor, resumed.held = page.cursor, dict(anna.held)
    last = resumed.pull(limit=10)

    assert {key[1] for key in resumed.held if key[0] is Entity.VISIT} == set(ids)
    assert last.totals is not None
    assert (last.totals.count, last.totals.checksum) == (len(resumed.held), resumed.checksum())
    assert resumed.pull_page().items == ()


def test_s9_a_page_has_the_newest_state_of_a_thing_once(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe("eins")
    anna.push(observation)
    for number in range(3):
        anna.push(anna.comment(observation, str(number)))

    page = anna.pull()

    assert [item.id for item in page.items if item.entity is Entity.OBSERVATION] == [
        observation.observation_id
    ]
    assert len(anna.observation(observation).comments) == 3


def test_s9a_totals_follow_every_change(firm: Firm, anna: Tablet, jan: Tablet) -> None:
    observation = anna.observe()
    for step in (
        lambda: anna.push(observation),
        lambda: anna.push(anna.revise(observation, "anders")),
        lambda: anna.push(anna.observe("zweite")),
        lambda: move(firm, firm.brandl, NORTH),
        lambda: move(firm, firm.brandl, SOUTH),
    ):
        step()
        for tablet in (anna, jan):
            totals = tablet.pull().totals
            assert totals is not None
            assert (totals.count, totals.checksum) == (len(tablet.held), tablet.checksum())


@pytest.mark.sqlite
def test_s10_an_incremental_pull_reads_what_changed_not_what_is_stored(firm: Firm, anna: Tablet) -> None:
    """The database's steps are counted, because time would depend on the machine."""

    def steps_for_one_change() -> int:
        publish_visits(firm, 1)
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        def watch(connection: Any, _record: Any, _proxy: Any) -> None:
            connection.set_progress_handler(count, 1)

        event.listen(firm.database.engine, "checkout", watch)
        page = anna.pull()
        event.remove(firm.database.engine, "checkout", watch)
        with firm.database.engine.connect() as connection:
            connection.connection.driver_connection.set_progress_handler(None, 0)  # type: ignore[union-attr]
        assert len(page.items) == 1
        return counted

    anna.pull()
    few = steps_for_one_change()
    publish_visits(firm, 2_000)
    anna.pull()
    many = steps_for_one_change()

    assert few > 100
    assert many < few * 1.5


def move(firm: Firm, customer: UUID, territory: str) -> None:
    with firm.database.writing() as connection:
        connection.execute(
            update(t.customers).where(t.customers.c.id == customer).values(territory=territory)
        )
        documents.publish_customer(connection, customer, NOW)


def test_s11_s12_a_reassigned_customer_leaves_one_tablet_with_his_history_and_arrives_on_the_other(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    observation = anna.observe()
    anna.push(observation)
    with firm.database.writing() as connection:
        call = new_id()
        connection.execute(
            t.history.insert(),
            {
                "id": call,
                "customer_id": firm.brandl,
                "user_id": firm.nora.id,
                "at": NOW,
                "channel": "phone",
                "summary": "Rückruf",
            },
        )
        documents.publish_history(connection, call, NOW)
    anna.pull()
    jan.pull()

    move(firm, firm.brandl, NORTH)
    page = anna.pull()
    jan.pull()

    moved = {
        (Entity.CUSTOMER, firm.brandl),
        (Entity.HISTORY, call),
        (Entity.HISTORY, observation.observation_id),
    }
    assert {(item.entity, item.id) for item in page.items if item.body is None} == moved
    assert set(anna.held) == {(Entity.OBSERVATION, observation.observation_id)}
    assert moved < set(jan.held)


@pytest.mark.parametrize(
    ("flag", "read"),
    [
        (None, True),
        (FlagKind.PERSONAL, True),
        (FlagKind.THIRD_PARTY, False),
        (FlagKind.SPECIAL_CATEGORY, False),
    ],
)
def test_s17_colleagues_read_a_line_only_where_the_flag_lets_them(
    firm: Firm, anna: Tablet, flag: FlagKind | None, read: bool
) -> None:
    colleague = firm.pair(firm.anna)
    anna.push(anna.observe(flag=Flag(kind=flag, purpose="x") if flag else None))

    with firm.database.reading() as connection:
        end = feed.bounds(connection).end
        page = feed.read_page(connection, [territory_audience(SOUTH)], 0, 100, end=end)
    assert ("history" in {row[1] for row in page.rows}) is read
    colleague.pull()


def test_s17_a_line_disappears_from_colleagues_when_a_correction_flags_it(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe("Der Meister ist krank")
    anna.push(observation)
    anna.pull()
    flagged = observation.content.model_copy(
        update={"flag": Flag(kind=FlagKind.SPECIAL_CATEGORY, purpose="x")}
    )
    anna.push(anna.revise(observation, "x").model_copy(update={"content": flagged}))

    page = anna.pull()

    assert [item.entity for item in page.items if item.body is None] == [Entity.HISTORY]
    with firm.database.reading() as connection:
        end = feed.bounds(connection).end
        rows = feed.read_page(connection, [territory_audience(SOUTH)], 0, 100, end=end).rows
    assert not any("krank" in (row[3] or "") for row in rows)


def test_s11_a_first_reading_is_not_told_of_what_it_never_had(firm: Firm, anna: Tablet, jan: Tablet) -> None:
    move(firm, firm.brandl, NORTH)
    assert anna.pull().items == ()


def test_s11_but_it_is_told_of_what_goes_while_it_reads(firm: Firm, anna: Tablet) -> None:
    publish_visits(firm, 3)
    anna.pull_page(limit=1)
    assert list(anna.held) == [(Entity.CUSTOMER, firm.brandl)]

    move(firm, firm.brandl, NORTH)
    anna.pull(limit=1)

    assert set(entities(anna)) == {Entity.VISIT}


def code(answer: Any) -> tuple[Code, Advice]:
    return answer.json()["code"], answer.json()["advice"]


def test_s11_a_cursor_older_than_the_kept_tombstones_is_told_to_read_anew(firm: Firm, anna: Tablet) -> None:
    anna.pull()
    publish_visits(firm, 1)
    move(firm, firm.brandl, NORTH)
    with firm.database.writing() as connection:
        pruned = feed.prune_tombstones(connection, NOW + TOMBSTONES_KEPT + timedelta(days=1))
    assert pruned == 1

    assert code(anna.ask_page()) == (Code.CURSOR_TOO_OLD, Advice.READ_ANEW)
    anna.cursor = None
    anna.held.clear()
    anna.pull()
    assert entities(anna) == [Entity.VISIT]
    assert anna.ask_page().status_code == 200


def test_s11_tombstones_are_kept_longer_than_any_token_lives(firm: Firm, anna: Tablet) -> None:
    anna.pull()
    move(firm, firm.brandl, NORTH)
    with firm.database.writing() as connection:
        assert feed.prune_tombstones(connection, NOW + TOMBSTONES_KEPT - timedelta(days=1)) == 0
    assert [item.body for item in anna.pull().items] == [None]


def test_s11_s13_a_cursor_of_another_epoch_is_told_to_read_anew(firm: Firm, anna: Tablet) -> None:
    anna.pull()
    with firm.database.writing() as connection:
        facts.put(connection, facts.EPOCH, str(new_id()))

    assert code(anna.ask_page()) == (Code.CURSOR_OTHER_EPOCH, Advice.READ_ANEW)


@pytest.mark.sqlite
def test_s13_a_cursor_from_after_the_backup_is_noticed_even_if_the_epoch_was_not_changed(
    firm: Firm, anna: Tablet
) -> None:
    anna.pull()
    assert anna.cursor is not None
    told = decode(anna.cursor)
    anna.cursor = Cursor(told.epoch, told.scope, told.position + 1000).encoded()

    assert code(anna.ask_page()) == (Code.CURSOR_OTHER_EPOCH, Advice.READ_ANEW)


def test_s12_a_user_with_another_territory_reads_anew(firm: Firm, anna: Tablet) -> None:
    anna.pull()
    with firm.database.writing() as connection:
        connection.execute(update(t.users).where(t.users.c.id == firm.anna.id).values(territory=NORTH))

    assert code(anna.ask_page()) == (Code.CURSOR_OTHER_SCOPE, Advice.READ_ANEW)
    anna.cursor = None
    anna.held.clear()
    anna.pull()
    assert list(anna.held) == [(Entity.CUSTOMER, firm.werft)]


@pytest.mark.parametrize("cursor", ["abc", "ä", "A" * 5000, "AAAA", "=", "AA" * 27])
def test_s11_an_unreadable_cursor_is_told_to_read_anew(anna: Tablet, cursor: str) -> None:
    anna.cursor = cursor
    assert code(anna.ask_page()) == (Code.CURSOR_UNREADABLE, Advice.READ_ANEW)


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1e3", "²", "9" * 30])
def test_a_senseless_limit_is_refused(anna: Tablet, limit: str) -> None:
    answer = anna.ask_page(**{"limit": limit})  # type: ignore[arg-type]
    assert code(answer)[0] == Code.INVALID_REQUEST


def test_a_greedy_limit_is_bounded(firm: Firm, anna: Tablet) -> None:
    publish_visits(firm, MAX_PULL_PAGE + 5)
    assert len(anna.pull_page(limit=50_000).items) == MAX_PULL_PAGE


def test_a_page_is_compressed_for_those_who_accept_it(firm: Firm, anna: Tablet) -> None:
    publish_visits(firm, 50)
    plain = anna.http.get("/sync/v1/pull", headers={**anna.headers, "Accept-Encoding": "identity"})
    packed = anna.http.get("/sync/v1/pull", headers={**anna.headers, "Accept-Encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json()["items"] == plain.json()["items"]
    assert int(packed.headers["content-length"]) < len(plain.content) / 3


def test_the_assembled_page_is_the_one_of_the_protocol(firm: Firm, anna: Tablet) -> None:
    publish_visits(firm, 2)
    move(firm, firm.brandl, NORTH)
    raw = anna.ask_page().content

    page = PullPage.model_validate_json(raw)

    assert json.loads(raw) == json.loads(page.as_json())


def test_s8_kinto_a_polling_reader_sees_every_row_of_parallel_writers(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    """Kinto never showed some 500 of 1,800 rows to a reader that polls while others write."""
    writers = [firm.pair(firm.anna) for _ in range(4)]
    each, rounds = 5, 6
    made: list[UUID] = []
    done = threading.Event()

    def write(tablet: Tablet) -> None:
        for _ in range(rounds):
            changes = [tablet.observe() for _ in range(each)]
            tablet.push(*changes)
            made.extend(change.observation_id for change in changes)

    def read() -> None:
        while not done.is_set():
            anna.pull(limit=7)
        anna.pull(limit=7)

    reader = threading.Thread(target=read)
    threads = [threading.Thread(target=write, args=(tablet,)) for tablet in writers]
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()

    assert len(made) == len(writers) * each * rounds
    assert {key[1] for key in anna.held if key[0] is Entity.OBSERVATION} == set(made)
    totals = anna.pull().totals
    assert totals is not None
    assert (totals.count, totals.checksum) == (len(anna.held), anna.checksum())


def test_s8_positions_are_never_used_again_after_a_delete(firm: Firm) -> None:
    ids = publish_visits(firm, 2)
    with firm.database.writing() as connection:
        before = feed.bounds(connection).end
        connection.execute(text("DELETE FROM feed"))
        feed.publish(connection, own_audience(firm.anna.id), Entity.VISIT, ids[0], _visit(firm, ids[0]), NOW)
        assert connection.execute(select(t.feed.c.position)).scalar_one() > before


def test_what_is_there_word_for_word_is_not_read_again(firm: Firm, anna: Tablet) -> None:
    anna.pull()
    with firm.database.writing() as connection:
        documents.publish_everything(connection, datetime.now(UTC))
    assert anna.pull().items == ()


def _visit(firm: Firm, key: UUID) -> Visit:
    return Visit(id=key, customer_id=firm.brandl, starts_at=NOW)
