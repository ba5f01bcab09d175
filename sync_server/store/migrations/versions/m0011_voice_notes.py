"""Voice notes beside photos: how long one is, and to which answer it belongs."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two more columns, empty for every photo."""
    op.add_column(
        "photos",
        sa.Column("seconds", sa.Float(), nullable=True, comment="length of a voice note; none of a photo"),
    )
    op.add_column(
        "photos",
        sa.Column(
            "comment_id",
            sa.Uuid(),
            nullable=True,
            comment="the comment that was spoken; none where the observation itself names it",
        ),
    )
    op.create_index("ix_photos_comment_id", "photos", ["comment_id"])
    if op.get_context().dialect.supports_comments:
        op.create_table_comment(
            "photos",
            "photos and voice notes that some revision or comment names; received when their blob exists",
        )
