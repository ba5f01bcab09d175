"""Tables of what the firm knows of its customers, offers them and asks of them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    false,
)

from sync_server.store.schema.columns import Instant, key, metadata, to

customers = Table(
    "customers",
    metadata,
    key(),
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
    key(),
    to("customers", "customer_id"),
    Column("name", String(200), nullable=False),
    Column("street", String(200)),
    Column("postal_code", String(10)),
    Column("city", String(100)),
)

contacts = Table(
    "contacts",
    metadata,
    key(),
    to("customers", "customer_id"),
    to("sites", "site_id", nullable=True),
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
    key(),
    to("customers", "customer_id"),
    to("sites", "site_id", nullable=True),
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
    key(),
    to("customers", "customer_id"),
    to("contacts", "contact_id", nullable=True, index=False),
    to("users", "user_id", nullable=True, index=False),
    Column("at", Instant, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("summary", Text, nullable=False),
    Column("occasion", String(20)),
    comment="contact history over every channel",
)

consents = Table(
    "consents",
    metadata,
    key(),
    to("contacts", "contact_id"),
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
    key(),
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("classes", String(3), nullable=False, comment="letters; empty: every class"),
    Column("trades", Text, nullable=False, comment="one per line; empty: every trade"),
    Column("machines", Text, nullable=False, comment="one per line; empty: whatever machines"),
    to("users", "changed_by_id", index=False),
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
    key(),
    to("customers", "customer_id"),
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
    key(),
    to("contacts", "contact_id"),
    Column("text", String(200), nullable=False),
    Column("agreed_on", Date, nullable=False, comment="when the person agreed that it is noted"),
    Column("evidence", String(300), nullable=False),
    to("users", "noted_by_id", index=False),
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
    to("users", "actor_id", index=False),
    Column("at", Instant, nullable=False),
    Column("what", String(30), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    comment="who of the inbox has changed what of master data, append-only; never what a person is interested in",
)

templates = Table(
    "templates",
    metadata,
    key(),
    Column("number", Integer, nullable=False, unique=True, comment="counts the firm's own versions from 1"),
    Column("content", Text, nullable=False, comment="protocol.template.Template as JSON; never updated"),
    to("users", "author_id", nullable=True, index=False),
    Column("published_at", Instant, nullable=False),
    comment="versions of the questions that the kinds ask; the one with the greatest number is asked now",
)
