"""Many rows are stored in PostgreSQL as SQLAlchemy would store them one by one, and fail in the same words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from protocol.ids import new_id
from sync_server.settings import Settings
from sync_server.store import Database, Unreachable, migrate
from sync_server.store import schema as t
from sync_server.store.many import Batch, Rows, insert_many

NOW = datetime(2026, 11, 20, 9, 30, 0, 123, tzinfo=timezone(timedelta(hours=2)))
ODD = [
    "",
    "\\N",
    "\\.",
    "\t",
    "a\nb\r\n",
    "\\",
    '"',
    "'",
    "NULL",
    "null",
    "{}",
    "ß 𝔘",
    "\x01",
    "a\\tb",
    "%s",
    "\u2028",
]


@pytest.fixture
def engine() -> str:
    return "postgres"


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings.url, busy_seconds=settings.busy_seconds)
    migrate(opened)
    yield opened
    opened.close()


def leads(notes: list[str]) -> list[dict[str, Any]]:
    when = {"created_at": NOW, "changed_at": NOW.astimezone(UTC)}
    return [{"id": new_id(), "state": "new", "note": note, "reason": None, **when} for note in notes]


def arrived() -> list[dict[str, Any]]:
    """Rows with a number, flags, days and nothing."""
    return [
        {
            "position": n,
            "audience": "a",
            "entity": "visit",
            "thing_id": new_id(),
            "body": body,
            "gone_at": gone,
        }
        for n, (body, gone) in enumerate([*((odd, None) for odd in ODD), (None, NOW)])
    ]


def stored(connection: Connection, table: Table) -> list[Any]:
    return list(connection.execute(select(table).order_by(*table.primary_key.columns)).all())


def one_by_one(connection: Connection, table: Table, rows: Rows, same: dict[str, Any]) -> None:
    connection.execute(insert(table), [{**row, **same} for row in rows])


def by_copy(connection: Connection, table: Table, rows: Rows, same: dict[str, Any]) -> None:
    insert_many(connection, table, rows, **same)


def absent(connection: Connection, table: Table, rows: Rows, same: dict[str, Any]) -> None:
    assert insert_absent(connection, table, rows, same) == {str(row["id"]) for row in rows}


def insert_absent(connection: Connection, table: Table, rows: Rows, same: dict[str, Any]) -> set[str]:
    batch = Batch(table, *rows[0])
    for row in rows:
        batch.add([str(row["id"]), *list(row.values())[1:]])
    return batch.insert_absent(connection, **same)


@pytest.mark.parametrize("way", [by_copy, absent])
@pytest.mark.parametrize("count", [1, 300])
def test_odd_texts_and_moments_are_stored_as_one_by_one(database: Database, way: Any, count: int) -> None:
    rows = leads(ODD * count)
    same = {"revision": 3}
    with database.writing() as connection:
        one_by_one(connection, t.leads, rows, same)
        expected = stored(connection, t.leads)
        connection.execute(t.leads.delete())
        way(connection, t.leads, rows, same)
        assert stored(connection, t.leads) == expected
    assert len(expected) == len(ODD) * count


@pytest.mark.parametrize("way", [by_copy, absent])
def test_numbers_days_and_yes_or_no_are_stored_as_one_by_one(database: Database, way: Any) -> None:
    users = [
        {"id": new_id(), "login": f"u{n}", "name": "Ä", "role": "technician", "active": n % 2 == 0, "created_at": NOW}
        for n in range(3)
    ]  # fmt: skip
    customer = {
        "id": new_id(),
        "number": "K",
        "name": "n",
        "folded_name": "n",
        "territory": "s",
        "changed_at": NOW,
    }
    (lead,) = leads(["x"])
    due = [
        {"id": new_id(), "lead_id": lead["id"], "owner_id": users[0]["id"], "due_on": date(2026, 2, n), "note": ""}
        for n in (1, 28)
    ]  # fmt: skip
    tables: list[tuple[Table, Rows, dict[str, Any]]] = [
        (t.users, users, {}), (t.customers, [customer], {}), (t.leads, [lead], {}),
        (t.follow_ups, due, {"created_at": NOW, "done_at": None}),
    ]  # fmt: skip
    with database.writing() as connection:
        for table, rows, same in tables:
            one_by_one(connection, table, rows, same)
        expected = [stored(connection, table) for table, _, _ in tables]
        for table, _, _ in reversed(tables):
            connection.execute(table.delete())
        for table, rows, same in tables:
            way(connection, table, rows, same)
        assert [stored(connection, table) for table, _, _ in tables] == expected


def test_nothing_is_nothing_and_a_body_of_null_is_no_text(database: Database) -> None:
    rows = arrived()
    with database.writing() as connection:
        insert_many(connection, t.feed, rows)
        found = connection.execute(select(t.feed.c.body, t.feed.c.gone_at).order_by(t.feed.c.position)).all()
    assert [row.body for row in found] == [*ODD, None]
    assert [row.gone_at for row in found] == [None] * len(ODD) + [NOW]


def test_of_rows_that_are_there_already_the_others_are_inserted(database: Database) -> None:
    rows = leads([str(n) for n in range(7_000)])
    with database.writing() as connection:
        insert_many(connection, t.leads, rows[1_000:1_500])
        inserted = insert_absent(connection, t.leads, rows, {})
    assert inserted == {str(row["id"]) for row in rows[:1_000] + rows[1_500:]}


def test_a_row_that_the_database_refuses_is_an_integrity_error_and_can_be_gone_back_before(
    database: Database,
) -> None:
    rows = leads(["1", "2"])
    with database.writing() as connection:
        insert_many(connection, t.leads, rows[:1])
        with pytest.raises(IntegrityError) as refused, connection.begin_nested():
            insert_many(connection, t.leads, rows)
        assert "changed_at" not in str(refused.value.params)
        insert_many(connection, t.leads, rows[1:])
        assert len(stored(connection, t.leads)) == 2


@pytest.mark.parametrize("way", [by_copy, absent])
def test_a_text_that_is_too_long_is_refused_never_cut_off(database: Database, way: Any) -> None:
    with pytest.raises(DataError), database.writing() as connection:
        way(connection, t.leads, leads(["x" * 501]), {})
    with database.reading() as connection:
        assert stored(connection, t.leads) == []


def test_a_moment_without_a_time_zone_is_a_mistake(database: Database) -> None:
    rows = leads(["x"])
    with pytest.raises(ValueError, match="time zone"), database.writing() as connection:
        insert_many(connection, t.leads, [{**rows[0], "changed_at": NOW.replace(tzinfo=None)}])


def test_a_connection_that_is_gone_is_unreachable_and_the_next_one_works(database: Database) -> None:
    def ended_by_another() -> None:
        with database.writing() as connection:
            mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with database.writing() as other:
                other.execute(text("SELECT pg_terminate_backend(:mine, 5000)"), {"mine": mine})
            insert_many(connection, t.leads, leads(["x"]))

    with pytest.raises(Unreachable):
        ended_by_another()
    with database.writing() as connection:
        insert_many(connection, t.leads, leads(["x"]))
        assert len(stored(connection, t.leads)) == 1
