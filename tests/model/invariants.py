"""What must hold after every step: nothing that was called saved is lost, doubled or under another's name."""

import json
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, select

from app.store.outbox import EntryState, Gone, OutboxEntry, PhotoRecord
from protocol.changes import thing_of
from protocol.observation import ObservationContent
from protocol.pairing import Role
from protocol.planning import VisitPlan
from sync_server.crm.revising import TASK_DONE, TASK_OPEN
from sync_server.crm.users import User
from sync_server.media.backing import Backing
from sync_server.store import Database, facts
from sync_server.store import schema as t
from tests.model.backing import Disks, outbox, own_store
from tests.model.promises import Promise, Promises, Violation


class Server(Protocol):
    """What must be known of a server: its store, its photos, and who works there."""

    @property
    def database(self) -> Database:
        """Its store."""

    @property
    def photos(self) -> Backing:
        """Where its photos are: a folder or an S3 store."""

    @property
    def users(self) -> dict[str, User]:
        """Everybody by his login."""

    @property
    def said_by_sales(self) -> set[UUID]:
        """Comments of inside sales that must be there."""

    @property
    def restored(self) -> int:
        """How often a backup was put back."""


class SharedTablet(Protocol):
    """What must be known of a tablet: who has used it, and what is durable on it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def people(self) -> tuple[User, ...]:
        """Who shares it."""

    @property
    def disks(self) -> Disks:
        """Its storage."""


def hold(office: Server, tablets: Sequence[SharedTablet], promises: Promises) -> None:
    """Raises Violation when a promise is broken at this moment."""
    outboxes = {
        (hands.name, user.id): outbox(hands.disks, user.id) for hands in tablets for user in hands.people
    }
    with office.database.reading() as connection:
        taken = _changes_are_as_promised(connection, office, promises)
        _everything_else_waits(taken, facts.epoch(connection), tablets, promises, outboxes)
        _photos_are_somewhere(connection, office, tablets, promises, outboxes)
        _inside_sales_is_kept(connection, office)
    _drafts_are_kept(tablets, promises)


def _changes_are_as_promised(connection: Connection, office: Server, promises: Promises) -> set[UUID]:
    """What the server holds was saved by somebody, as he said it and under his name; gives the ids of changes."""
    sales = {user.id for user in office.users.values() if user.role is Role.INSIDE_SALES}
    promised = {**promises.given_up, **promises.saved}
    revisions = {p.change.revision_id: p for p in promised.values() if p.change.type == "observation.revise"}
    comments = {p.change.comment_id: p for p in promised.values() if p.change.type == "comment.add"}
    taken: set[UUID] = set()
    for row in connection.execute(select(t.revisions)):
        if row.author_id in sales:
            continue
        promise = revisions.get(row.id)
        if promise is None or promise.change.type != "observation.revise":
            raise Violation(f"the server has version {row.id} that nobody saved: something was doubled")
        change = promise.change
        if row.author_id != promise.person:
            raise Violation(f"{promise} is stored under another's name")
        if (row.observation_id, row.based_on) != (change.observation_id, change.based_on):
            raise Violation(f"{promise} has another place among its versions on the server")
        if ObservationContent.model_validate_json(row.content) != change.content:
            raise Violation(f"{promise} says something else on the server")
        taken.add(change.id)
    for row in connection.execute(select(t.comments)):
        if row.author_id in sales:
            continue
        promise = comments.get(row.id)
        if promise is None or promise.change.type != "comment.add":
            raise Violation(f"the server has answer {row.id} that nobody saved: something was doubled")
        answer = promise.change
        if row.author_id != promise.person:
            raise Violation(f"{promise} is stored under another's name")
        if (row.observation_id, row.text) != (answer.observation_id, answer.text):
            raise Violation(f"{promise} says something else on the server")
        taken.add(answer.id)
    taken |= _tasks_are_as_promised(connection, promised)
    taken |= _visits_are_as_promised(connection, promised)
    authors = select(t.observations.c.id, t.observations.c.author_id)
    whose = {thing_of(p.change): p.person for p in promised.values()}
    for row in connection.execute(authors):
        if row.author_id != whose.get(row.id):
            raise Violation(f"observation {row.id} is stored under another's name")
    return taken


def _tasks_are_as_promised(connection: Connection, promised: Mapping[UUID, Promise]) -> set[UUID]:
    """What was said of a task was said once, by whom it says; gives the ids of changes."""
    taken: set[UUID] = set()
    said = t.lead_events.c.action.in_((TASK_DONE, TASK_OPEN))
    for row in connection.execute(select(t.lead_events).where(said)):
        change_id = UUID(json.loads(row.detail)["change_id"])
        promise = promised.get(change_id)
        if promise is None or promise.change.type != "task.done":
            raise Violation(f"the server has heard {change_id} of a task, and nobody said so")
        if change_id in taken:
            raise Violation(f"{promise} counts twice")
        if row.actor_id != promise.person or (row.action == TASK_DONE) != promise.change.done:
            raise Violation(f"{promise} says something else on the server")
        taken.add(change_id)
    return taken


def _visits_are_as_promised(connection: Connection, promised: Mapping[UUID, Promise]) -> set[UUID]:
    """Every version of a visit and every word on its preparation was saved once, by whom it says; gives the ids of changes."""
    versions = {p.change.revision_id: p for p in promised.values() if p.change.type == "visit.plan"}
    taken: set[UUID] = set()
    for row in connection.execute(select(t.visit_plans)):
        promise = versions.get(row.id)
        if promise is None or promise.change.type != "visit.plan":
            raise Violation(f"the server has version {row.id} of a visit that nobody saved")
        change = promise.change
        if (row.technician_id, row.visit_id, row.based_on) != (
            promise.person, change.visit_id, change.based_on,
        ):  # fmt: skip
            raise Violation(f"{promise} is stored as another's, or in another place")
        if VisitPlan.model_validate_json(row.content) != change.plan:
            raise Violation(f"{promise} says something else on the server")
        taken.add(change.id)
    for row in connection.execute(select(t.preparations)):
        promise = promised.get(row.change_id)
        if promise is None or promise.change.type != "visit.prepare":
            raise Violation(f"the server has heard {row.change_id} of a preparation, and nobody said so")
        point = promise.change
        said = (row.technician_id, row.visit_id, row.item, row.done)
        if said != (promise.person, point.visit_id, point.item, point.done):
            raise Violation(f"{promise} says something else on the server")
        taken.add(point.id)
    return taken


def _everything_else_waits(
    taken: set[UUID],
    epoch: UUID,
    tablets: Sequence[SharedTablet],
    promises: Promises,
    outboxes: dict[tuple[str, UUID], dict[UUID, OutboxEntry]],
) -> None:
    """What the server does not have is in the outbox where it was made, and will be sent, or shows why not."""
    by_name = {hands.name: hands for hands in tablets}
    for change_id, promise in promises.saved.items():
        if change_id in taken:
            continue
        entry = outboxes[promise.tablet, promise.person].get(change_id)
        if entry is None:
            raise Violation(f"{promise} is neither on the server nor on the tablet")
        if entry.change != promise.change:
            raise Violation(f"{promise} has changed in the outbox")
        if entry.state is EntryState.REFUSED and entry.problem is None:
            raise Violation(f"{promise} was refused without a reason")
        if entry.state is EntryState.CONFIRMED:
            contact = by_name[promise.tablet].disks.documents(own_store(promise.person), "contact")
            if UUID(json.loads(contact["last"])["epoch"]) == epoch:
                raise Violation(f"{promise} counts as received, and the server does not have it")


def _photos_are_somewhere(
    connection: Connection,
    office: Server,
    tablets: Sequence[SharedTablet],
    promises: Promises,
    outboxes: dict[tuple[str, UUID], dict[UUID, OutboxEntry]],
) -> None:
    sizes: dict[str, int] = {row.sha256: row.size for row in connection.execute(select(t.blobs))}
    stored = set(sizes)
    for sha256, size in sizes.items():
        if office.photos.size(sha256) != size:
            raise Violation(f"the server says that it has photo {sha256}, and does not have it whole")
    missing = promises.photos() - stored
    if not missing:
        return
    kept: set[str] = set()
    for hands in tablets:
        for user in hands.people:
            store = own_store(user.id)
            named = {p.sha256 for entry in outboxes[hands.name, user.id].values() for p in entry.media}
            records = hands.disks.documents(store, "photos")
            for sha256 in missing & named & set(records):
                record = PhotoRecord.model_validate_json(records[sha256])
                if sha256 in hands.disks.file_keys(store) or may_be_gone(record, office):
                    kept.add(sha256)
    if missing - kept:
        raise Violation(f"photos {sorted(missing - kept)} are neither on the server nor on a tablet")


def may_be_gone(record: PhotoRecord, office: Server) -> bool:
    """Whether a photo may have gone from a tablet: confirmed, removed to make room, and then the server was restored.

    That is the price of making room; the tablet's record says so.
    """
    return record.gone is Gone.THINNED and office.restored > 0


def _inside_sales_is_kept(connection: Connection, office: Server) -> None:
    there = set(connection.execute(select(t.comments.c.id)).scalars())
    if not office.said_by_sales <= there:
        raise Violation("words of inside sales are gone")


def _drafts_are_kept(tablets: Sequence[SharedTablet], promises: Promises) -> None:
    by_name = {hands.name: hands for hands in tablets}
    for (tablet, person, draft_id), text in promises.drafts.items():
        found = by_name[tablet].disks.documents(own_store(person), "drafts").get(str(draft_id))
        if found is None:
            raise Violation(f"a draft kept on {tablet} is gone")
        if json.loads(found).get("seen", "") != text:
            raise Violation(f"a draft kept on {tablet} says something else")
    for (tablet, person, observation_id), text in promises.answers.items():
        kept = by_name[tablet].disks.documents(own_store(person), "preferences").get("answers-begun")
        answers = json.loads(json.loads(kept)["value"]) if kept else {}
        if answers.get(str(observation_id), ("", ""))[1] != text:
            raise Violation(f"an answer begun on {tablet} is gone")
