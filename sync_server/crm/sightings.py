"""Competitors' machines as assets of their customers: made, corrected and taken away with what observations report.

An asset that exists by sightings alone says what they say, the newest word on each thing, and goes with the last of
them. Which observation makes one is the pure rule `protocol.rules.seen_machine`; here it is kept (docs/adr/0020-sighted-machines.md).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from protocol.ids import new_id
from protocol.observation import Kind, ObservationContent
from protocol.review import LeadState, RejectionReason
from protocol.rules.nameplate import folded
from protocol.rules.seen_machine import SeenMachine, is_asset, seen_machine
from sync_server.crm import holding
from sync_server.store import schema as t
from sync_server.store.inserting import insert_or_update
from sync_server.store.many import among

_SAID = ("maker", "model", "serial_number", "built_in", "site_id")
"""What of sightings becomes columns of the asset."""


@dataclass(frozen=True)
class Report:
    """An observation as it is shown now, and what inside sales has made of it."""

    observation_id: UUID
    content: ObservationContent
    state: LeadState = LeadState.NEW
    reason: RejectionReason | None = None

    @property
    def machine(self) -> SeenMachine | None:
        """The machine that stands among the customer's because of it."""
        if not is_asset(self.content, self.state, self.reason):
            return None
        return seen_machine(self.content)


def follow(connection: Connection, reports: Iterable[Report]) -> set[UUID]:
    """Bring machines up to what observations report now; the customers whose machines have changed.

    The same report again changes nothing.
    """
    wanted = list(reports)
    return _follow(connection, wanted, _kept(connection, [report.observation_id for report in wanted]))


def follow_new(connection: Connection, reports: Iterable[Report]) -> set[UUID]:
    """The same for observations that have just arrived, and cannot have reported anything before."""
    return _follow(connection, list(reports), {})


def _follow(connection: Connection, wanted: list[Report], kept: Mapping[UUID, RowMapping]) -> set[UUID]:
    concerned = [
        report for report in wanted if report.observation_id in kept or report.content.kind is Kind.COMPETITOR
    ]
    told = [(report, report.machine) for report in concerned]
    told = [(report, machine) for report, machine in told if machine or report.observation_id in kept]
    if not told:
        return set()
    holding.machines_at(
        connection,
        {report.content.customer_id for report, _ in told},
        {report.observation_id for report, _ in told},
    )
    changed: set[UUID] = set()
    for report, machine in sorted(
        told, key=lambda pair: (pair[0].content.observed_at, pair[0].observation_id)
    ):
        changed |= _follow_one(connection, report, machine, kept.get(report.observation_id))
    return changed


def _follow_one(
    connection: Connection, report: Report, machine: SeenMachine | None, before: RowMapping | None
) -> set[UUID]:
    if before is not None and machine is not None and before["customer_id"] == report.content.customer_id:
        row = _row(connection, report, machine, before["asset_id"])
        target = _target(connection, report, machine, before)
        if target == before["asset_id"] and row == {name: before[name] for name in row}:
            return set()
    changed: set[UUID] = set()
    if before is not None:
        table = t.sightings
        connection.execute(delete(table).where(table.c.observation_id == report.observation_id))
        if machine is None or before["customer_id"] != report.content.customer_id:
            _settle(connection, before["asset_id"])
            changed.add(before["customer_id"])
            before = None
    if machine is None:
        return changed
    asset_id = _target(connection, report, machine, before) or _made(connection, report, machine)
    values = _row(connection, report, machine, asset_id)
    connection.execute(insert_or_update(connection, t.sightings, ["observation_id"], values), values)
    for each in {asset_id, before["asset_id"] if before else asset_id}:
        _settle(connection, each)
    return changed | {report.content.customer_id}


