"""Indexes that cost every push and that no list reads: two go, and one holds only the leads that somebody owns."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No row is touched; the new index is made from the leads that have an owner."""
    op.drop_index("ix_observations_kind", table_name="observations")
    op.drop_index("ix_observations_received_at", table_name="observations")
    op.drop_index("ix_leads_assignee_id", table_name="leads")
    owned = sa.text("assignee_id IS NOT NULL")
    op.create_index(
        "ix_leads_assignee_id", "leads", ["assignee_id"], sqlite_where=owned, postgresql_where=owned
    )
