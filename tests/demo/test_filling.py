"""Writing the demo company into a database: all of it, once, and never over somebody's real data."""

import json
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from protocol.pairing import Role
from protocol.reference import DOCUMENT_TYPES, Entity
from sync_server.commands.demo import demo
from sync_server.crm import users
from sync_server.demo import Company
from sync_server.demo.fill import PASSWORD, NotADemo, fill, freshen, is_demo
from sync_server.demo.worktime import day_of
from sync_server.store import Database, facts, migrate, schema
from tests.demo.conftest import NOW, TODAY


@pytest.fixture
def folder(filled_folder: Path, tmp_path: Path) -> Path:
    """A copy of the filled folder that may be written to."""
    return Path(shutil.copytree(filled_folder, tmp_path / "data"))


def _database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'rundgang.db'}")


def test_every_row_and_picture_arrives(company: Company, filled_folder: Path) -> None:
    database = _database(filled_folder)
    with database.reading() as connection:
        for name, rows in company.rows.items():
            table = schema.metadata.tables[name]
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == len(rows), name
    database.close()
    for sha256, picture in company.pictures.items():
        assert (filled_folder / "blobs" / sha256[:2] / sha256).read_bytes() == picture


def test_everything_that_tablets_read_is_a_valid_document(filled_folder: Path) -> None:
    database = _database(filled_folder)
    with database.reading() as connection:
        published = connection.execute(select(schema.feed.c.entity, schema.feed.c.body)).all()
    database.close()

    counts = Counter(row.entity for row in published)
    for row in published:
        DOCUMENT_TYPES[Entity(row.entity)].model_validate_json(row.body)

    assert set(counts) == set(Entity)
    assert counts[Entity.HISTORY] > 4000
    assert counts[Entity.OBSERVATION] > 950


def test_every_demo_user_can_log_in_and_is_named_in_the_facts(folder: Path) -> None:
    database = _database(folder)
    with database.reading() as connection:
        about = json.loads(facts.get(connection, facts.DEMO) or "")
        assert facts.get(connection, facts.COMPANY)

    assert len(about["users"]) == 22
    technician = users.authenticate(database, about["technician"], PASSWORD)
    reviewer = users.authenticate(database, "oezdemir", PASSWORD)
    database.close()
    assert technician is not None
    assert technician.role == Role.TECHNICIAN
    assert reviewer is not None
    assert reviewer.role == Role.INSIDE_SALES


def test_filling_again_changes_nothing(company: Company, folder: Path) -> None:
    database = _database(folder)
    fill(database, company, folder / "blobs", NOW)
    with database.reading() as connection:
        customers = connection.execute(select(func.count()).select_from(schema.customers)).scalar_one()
    database.close()

    assert customers == len(company.rows["customers"])


def test_a_real_companys_database_is_refused_and_left_as_it_is(company: Company, tmp_path: Path) -> None:
    database = _database(tmp_path)
    migrate(database)
    with database.writing() as connection:
        users.create(connection, login="echt", name="Echte Person", role=Role.ADMIN, now=NOW)

    with pytest.raises(NotADemo):
        fill(database, company, tmp_path / "blobs", NOW)

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(schema.customers)).scalar_one() == 0
        with pytest.raises(NotADemo):
            is_demo(connection)
    database.close()
    assert not (tmp_path / "blobs").exists()


def test_a_later_day_gets_visits_once_and_the_feed_has_them(folder: Path) -> None:
    database = _database(folder)
    later = TODAY + timedelta(days=60)
    now = NOW + timedelta(days=60)

    added = freshen(database, later, now)
    again = freshen(database, later, now)

    with database.reading() as connection:
        rows = connection.execute(
            select(schema.visits.c.id, schema.visits.c.technician_id, schema.visits.c.starts_at)
        )
        of_the_day = [row for row in rows if day_of(row.starts_at) == later]
        published = set(
            connection.execute(
                select(schema.feed.c.thing_id).where(schema.feed.c.entity == Entity.VISIT)
            ).scalars()
        )
    database.close()
    assert added > 12
    assert again == 0
    assert len({row.technician_id for row in of_the_day}) == 12
    assert {row.id for row in of_the_day} <= published


def test_the_day_of_making_needs_no_refreshing(folder: Path) -> None:
    database = _database(folder)

    assert freshen(database, TODAY, NOW) == 0
    database.close()


def test_refreshing_respects_what_was_deleted(folder: Path) -> None:
    database = _database(folder)
    gone = schema.users.c.login == "xaver"
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        technician = connection.execute(select(schema.users.c.id).where(gone)).scalar_one()
        somebody = connection.execute(
            select(schema.users.c.id).where(schema.users.c.login == "bene")
        ).scalar_one()
        for table, column in (
            (schema.visits, schema.visits.c.technician_id),
            (schema.devices, schema.devices.c.user_id),
            (schema.history, schema.history.c.user_id),
            (schema.observations, schema.observations.c.author_id),
            (schema.revisions, schema.revisions.c.author_id),
            (schema.comments, schema.comments.c.author_id),
            (schema.lead_events, schema.lead_events.c.actor_id),
            (schema.tasks, schema.tasks.c.owner_id),
        ):
            connection.execute(table.update().where(column == technician).values({column.name: somebody}))
        connection.execute(schema.users.delete().where(gone))

    added = freshen(database, TODAY + timedelta(days=60), NOW + timedelta(days=60))

    database.close()
    assert added > 0


def test_the_command_fills_an_empty_folder_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, company: Company
) -> None:
    monkeypatch.setattr("sync_server.demo.generate", lambda *_, **__: company)

    first = CliRunner().invoke(demo, ["--data", str(tmp_path / "new")])
    second = CliRunner().invoke(demo, ["--data", str(tmp_path / "new")])

    assert first.exit_code == 0
    assert PASSWORD in first.output
    assert second.exit_code == 0
    assert len(second.output.splitlines()) == 1


def test_the_command_refuses_a_real_database_in_words(tmp_path: Path) -> None:
    database = _database(tmp_path)
    migrate(database)
    with database.writing() as connection:
        users.create(connection, login="echt", name="Echte Person", role=Role.ADMIN, now=datetime.now(UTC))
    database.close()

    result = CliRunner().invoke(demo, ["--data", str(tmp_path)])

    assert result.exit_code == 1
    assert "Demofirma wird nicht hineingeschrieben" in result.output
    assert "Traceback" not in result.output


def test_the_command_says_when_the_database_is_none(tmp_path: Path) -> None:
    (tmp_path / "rundgang.db").write_bytes(b"no database at all, but long enough to be read as one" * 40)

    result = CliRunner().invoke(demo, ["--data", str(tmp_path)])

    assert result.exit_code == 1
    assert "nicht benutzbar" in result.output
