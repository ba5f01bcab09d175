"""An older PostgreSQL database is brought up to date with everything in it."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from protocol.reading import Totals
from sync_server.store import Database, feed, migrate
from sync_server.store import schema as t
from tests.postgres import Postgres
from tests.server.test_store import comment_on_an_observation, upgrade_to


def test_the_first_revision_becomes_the_newest(postgres: Postgres) -> None:
    name = postgres.create()
    database = Database(postgres.url(name))
    with database.writing() as connection:
        upgrade_to(connection, "0001")
        comment_on_an_observation(connection)
        connection.execute(text("INSERT INTO audience_totals VALUES ('a', 3, 4711)"))
    migrate(database)
    with database.reading() as connection:
        (comment,) = connection.execute(select(t.comments)).all()
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []
        assert feed.totals(connection, ["a"]) == Totals(count=3, checksum=4711)
    database.close()
    postgres.drop(name)
    assert (comment.text, comment.received_at) == ("Halle 2", comment.at)
