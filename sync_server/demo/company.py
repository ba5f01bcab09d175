"""The demo company as rows of every table, and the pictures that its observations show."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sync_server.store import schema

Row = dict[str, Any]

TABLES = (
    "users",
    "devices",
    "templates",
    "customers",
    "sites",
    "contacts",
    "assets",
    "history",
    "consents",
    "interests",
    "own_customers",
    "offers",
    "visits",
    "visit_plans",
    "preparations",
    "leads",
    "observations",
    "revisions",
    "flags",
    "comments",
    "lead_events",
    "follow_ups",
    "tasks",
    "seen_by",
    "blobs",
    "photos",
)
"""What is filled, in an order in which every row finds those it refers to."""


@dataclass
class Company:
    """A whole firm, made from a seed and a day."""

    seed: int
    today: date
    customers: int
    """How many customers were asked for: with the seed they can be made again."""
    name: str
    technician: str
    """Login of the technician whom the demo shows."""
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES}, repr=False)
    pictures: dict[str, bytes] = field(default_factory=dict, repr=False)
    """JPEG files by their SHA-256."""

    def add(self, table: str, *rows: Row) -> None:
        """Append rows to a table."""
        self.rows[table].extend(rows)

    def digest(self) -> str:
        """A fingerprint of every row and picture: equal companies have equal ones."""
        content = json.dumps([self.rows, sorted(self.pictures)], default=_plain, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def complete(self) -> None:
        """Give every row of a table the same columns, as one bulk insert needs them."""
        for name, rows in self.rows.items():
            columns = {c.name for c in schema.metadata.tables[name].columns if any(c.name in r for r in rows)}
            missing = dict.fromkeys(columns)
            self.rows[name] = [missing | row for row in rows]


def _plain(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value)} in a row")
