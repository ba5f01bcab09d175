"""Visits that technicians plan themselves, in versions, and what they say of their preparation."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two more tables, empty: so far the office alone has planned visits."""
    op.create_table(
        "visit_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False, comment="the visit may be off, and have no row"),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("based_on", sa.Uuid(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False, comment="protocol.planning.VisitPlan as JSON"),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), nullable=False, comment="as the tablet said (S19)"
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "settled_by", sa.Uuid(), nullable=True, comment="the version that stands for this one since"
        ),
        sa.ForeignKeyConstraint(["technician_id"], ["users.id"], name=op.f("fk_visit_plans_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_plans")),
        comment="every version of a visit that its technician has planned himself; what it says is never updated",
    )
    op.create_index(op.f("ix_visit_plans_visit_id"), "visit_plans", ["visit_id"], unique=False)
    op.create_table(
        "preparations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False, comment="the visit may be off, and have no row"),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False, comment="the version that has the point's words"),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="as the tablet said (S19)"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["users.id"], name=op.f("fk_preparations_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparations")),
        sa.UniqueConstraint("change_id", name=op.f("uq_preparations_change_id")),
        comment="what technicians said of their preparation of a visit, append-only; of each point the last word counts",
    )
    op.create_index(op.f("ix_preparations_visit_id"), "preparations", ["visit_id"], unique=False)
