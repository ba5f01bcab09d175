"""Totals of an audience in one share per writing connection: parallel writers need not wait for one row."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# Earlier steps changed the tables without saying in PostgreSQL's catalogue what the columns mean.
_COMMENTS = (
    "COMMENT ON COLUMN comments.at IS 'as its author''s clock said (S19)'",
    "COMMENT ON COLUMN comments.received_at IS 'orders the thread: no tablet''s clock takes part'",
    "COMMENT ON COLUMN revisions.settled_by IS 'the revision with which a person chose another version (S5)'",
    "COMMENT ON TABLE revisions IS 'every revision is kept; what it says is never updated'",
)


def upgrade() -> None:
    """Make the table anew with its longer key; it has one small row per audience."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for comment in _COMMENTS:
            connection.exec_driver_sql(comment)
    kept = (
        connection.execute(sa.text("SELECT audience, count, checksum FROM audience_totals")).mappings().all()
    )
    op.drop_table("audience_totals")
    made = op.create_table(
        "audience_totals",
        sa.Column("audience", sa.String(length=120), nullable=False),
        sa.Column(
            "writer",
            sa.Integer(),
            server_default="0",
            autoincrement=False,
            nullable=False,
            comment="the database connection that added this share: none waits for another's row",
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column(
            "checksum",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="protocol.rules.checksum over what is not a tombstone",
        ),
        sa.PrimaryKeyConstraint("audience", "writer", name=op.f("pk_audience_totals")),
        comment="kept in step with the feed in the same transaction, so that nobody counts at a pull (S10)",
    )
    if kept:
        op.bulk_insert(made, [dict(row) for row in kept])
