"""Reads the tables as the documents of the protocol, many at once: a few statements for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Row, Select, bindparam, select

from protocol.observation import ObservationContent
from protocol.reference import (
    Asset,
    Channel,
    Contact,
    Customer,
    CustomerClass,
    HistoryEntry,
    Influence,
    Interest,
    ObservationState,
    Occasion,
    Permission,
    Revision,
    Site,
    Visit,
)
from protocol.review import Comment, LeadState, RejectionReason, Review
from protocol.rules.access import colleagues_may_read_step
from protocol.rules.revisions import Node, tips, winner
from protocol.voice import VoiceNote
from sync_server.crm import acquaintance, offers, thread, visit_versions
from sync_server.store import schema as t

_AT_ONCE = 500
"""Ids in one statement: far below SQLite's limit of 32,766 bound values."""

PHOTO_ONLY, VOICE_ONLY = "Foto", "Sprachnotiz"
"""The line in a customer's history for an observation that is nothing but a picture, or was only spoken."""


@dataclass(frozen=True)
class RenderedVisit:
    """A visit and whose it is."""

    visit: Visit
    technician_id: UUID


@dataclass(frozen=True)
class RenderedHistory:
    """A line of a customer's history and the territory in which it may be read."""

    entry: HistoryEntry
    territory: str


@dataclass(frozen=True)
class RenderedObservation:
    """An observation, whose it is, and where its customer belongs."""

    state: ObservationState
    author_id: UUID
    author_name: str
    territory: str

    @property
    def history_entry(self) -> HistoryEntry:
        """The one line of it that colleagues read in the customer's history."""
        content = self.state.shown.content
        step = content.next_step if colleagues_may_read_step(content.flag) else None
        return HistoryEntry(
            id=self.state.id,
            customer_id=content.customer_id,
            at=content.observed_at,
            channel=Channel.OBSERVATION,
            summary=line_of(content),
            by_name=self.author_name,
            observation_id=self.state.id,
            kind=content.kind,
            next_step=step,
            step_done_at=self.state.step_done_at if step else None,
        )


def line_of(content: ObservationContent) -> str:
    """What the history says of an observation: its first line, else what its photos show."""
    captions = " · ".join([photo.caption for photo in content.photos if photo.caption])
    return content.title or captions or (PHOTO_ONLY if content.photos else VOICE_ONLY)


def customers(connection: Connection, ids: Iterable[UUID]) -> list[Customer]:
    """Customers with sites, contacts and machines; unknown ids are left out."""
    wanted = list(ids)
    sites = _grouped(connection, select(t.sites).order_by(t.sites.c.name), t.sites.c.customer_id, wanted)
    people = _grouped(
        connection, select(t.contacts).order_by(t.contacts.c.name), t.contacts.c.customer_id, wanted
    )
    machines = _grouped(
        connection,
        select(t.assets).order_by(t.assets.c.maker, t.assets.c.model),
        t.assets.c.customer_id,
        wanted,
    )
    said = _permissions(connection, wanted)
    seen = _seen(connection, wanted)
    agreed = acquaintance.interests_of(connection, wanted)
    theirs = acquaintance.own_customers_of(connection, wanted)
    kept = offers.kept(connection)
    return [
        Customer(
            id=row.id,
            number=row.number,
            name=row.name,
            customer_class=CustomerClass(row.customer_class) if row.customer_class else None,
            industry=row.industry,
            city=row.city,
            territory=row.territory,
            sites=tuple(_site(site) for site in sites[row.id]),
            contacts=tuple(
                _contact(contact, said.get(contact.id), agreed.get(contact.id)) for contact in people[row.id]
            ),
            assets=tuple(_asset(asset, seen.get(asset.id)) for asset in machines[row.id]),
            changed_at=row.changed_at,
            class_reason=row.class_reason,
            class_decided_on=row.class_decided_on,
            own_customers=theirs.get(row.id),
            offers=offers.fitting(
                kept,
                row.customer_class,
                row.industry,
                [f"{one.maker} {one.model}" for one in machines[row.id]],
            )
            or None,
        )
        for row in _rows(connection, select(t.customers), t.customers.c.id, wanted)
    ]


def visits(connection: Connection, ids: Iterable[UUID]) -> list[RenderedVisit]:
    """Visits with their technicians; unknown ids are left out."""
    rows = list(_rows(connection, select(t.visits), t.visits.c.id, list(ids)))
    planned = visit_versions.shown(connection, [row.id for row in rows])
    prepared = visit_versions.prepared(connection, {row.id: row.technician_id for row in rows})
    return [
        RenderedVisit(
            Visit(
                id=row.id,
                customer_id=row.customer_id,
                site_id=row.site_id,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                purpose=row.purpose,
                version=planned[row.id].version if row.id in planned else None,
                others=(planned[row.id].others or None) if row.id in planned else None,
                prepared=prepared.get(row.id),
            ),
            row.technician_id,
        )
        for row in rows
    ]


