"""The firm's own versions of the template: what the kinds ask."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more table, empty: the product's own template is asked."""
    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="counts the firm's own versions from 1"),
        sa.Column(
            "content",
            sa.Text(),
            nullable=False,
            comment="protocol.template.Template as JSON; never updated",
        ),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_templates_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("number", name=op.f("uq_templates_number")),
        comment="versions of the questions that the kinds ask; the one with the greatest number is asked now",
    )
