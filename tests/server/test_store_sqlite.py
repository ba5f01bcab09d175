"""The store on SQLite: what only the embedded engine has, and promises in its own way."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from sync_server.store import Database, facts


def test_positions_are_never_given_twice_by_the_table_itself(database: Database) -> None:
    with database.reading() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'feed'")).scalar_one()
    assert "AUTOINCREMENT" in made


def test_writing_is_durable(database: Database) -> None:
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_another_process_sees_what_was_written(database: Database) -> None:
    with database.writing() as connection:
        facts.put(connection, "new", "x")
    with sqlite3.connect(str(database.url.database)) as other:
        assert other.execute("SELECT value FROM facts WHERE name = 'new'").fetchone() == ("x",)
    other.close()


def test_a_file_of_before_keeps_its_pages_and_as_long_a_log(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.execute("PRAGMA page_size = 4096")
        old.execute("CREATE TABLE something (id INTEGER)")

    logs = {}
    for name in ("old", "new"):
        database = Database(f"sqlite:///{tmp_path / name}.db")
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE another (id INTEGER)"))
            page = connection.execute(text("PRAGMA page_size")).scalar_one()
            logs[page] = page * connection.execute(text("PRAGMA wal_autocheckpoint")).scalar_one()
        database.close()

    assert logs == {4096: 2**25, 8192: 2**25}
