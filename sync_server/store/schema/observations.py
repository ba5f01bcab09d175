"""Tables of observations and what becomes of them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from sync_server.store.schema.columns import Instant, key, metadata, to

_OWNED = text("assignee_id IS NOT NULL")

leads = Table(
    "leads",
    metadata,
    key(),
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
    key(),
    to("leads", "lead_id"),
    to("users", "author_id"),
    to("customers", "customer_id"),
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
    key(),
    to("observations", "observation_id"),
    Column("based_on", Uuid),
    Column("content", Text, nullable=False, comment="protocol.observation.ObservationContent as JSON"),
    to("users", "author_id", index=False),
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
    to("assets", "asset_id"),
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
    key(),
    to("observations", "observation_id"),
    to("users", "author_id", index=False),
    Column("by_technician", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False, comment="as its author's clock said (S19)"),
    Column("received_at", Instant, nullable=False, comment="orders the thread: no tablet's clock takes part"),
)

lead_events = Table(
    "lead_events",
    metadata,
    Column("id", Integer, primary_key=True),
    to("leads", "lead_id"),
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
    key(),
    to("leads", "lead_id"),
    to("users", "owner_id"),
    Column("due_on", Date, nullable=False, index=True),
    Column("note", String(500), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
)

tasks = Table(
    "tasks",
    metadata,
    key(),
    to("observations", "observation_id"),
    Column("text", String(500), nullable=False),
    Column("responsible", String(20), nullable=False),
    to("users", "owner_id", nullable=True),
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
