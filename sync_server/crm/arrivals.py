"""Storing new observations: all of a push with one statement per table, and their documents with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from protocol.changes import AddComment, ReviseObservation
from protocol.ids import new_ids
from protocol.observation import Kind, NextStep, ObservationContent, Photo, Side, title_of
from protocol.reference import Entity
from protocol.review import LeadState
from protocol.rules.access import Who, colleagues_may_read, own_audience, territory_audience
from protocol.rules.search import fold
from protocol.signature import Signature
from protocol.voice import VoiceNote
from sync_server.crm import sightings
from sync_server.crm.as_written import Written
from sync_server.crm.documents import publish_customers
from sync_server.crm.first_documents import FirstDocuments
from sync_server.crm.known import Known, News, Sender
from sync_server.crm.sightings import Report
from sync_server.store import feed
from sync_server.store import schema as t
from sync_server.store.many import Batch, insert_many

RECEIVED = "received"
"""Name of the event with which a lead begins."""

_NEW = LeadState.NEW.value


SHOWN_COLUMNS = (
    "customer_id", "site_id", "asset_id", "contact_id", "visit_id", "kind", "urgency", "flag_kind", "title",
    "folded_text", "observed_at",
)  # fmt: skip
"""The columns of `observations` that repeat the shown revision, for lists, filters and search."""


def store(
    connection: Connection,
    arrived: Sequence[tuple[Sender, ReviseObservation, Written]],
    known: Known,
    now: datetime,
) -> list[str]:
    """Store observations that the store does not have yet, and that `known` expects.

    Args:
        arrived: each with who sent it, and its texts.

    Returns:
        The ids of the observations' leads, as text, in their order.
    """
    rows, leads = _Rows(known, now), new_ids(len(arrived))
    for (sender, change, said), lead in zip(arrived, leads, strict=True):
        rows.add(sender, change, said, lead)
    rows.insert(connection)
    reports = [
        Report(change.observation_id, change.content)
        for _, change, _ in arrived
        if change.content.kind is Kind.COMPETITOR
    ]
    publish_customers(connection, sightings.follow_new(connection, reports), now)
    return leads


def news(lead: str) -> News:
    """What open inboxes hear of a new observation; `lead` is the id of its lead."""
    return News("arrived", {"lead": lead.replace("-", "")})


def shown_columns(content: ObservationContent) -> dict[str, Any]:
    """What stands in the columns of `SHOWN_COLUMNS`."""
    text = content.text
    title = title_of(text, content.next_step, content.answers)
    shown = _shown(content, content.customer_id, text, title)
    return dict(zip(SHOWN_COLUMNS, (*shown, content.observed_at), strict=True))


def _shown(content: ObservationContent, customer: UUID | str, text: str, title: str) -> tuple[Any, ...]:
    """The values of `SHOWN_COLUMNS` but the last."""
    step, flag = content.next_step, content.flag
    searched = [text, step.text if step else "", *[photo.caption for photo in content.photos]]
    if content.answers is not None:
        searched.append(content.answers.text)
    return (
        customer,
        content.site_id,
        content.asset_id,
        content.contact_id,
        content.visit_id,
        str(content.kind),
        str(content.urgency),
        flag.kind.value if flag else None,
        title[:500],
        fold(" ".join(searched)),
    )


def revision_row(change: ReviseObservation, content: str, sender: Sender, now: datetime) -> dict[str, Any]:
    """The row of `revisions`; `content` is the content as JSON."""
    return {
        "id": change.revision_id,
        "observation_id": change.observation_id,
        "based_on": change.based_on,
        "content": content,
        "author_id": sender.who.user_id,
        "device_id": sender.device_id,
        "recorded_at": change.recorded_at,
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


def media_rows(change: ReviseObservation | AddComment) -> list[dict[str, Any]]:
    """The rows of `photos`: photos first, then voice notes, then signatures."""
    comment_id = change.comment_id if isinstance(change, AddComment) else None
    return [
        {
            "id": one.id,
            "observation_id": change.observation_id,
            "sha256": one.sha256,
            "size": one.size,
            "media_type": one.media_type,
            "caption": one.caption if isinstance(one, Photo) else "",
            "place": place,
            "seconds": one.seconds if isinstance(one, VoiceNote) else None,
            "comment_id": comment_id,
            "signed_at": one.signed_at if isinstance(one, Signature) else None,
        }
        for place, one in enumerate(change.media)
    ]


@dataclass(frozen=True)
class _Author:
    """Who sent observations, as it is written with each of them."""

    user: str
    device: str
    audience: str
    documents: FirstDocuments


class _Rows:
    """The rows of new observations in every table, made in one pass in which each id becomes text once."""

    def __init__(self, known: Known, now: datetime) -> None:
        self._known = known
        self._now = now
        self._authors: dict[int, _Author] = {}
        """By the identity of the sender, who lives as long as the push."""
        self._territories = {name: territory_audience(name) for name in known.territories.values()}
        self._leads = Batch(t.leads, "id")
        self._events = Batch(t.lead_events, "lead_id", "actor_id")
        self._observations = Batch(
            t.observations, "id", "lead_id", "author_id", "shown_revision_id", *SHOWN_COLUMNS
        )
        self._revisions = Batch(
            t.revisions,
            "id", "observation_id", "based_on", "content", "author_id", "device_id", "recorded_at",
        )  # fmt: skip
        self._flags: list[dict[str, Any]] = []
        self._tasks: list[dict[str, Any]] = []
        self._photos: list[dict[str, Any]] = []
        self._states: list[tuple[str, str, str]] = []
        self._lines: list[tuple[str, str, str]] = []

    def add(self, sender: Sender, change: ReviseObservation, said: Written, lead: str) -> None:
        """What is stored of one observation; `lead` is the id of its lead."""
        known, content, text = self._known, change.content, change.content.text
        title = title_of(text, content.next_step, content.answers)
        author = self._authors.get(id(sender)) or self._author(sender)
        thing, revision = said.thing, said.revision
        shown = _shown(content, said.customer, text, title)
        self._leads.add((lead,))
        self._events.add((lead, author.user))
        self._observations.add((thing, lead, author.user, revision, *shown, said.observed_at))
        self._revisions.add(
            (revision, thing, change.based_on, said.content, author.user, author.device, said.recorded_at)
        )
        received: list[UUID] = []
        if content.flag is not None:
            self._flags += flag_rows(change)
        if content.next_step is not None:
            self._tasks += task_rows(change, sender.who)
        if media := content.media:
            self._photos += media_rows(change)
            received = [one.id for one in media if one.sha256 in known.blobs]
        self._states.append((author.audience, thing, author.documents.state(change, said, received)))
        if colleagues_may_read(content.flag):
            audience = self._territories[known.territories[said.customer]]
            self._lines.append((audience, thing, author.documents.line(content, said, title)))

    def insert(self, connection: Connection) -> None:
        """Store everything: a few statements, however many observations."""
        now = self._now
        self._leads.insert(connection, state=_NEW, created_at=now, changed_at=now)
        self._events.insert(connection, at=now, action=RECEIVED, state_after=_NEW)
        self._observations.insert(connection, revision_count=1, has_conflict=False, received_at=now)
        self._revisions.insert(connection, received_at=now, conflict=False)
        insert_many(connection, t.flags, self._flags)
        insert_many(connection, t.tasks, self._tasks)
        insert_many(connection, t.photos, self._photos)
        feed.append(connection, Entity.OBSERVATION, self._states)
        feed.append(connection, Entity.HISTORY, self._lines)

    def _author(self, sender: Sender) -> _Author:
        user = sender.who.user_id
        author = _Author(
            str(user), str(sender.device_id), own_audience(user), FirstDocuments(sender, self._now)
        )
        self._authors[id(sender)] = author
        return author
