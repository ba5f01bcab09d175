"""The tables of the CRM store, named in the product's words; the migrations in `migrations/` make them."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def in_utc(value: datetime) -> datetime:
    """The moment in UTC. Raises ValueError where it does not say in which time zone it is."""
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: SQLite forgets time zones, so they are taken off on the way in and put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_Long = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere: SQLite's INTEGER has them, and only that name gets AUTOINCREMENT there."""


def _key() -> Column[object]:
    return Column("id", Uuid, primary_key=True)


def _to(target: str, name: str, *, nullable: bool = False, index: bool = True) -> Column[object]:
    return Column(name, Uuid, ForeignKey(f"{target}.id"), nullable=nullable, index=index)


facts = Table(
    "facts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
    comment="single values: epoch, company, horizon of kept tombstones",
)

# -- people and their devices ------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    _key(),
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
    _to("users", "user_id"),
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
    _key(),
    _to("users", "user_id"),
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
    _to("users", "user_id"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("device_id", Uuid),
)

# -- master data -------------------------------------------------------------------------------

customers = Table(
    "customers",
    metadata,
    _key(),
    Column("number", String(20), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("folded_name", String(200), nullable=False, comment="protocol.rules.search.fold of name and city"),
    Column("customer_class", String(1)),
    Column("industry", String(100)),
    Column("city", String(100)),
    Column("territory", String(60), nullable=False, index=True),
    Column("field_sales_id", Uuid, ForeignKey("users.id")),
    Column("changed_at", Instant, nullable=False),
    Column("class_reason", String(300)),
    Column("class_decided_on", Date),
)

sites = Table(
    "sites",
    metadata,
    _key(),
    _to("customers", "customer_id"),
    Column("name", String(200), nullable=False),
    Column("street", String(200)),
    Column("postal_code", String(10)),
    Column("city", String(100)),
)

contacts = Table(
    "contacts",
    metadata,
    _key(),
    _to("customers", "customer_id"),
    _to("sites", "site_id", nullable=True),
    Column("name", String(200), nullable=False),
    Column("role", String(120)),
    Column("phone", String(60)),
    Column("email", String(200)),
    Column("preferred_channel", String(20)),
    Column("has_left", Boolean, nullable=False),
    Column("influence", String(20)),
    Column("reachable", String(200)),
)

assets = Table(
    "assets",
    metadata,
    _key(),
    _to("customers", "customer_id"),
    _to("sites", "site_id", nullable=True),
    Column("maker", String(120), nullable=False),
    Column("model", String(120), nullable=False),
    Column("serial_number", String(60)),
    Column("built_in", Integer),
    Column("ours", Boolean, nullable=False),
    Column("note", Text),
    Column("service_due_on", Date),
    Column(
        "sighted",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="made by sightings alone, and gone with the last of them",
    ),
    Column("expected_life", Integer, comment="years, as the firm reckons; NULL: it does not say"),
)

history = Table(
    "history",
    metadata,
    _key(),
    _to("customers", "customer_id"),
    _to("contacts", "contact_id", nullable=True, index=False),
    _to("users", "user_id", nullable=True, index=False),
    Column("at", Instant, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("summary", Text, nullable=False),
    Column("occasion", String(20)),
    comment="contact history over every channel",
)

consents = Table(
    "consents",
    metadata,
    _key(),
    _to("contacts", "contact_id"),
    Column("channel", String(20), nullable=False),
    Column("purpose", String(120), nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("at", Instant, nullable=False),
    comment="Werbeerlaubnis; append-only, the newest row counts",
)

offers = Table(
    "offers",
    metadata,
    _key(),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("classes", String(3), nullable=False, comment="letters; empty: every class"),
    Column("trades", Text, nullable=False, comment="one per line; empty: every trade"),
    Column("machines", Text, nullable=False, comment="one per line; empty: whatever machines"),
    _to("users", "changed_by_id", index=False),
    Column("changed_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    comment="special offers and for which customers they are",
)

stale_customers = Table(
    "stale_customers",
    metadata,
    Column("customer_id", Uuid, primary_key=True),
    Column("since", Instant, nullable=False),
    comment="customers whose document in the feed is older than what stands in the tables; told a few at a time",
)

own_customers = Table(
    "own_customers",
    metadata,
    _key(),
    _to("customers", "customer_id"),
    Column("name", String(200), nullable=False),
    Column("trend", String(20)),
    Column("note", String(300), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("source", String(200), nullable=False),
    comment="to whom our customers sell, and how those develop",
)

interests = Table(
    "interests",
    metadata,
    _key(),
    _to("contacts", "contact_id"),
    Column("text", String(200), nullable=False),
    Column("agreed_on", Date, nullable=False, comment="when the person agreed that it is noted"),
    Column("evidence", String(300), nullable=False),
    _to("users", "noted_by_id", index=False),
    Column("noted_at", Instant, nullable=False),
    comment="what interests a person, noted with his consent; gone when he withdraws it",
)

edits = Table(
    "edits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Uuid, index=True),
    Column("contact_id", Uuid),
    Column("offer_id", Uuid),
    _to("users", "actor_id", index=False),
    Column("at", Instant, nullable=False),
    Column("what", String(30), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    comment="who of the inbox has changed what of master data, append-only; never what a person is interested in",
)

visits = Table(
    "visits",
    metadata,
    _key(),
    _to("users", "technician_id"),
    _to("customers", "customer_id"),
    _to("sites", "site_id", nullable=True, index=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("purpose", String(200), nullable=False),
)

visit_plans = Table(
    "visit_plans",
    metadata,
    _key(),
    Column("visit_id", Uuid, nullable=False, index=True, comment="the visit may be off, and have no row"),
    _to("users", "technician_id", index=False),
    Column("based_on", Uuid),
    Column("content", Text, nullable=False, comment="protocol.planning.VisitPlan as JSON"),
    Column("device_id", Uuid),
    Column("recorded_at", Instant, nullable=False, comment="as the tablet said (S19)"),
    Column("received_at", Instant, nullable=False),
    Column("settled_by", Uuid, comment="the version that stands for this one since"),
    comment="every version of a visit that its technician has planned himself; what it says is never updated",
)

preparations = Table(
    "preparations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("change_id", Uuid, nullable=False, unique=True),
    Column("visit_id", Uuid, nullable=False, index=True, comment="the visit may be off, and have no row"),
    _to("users", "technician_id", index=False),
    Column("item", String(40), nullable=False),
    Column("template_id", Uuid, nullable=False, comment="the version that has the point's words"),
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False, comment="as the tablet said (S19)"),
    Column("received_at", Instant, nullable=False),
    comment="what technicians said of their preparation of a visit, append-only; of each point the last word counts",
)

templates = Table(
    "templates",
    metadata,
    _key(),
    Column("number", Integer, nullable=False, unique=True, comment="counts the firm's own versions from 1"),
    Column("content", Text, nullable=False, comment="protocol.template.Template as JSON; never updated"),
    _to("users", "author_id", nullable=True, index=False),
    Column("published_at", Instant, nullable=False),
    comment="versions of the questions that the kinds ask; the one with the greatest number is asked now",
)

# -- observations and what becomes of them -----------------------------------------------------

_OWNED = text("assignee_id IS NOT NULL")

leads = Table(
    "leads",
    metadata,
    _key(),
    Column("state", String(20), nullable=False),
    Column("reason", String(30)),
    Column("note", String(500), nullable=False, server_default=""),
    Column("assignee_id", Uuid, ForeignKey("users.id")),
    Column("decided_by_id", Uuid, ForeignKey("users.id")),
    Column("decided_at", Instant),
    Column("first_answer_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1", comment="optimistic lock of the inbox"),
    Column("offered_at", Instant, comment="when it was noted that the customer has an offer"),
    Index(None, "state", "created_at"),
    # Of those that somebody owns: new ones, as they come by the hundred, have no owner and need no entry.
    Index(None, "assignee_id", sqlite_where=_OWNED, postgresql_where=_OWNED),
)

observations = Table(
    "observations",
    metadata,
    _key(),
    _to("leads", "lead_id"),
    _to("users", "author_id"),
    _to("customers", "customer_id"),
    Column("site_id", Uuid),
    Column("asset_id", Uuid),
    Column("contact_id", Uuid),
    Column("visit_id", Uuid),
    Column("kind", String(20), nullable=False),
    Column("urgency", String(10), nullable=False),
    Column("flag_kind", String(20)),
    Column("title", String(500), nullable=False),
    Column("folded_text", Text, nullable=False, comment="for search; never logged"),
    Column("shown_revision_id", Uuid, nullable=False),
    Column("revision_count", Integer, nullable=False),
    Column("has_conflict", Boolean, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    comment="the shown revision's columns, for lists and filters",
)

revisions = Table(
    "revisions",
    metadata,
    _key(),
    _to("observations", "observation_id"),
    Column("based_on", Uuid),
    Column("content", Text, nullable=False, comment="protocol.observation.ObservationContent as JSON"),
    _to("users", "author_id", index=False),
    Column("device_id", Uuid),
    Column("recorded_at", Instant, nullable=False, comment="as the tablet said (S19)"),
    Column("received_at", Instant, nullable=False),
    Column("conflict", Boolean, nullable=False),
    Column("settled_by", Uuid, comment="the revision with which a person chose another version (S5)"),
    comment="every revision is kept; what it says is never updated",
)

sightings = Table(
    "sightings",
    metadata,
    Column("observation_id", Uuid, ForeignKey("observations.id"), primary_key=True),
    _to("assets", "asset_id"),
    Column("site_id", Uuid),
    Column("maker", String(120), nullable=False),
    Column("model", String(120), nullable=False),
    Column("serial_number", String(60)),
    Column("built_in", Integer),
    Column("condition", String(500)),
    Column("seen_at", Instant, nullable=False),
    comment="what the shown revision of an observation says of a competitor's machine",
)

flags = Table(
    "flags",
    metadata,
    Column("observation_id", Uuid, ForeignKey("observations.id"), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("purpose", String(500), nullable=False),
    Column("expires_on", Date),
    comment="GDPR flag of the shown revision",
)

comments = Table(
    "comments",
    metadata,
    _key(),
    _to("observations", "observation_id"),
    _to("users", "author_id", index=False),
    Column("by_technician", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False, comment="as its author's clock said (S19)"),
    Column("received_at", Instant, nullable=False, comment="orders the thread: no tablet's clock takes part"),
)

lead_events = Table(
    "lead_events",
    metadata,
    Column("id", Integer, primary_key=True),
    _to("leads", "lead_id"),
    Column("actor_id", Uuid, ForeignKey("users.id")),
    Column("at", Instant, nullable=False),
    Column("action", String(30), nullable=False),
    Column("state_before", String(20)),
    Column("state_after", String(20)),
    Column("detail", Text),
    comment="what happened to a lead, append-only",
)

follow_ups = Table(
    "follow_ups",
    metadata,
    _key(),
    _to("leads", "lead_id"),
    _to("users", "owner_id"),
    Column("due_on", Date, nullable=False, index=True),
    Column("note", String(500), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
)

tasks = Table(
    "tasks",
    metadata,
    _key(),
    _to("observations", "observation_id"),
    Column("text", String(500), nullable=False),
    Column("responsible", String(20), nullable=False),
    _to("users", "owner_id", nullable=True),
    Column("due_on", Date, index=True),
    Column("done_at", Instant),  # as the tablet said (S19)
    Column("marked_at", Instant),  # when the server last heard that it is done, or open after all
    comment="next steps of the shown revision; id is the observation's, there is one at most",
)

seen_by = Table(
    "seen_by",
    metadata,
    Column("lead_id", Uuid, ForeignKey("leads.id"), primary_key=True),
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    comment="who of the inbox has opened what (unread marks)",
)

# -- media -------------------------------------------------------------------------------------

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
    _to("observations", "observation_id"),
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

# -- synchronisation ---------------------------------------------------------------------------

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
    Column("position", _Long, primary_key=True, autoincrement=True),
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
    Column("checksum", _Long, nullable=False, comment="protocol.rules.checksum over what is not a tombstone"),
    comment="kept in step with the feed in the same transaction, so that nobody counts at a pull (S10)",
)

__all__ = [
    "Instant",
    "assets",
    "attempts",
    "audience_totals",
    "blobs",
    "comments",
    "consents",
    "contacts",
    "customers",
    "devices",
    "edits",
    "facts",
    "feed",
    "flags",
    "follow_ups",
    "history",
    "interests",
    "lead_events",
    "leads",
    "metadata",
    "observations",
    "offers",
    "own_customers",
    "pairing_codes",
    "photos",
    "preparations",
    "receipts",
    "revisions",
    "seen_by",
    "sessions",
    "sightings",
    "sites",
    "tasks",
    "upload_pieces",
    "uploads",
    "users",
    "visit_plans",
    "visits",
]
