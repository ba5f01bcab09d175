"""An observation as the technician sees it: own work and what the server told, merged without duplicates.

What was saved here is shown until what the server shows includes it. Lists are made from plain values, because
building thousands of models would keep the screen waiting; one observation's page is made from models.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from app.state.progress import Standing, progress, stage
from app.state.rows import Rows, newest_first
from app.state.told import (
    LONG_AGO,
    NEWS,
    content_of,
    customer_id_of,
    draft_title,
    is_urgent,
    kind_of,
    newest_local,
    news_mark,
    question_of,
    reason_of,
    recorded_at_of,
    state_of,
    step_of,
    title,
    told_at,
)
from app.state.views import CommentView, Draft, Identity, ObservationPage, ObservationRow, Progress
from app.store.documents import Json
from app.store.outbox import EntryState, OutboxEntry
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.observation import Medium, ObservationContent
from protocol.problems import Problem
from protocol.reference import Customer
from protocol.review import LeadState
from protocol.rules.steps import Step

_NEWS_SHOWN = frozenset(Progress(state.value) for state in NEWS) | {Progress.OFFERED}


@dataclass(frozen=True)
class Newest:
    """The newest saved content of an observation: the revision that a correction is based on."""

    revision_id: UUID
    content: ObservationContent


class Observations:
    """All observations of one technician, as rows and pages."""

    def __init__(self, own: OwnWork, reference: Reference, identity: Identity) -> None:
        self._own = own
        self._reference = reference
        self._identity = identity
        self._rows = Rows(own, reference, self._row)
        self._news: tuple[object, tuple[ObservationRow, ...]] = (None, ())
        self._mine: tuple[object, list[Step]] = (None, [])

    def rows(self, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """Every observation once, drafts included, the one last written first; the same tuple while nothing changed.

        Args:
            sending: changes that are on the wire.
        """
        return self._rows.all(sending)

    def count_unread(self, sending: frozenset[UUID]) -> int:
        """How many have news that the person has not read."""
        return self._rows.count_unread(sending)

    def news(self, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """Those of which inside sales has said something, unread first, newest first."""
        made, rows = self._rows.unordered(sending)
        if self._news[0] != made:
            found = [row for row in rows if row.unread or row.progress in _NEWS_SHOWN]
            found.sort(key=lambda row: (row.unread, row.changed_at), reverse=True)
            self._news = (made, tuple(found))
        return self._news[1]

    def of_customer(self, customer_id: UUID, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """The observations at one customer, newest first. Looks at no others."""
        found = (self._rows.one(key, sending) for key in self._keys_at(customer_id))
        return newest_first(row for row in found if row and row.customer_id == customer_id)

    def steps_at(self, customer_id: UUID) -> list[Step]:
        """The next steps that the technician has named at one customer, done ones included."""
        steps = (self._step(key) for key in self._keys_at(customer_id))
        return [step for step in steps if step and step.customer_id == customer_id]

    def step(self, observation_id: UUID) -> Step | None:
        """The next step that one observation names."""
        return self._step(str(observation_id))

    def my_steps(self) -> list[Step]:
        """The next steps that the technician is to do himself, wherever, done ones included."""
        state = (self._own.documents.version, self._reference.documents.version)
        if self._mine[0] != state:
            keys = {*self._reference.promised(), *self._rows.changed()}
            self._mine = (state, [step for step in map(self._step, sorted(keys)) if step and step.is_mine])
        return self._mine[1]

    def page(self, observation_id: UUID, sending: frozenset[UUID]) -> ObservationPage | None:
        """One observation with all that belongs to it; None if there is none."""
        key = str(observation_id)
        entries, draft = self._rows.changes(key), self._own.draft(observation_id)
        told, row = self._reference.observation(observation_id), self._rows.one(key, sending)
        if row is None:
            return None
        newest = self.newest(observation_id)
        content = newest.content if newest else None
        customer_id = content.customer_id if content else (draft.customer_id if draft else None)
        customer = self._reference.customer(customer_id) if customer_id else None
        refused = [entry.id for entry in entries if entry.revision and entry.state == EntryState.REFUSED]
        return ObservationPage(
            row=row,
            content=content,
            site_name=_site_name(customer, content),
            asset_name=_asset_name(customer, content),
            contact_name=_contact_name(customer, content),
            comments=self._comments(observation_id, entries),
            note=told.review.note if told else "",
            decided_by_name=told.review.decided_by_name if told else None,
            siblings=told.siblings if told else (),
            revision_count=told.revision_count
            if told
            else sum(entry.revision is not None for entry in entries),
            waiting_changes=sum(entry.state == EntryState.WAITING for entry in entries),
            refused_change_id=refused[-1] if refused else None,
            offered_at=told.review.offered_at if told else None,
        )

    def newest(self, observation_id: UUID) -> Newest | None:
        """The content to show and to correct."""
        entries = self._rows.changes(str(observation_id))
        local = newest_local(entries, self._reference.observation_body(str(observation_id)))
        if local is not None and local.revision is not None:
            return Newest(local.revision.revision_id, local.revision.content)
        told = self._reference.observation(observation_id)
        return Newest(told.shown.id, told.shown.content) if told else None

    def news_mark(self, observation_id: UUID) -> str:
        """What stands for the newest news about an observation; "" if there are none."""
        body = self._reference.observation_body(str(observation_id))
        return news_mark(body, str(self._identity.user_id)) if body else ""

    # -- rows ---------------------------------------------------------------------------------------

    def _keys_at(self, customer_id: UUID) -> set[str]:
        """Observations that may be at a customer; one that was moved to another is found at both."""
        keys = set(self._reference.observations_at(customer_id))
        for entry in self._own.entries():
            if entry.revision and entry.revision.content.customer_id == customer_id:
                keys.add(str(entry.thing))
        return keys | {str(draft.id) for draft in self._own.drafts() if draft.customer_id == customer_id}

    def _step(self, key: str) -> Step | None:
        body = self._reference.observation_body(key)
        entries = self._rows.changes(key)
        local = newest_local(entries, body)
        said_at = recorded_at_of(local, body) or LONG_AGO
        return step_of(key, content_of(local, body), body, said_at, entries)

    def _row(
        self, key: str, entries: Sequence[OutboxEntry], sending: frozenset[UUID]
    ) -> ObservationRow | None:
        body, own_draft = self._reference.observation_body(key), self._own.draft(UUID(key))
        if body is None and not entries and own_draft is None:
            return None
        local = newest_local(entries, body)
        content = content_of(local, body)
        draft = own_draft if content is None else None
        voices = content.get("voice", ()) if content else ()
        signatures = content.get("signatures", ()) if content else ()
        photos = [*content.get("photos", ()), *voices, *signatures] if content else []
        standing = self._standing(_about_it(entries), body, photos, sending)
        review = body.get("review", {}) if body else {}
        question = question_of(body) if standing.state == LeadState.QUESTION else None
        me = str(self._identity.user_id)
        news = news_mark(body, me) if body else ""
        recorded_at = recorded_at_of(local, body) or (draft.updated_at if draft else LONG_AGO)
        return ObservationRow(
            id=UUID(key),
            title=title(content) if content else draft_title(draft),
            kind=kind_of(content, draft),
            customer_name=self._customer_name(content, draft),
            progress=progress(standing),
            stage=stage(standing),
            photos_received=standing.photos_received,
            photos_total=len(draft.media) if draft else standing.photos_total,
            voices=len(draft.voice) if draft else len(voices),
            signatures=len(draft.signatures) if draft else len(signatures),
            photos_missing=standing.photos_missing,
            reason=reason_of(review),
            problem=self._problem(entries, photos),
            question=question.text if question else None,
            question_by=question.by_name if question else None,
            question_at=question.at if question else None,
            changed_at=max(recorded_at, told_at(body), own_draft.updated_at if own_draft else LONG_AGO),
            conflict=bool(body and body.get("siblings")),
            has_draft=own_draft is not None,
            urgent=is_urgent(content, draft),
            unread=bool(news) and self._is_unread(key, news, body),
            recorded_at=recorded_at,
            customer_id=customer_id_of(content, draft),
        )

    def _standing(
        self,
        entries: Sequence[OutboxEntry],
        body: Json | None,
        photos: Iterable[Json],
        sending: frozenset[UUID],
    ) -> Standing:
        received = set(body.get("media_received", ())) if body else set()
        listed = list(photos)
        return Standing(
            waiting=sum(entry.state == EntryState.WAITING for entry in entries),
            sending=any(entry.id in sending for entry in entries),
            refused=any(entry.state == EntryState.REFUSED for entry in entries),
            confirmed=any(entry.state == EntryState.CONFIRMED and entry.revision for entry in entries),
            state=state_of(body),
            photos_received=sum(
                photo["id"] in received or self._was_sent(str(photo["sha256"])) for photo in listed
            ),
            photos_total=len(listed),
            photos_missing=sum(self._is_missing(body, photo) for photo in listed),
            offered=bool(body and body.get("review", {}).get("offered_at")),
        )

    def _problem(self, entries: Sequence[OutboxEntry], photos: Iterable[Json]) -> Problem | None:
        """Why the server did not take the last change, or one of the photos."""
        records = (self._own.photo(str(photo["sha256"])) for photo in photos)
        of_changes = (entry.problem for entry in reversed(entries))
        of_photos = (record.problem for record in records if record)
        return next(filter(None, chain(of_changes, of_photos)), None)

    def is_missing(self, observation_id: UUID, photo: Medium) -> bool:
        """Whether a photo or voice note of an observation is neither here nor at the server any more."""
        body = self._reference.observation_body(str(observation_id))
        return self._is_missing(body, photo.as_dict())

    def _is_missing(self, body: Json | None, photo: Json) -> bool:
        told = body or {}
        record = self._own.photo(str(photo["sha256"]))
        if photo["id"] in told.get("media_received", ()) or (record and (record.received or not record.gone)):
            return False
        return photo["id"] in told.get("media_missing", ()) or (record is not None and record.missing)

    def _was_sent(self, sha256: str) -> bool:
        record = self._own.photo(sha256)
        return record is not None and record.received

    def _customer_name(self, content: Json | None, draft: Draft | None) -> str:
        customer_id = customer_id_of(content, draft)
        return self._reference.customer_name(customer_id) if customer_id else ""

    def _is_unread(self, key: str, news: str, body: Json | None) -> bool:
        # What was decided before this tablet was paired is no news on it.
        return self._own.read_until(UUID(key)) != news and told_at(body) > self._identity.paired_at

    def _comments(self, observation_id: UUID, entries: Sequence[OutboxEntry]) -> tuple[CommentView, ...]:
        told = self._reference.observation(observation_id)
        comments = told.comments if told else ()
        known = {comment.id for comment in comments}
        mine = self._identity.user_id
        views = [
            CommentView(
                comment.author_name,
                comment.author_id == mine,
                comment.text,
                comment.at,
                waiting=False,
                voice=comment.voice,
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
                        voice=comment.voice,
                    )
                )
        return tuple(views)


def _about_it(entries: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """What tells how far the observation has come: that one of its steps is done still waits says nothing of it."""
    return [entry for entry in entries if entry.mark is None or entry.state == EntryState.REFUSED]


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
