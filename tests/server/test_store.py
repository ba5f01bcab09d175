"""The store: migrations, transactions, the feed's bookkeeping."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from protocol.ids import new_id
from protocol.reference import Entity, Visit
from sync_server.store import Database, NewerDatabase, Unusable, facts, feed, migrate, migrating
from sync_server.store import schema as t
from sync_server.store.migrating import HEAD
from tests.server.firm import NOW


def visit() -> Visit:
    return Visit(id=new_id(), customer_id=new_id(), starts_at=NOW)


def test_the_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []


def test_an_older_database_is_brought_up_to_date_with_what_is_in_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.writing() as connection:
        upgrade_to(connection, "0001")
        comment_on_an_observation(connection)
    migrate(database)
    with database.reading() as connection:
        (comment,) = connection.execute(select(t.comments)).all()
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert (comment.text, comment.received_at) == ("Halle 2", comment.at)
    database.close()


def upgrade_to(connection: Connection, revision: str) -> None:
    """Make an empty database that of an older version of the program."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def comment_on_an_observation(connection: Connection) -> None:
    """What the first version of the program wrote when a technician answered."""
    user, customer, lead, observation = (new_id() for _ in range(4))
    who = {"id": user, "login": "anna", "name": "Anna", "role": "technician", "active": True}
    connection.execute(insert(t.users).values(**who, created_at=NOW))
    what = {"id": customer, "number": "K1", "name": "Werft", "folded_name": "werft", "territory": "nord"}
    connection.execute(insert(t.customers).values(**what, changed_at=NOW))
    connection.execute(insert(t.leads).values(id=lead, state="new", created_at=NOW, changed_at=NOW))
    seen = {
        "kind": "note",
        "urgency": "normal",
        "title": "",
        "folded_text": "",
        "shown_revision_id": new_id(),
    }
    of = {"id": observation, "lead_id": lead, "author_id": user, "customer_id": customer}
    when = {"observed_at": NOW, "received_at": NOW}
    row = {**of, **seen, **when, "revision_count": 1, "has_conflict": False}
    connection.execute(insert(t.observations).values(row))
    # As the first version of the program wrote it.
    connection.execute(
        text(
            "INSERT INTO comments VALUES (:id, :observation, :author, TRUE, 'Halle 2', '2026-11-20 09:30:00.5')"
        ),
        {"id": new_id().hex, "observation": observation.hex, "author": user.hex},
    )


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.reading() as connection:
        epoch = facts.epoch(connection)
    migrate(database)
    with database.reading() as connection:
        assert facts.epoch(connection) == epoch


def test_each_new_database_has_an_epoch_of_its_own(tmp_path: Path) -> None:
    epochs = set()
    for name in ("a", "b"):
        database = Database(f"sqlite:///{tmp_path / name}.db")
        migrate(database)
        with database.reading() as connection:
            epochs.add(facts.epoch(connection))
        database.close()
    assert len(epochs) == 2


def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match=HEAD):
        migrate(database)
    with database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_the_newest_step_is_the_known_one() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is no database " * 100)
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(Unusable):
        migrate(database)
    database.close()


def test_writing_is_in_one_piece(database: Database) -> None:
    def write_half() -> None:
        with database.writing() as connection:
            facts.put(connection, "half", "x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    with database.reading() as connection:
        assert facts.get(connection, "half") is None


def test_reading_sees_one_moment(database: Database) -> None:
    with database.reading() as reader:
        assert facts.get(reader, "new") is None
        with database.writing() as writer:
            facts.put(writer, "new", "x")
        assert facts.get(reader, "new") is None
    with database.reading() as reader:
        assert facts.get(reader, "new") == "x"


def test_an_error_of_a_statement_does_not_tell_what_was_stored(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.writing() as connection:
        connection.execute(t.facts.insert(), [{"name": "twice", "value": "GEHEIM"}] * 2)
    assert "GEHEIM" not in str(caught.value)


def test_a_thing_moves_between_audiences_in_one_step(database: Database) -> None:
    document = visit()
    with database.writing() as connection:
        for audience in ("a", "b"):
            feed.replace(connection, Entity.VISIT, [document.id], [(audience, document.id, document)], NOW)
            assert feed.audiences_of(connection, Entity.VISIT, [document.id]) == {document.id: {audience}}
        assert feed.totals(connection, ["a"]).count == 0
        assert feed.totals(connection, ["a"]).checksum == 0
        assert feed.totals(connection, ["a", "b"]).count == 1


def test_a_tombstone_is_left_only_where_something_was(database: Database) -> None:
    with database.writing() as connection:
        feed.retract(connection, "a", Entity.VISIT, new_id(), NOW)
        assert connection.execute(select(t.feed)).all() == []


def test_thousands_at_once_are_settled_like_one(database: Database) -> None:
    documents = [visit() for _ in range(1_300)]
    with database.writing() as connection:
        feed.replace(
            connection, Entity.VISIT, [d.id for d in documents], [("a", d.id, d) for d in documents], NOW
        )
        assert feed.totals(connection, ["a"]).count == 1_300
        feed.replace(connection, Entity.VISIT, [d.id for d in documents], [], NOW)
        totals = feed.totals(connection, ["a"])
    assert (totals.count, totals.checksum) == (0, 0)


def test_a_connection_in_use_when_the_database_is_closed_is_closed_by_whoever_gives_it_back(
    database: Database,
) -> None:
    with database.reading() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        database.close()
        assert connection.scalar(text("SELECT 1")) == 1
    with pytest.raises(Exception, match="closed"):
        driver.cursor().execute("SELECT 1")
