"""What inside sales keeps for the brief: special offers, customers of customers, agreed interests, and who edited what."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four more tables, empty: nobody has kept any of it here yet."""
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("classes", sa.String(length=3), nullable=False, comment="letters; empty: every class"),
        sa.Column("trades", sa.Text(), nullable=False, comment="one per line; empty: every trade"),
        sa.Column("machines", sa.Text(), nullable=False, comment="one per line; empty: whatever machines"),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], name=op.f("fk_offers_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        comment="special offers and for which customers they are",
    )
    op.create_table(
        "own_customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("trend", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_own_customers_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_customers")),
        comment="to whom our customers sell, and how those develop",
    )
    op.create_index(op.f("ix_own_customers_customer_id"), "own_customers", ["customer_id"], unique=False)
    op.create_table(
        "interests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False, comment="when the person agreed that it is noted"),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_interests_contact_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_interests_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
        comment="what interests a person, noted with his consent; gone when he withdraws it",
    )
    op.create_index(op.f("ix_interests_contact_id"), "interests", ["contact_id"], unique=False)
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_edits_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edits")),
        comment="who of the inbox has changed what of master data, append-only; never what a person is interested in",
    )
    op.create_index(op.f("ix_edits_customer_id"), "edits", ["customer_id"], unique=False)
