"""Many rows at once are stored and found as SQLAlchemy would store and find them one by one."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from protocol.ids import new_id
from sync_server.store import Database
from sync_server.store import schema as t
from sync_server.store.many import Batch, among, insert_many

NOW = datetime(2026, 11, 20, 9, 30, 0, 123, tzinfo=UTC)
THERE = timezone(timedelta(hours=2))


def leads(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "state": "new",
            "created_at": NOW.astimezone(THERE),
            "changed_at": NOW,
            "note": str(n),
        }
        for n in range(count)
    ]


def absent(connection: Connection, rows: list[dict[str, Any]]) -> set[str]:
    batch = Batch(t.leads, *leads(1)[0])
    for row in rows:
        batch.add([str(row["id"]), *list(row.values())[1:]])
    return batch.insert_absent(connection)


def raw(database: Database, table: str) -> list[Any]:
    """What is really in the file, in the order of insertion."""
    with database.reading() as connection:
        return list(connection.execute(text(f"SELECT * FROM {table} ORDER BY rowid")).all())


@pytest.mark.parametrize("count", [1, 2, 17, 128, 150, 300])
def test_rows_are_stored_as_one_by_one(database: Database, count: int) -> None:
    rows = leads(count)
    with database.writing() as connection:
        connection.execute(insert(t.leads), rows)
    one_by_one = raw(database, "leads")
    with database.writing() as connection:
        connection.execute(t.leads.delete())
        insert_many(connection, t.leads, rows)

    assert raw(database, "leads") == one_by_one
    assert len(one_by_one) == count


def test_nothing_is_inserted_when_there_is_nothing(database: Database) -> None:
    with database.writing() as connection:
        insert_many(connection, t.leads, [])
        assert absent(connection, []) == set()

    assert raw(database, "leads") == []


def test_of_rows_that_are_there_already_the_others_are_inserted(database: Database) -> None:
    rows = leads(300)
    with database.writing() as connection:
        insert_many(connection, t.leads, rows[100:150])
        inserted = absent(connection, rows)

    assert inserted == {str(row["id"]) for row in rows[:100] + rows[150:]}
    assert len(raw(database, "leads")) == 300


def test_a_row_that_the_database_refuses_is_an_integrity_error(database: Database) -> None:
    rows = leads(3)
    with pytest.raises(IntegrityError), database.writing() as connection:
        insert_many(connection, t.leads, [*rows, rows[1]])

    assert raw(database, "leads") == []


@pytest.mark.parametrize("asked", [0, 1, 200])
def test_rows_are_found_by_their_ids(database: Database, asked: int) -> None:
    rows = leads(200)
    wanted = {row["id"] for row in rows[:asked]}
    with database.writing() as connection:
        insert_many(connection, t.leads, rows)
        found = connection.execute(
            select(t.leads.c.id).where(among(connection, t.leads.c.id, wanted | {new_id()}))
        ).scalars()
        assert set(found) == wanted
