"""When a technician last said of a next step that it is done, or that it is open after all."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: what is done so far was never said by a tablet."""
    op.add_column("tasks", sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True))
