"""Signatures beside photos and voice notes: when each was given."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more column, empty for every photo and voice note."""
    op.add_column(
        "photos",
        sa.Column(
            "signed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when a signature was given; none of a photo or voice note",
        ),
    )
    if op.get_context().dialect.supports_comments:
        op.create_table_comment(
            "photos",
            "photos, voice notes and signatures that some revision or comment names; received when their blob exists",
        )
