"""Writes a demo company into a database in one transaction, publishes it to the tablets, and stores its pictures."""

import json
import secrets
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from sync_server.crm import documents
from sync_server.crm.users import hash_password
from sync_server.demo.chance import Chance
from sync_server.demo.company import TABLES, Company
from sync_server.demo.customers import draw_accounts
from sync_server.demo.staff import staff_of
from sync_server.demo.visits import DAYS_AFTER, Rounds
from sync_server.demo.worktime import local, workday
from sync_server.media.blobs import Blobs
from sync_server.media.in_folder import InFolder
from sync_server.store import Database, facts, schema
from sync_server.store.many import insert_many

PASSWORD = "rundgang-demo"  # noqa: S105  a demo's password is printed on the screen
"""Of every demo user."""


class NotADemo(Exception):
    """The database belongs to a real company: it has users, and no demo was ever put there."""


def is_demo(connection: Connection) -> bool:
    """Whether this database holds the demo company.

    Raises:
        NotADemo: it holds somebody's real data.
    """
    if facts.get(connection, facts.DEMO) is not None:
        return True
    if connection.execute(select(func.count()).select_from(schema.users)).scalar_one():
        raise NotADemo
    return False


def fill(database: Database, company: Company, blobs_dir: Path, now: datetime) -> None:
    """Write a company into an empty, migrated database.

    Pictures come first: a row never names a file that is not there.

    Args:
        blobs_dir: the folder of photos (`Settings.blobs`).

    Raises:
        NotADemo: there are users already; nothing was written.
    """
    with database.reading() as connection:
        if is_demo(connection):
            return
    _store_pictures(company, blobs_dir)
    # One hash for all: the password is public anyway, and each costs a tenth of a second.
    hashed = hash_password(PASSWORD)
    with database.writing() as connection:
        if is_demo(connection):
            return
        for name in TABLES:
            rows = company.rows[name]
            if name == "users":
                rows = [row | {"password_hash": hashed} for row in rows]
            if rows:
                insert_many(connection, schema.metadata.tables[name], rows)
        facts.put(connection, facts.COMPANY, company.name)
        facts.put(connection, facts.DEMO, json.dumps(_about(company), ensure_ascii=False))
        documents.publish_everything(connection, now)


def freshen(database: Database, today: date, now: datetime) -> int:
    """Give the demo's technicians visits from `today` on when today has none; how many were added.

    Raises:
        NotADemo: this is no demo.
    """
    with database.writing() as connection:
        if not is_demo(connection):
            raise NotADemo
        about = json.loads(facts.get(connection, facts.DEMO) or "{}")
        if "seed" not in about or _has_visits(connection, today):
            return 0
        rows = _visits_from(connection, about, today)
        if rows:
            insert_many(connection, schema.visits, rows)
            documents.publish_visits(connection, [row["id"] for row in rows], now)
        return len(rows)


def _has_visits(connection: Connection, today: date) -> bool:
    begins = local(today, time(0))
    of_today = schema.visits.c.starts_at.between(begins, begins + timedelta(days=1))
    return connection.execute(select(schema.visits.c.id).where(of_today).limit(1)).first() is not None


def _visits_from(connection: Connection, about: dict[str, Any], today: date) -> list[dict[str, Any]]:
    chance = Chance(about["seed"])
    accounts = draw_accounts(chance, date.fromisoformat(about["made_on"]), about["customers"])
    rounds = Rounds(staff_of(chance), accounts, about["seed"])
    last = workday(today, DAYS_AFTER)
    rows = [a.row for a in rounds.around(today) if today <= a.starts_at.date() <= last]
    # Whatever somebody deleted in the meantime stays deleted.
    held = {
        column: set(connection.execute(select(table.c.id)).scalars())
        for column, table in (
            ("technician_id", schema.users),
            ("customer_id", schema.customers),
            ("site_id", schema.sites),
        )
    }
    known = set(connection.execute(select(schema.visits.c.id)).scalars())
    return [
        row
        for row in rows
        if row["id"] not in known and all(row[column] in ids for column, ids in held.items())
    ]


def _store_pictures(company: Company, blobs_dir: Path) -> None:
    blobs = Blobs(InFolder(blobs_dir), blobs_dir.parent / "thumbnails")
    blobs_dir.mkdir(parents=True, exist_ok=True)
    for sha256, picture in company.pictures.items():
        if not blobs.has(sha256):
            part = blobs_dir / f".{secrets.token_hex(8)}"
            part.write_bytes(picture)
            blobs.adopt(part, sha256)


def _about(company: Company) -> dict[str, Any]:
    return {
        "technician": company.technician,
        "users": [
            {"login": row["login"], "name": row["name"], "password": PASSWORD, "role": row["role"]}
            for row in company.rows["users"]
        ],
        "seed": company.seed,
        "made_on": company.today.isoformat(),
        "customers": company.customers,
    }
