"""Pieces of uploads that lie in S3: several servers know from the database how far an upload has come."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more table, empty."""
    op.create_table(
        "upload_pieces",
        sa.Column("upload_id", sa.String(length=40), nullable=False),
        sa.Column("begins_at", sa.Integer(), autoincrement=False, nullable=False, comment="bytes before it"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.String(length=60), nullable=False, comment="of its object below uploads/<upload_id>/"
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["uploads.id"],
            name=op.f("fk_upload_pieces_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "begins_at", name=op.f("pk_upload_pieces")),
        comment="with MEDIA_URL=s3://…: pieces of uploads that count; the key lets one of two that came at once count",
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "COMMENT ON TABLE uploads IS "
            "'running tus uploads; how far each has come is the length of its file, with S3 the sum of its pieces'"
        )