def history(connection: Connection, ids: Iterable[UUID]) -> list[RenderedHistory]:
    """Contact history of whatever channel but observations; unknown ids are left out."""
    statement = (
        select(t.history, t.users.c.name.label("by_name"), t.customers.c.territory)
        .join(t.customers, t.customers.c.id == t.history.c.customer_id)
        .outerjoin(t.users, t.users.c.id == t.history.c.user_id)
    )
    return [
        RenderedHistory(
            HistoryEntry(
                id=row.id,
                customer_id=row.customer_id,
                at=row.at,
                channel=Channel(row.channel),
                summary=row.summary,
                by_name=row.by_name,
                occasion=Occasion(row.occasion) if row.occasion else None,
            ),
            row.territory,
        )
        for row in _rows(connection, statement, t.history.c.id, list(ids))
    ]


def observations(connection: Connection, ids: Iterable[UUID]) -> list[RenderedObservation]:
    """Observations with revisions, review and thread; unknown ids are left out."""
    wanted = list(ids)
    assignee, decider = t.users.alias("assignee"), t.users.alias("decider")
    statement = (
        select(
            t.observations.c.id,
            t.observations.c.author_id,
            t.observations.c.received_at,
            t.users.c.name.label("author_name"),
            t.customers.c.territory,
            t.leads.c.state,
            t.leads.c.reason,
            t.leads.c.note,
            t.leads.c.changed_at,
            t.leads.c.offered_at,
            t.tasks.c.done_at,
            t.tasks.c.marked_at,
            assignee.c.name.label("assignee_name"),
            decider.c.name.label("decided_by_name"),
        )
        .join(t.users, t.users.c.id == t.observations.c.author_id)
        .join(t.customers, t.customers.c.id == t.observations.c.customer_id)
        .join(t.leads, t.leads.c.id == t.observations.c.lead_id)
        .outerjoin(t.tasks, t.tasks.c.id == t.observations.c.id)
        .outerjoin(assignee, assignee.c.id == t.leads.c.assignee_id)
        .outerjoin(decider, decider.c.id == t.leads.c.decided_by_id)
    )
    revisions = _revisions(connection, wanted)
    comments = _comments(connection, wanted)
    media = _media(connection, wanted)
    return [
        RenderedObservation(
            _state(row, revisions[row.id], comments[row.id], media[row.id]),
            row.author_id,
            row.author_name,
            row.territory,
        )
        for row in _rows(connection, statement, t.observations.c.id, wanted)
    ]


def review(row: Row[Any]) -> Review:
    """What a row of `leads`, joined with the names of its people, says to the technician."""
    return Review(
        state=LeadState(row.state),
        reason=RejectionReason(row.reason) if row.reason else None,
        note=row.note,
        assignee_name=row.assignee_name,
        decided_by_name=row.decided_by_name,
        changed_at=row.changed_at,
        offered_at=row.offered_at,
    )


def _state(
    row: Row[Any], revisions: list[Row[Any]], comments: list[Row[Any]], media: list[Row[Any]]
) -> ObservationState:
    nodes = [Node(row.id, row.based_on, row.settled_by is not None) for row in revisions]
    shown = winner(nodes)
    siblings = set(tips(nodes)) - {shown}
    by_id = {revision.id: revision for revision in revisions}
    spoken = {one.comment_id: one for one in media if one.comment_id}
    return ObservationState(
        id=row.id,
        shown=_revision(by_id[shown], conflict=False),
        siblings=tuple(_revision(by_id[sibling], conflict=True) for sibling in sorted(siblings)),
        revision_count=len(revisions),
        review=review(row),
        comments=tuple(
            Comment(
                id=comment.id,
                author_id=comment.author_id,
                author_name=comment.author_name,
                by_technician=comment.by_technician,
                text=comment.text,
                at=comment.at,
                voice=voice_note(spoken.get(comment.id)),
            )
            for comment in comments
        ),
        media_received=tuple(one.id for one in media if one.is_here),
        media_missing=tuple(one.id for one in media if one.missing_since and not one.is_here) or None,
        received_at=row.received_at,
        step_done_at=row.done_at,
        step_marked_at=row.marked_at,
    )


def voice_note(row: Row[Any] | None) -> VoiceNote | None:
    """The voice note that a row of `photos` stands for, if there is one."""
    if row is None:
        return None
    return VoiceNote(
        id=row.id, sha256=row.sha256, size=row.size, media_type=row.media_type, seconds=row.seconds
    )


