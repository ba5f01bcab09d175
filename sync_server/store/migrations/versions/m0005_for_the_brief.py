"""What the brief before a visit tells: who decides, how he is reached, why a customer has his class, what it was about."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty: nobody has said any of it yet."""
    op.add_column("contacts", sa.Column("influence", sa.String(length=20), nullable=True))
    op.add_column("contacts", sa.Column("reachable", sa.String(length=200), nullable=True))
    op.add_column("customers", sa.Column("class_reason", sa.String(length=300), nullable=True))
    op.add_column("customers", sa.Column("class_decided_on", sa.Date(), nullable=True))
    op.add_column("history", sa.Column("occasion", sa.String(length=20), nullable=True))
