"""Photos that their tablet cannot give any more."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more column: nothing is said of any photo yet."""
    op.add_column(
        "photos",
        sa.Column(
            "missing_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its tablet said that it cannot give it; a blob refutes it",
        ),
    )