def _revision(row: Row[Any], *, conflict: bool) -> Revision:
    return Revision(
        id=row.id,
        based_on=row.based_on,
        content=ObservationContent.model_validate_json(row.content),
        recorded_at=row.recorded_at,
        received_at=row.received_at,
        author_name=row.author_name,
        conflict=conflict,
    )


def _revisions(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    statement = select(t.revisions, t.users.c.name.label("author_name")).join(
        t.users, t.users.c.id == t.revisions.c.author_id
    )
    return _grouped(connection, statement, t.revisions.c.observation_id, ids)


def _comments(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    statement = (
        select(t.comments, t.users.c.name.label("author_name"))
        .join(t.users, t.users.c.id == t.comments.c.author_id)
        .order_by(*thread.IN_ORDER)
    )
    return _grouped(connection, statement, t.comments.c.observation_id, ids)


def _media(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[Row[Any]]]:
    statement = (
        select(
            t.photos,
            t.blobs.c.sha256.is_not(None).label("is_here"),
        )
        .outerjoin(t.blobs, t.blobs.c.sha256 == t.photos.c.sha256)
        .order_by(t.photos.c.place, t.photos.c.id)
    )
    return _grouped(connection, statement, t.photos.c.observation_id, ids)


def _site(row: Row[Any]) -> Site:
    return Site(id=row.id, name=row.name, street=row.street, postal_code=row.postal_code, city=row.city)


def _permissions(connection: Connection, customer_ids: Sequence[UUID]) -> dict[UUID, tuple[Permission, ...]]:
    """The newest word of each contact for each channel and purpose; contacts without any are left out."""
    statement = (
        select(t.consents, t.contacts.c.customer_id)
        .join(t.contacts, t.contacts.c.id == t.consents.c.contact_id)
        .order_by(t.consents.c.at, t.consents.c.id)
    )
    newest: dict[UUID, dict[tuple[str, str], Permission]] = defaultdict(dict)
    for row in _rows(connection, statement, t.contacts.c.customer_id, customer_ids):
        newest[row.contact_id][row.channel, row.purpose] = Permission(
            channel=Channel(row.channel), purpose=row.purpose, granted=row.granted, at=row.at
        )
    return {contact_id: tuple(words.values()) for contact_id, words in newest.items()}


def _contact(
    row: Row[Any], permissions: tuple[Permission, ...] | None, interests: tuple[Interest, ...] | None
) -> Contact:
    return Contact(
        id=row.id,
        name=row.name,
        role=row.role,
        phone=row.phone,
        email=row.email,
        preferred_channel=Channel(row.preferred_channel) if row.preferred_channel else None,
        site_id=row.site_id,
        left=row.has_left,
        influence=Influence(row.influence) if row.influence else None,
        reachable=row.reachable,
        permissions=permissions,
        interests=interests,
    )


def _seen(connection: Connection, customer_ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The newest sighting of each machine that was ever reported."""
    statement = (
        select(t.sightings, t.assets.c.customer_id, t.users.c.name.label("by_name"))
        .join(t.assets, t.assets.c.id == t.sightings.c.asset_id)
        .join(t.observations, t.observations.c.id == t.sightings.c.observation_id)
        .join(t.users, t.users.c.id == t.observations.c.author_id)
        .order_by(t.sightings.c.seen_at, t.sightings.c.observation_id)
    )
    return {row.asset_id: row for row in _rows(connection, statement, t.assets.c.customer_id, customer_ids)}


def _asset(row: Row[Any], seen: Row[Any] | None) -> Asset:
    return Asset(
        id=row.id,
        site_id=row.site_id,
        maker=row.maker,
        model=row.model,
        serial_number=row.serial_number,
        built_in=row.built_in,
        ours=row.ours,
        note=row.note,
        service_due_on=row.service_due_on,
        condition=seen.condition if seen else None,
        seen_at=seen.seen_at if seen else None,
        seen_by=seen.by_name if seen else None,
        observation_id=seen.observation_id if seen else None,
        expected_life=row.expected_life,
    )


def _rows(
    connection: Connection, statement: Select[Any], column: Column[Any], ids: Sequence[UUID]
) -> Iterator[Row[Any]]:
    chosen = statement.where(column.in_(bindparam("wanted", expanding=True)))
    for start in range(0, len(ids), _AT_ONCE):
        yield from connection.execute(chosen, {"wanted": ids[start : start + _AT_ONCE]})


def _grouped(
    connection: Connection, statement: Select[Any], column: Column[Any], ids: Sequence[UUID]
) -> dict[UUID, list[Row[Any]]]:
    groups: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in _rows(connection, statement, column, ids):
        groups[getattr(row, column.name)].append(row)
    return groups
