"""Tables of appointments: as the office has them, as technicians plan them, and their preparation."""

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    Uuid,
)

from sync_server.store.schema.columns import Instant, key, metadata, to

visits = Table(
    "visits",
    metadata,
    key(),
    to("users", "technician_id"),
    to("customers", "customer_id"),
    to("sites", "site_id", nullable=True, index=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("purpose", String(200), nullable=False),
)

visit_plans = Table(
    "visit_plans",
    metadata,
    key(),
    Column("visit_id", Uuid, nullable=False, index=True, comment="the visit may be off, and have no row"),
    to("users", "technician_id", index=False),
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
    to("users", "technician_id", index=False),
    Column("item", String(40), nullable=False),
    Column("template_id", Uuid, nullable=False, comment="the version that has the point's words"),
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False, comment="as the tablet said (S19)"),
    Column("received_at", Instant, nullable=False),
    comment="what technicians said of their preparation of a visit, append-only; of each point the last word counts",
)
