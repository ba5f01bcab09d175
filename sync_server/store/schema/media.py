"""Tables of photos, voice notes and signatures, and of uploads under way."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    Uuid,
)

from sync_server.store.schema.columns import Instant, metadata, to

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("stored_at", Instant, nullable=False),
    comment="verified files in the blob folder, stored once (S14)",
)

photos = Table(
    "photos",
    metadata,
    Column("id", Uuid, primary_key=True),
    to("observations", "observation_id"),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("caption", String(500), nullable=False),
    Column("place", Integer, nullable=False, comment="order within the observation"),
    Column(
        "missing_since", Instant, comment="when its tablet said that it cannot give it; a blob refutes it"
    ),
    Column("seconds", Float, comment="length of a voice note; none of a photo"),
    Column(
        "comment_id",
        Uuid,
        index=True,
        comment="the comment that was spoken; none where the observation itself names it",
    ),
    Column("signed_at", Instant, comment="when a signature was given; none of a photo or voice note"),
    comment="photos, voice notes and signatures that some revision or comment names; received when their blob exists",
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("device_id", Uuid, ForeignKey("devices.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    comment="running tus uploads; how far each has come is the length of its file, with S3 the sum of its pieces",
)

upload_pieces = Table(
    "upload_pieces",
    metadata,
    Column("upload_id", String(40), ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    Column("begins_at", Integer, primary_key=True, autoincrement=False, comment="bytes before it"),
    Column("size", Integer, nullable=False),
    Column("name", String(60), nullable=False, comment="of its object below uploads/<upload_id>/"),
    comment="with MEDIA_URL=s3://…: pieces of uploads that count; the key lets one of two that came at once count",
)
