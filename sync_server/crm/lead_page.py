"""Everything inside sales reads about one lead: observations with revisions and photos, thread, events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, and_, select

from protocol.observation import ObservationContent
from protocol.pairing import Role
from protocol.review import LeadState
from protocol.rules.access import may_read_text
from protocol.rules.revisions import Node, tips
from protocol.voice import VoiceNote, is_only_spoken, minutes
from sync_server.crm import thread
from sync_server.crm.lead_step import read_detail
from sync_server.crm.signatures import SignatureView, signature_views
from sync_server.crm.templates import Asked
from sync_server.store.schema import (
    assets,
    blobs,
    comments,
    contacts,
    follow_ups,
    lead_events,
    observations,
    photos,
    revisions,
    sites,
    users,
)


@dataclass(frozen=True)
class RevisionView:
    """One kept version of an observation; `number` counts from 1 in the order of arrival."""

    id: UUID
    based_on: UUID | None
    number: int
    content: ObservationContent
    author_name: str
    recorded_at: datetime
    received_at: datetime
    from_tablet: bool
    settled_by: UUID | None


@dataclass(frozen=True)
class PhotoView:
    """A photo that the shown revision names.

    Attributes:
        received: whether its file has arrived.
        missing: whether its tablet has said that it cannot give it any more.
    """

    id: UUID
    caption: str
    received: bool
    missing: bool
    width: int | None
    height: int | None


@dataclass(frozen=True)
class VoiceView:
    """A voice note.

    Attributes:
        received, missing: see `PhotoView`.
    """

    id: UUID
    seconds: float
    received: bool
    missing: bool

    @property
    def length(self) -> str:
        """For example "4:07"."""
        return minutes(self.seconds)


@dataclass(frozen=True)
class CommentView:
    """One contribution to the thread with the technician; `text` is empty where it was only spoken."""

    author_name: str
    by_technician: bool
    text: str
    at: datetime
    voice: VoiceView | None = None


@dataclass(frozen=True)
class ObservationView:
    """An observation as far as the reader may know it: `shown` is None when its text is not for him."""

    id: UUID
    shown: RevisionView | None
    older: tuple[RevisionView, ...]
    siblings: tuple[RevisionView, ...]
    choices: dict[UUID, bool]
    """Versions between which a person has chosen, and whether it was this one."""
    chosen_by: str | None
    """Who has chosen the version that is shown; None when nobody had to."""
    site_name: str | None
    asset_label: str | None
    contact_id: UUID | None
    contact_name: str | None
    author_name: str
    observed_at: datetime
    photos: tuple[PhotoView, ...]
    voices: tuple[VoiceView, ...]
    signatures: dict[UUID, tuple[SignatureView, ...]]
    """By version: a signature belongs to the version that names it."""
    comments: tuple[CommentView, ...]


@dataclass(frozen=True)
class EventView:
    """Something that happened to the lead. `action` is a name of the record; `detail` what it kept."""

    id: int | None
    at: datetime
    actor_id: UUID | None
    actor_name: str | None
    action: str
    state_after: LeadState | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class FollowUpView:
    """An open follow-up (Wiedervorlage)."""

    id: UUID
    due_on: date
    note: str
    owner_name: str


@dataclass(frozen=True)
class LeadDetail:
    """What belongs to a lead besides its line in the list and its customer."""

    observations: tuple[ObservationView, ...]
    events: tuple[EventView, ...]
    follow_ups: tuple[FollowUpView, ...]
    asked: Asked
    """The questions to which its answers belong."""


def read_detail_of(connection: Connection, role: Role, lead_id: UUID) -> LeadDetail:
    """The lead's details for a reader of this role; empty when there is no such lead."""
    found = (
        connection.execute(
            select(
                observations,
                users.c.name.label("author_name"),
                sites.c.name.label("site_name"),
                assets.c.maker,
                assets.c.model,
                contacts.c.name.label("contact_name"),
            )
            .join(users, users.c.id == observations.c.author_id)
            .outerjoin(sites, sites.c.id == observations.c.site_id)
            .outerjoin(assets, assets.c.id == observations.c.asset_id)
            .outerjoin(contacts, contacts.c.id == observations.c.contact_id)
            .where(observations.c.lead_id == lead_id)
            .order_by(observations.c.id)
        )
        .mappings()
        .all()
    )
    shown = tuple(_observation(connection, role, row) for row in found)
    return LeadDetail(
        shown,
        _events(connection, lead_id, found),
        _follow_ups(connection, lead_id),
        Asked(connection, _templates_of(shown)),
    )


