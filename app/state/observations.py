"""An observation as the technician sees it: own work and what the server told, merged without duplicates.

What was saved here is shown until what the server shows includes it. Lists are made from plain values, because
building thousands of models would keep the screen waiting; one observation's page is made from models.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

from app.state.progress import Standing, progress, stage
from app.state.told import (
    LONG_AGO,
    content_of,
    customer_id_of,
    customer_in,
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
from app.state.views import CommentView, Draft, Identity, ObservationPage, ObservationRow
from app.store.documents import Json
from app.store.outbox import EntryState, OutboxEntry
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.observation import ObservationContent
from protocol.problems import Problem
from protocol.reference import Customer
from protocol.review import LeadState
from protocol.rules.steps import Step


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
        self._saved: tuple[object, dict[str, ObservationRow]] = (None, {})
        self._told: tuple[object, dict[str, ObservationRow]] = (None, {})
        self._made: dict[str, tuple[Json, str, ObservationRow]] = {}
        self._entries: tuple[object, dict[str, list[OutboxEntry]]] = (None, {})

    def rows(self, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """Every observation once, drafts included, the one last written first.

        A keystroke changes one draft: then only its row is made again.

        Args:
            sending: changes that are on the wire.
        """
        state = (self._own.documents.version, self._reference.documents.version, sending)
        if self._rows[0] != state:
            found = dict(self._saved_rows(sending))
            for draft in self._own.drafts():
                found[str(draft.id)] = self._row(str(draft.id), sending)
            self._rows = (state, _newest_first(found.values()))
        return self._rows[1]

    def of_customer(self, customer_id: UUID, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """The observations at one customer, newest first. Looks at no others."""
        found = (self._row(key, sending) for key in self._keys_at(customer_id))
        return _newest_first(row for row in found if row.customer_id == customer_id)

    def steps_at(self, customer_id: UUID) -> list[Step]:
        """The next steps that the technician has named at one customer, done ones included."""
        steps = (self._step(key) for key in self._keys_at(customer_id))
        return [step for step in steps if step and step.customer_id == customer_id]

    def my_steps(self) -> list[Step]:
        """The next steps that the technician is to do himself, wherever, done ones included."""
        steps = (self._step(key) for key in {*self._reference.promised(), *self._entries_by_observation()})
        return [step for step in steps if step and step.is_mine]

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
            row=self._row(key, sending),
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

    def _saved_rows(self, sending: frozenset[UUID]) -> dict[str, ObservationRow]:
        """Every observation that was saved; made again when something was told, saved or sent."""
        state = (self._own.saved_version, self._reference.documents.version, sending)
        if self._saved[0] != state:
            found = dict(self._told_rows())
            for key, entries in self._entries_by_observation().items():
                body = self._reference.observation_body(key)
                found[key] = self._make_row(key, _Own(entries), body, sending)
            self._saved = (state, found)
        return self._saved[1]

    def _told_rows(self) -> dict[str, ObservationRow]:
        """Every observation that the server tells of, as if nothing of it were here."""
        state = (self._own.read_version, self._reference.documents.version)
        if self._told[0] != state:
            bodies = self._reference.observation_bodies()
            self._told = (state, {key: self._told_row(key, body) for key, body in bodies})
        return self._told[1]

    def _entries_by_observation(self) -> dict[str, list[OutboxEntry]]:
        if self._entries[0] != self._own.saved_version:
            found: dict[str, list[OutboxEntry]] = {}
            for entry in self._own.entries():
                found.setdefault(str(entry.change.observation_id), []).append(entry)
            self._entries = (self._own.saved_version, found)
        return self._entries[1]

    def _keys_at(self, customer_id: UUID) -> set[str]:
        """Observations that may be at a customer; one that was moved to another is found at both."""
        keys = set(self._reference.observations_at(customer_id))
        for key, entries in self._entries_by_observation().items():
            if any(entry.revision and entry.revision.content.customer_id == customer_id for entry in entries):
                keys.add(key)
        return keys | {str(draft.id) for draft in self._own.drafts() if draft.customer_id == customer_id}

    def _own_of(self, observation_id: UUID) -> _Own:
        entries = self._entries_by_observation().get(str(observation_id), [])
        return _Own(entries, self._own.draft(observation_id))

    def _step(self, key: str) -> Step | None:
        body = self._reference.observation_body(key)
        local = newest_local(self._entries_by_observation().get(key, []), body)
        return step_of(key, content_of(local, body), body, recorded_at_of(local, body) or LONG_AGO)

    def _row(self, key: str, sending: frozenset[UUID]) -> ObservationRow:
        body, own = self._reference.observation_body(key), self._own_of(UUID(key))
        if body is not None and not own.entries and own.draft is None:
            return self._told_row(key, body)
        return self._make_row(key, own, body, sending)

    def _told_row(self, key: str, body: Json) -> ObservationRow:
        """The row of what only the server tells of; made again only when that has changed."""
        depends_on = f"{self._own.read_until(UUID(key))} {self._reference.customer_name(customer_in(body))}"
        known = self._made.get(key)
        if known is None or known[0] is not body or known[1] != depends_on:
            known = (body, depends_on, self._make_row(key, _Own(), body, frozenset()))
            self._made[key] = known
        return known[2]

    def _make_row(self, key: str, own: _Own, body: Json | None, sending: frozenset[UUID]) -> ObservationRow:
        local = newest_local(own.entries, body)
        content = content_of(local, body)
        draft = own.draft if content is None else None
        photos = content.get("photos", ()) if content else ()
        standing = self._standing(own.entries, body, photos, sending)
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
            photos_total=len(draft.photos) if draft else standing.photos_total,
            reason=reason_of(review),
            problem=self._problem(own.entries, photos),
            question=question.text if question else None,
            question_by=question.by_name if question else None,
            question_at=question.at if question else None,
            changed_at=max(recorded_at, told_at(body), own.draft.updated_at if own.draft else LONG_AGO),
            conflict=bool(body and body.get("siblings")),
            has_draft=own.draft is not None,
            urgent=is_urgent(content, draft),
            unread=bool(news) and self._is_unread(key, news, body),
            recorded_at=recorded_at,
            customer_id=customer_id_of(content, draft),
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
            state=state_of(body),
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
        customer_id = customer_id_of(content, draft)
        return self._reference.customer_name(customer_id) if customer_id else ""

    def _is_unread(self, key: str, news: str, body: Json | None) -> bool:
        # What was decided before this tablet was paired is no news on it.
        return self._own.read_until(UUID(key)) != news and told_at(body) > self._identity.paired_at

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


def _newest_first(rows: Iterable[ObservationRow]) -> tuple[ObservationRow, ...]:
    return tuple(sorted(rows, key=lambda row: row.recorded_at or row.changed_at, reverse=True))


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
