"""Tables of synchronisation: receipts, the feed, its totals, and the facts of this database."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from sync_server.store.schema.columns import Instant, Long, metadata

receipts = Table(
    "receipts",
    metadata,
    Column("change_id", Uuid, primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column(
        "receipt", Text, nullable=False, comment="protocol.changes.Receipt as JSON, as it was answered (S2)"
    ),
    Column("received_at", Instant, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    # AUTOINCREMENT: a plain rowid would be used again after a delete, and a reader would miss it (S8).
    Column("position", Long, primary_key=True, autoincrement=True),
    Column("audience", String(120), nullable=False, comment="protocol.rules.access.audiences"),
    Column("entity", String(20), nullable=False),
    Column("thing_id", Uuid, nullable=False),
    Column("body", Text, comment="the document as tablets read it; NULL is a tombstone"),
    Column("gone_at", Instant, comment="when it became a tombstone"),
    UniqueConstraint("entity", "thing_id", "audience"),
    Index(None, "audience", "position"),
    sqlite_autoincrement=True,
    comment="newest state of each thing per audience, in commit order; rendered when written, so that reading is cheap",
)

audience_totals = Table(
    "audience_totals",
    metadata,
    Column("audience", String(120), primary_key=True),
    Column(
        "writer",
        Integer,
        primary_key=True,
        autoincrement=False,
        server_default="0",
        comment="the database connection that added this share: none waits for another's row",
    ),
    Column("count", Integer, nullable=False),
    Column("checksum", Long, nullable=False, comment="protocol.rules.checksum over what is not a tombstone"),
    comment="kept in step with the feed in the same transaction, so that nobody counts at a pull (S10)",
)

facts = Table(
    "facts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
    comment="single values: epoch, company, horizon of kept tombstones",
)
