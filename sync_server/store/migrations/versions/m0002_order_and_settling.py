"""When the server received each comment, and which revision has settled another."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Of older comments only what the tablet said is known, so that is taken."""
    op.add_column(
        "comments",
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.execute(sa.text("UPDATE comments SET received_at = at"))
    with op.batch_alter_table("comments") as comments:
        comments.alter_column("received_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.add_column(
        "revisions",
        sa.Column("settled_by", sa.Uuid(), nullable=True),
    )
