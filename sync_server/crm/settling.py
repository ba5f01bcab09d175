"""Settling versions that were made apart (S5): inside sales says which one holds, and nothing is lost by it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from protocol.changes import ReviseObservation
from protocol.ids import new_id
from protocol.observation import ObservationContent
from protocol.pairing import Role
from protocol.rules.access import Who
from protocol.rules.revisions import Node, tips, winner
from sync_server.crm.arrivals import shown_columns
from sync_server.crm.lead_step import Done, LeadStep, Step
from sync_server.crm.revising import show_flag_and_task
from sync_server.store import schema as t


class UnknownVersion(LookupError):
    """The version is not (any more) one of those between which a person has to choose."""


def settle(
    connection: Connection,
    actor: Who,
    lead_id: UUID,
    expected_revision: int,
    *,
    chosen_id: UUID | None,
    now: datetime,
) -> Done:
    """Let one of the versions made apart hold.

    A new revision with the chosen words follows the one that is shown, and the other open ends are marked as
    settled by it. So every reader finds the same one by the rule, and a correction that still comes from a
    tablet and builds on what was not chosen is again a version made apart, which a person sees.

    Raises:
        UnknownVersion: there is nothing to choose, or this is none of the versions.
        Stale, Forbidden, UnknownLead: see `LeadStep`.
    """
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    versions = _versions(connection, lead_id, chosen_id)
    nodes = [Node(row.id, row.based_on, row.settled_by is not None) for row in versions]
    open_ends = tips(nodes) if nodes else ()
    if len(open_ends) < 2 or chosen_id not in open_ends:
        raise UnknownVersion(str(chosen_id))
    chosen = next(row for row in versions if row.id == chosen_id)
    change = ReviseObservation(
        id=new_id(),
        observation_id=chosen.observation_id,
        revision_id=new_id(),
        based_on=winner(nodes),
        content=ObservationContent.model_validate_json(chosen.content),
        recorded_at=now,
    )
    _keep(connection, actor, change, chosen.content, now)
    others = [end for end in open_ends if end != change.based_on]
    connection.execute(
        update(t.revisions).where(t.revisions.c.id.in_(others)).values(settled_by=change.revision_id)
    )
    connection.execute(
        update(t.observations)
        .where(t.observations.c.id == change.observation_id)
        .values(
            shown_revision_id=change.revision_id,
            revision_count=len(versions) + 1,
            has_conflict=False,
            **shown_columns(change.content),
        )
    )
    # What the technician promised to do stays his own, whoever chose the version that says so.
    show_flag_and_task(connection, Who(chosen.observation_author_id, Role.TECHNICIAN), change)
    return step.finish(Step.SETTLE, revision_id=change.revision_id.hex, chosen=chosen.id.hex)


def _versions(
    connection: Connection, lead_id: UUID, chosen_id: UUID | None
) -> list[Row[tuple[UUID, UUID, UUID | None, str, UUID | None, UUID]]]:
    """All versions of the observation of this lead to which the chosen one belongs."""
    chosen = t.revisions.alias("chosen")
    return list(
        connection.execute(
            select(
                t.revisions.c.id,
                t.revisions.c.observation_id,
                t.revisions.c.based_on,
                t.revisions.c.content,
                t.revisions.c.settled_by,
                t.observations.c.author_id.label("observation_author_id"),
            )
            .join(t.observations, t.observations.c.id == t.revisions.c.observation_id)
            .join(chosen, chosen.c.observation_id == t.observations.c.id)
            .where(chosen.c.id == chosen_id, t.observations.c.lead_id == lead_id)
        )
    )


def _keep(connection: Connection, actor: Who, change: ReviseObservation, content: str, now: datetime) -> None:
    connection.execute(
        insert(t.revisions).values(
            id=change.revision_id,
            observation_id=change.observation_id,
            based_on=change.based_on,
            content=content,
            author_id=actor.user_id,
            device_id=None,
            recorded_at=now,
            received_at=now,
            conflict=False,
        )
    )
