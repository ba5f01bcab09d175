"""Customers of whom tablets have to be told anew, a few at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more table, empty: so far all were told in the transaction of the change."""
    op.create_table(
        "stale_customers",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_stale_customers")),
        comment="customers whose document in the feed is older than what stands in the tables; told a few at a time",
    )
