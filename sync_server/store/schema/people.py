"""Tables of people, their devices and how they come in."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from sync_server.store.schema.columns import Instant, key, metadata, to

users = Table(
    "users",
    metadata,
    key(),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("email", String(200)),
    Column("role", String(30), nullable=False),
    Column("territory", String(60)),
    Column("language", String(5), nullable=False, server_default="de"),
    Column("password_hash", String(200)),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    to("users", "user_id"),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(200), nullable=False, comment="hash of login or address and what was tried"),
    Column("at", Instant, nullable=False),
    Index(None, "subject", "at"),
    comment="failed logins and pairings, to limit guessing",
)

devices = Table(
    "devices",
    metadata,
    key(),
    to("users", "user_id"),
    Column("name", String(500), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("paired_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("blocked_at", Instant),
    Column("clock_offset_ms", Integer, comment="tablet's clock minus server's, at last contact (S19)"),
)

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),
    to("users", "user_id"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("device_id", Uuid),
)
