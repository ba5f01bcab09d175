"""That the customer has an offer is noted with the lead."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more column: of no lead it is known yet."""
    op.add_column(
        "leads",
        sa.Column(
            "offered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was noted that the customer has an offer",
        ),
    )
