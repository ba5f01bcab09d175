"""Competitors' machines that observations report are assets of their customers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more table and two columns. What was reported before becomes assets when the server starts."""
    op.add_column(
        "assets",
        sa.Column(
            "sighted",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="made by sightings alone, and gone with the last of them",
        ),
    )
    op.add_column(
        "assets",
        sa.Column(
            "expected_life",
            sa.Integer(),
            nullable=True,
            comment="years, as the firm reckons; NULL: it does not say",
        ),
    )
    op.create_table(
        "sightings",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("maker", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("serial_number", sa.String(length=60), nullable=True),
        sa.Column("built_in", sa.Integer(), nullable=True),
        sa.Column("condition", sa.String(length=500), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observations.id"], name=op.f("fk_sightings_observation_id")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_sightings_asset_id")),
        sa.PrimaryKeyConstraint("observation_id", name=op.f("pk_sightings")),
        comment="what the shown revision of an observation says of a competitor's machine",
    )
    op.create_index(op.f("ix_sightings_asset_id"), "sightings", ["asset_id"])