@dataclass(frozen=True)
class PhotoFile:
    """What is needed to hand out a photo or a voice note."""

    sha256: str
    media_type: str
    caption: str


def find_photo(connection: Connection, role: Role, photo_id: UUID) -> PhotoFile | None:
    """The file of a photo or voice note that has arrived and that this role may see, None otherwise."""
    row = (
        connection.execute(
            select(photos.c.caption, blobs.c.sha256, blobs.c.media_type, revisions.c.content)
            .join(blobs, blobs.c.sha256 == photos.c.sha256)
            .join(observations, observations.c.id == photos.c.observation_id)
            .join(revisions, revisions.c.id == observations.c.shown_revision_id)
            .where(photos.c.id == photo_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    shown = ObservationContent.model_validate_json(row["content"])
    if not may_read_text(role, shown.flag):
        return None
    return PhotoFile(row["sha256"], row["media_type"], row["caption"])


def _observation(connection: Connection, role: Role, row: RowMapping) -> ObservationView:
    versions = _revisions(connection, row["id"])
    shown = next(version for version in versions if version.id == row["shown_revision_id"])
    readable = may_read_text(role, shown.content.flag)
    open_ends = set(tips(Node(v.id, v.based_on, v.settled_by is not None) for v in versions))
    visible = [v for v in versions if v.id != shown.id and may_read_text(role, v.content.flag)]
    return ObservationView(
        id=row["id"],
        shown=shown if readable else None,
        older=tuple(v for v in visible if v.id not in open_ends) if readable else (),
        siblings=tuple(v for v in visible if v.id in open_ends) if readable else (),
        choices=_choices(versions),
        chosen_by=shown.author_name if any(v.settled_by == shown.id for v in versions) else None,
        site_name=row["site_name"],
        asset_label=f"{row['maker']} {row['model']}" if row["maker"] else None,
        contact_id=row["contact_id"],
        contact_name=row["contact_name"],
        author_name=row["author_name"],
        observed_at=row["observed_at"],
        photos=_photos(connection, shown.content) if readable else (),
        voices=_voices(connection, row["id"], shown.content) if readable else (),
        signatures=signature_views(
            connection,
            row["id"],
            [(v.id, v.content) for v in (shown, *visible) if v.id in open_ends or v is shown],
            [(v.id, v.content) for v in visible if v.id not in open_ends],
        )
        if readable
        else {},
        comments=_comments(connection, row["id"]) if readable else (),
    )


def _templates_of(shown: Iterable[ObservationView]) -> set[UUID]:
    versions = (version for each in shown for version in (each.shown, *each.older, *each.siblings))
    contents = (version.content for version in versions if version is not None)
    return {content.answers.template for content in contents if content.answers is not None}


def _choices(versions: list[RevisionView]) -> dict[UUID, bool]:
    by_id = {version.id: version for version in versions}
    choosing = [by_id[key] for key in {v.settled_by for v in versions} if key is not None and key in by_id]
    return {
        version.id: version.content == chosen.content
        for chosen in choosing
        for version in versions
        if version.settled_by == chosen.id or version.id == chosen.based_on
    }


def _revisions(connection: Connection, observation_id: UUID) -> list[RevisionView]:
    rows = connection.execute(
        select(revisions, users.c.name.label("author_name"))
        .join(users, users.c.id == revisions.c.author_id)
        .where(revisions.c.observation_id == observation_id)
        .order_by(revisions.c.received_at, revisions.c.id)
    ).mappings()
    return [
        RevisionView(
            id=row["id"],
            based_on=row["based_on"],
            number=number,
            content=ObservationContent.model_validate_json(row["content"]),
            author_name=row["author_name"],
            recorded_at=row["recorded_at"],
            received_at=row["received_at"],
            from_tablet=row["device_id"] is not None,
            settled_by=row["settled_by"],
        )
        for number, row in enumerate(rows, start=1)
    ]


def _photos(connection: Connection, content: ObservationContent) -> tuple[PhotoView, ...]:
    arrived = set(
        connection.execute(
            select(blobs.c.sha256).where(blobs.c.sha256.in_([photo.sha256 for photo in content.photos]))
        ).scalars()
    )
    # A photo's row may name another observation's id when the same picture was sent twice; the route
    # asks by the photo's id, so only photos that have a row can be opened.
    known = {
        row.id: row.missing_since
        for row in connection.execute(
            select(photos.c.id, photos.c.missing_since).where(
                photos.c.id.in_([photo.id for photo in content.photos])
            )
        )
    }
    return tuple(
        PhotoView(
            photo.id,
            photo.caption,
            photo.sha256 in arrived and photo.id in known,
            photo.sha256 not in arrived and known.get(photo.id) is not None,
            photo.width,
            photo.height,
        )
        for photo in content.photos
    )


def _voices(
    connection: Connection, observation_id: UUID, content: ObservationContent
) -> tuple[VoiceView, ...]:
    if not content.voices:
        return ()
    known = _known_voices(connection, observation_id)
    return tuple(_voice(note, known.get(note.id)) for note in content.voices)


def _voice(note: VoiceNote, row: RowMapping | None) -> VoiceView:
    is_here = row is not None and row["is_here"]
    is_missing = row is not None and not is_here and row["missing_since"] is not None
    return VoiceView(note.id, note.seconds, is_here, is_missing)


def _known_voices(connection: Connection, observation_id: UUID) -> dict[UUID, RowMapping]:
    rows = connection.execute(
        select(photos, blobs.c.sha256.is_not(None).label("is_here"))
        .outerjoin(blobs, blobs.c.sha256 == photos.c.sha256)
        .where(photos.c.observation_id == observation_id, photos.c.seconds.is_not(None))
    ).mappings()
    return {row["id"]: row for row in rows}


def _comments(connection: Connection, observation_id: UUID) -> tuple[CommentView, ...]:
    rows = connection.execute(
        select(comments, users.c.name.label("author_name"))
        .join(users, users.c.id == comments.c.author_id)
        .where(comments.c.observation_id == observation_id)
        .order_by(*thread.IN_ORDER)
    ).mappings()
    spoken = {row["comment_id"]: row for row in _known_voices(connection, observation_id).values()}
    return tuple(_comment(row, spoken.get(row["id"])) for row in rows)


def _comment(row: RowMapping, spoken: RowMapping | None) -> CommentView:
    voice, text = None, row["text"]
    if spoken is not None:
        note = VoiceNote(**{name: spoken[name] for name in VoiceNote.model_fields})
        voice, text = _voice(note, spoken), "" if is_only_spoken(text, note) else text
    return CommentView(row["author_name"], row["by_technician"], text, row["at"], voice)


def _events(connection: Connection, lead_id: UUID, found: Sequence[RowMapping]) -> tuple[EventView, ...]:
    rows = connection.execute(
        select(lead_events, users.c.name.label("actor_name"))
        .outerjoin(users, users.c.id == lead_events.c.actor_id)
        .where(lead_events.c.lead_id == lead_id)
        .order_by(lead_events.c.at, lead_events.c.id)
    ).mappings()
    recorded = [
        EventView(
            id=row["id"],
            at=row["at"],
            actor_id=row["actor_id"],
            actor_name=row["actor_name"],
            action=row["action"],
            state_after=LeadState(row["state_after"]) if row["state_after"] else None,
            detail=read_detail(row["detail"]),
        )
        for row in rows
    ]
    arrivals = []
    for observation in found:
        first = (
            connection.execute(
                select(revisions.c.recorded_at, revisions.c.received_at)
                .where(revisions.c.observation_id == observation["id"])
                .order_by(revisions.c.received_at, revisions.c.id)
            )
            .mappings()
            .first()
        )
        if first is not None:
            name = observation["author_name"]
            arrivals.append(EventView(None, first["recorded_at"], None, name, "recorded", None, {}))
    return tuple(sorted([*arrivals, *recorded], key=lambda event: (event.at, event.id or 0)))


def _follow_ups(connection: Connection, lead_id: UUID) -> tuple[FollowUpView, ...]:
    rows = connection.execute(
        select(follow_ups, users.c.name.label("owner_name"))
        .join(users, users.c.id == follow_ups.c.owner_id)
        .where(and_(follow_ups.c.lead_id == lead_id, follow_ups.c.done_at.is_(None)))
        .order_by(follow_ups.c.due_on, follow_ups.c.id)
    ).mappings()
    return tuple(FollowUpView(row["id"], row["due_on"], row["note"], row["owner_name"]) for row in rows)
