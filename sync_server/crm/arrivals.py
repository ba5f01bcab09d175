"""Storing new observations: all of a push with one statement per table, and their documents with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from protocol.changes import ReviseObservation
from protocol.ids import new_id
from protocol.observation import NextStep, ObservationContent, Side
from protocol.reference import Entity
from protocol.review import LeadState
from protocol.rules.access import Who, colleagues_may_read, own_audience, territory_audience
from protocol.rules.search import fold
from sync_server.crm.first_documents import FirstDocuments
from sync_server.crm.known import Known, News, Sender
from sync_server.store import feed
from sync_server.store import schema as t
from sync_server.store.many import insert_many

RECEIVED = "received"
"""Name of the event with which a lead begins."""

_NEW = LeadState.NEW.value


def store(
    connection: Connection,
    arrived: Sequence[tuple[Sender, ReviseObservation]],
    known: Known,
    now: datetime,
) -> dict[UUID, UUID]:
    """Store observations that the store does not have yet, and that `known` expects.

    Args:
        arrived: each with who sent it.

    Returns:
        The lead of each observation.
    """
    lead_ids = {change.observation_id: new_id() for _, change in arrived}
    leads = [{"id": lead_id} for lead_id in lead_ids.values()]
    insert_many(connection, t.leads, leads, state=_NEW, created_at=now, changed_at=now)
    events = [
        {"lead_id": lead_ids[change.observation_id], "actor_id": sender.who.user_id}
        for sender, change in arrived
    ]
    insert_many(connection, t.lead_events, events, at=now, action=RECEIVED, state_after=_NEW)
    rows = [
        {
            "id": change.observation_id,
            "lead_id": lead_ids[change.observation_id],
            "author_id": sender.who.user_id,
            "shown_revision_id": change.revision_id,
            **shown_columns(change.content),
        }
        for sender, change in arrived
    ]
    insert_many(connection, t.observations, rows, revision_count=1, has_conflict=False, received_at=now)
    rows = [
        revision_columns(change, known.revisions[change.revision_id][1], sender) for sender, change in arrived
    ]
    insert_many(connection, t.revisions, rows, received_at=now, conflict=False)
    insert_many(connection, t.flags, [row for _, change in arrived for row in flag_rows(change)])
    insert_many(connection, t.tasks, [row for who, change in arrived for row in task_rows(change, who.who)])
    insert_many(connection, t.photos, [row for _, change in arrived for row in photo_rows(change)])
    _publish(connection, arrived, known, now)
    return lead_ids


def news(lead_id: UUID) -> News:
    """What open inboxes hear of a new observation."""
    return News("arrived", {"lead": lead_id.hex})


def shown_columns(content: ObservationContent) -> dict[str, Any]:
    """The columns of `observations` that repeat the shown revision, for lists, filters and search."""
    step = content.next_step.text if content.next_step else ""
    captions = " ".join(photo.caption for photo in content.photos)
    return {
        "customer_id": content.customer_id,
        "site_id": content.site_id,
        "asset_id": content.asset_id,
        "contact_id": content.contact_id,
        "visit_id": content.visit_id,
        "kind": str(content.kind),
        "urgency": str(content.urgency),
        "flag_kind": content.flag.kind.value if content.flag else None,
        "title": content.title[:500],
        "folded_text": fold(f"{content.text} {step} {captions}"),
        "observed_at": content.observed_at,
    }


def revision_columns(change: ReviseObservation, content: str, sender: Sender) -> dict[str, Any]:
    """What a row of `revisions` says of the change itself; `content` is the content as JSON."""
    return {
        "author_id": sender.who.user_id,
        "device_id": sender.device_id,
        "id": change.revision_id,
        "observation_id": change.observation_id,
        "based_on": change.based_on,
        "content": content,
        "recorded_at": change.recorded_at,
    }


def revision_row(change: ReviseObservation, content: str, sender: Sender, now: datetime) -> dict[str, Any]:
    """The row of `revisions`; `content` is the content as JSON."""
    return {
        **revision_columns(change, content, sender),
        "received_at": now,
        "conflict": False,
    }


def flag_rows(change: ReviseObservation) -> list[dict[str, Any]]:
    """The row of `flags`, if the content has one."""
    flag = change.content.flag
    if flag is None:
        return []
    row = {"kind": flag.kind.value, "purpose": flag.purpose, "expires_on": flag.expires_on}
    return [{"observation_id": change.observation_id, **row}]


def task_rows(change: ReviseObservation, author: Who) -> list[dict[str, Any]]:
    """The row of `tasks`, if the content names a next step; what the technician does is the author's."""
    step: NextStep | None = change.content.next_step
    if step is None:
        return []
    return [
        {
            "id": change.observation_id,
            "observation_id": change.observation_id,
            "text": step.text,
            "responsible": step.responsible.value,
            "owner_id": author.user_id if step.responsible is Side.TECHNICIAN else None,
            "due_on": step.due_on,
        }
    ]


def photo_rows(change: ReviseObservation) -> list[dict[str, Any]]:
    """The rows of `photos`."""
    return [
        {
            "id": photo.id,
            "observation_id": change.observation_id,
            "sha256": photo.sha256,
            "size": photo.size,
            "media_type": photo.media_type,
            "caption": photo.caption,
            "place": place,
        }
        for place, photo in enumerate(change.content.photos)
    ]


def _publish(
    connection: Connection,
    arrived: Sequence[tuple[Sender, ReviseObservation]],
    known: Known,
    now: datetime,
) -> None:
    writers = {sender.device_id: FirstDocuments(sender, now) for sender, _ in arrived}
    states: list[tuple[str, UUID, str]] = []
    lines: list[tuple[str, UUID, str]] = []
    for sender, change in arrived:
        write, thing, content = writers[sender.device_id], change.observation_id, change.content
        received = [photo.id for photo in content.photos if photo.sha256 in known.blobs]
        document = write.state(change, known.revisions[change.revision_id][1], received)
        states.append((own_audience(sender.who.user_id), thing, document))
        if colleagues_may_read(content.flag):
            audience = territory_audience(known.territories[content.customer_id])
            lines.append((audience, thing, write.line(change)))
    feed.append(connection, Entity.OBSERVATION, states)
    feed.append(connection, Entity.HISTORY, lines)
