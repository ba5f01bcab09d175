"""An observation as the technician sees it: own work and what the server told, merged without duplicates.

What was saved here is shown until what the server shows includes it. Lists are made from plain values, because
building thousands of models would keep the screen waiting; one observation's page is made from models.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from uuid import UUID

from app.state.progress import Standing, progress, stage
from app.state.views import CommentView, Draft, Identity, ObservationPage, ObservationRow
from app.store.documents import Json
from app.store.outbox import EntryState, OutboxEntry
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.observation import Kind, ObservationContent, Urgency
from protocol.problems import Problem
from protocol.reference import Customer
from protocol.review import LeadState, RejectionReason

NEWS = frozenset(LeadState) - {LeadState.NEW, LeadState.IN_REVIEW}
"""States that tell the technician something."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Newest:
    """The newest saved content of an observation: the revision that a correction is based on."""

    revision_id: UUID
    content: ObservationContent


@dataclass
class _Own:
    """What own work knows of one observation."""

    entries: list[OutboxEntry] = field(default_factory=list)
    draft: Draft | None = None


class Observations:
    """All observations of one technician, as rows and pages."""

    def __init__(self, own: OwnWork, reference: Reference, identity: Identity) -> None:
        self._own = own
        self._reference = reference
        self._identity = identity
        self._rows: tuple[object, tuple[ObservationRow, ...]] = (None, ())
        self._told: dict[str, tuple[Json, str, ObservationRow]] = {}

    def rows(self, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """Every observation once, drafts included, the one last written first.

        Args:
            sending: changes that are on the wire.
        """
        state = (self._own.documents.version, self._reference.documents.version, sending)
        if self._rows[0] != state:
            rows = [self._row(key, own, sending) for key, own in self._everything().items()]
            rows.sort(key=lambda row: row.recorded_at or row.changed_at, reverse=True)
            self._rows = (state, tuple(rows))
        return self._rows[1]

    def of_customer(self, customer_id: UUID, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """The observations at one customer, newest first."""
        return tuple(row for row in self.rows(sending) if row.customer_id == customer_id)

    def page(self, observation_id: UUID, sending: frozenset[UUID]) -> ObservationPage | None:
        """One observation with all that belongs to it; None if there is none."""
        key = str(observation_id)
        own = self._own_of(observation_id)
        told = self._reference.observation(observation_id)
        if not own.entries and own.draft is None and told is None:
            return None
        newest = self.newest(observation_id)
        content = newest.content if newest else None
        customer_id = content.customer_id if content else (own.draft.customer_id if own.draft else None)
        customer = self._reference.customer(customer_id) if customer_id else None
        refused = [entry.id for entry in own.entries if entry.revision and entry.state == EntryState.REFUSED]
        return ObservationPage(
            row=self._row(key, own, sending),
            content=content,
            site_name=_site_name(customer, content),
            asset_name=_asset_name(customer, content),
            contact_name=_contact_name(customer, content),
            comments=self._comments(observation_id, own.entries),
            note=told.review.note if told else "",
            decided_by_name=told.review.decided_by_name if told else None,
            siblings=told.siblings if told else (),
            revision_count=told.revision_count
            if told
            else sum(entry.revision is not None for entry in own.entries),
            waiting_changes=sum(entry.state == EntryState.WAITING for entry in own.entries),
            refused_change_id=refused[-1] if refused else None,
        )

    def newest(self, observation_id: UUID) -> Newest | None:
        """The content to show and to correct."""
        entries = self._own_of(observation_id).entries
        local = _newest_local(entries, self._reference.observation_body(str(observation_id)))
        if local is not None and local.revision is not None:
            return Newest(local.revision.revision_id, local.revision.content)
        told = self._reference.observation(observation_id)
        return Newest(told.shown.id, told.shown.content) if told else None

    def news_mark(self, observation_id: UUID) -> str:
        """What stands for the newest news about an observation; "" if there are none."""
        body = self._reference.observation_body(str(observation_id))
        return _news_mark(body, str(self._identity.user_id)) if body else ""

    # -- rows ---------------------------------------------------------------------------------------

    def _everything(self) -> dict[str, _Own]:
        """Every observation by its id, with what own work knows of it."""
        found: dict[str, _Own] = {key: _Own() for key, _ in self._reference.observation_bodies()}
        for entry in self._own.entries():
            found.setdefault(str(entry.change.observation_id), _Own()).entries.append(entry)
        for draft in self._own.drafts():
            found.setdefault(str(draft.id), _Own()).draft = draft
        return found

    def _own_of(self, observation_id: UUID) -> _Own:
        entries = [entry for entry in self._own.entries() if entry.change.observation_id == observation_id]
        return _Own(entries, self._own.draft(observation_id))

    def _row(self, key: str, own: _Own, sending: frozenset[UUID]) -> ObservationRow:
        body = self._reference.observation_body(key)
        if body is not None and not own.entries and own.draft is None:
            return self._told_row(key, body)
        return self._make_row(key, own, body, sending)

    def _told_row(self, key: str, body: Json) -> ObservationRow:
        """The row of what only the server tells of; made again only when that has changed."""
        depends_on = f"{self._own.read_until(UUID(key))} {self._reference.customer_name(_customer_in(body))}"
        known = self._told.get(key)
        if known is None or known[0] is not body or known[1] != depends_on:
            known = (body, depends_on, self._make_row(key, _Own(), body, frozenset()))
            self._told[key] = known
        return known[2]

    def _make_row(self, key: str, own: _Own, body: Json | None, sending: frozenset[UUID]) -> ObservationRow:
        local = _newest_local(own.entries, body)
        content = _content(local, body)
        draft = own.draft if content is None else None
        photos = content.get("photos", ()) if content else ()
        standing = self._standing(own.entries, body, photos, sending)
        review = body.get("review", {}) if body else {}
        question = _question(body) if standing.state == LeadState.QUESTION else None
        me = str(self._identity.user_id)
        news = _news_mark(body, me) if body else ""
        recorded_at = _recorded_at(local, body) or (draft.updated_at if draft else _LONG_AGO)
        return ObservationRow(
            id=UUID(key),
            title=title(content) if content else _draft_title(draft),
            kind=_kind(content, draft),
            customer_name=self._customer_name(content, draft),
            progress=progress(standing),
            stage=stage(standing),
            photos_received=standing.photos_received,
            photos_total=len(draft.photos) if draft else standing.photos_total,
            reason=_reason(review),
            problem=self._problem(own.entries, photos),
            question=question[0] if question else None,
            question_by=question[1] if question else None,
            changed_at=max(recorded_at, _told_at(body), own.draft.updated_at if own.draft else _LONG_AGO),
            conflict=bool(body and body.get("siblings")),
            has_draft=own.draft is not None,
            urgent=_is_urgent(content, draft),
            unread=bool(news) and self._is_unread(key, news, body),
            recorded_at=recorded_at,
            customer_id=_customer_id(content, draft),
        )

    def _standing(
        self, entries: list[OutboxEntry], body: Json | None, photos: Iterable[Json], sending: frozenset[UUID]
    ) -> Standing:
        received = set(body.get("media_received", ())) if body else set()
        listed = list(photos)
        return Standing(
            waiting=sum(entry.state == EntryState.WAITING for entry in entries),
            sending=any(entry.id in sending for entry in entries),
            refused=any(entry.state == EntryState.REFUSED for entry in entries),
            confirmed=any(entry.state == EntryState.CONFIRMED and entry.revision for entry in entries),
            state=_state(body),
            photos_received=sum(
                photo["id"] in received or self._was_sent(str(photo["sha256"])) for photo in listed
            ),
            photos_total=len(listed),
        )

    def _problem(self, entries: list[OutboxEntry], photos: Iterable[Json]) -> Problem | None:
        """Why the server did not take the last change, or one of the photos."""
        records = (self._own.photo(str(photo["sha256"])) for photo in photos)
        of_changes = (entry.problem for entry in reversed(entries))
        of_photos = (record.problem for record in records if record)
        return next(filter(None, chain(of_changes, of_photos)), None)

    def _was_sent(self, sha256: str) -> bool:
        record = self._own.photo(sha256)
        return record is not None and record.received

    def _customer_name(self, content: Json | None, draft: Draft | None) -> str:
        customer_id = _customer_id(content, draft)
        return self._reference.customer_name(customer_id) if customer_id else ""

    def _is_unread(self, key: str, news: str, body: Json | None) -> bool:
        # What was decided before this tablet was paired is no news on it.
        return self._own.read_until(UUID(key)) != news and _told_at(body) > self._identity.paired_at

    def _comments(self, observation_id: UUID, entries: list[OutboxEntry]) -> tuple[CommentView, ...]:
        told = self._reference.observation(observation_id)
        comments = told.comments if told else ()
        known = {comment.id for comment in comments}
        mine = self._identity.user_id
        views = [
            CommentView(
                comment.author_name, comment.author_id == mine, comment.text, comment.at, waiting=False
            )
            for comment in comments
        ]
        for entry in entries:
            comment = entry.comment
            if comment is not None and comment.comment_id not in known:
                views.append(
                    CommentView(
                        author_name=self._identity.user_name,
                        by_me=True,
                        text=comment.text,
                        at=comment.recorded_at,
                        waiting=entry.state == EntryState.WAITING,
                        problem=entry.problem,
                        change_id=entry.id,
                    )
                )
        return tuple(views)


def title(content: Json) -> str:
    """The same as `ObservationContent.title`, from plain values."""
    written = (str(content.get(name, "")).strip() for name in ("heard", "seen", "concluded"))
    text = "\n".join(part for part in written if part)
    source = text or str((content.get("next_step") or {}).get("text", ""))
    return source.split("\n", 1)[0].strip()


def _newest_local(entries: list[OutboxEntry], body: Json | None) -> OutboxEntry | None:
    """The last revision that was saved here, unless what the server shows includes it."""
    last = next((entry for entry in reversed(entries) if entry.revision), None)
    return None if last is None or _includes(body, last) else last


def _includes(body: Json | None, entry: OutboxEntry) -> bool:
    """Whether the server's view was made with this revision in it."""
    if body is None or entry.revision is None:
        return False
    tips = (body["shown"], *body.get("siblings", ()))
    if str(entry.revision.revision_id) in {
        tip[name] for tip in tips for name in ("id", "based_on") if name in tip
    }:
        return True
    # Neither shown nor beside it, yet confirmed before what is shown arrived: an ancestor of that.
    if entry.received_at is None:
        return False
    return _moment(body["shown"].get("received_at")) >= (entry.known_since or entry.received_at)


def _content(local: OutboxEntry | None, body: Json | None) -> Json | None:
    if local is not None and local.revision is not None:
        return local.revision.content.as_dict()
    if body is None:
        return None
    shown: Json = body["shown"]["content"]
    return shown


def _recorded_at(local: OutboxEntry | None, body: Json | None) -> datetime | None:
    if local is not None:
        return local.change.recorded_at
    return _moment(body["shown"].get("recorded_at")) if body else None


def _told_at(body: Json | None) -> datetime:
    """When the server last had something to tell: a decision, a contribution, the receipt."""
    if body is None:
        return _LONG_AGO
    comments = body.get("comments", ())
    moments = [
        body.get("received_at"),
        body.get("review", {}).get("changed_at"),
        *(c.get("at") for c in comments[-1:]),
    ]
    return max(_moment(moment) for moment in moments)


def _news_mark(body: Json, me: str) -> str:
    """State and last contribution of somebody else; "" as long as there are neither."""
    state = _state(body)
    others = [comment["id"] for comment in body.get("comments", ()) if comment.get("author_id") != me]
    if state not in NEWS and not others:
        return ""
    return f"{state or ''} {body.get('review', {}).get('changed_at', '')} {others[-1] if others else ''}"


def _question(body: Json | None) -> tuple[str, str] | None:
    asked = [c for c in (body or {}).get("comments", ()) if not c.get("by_technician")]
    return (str(asked[-1]["text"]), str(asked[-1]["author_name"])) if asked else None


def _state(body: Json | None) -> LeadState | None:
    if body is None:
        return None
    try:
        return LeadState(body.get("review", {}).get("state", LeadState.NEW))
    except ValueError:
        return LeadState.IN_REVIEW  # a state that only a newer server knows: it is with sales


def _reason(review: Json) -> RejectionReason | None:
    found = review.get("reason")
    if found is None:
        return None
    return RejectionReason(found) if found in set(RejectionReason) else RejectionReason.OTHER


def _kind(content: Json | None, draft: Draft | None) -> Kind | None:
    if content is None:
        return draft.kind if draft else None
    found = content.get("kind")
    return Kind(found) if found in set(Kind) else Kind.NOTE


def _is_urgent(content: Json | None, draft: Draft | None) -> bool:
    urgency = content.get("urgency") if content else (draft.urgency if draft else None)
    return urgency == Urgency.URGENT


def _draft_title(draft: Draft | None) -> str:
    if draft is None:
        return ""
    return title(
        {
            "heard": draft.heard,
            "seen": draft.seen,
            "concluded": draft.concluded,
            "next_step": {"text": draft.next_step},
        }
    )


def _customer_id(content: Json | None, draft: Draft | None) -> UUID | None:
    if content is None:
        return draft.customer_id if draft else None
    return UUID(str(content["customer_id"]))


def _customer_in(body: Json) -> str:
    return str(body["shown"]["content"].get("customer_id", ""))


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text) if text else _LONG_AGO


def _site_name(customer: Customer | None, content: ObservationContent | None) -> str | None:
    if customer is None or content is None:
        return None
    return next((site.name for site in customer.sites if site.id == content.site_id), None)


def _asset_name(customer: Customer | None, content: ObservationContent | None) -> str | None:
    if customer is None or content is None:
        return None
    found = next((asset for asset in customer.assets if asset.id == content.asset_id), None)
    return f"{found.maker} {found.model}" if found else None


def _contact_name(customer: Customer | None, content: ObservationContent | None) -> str | None:
    if customer is None or content is None:
        return None
    return next((contact.name for contact in customer.contacts if contact.id == content.contact_id), None)
