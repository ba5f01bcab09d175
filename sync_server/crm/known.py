"""What the store knows of the things that a push names, read at once; and whether a change fits to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Connection, Table, select

from protocol.changes import AddComment, MarkTask, Outcome, ReviseObservation
from protocol.observation import Kind
from protocol.problems import Code
from protocol.rules.access import Who, may_record_at, may_revise
from sync_server.crm import holding
from sync_server.crm.as_written import Written
from sync_server.store import schema as t
from sync_server.store.many import look_up


@dataclass(frozen=True)
class Sender:
    """Whose changes these are, and from which tablet."""

    who: Who
    name: str
    device_id: UUID


@dataclass(frozen=True)
class Verdict:
    """What becomes of a change; `code` says why it is rejected."""

    outcome: Outcome
    code: Code | None = None


class News(NamedTuple):
    """Something that open inboxes should hear of: an event's name and ids."""

    event: str
    data: dict[str, str]


ACCEPTED = Verdict(Outcome.ACCEPTED)
DUPLICATE = Verdict(Outcome.DUPLICATE)
CONFLICT = Verdict(Outcome.CONFLICT)


def rejected(code: Code) -> Verdict:
    """The change is not taken."""
    return Verdict(Outcome.REJECTED, code)


@dataclass
class Known:
    """Excerpt of the store. Whoever stores something adds it here, for the changes that follow.

    Ids of customers, observations and revisions are text with hyphens: Python makes a key of a text ten times faster
    than of an id.
    """

    territories: dict[str, str] = field(default_factory=dict)
    authors: dict[str, UUID] = field(default_factory=dict)
    revisions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Each with its observation and its content as JSON."""
    comments: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
    media: dict[UUID, UUID] = field(default_factory=dict)
    """Photos and voice notes, each with its observation."""
    blobs: set[str] = field(default_factory=set)
    contacts_of_the_past: set[str] = field(default_factory=set)
    """Those of the observations' ids that belong to rows of `history`: tablets read both under the same name."""

    def expect(self, change: ReviseObservation, sender: Sender, said: Written) -> None:
        """A new observation is about to be stored: whatever follows in the push may build on it.

        Args:
            said: the change's texts.
        """
        self.authors[said.thing] = sender.who.user_id
        self.expect_revision(change, said)

    def expect_revision(self, change: ReviseObservation, said: Written) -> None:
        """A revision is about to be stored; `said` are the change's texts."""
        self.revisions[said.revision] = (said.thing, said.content)
        for one in change.media:
            self.media[one.id] = change.observation_id


def read(
    connection: Connection,
    revised: Sequence[tuple[ReviseObservation, Written]],
    added: Sequence[AddComment | MarkTask],
) -> Known:
    """Look up everything that these changes name: seven statements, however many changes.

    Args:
        revised: new observations and revisions, each with its texts.
        added: what else is said of observations.
    """
    comments = [change for change in added if isinstance(change, AddComment)]
    media = [one for change, _ in revised for one in change.media]
    media += [one for change in added for one in change.media]
    customer_ids = {said.customer for _, said in revised}
    observation_ids = {said.thing for _, said in revised} | {str(change.observation_id) for change in added}
    revision_ids = {said.revision for _, said in revised}
    comment_ids = {change.comment_id for change in comments}
    holding.customers(connection, customer_ids)
    holding.photos(connection, {one.sha256 for one in media})
    holding.leads_of(connection, observation_ids)
    reporting = {said.customer for change, said in revised if change.content.kind is Kind.COMPETITOR}
    holding.machines_at(connection, reporting, {said.thing for _, said in revised})
    return Known(
        {
            str(row.id): row.territory
            for row in _rows(connection, t.customers, t.customers.c.territory, ids=customer_ids)
        },
        {
            str(row.id): row.author_id
            for row in _rows(connection, t.observations, t.observations.c.author_id, ids=observation_ids)
        },
        {
            str(row.id): (str(row.observation_id), row.content)
            for row in _rows(
                connection,
                t.revisions,
                t.revisions.c.observation_id,
                t.revisions.c.content,
                ids=revision_ids,
            )
        },
        {
            row.id: (row.observation_id, row.text)
            for row in _rows(
                connection, t.comments, t.comments.c.observation_id, t.comments.c.text, ids=comment_ids
            )
        },
        {
            row.id: row.observation_id
            for row in _rows(connection, t.photos, t.photos.c.observation_id, ids={one.id for one in media})
        },
        _blobs(connection, {one.sha256 for one in media}),
        {str(row.id) for row in _rows(connection, t.history, ids=observation_ids)},
    )


def judge_addition(change: AddComment | MarkTask, sender: Sender, known: Known) -> Verdict:
    """Whether what is said of an observation may be taken, from what is known alone."""
    if isinstance(change, AddComment):
        return _judge_comment(change, sender, known)
    return _judge_of_own(change, sender, known)


def _judge_comment(change: AddComment, sender: Sender, known: Known) -> Verdict:
    verdict = _judge_of_own(change, sender, known)
    if verdict is not ACCEPTED:
        return verdict
    held = known.comments.get(change.comment_id)
    if held is not None:
        return DUPLICATE if held == (change.observation_id, change.text) else rejected(Code.ID_TAKEN)
    return ACCEPTED if _media_are_its_own(change, known) else rejected(Code.ID_TAKEN)


def _judge_of_own(change: AddComment | MarkTask, sender: Sender, known: Known) -> Verdict:
    author = known.authors.get(str(change.observation_id))
    if author is None:
        return rejected(Code.UNKNOWN_OBSERVATION)
    return ACCEPTED if may_revise(sender.who, author) else rejected(Code.FORBIDDEN)


def judge_revision(change: ReviseObservation, said: Written, sender: Sender, known: Known) -> Verdict:
    """Whether an observation or a revision of one may be taken, from what is known alone; `said` are its texts."""
    author = known.authors.get(said.thing)
    if author is not None and not may_revise(sender.who, author):
        return rejected(Code.ID_TAKEN if change.based_on is None else Code.FORBIDDEN)
    held = known.revisions.get(said.revision)
    if held is not None:
        return DUPLICATE if held == (said.thing, said.content) else rejected(Code.ID_TAKEN)
    territory = known.territories.get(said.customer)
    if territory is None:
        return rejected(Code.UNKNOWN_CUSTOMER)
    if not may_record_at(sender.who, territory):
        return rejected(Code.FORBIDDEN)
    is_new = author is None
    if (is_new and said.thing in known.contacts_of_the_past) or not _media_are_its_own(change, known):
        return rejected(Code.ID_TAKEN)
    return ACCEPTED


def _media_are_its_own(change: ReviseObservation | AddComment, known: Known) -> bool:
    if not change.media:
        return True
    ids = [one.id for one in change.media]
    owners = {known.media.get(one_id, change.observation_id) for one_id in ids}
    return len(set(ids)) == len(ids) and owners <= {change.observation_id}


def _rows(
    connection: Connection, table: Table, *columns: Column[Any], ids: set[UUID] | set[str]
) -> Iterable[Any]:
    if not ids:
        return ()
    return look_up(connection, table.c.id, ids, *columns)


def _blobs(connection: Connection, hashes: set[str]) -> set[str]:
    if not hashes:
        return set()
    stored = select(t.blobs.c.sha256).where(t.blobs.c.sha256.in_(hashes))
    return set(connection.execute(stored).scalars())