def _target(
    connection: Connection, report: Report, machine: SeenMachine, before: RowMapping | None
) -> UUID | None:
    """Which of the customer's machines is meant: the one that was named, else the one with this number, else the one
    that this observation has made; None if it is a new one. Never one of ours."""
    assets = t.assets
    theirs = list(
        connection.execute(
            select(assets).where(assets.c.customer_id == report.content.customer_id, ~assets.c.ours)
        ).mappings()
    )
    if report.content.asset_id in {asset["id"] for asset in theirs}:
        return report.content.asset_id
    own: UUID | None = before["asset_id"] if before else None
    number = folded(machine.serial_number or "")
    if number:
        same: list[UUID] = [
            asset["id"]
            for asset in theirs
            # Makers count their machines alike: the same number of another maker is another machine.
            if folded(asset["serial_number"] or "") == number and not _differ(asset["maker"], machine.maker)
        ]
        if same:
            return own if own in same else same[0]
    made = next((asset for asset in theirs if asset["id"] == own and asset["sighted"]), None)
    if made is None or own is None:
        return None
    alone = _sightings(connection, own, but=report.observation_id) == 0
    return own if alone or not number or not made["serial_number"] else None


def _differ(one: str, other: str) -> bool:
    first, second = folded(one), folded(other)
    return bool(first and second) and not (first.startswith(second) or second.startswith(first))


def _made(connection: Connection, report: Report, machine: SeenMachine) -> UUID:
    """A new asset: under the observation's id, so that everybody who computes it finds the same one."""
    taken = connection.execute(select(t.assets.c.id).where(t.assets.c.id == report.observation_id)).first()
    asset_id = report.observation_id if taken is None else new_id()
    connection.execute(
        insert(t.assets).values(
            id=asset_id,
            customer_id=report.content.customer_id,
            maker=machine.maker,
            model=machine.model,
            ours=False,
            sighted=True,
        )
    )
    return asset_id


def _settle(connection: Connection, asset_id: UUID) -> None:
    """Have an asset say what its sightings say: the newest word on each thing. Without any it goes."""
    said = list(
        connection.execute(
            select(t.sightings)
            .where(t.sightings.c.asset_id == asset_id)
            .order_by(t.sightings.c.seen_at.desc(), t.sightings.c.observation_id.desc())
        ).mappings()
    )
    mine = (t.assets.c.id == asset_id) & t.assets.c.sighted
    if not said:
        connection.execute(delete(t.assets).where(mine))
        return
    values: dict[str, Any] = {
        name: next((row[name] for row in said if row[name] not in (None, "")), said[0][name])
        for name in _SAID
    }
    connection.execute(update(t.assets).where(mine).values(values))


def _row(connection: Connection, report: Report, machine: SeenMachine, asset_id: UUID) -> dict[str, Any]:
    content = report.content
    site = select(t.sites.c.id).where(
        t.sites.c.id == content.site_id, t.sites.c.customer_id == content.customer_id
    )
    return {
        "observation_id": report.observation_id,
        "asset_id": asset_id,
        "site_id": connection.execute(site).scalar() if content.site_id else None,
        "maker": machine.maker,
        "model": machine.model,
        "serial_number": machine.serial_number,
        "built_in": machine.built_in,
        "condition": machine.condition,
        "seen_at": content.observed_at,
    }


def _kept(connection: Connection, observation_ids: list[UUID]) -> dict[UUID, RowMapping]:
    if not observation_ids:
        return {}
    statement = select(t.sightings, t.assets.c.customer_id).join(
        t.assets, t.assets.c.id == t.sightings.c.asset_id
    )
    rows = connection.execute(
        statement.where(among(connection, t.sightings.c.observation_id, observation_ids))
    ).mappings()
    return {row["observation_id"]: row for row in rows}


def _sightings(connection: Connection, asset_id: UUID, *, but: UUID) -> int:
    table = t.sightings
    others = select(table.c.observation_id).where(table.c.asset_id == asset_id, table.c.observation_id != but)
    return len(connection.execute(others).all())
