"""What Alembic runs for every migration: it works on the connection that `migrating` hands over."""

from alembic import context

from sync_server.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place: Alembic copies the table then.
    render_as_batch=True,
)
context.run_migrations()
