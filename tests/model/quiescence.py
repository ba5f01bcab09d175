"""What must hold when all is calm: everything has arrived, and each tablet holds exactly what it may see."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from app.store.outbox import EntryState, Gone, PhotoRecord
from protocol.observation import Flag, ObservationContent
from protocol.pairing import Role
from protocol.reference import Entity
from protocol.review import RejectionReason
from protocol.rules.access import Who, audiences, colleagues_may_read
from protocol.rules.checksum import fingerprint
from protocol.rules.revisions import Node, tips, winner
from sync_server.crm.users import User
from sync_server.store import feed
from sync_server.store import schema as t
from tests.model.backing import outbox, own_store, reference_store
from tests.model.invariants import Server, SharedTablet, may_be_gone
from tests.model.promises import Promises, Violation

Summary = dict[tuple[str, UUID], Any]
"""What a thing says, as far as it is compared, by entity and id."""


def everything_arrived(office: Server, tablets: Sequence[SharedTablet], promises: Promises) -> None:
    """Every change once on the server with what it builds on, every photo whole, no outbox with a rest."""
    with office.database.reading() as connection:
        revisions = {row.id: row for row in connection.execute(select(t.revisions))}
        comments = set(connection.execute(select(t.comments.c.id)).scalars())
        stored = set(connection.execute(select(t.blobs.c.sha256)).scalars())
        of_visits = {
            *connection.execute(select(t.visit_plans.c.id)).scalars(),
            *connection.execute(select(t.preparations.c.change_id)).scalars(),
        }
    for promise, said in promises.of_visits():
        if (said.revision_id if said.type == "visit.plan" else said.id) not in of_visits:
            raise Violation(f"{promise} has not arrived")
    known = {change.revision_id for _, change in promises.revisions()}
    for promise, change in promises.revisions():
        if change.revision_id not in revisions:
            raise Violation(f"{promise} has not arrived")
        if change.based_on in known and change.based_on not in revisions:
            raise Violation(f"{promise} has arrived without the version that it builds on")
    for promise, answer in promises.comments():
        if answer.comment_id not in comments:
            raise Violation(f"{promise} has not arrived")
    missing = promises.photos() - stored - _gone(office, tablets)
    if missing:
        raise Violation(f"photos {sorted(missing)} have not arrived")
    for hands in tablets:
        for user in hands.people:
            _outbox_is_settled(hands, user, promises)


def _gone(office: Server, tablets: Sequence[SharedTablet]) -> set[str]:
    return {
        sha256
        for hands in tablets
        for user in hands.people
        for sha256, text in hands.disks.documents(own_store(user.id), "photos").items()
        if may_be_gone(PhotoRecord.model_validate_json(text), office)
    }


def tablets_agree(office: Server, tablets: Sequence[SharedTablet]) -> None:
    """Each tablet holds exactly what the rules of access let its people see, in its newest state."""
    with office.database.reading() as connection:
        for hands in tablets:
            for user in hands.people:
                _holds_what_it_may(connection, hands, user.id)


def _outbox_is_settled(hands: SharedTablet, user: User, promises: Promises) -> None:
    for entry in outbox(hands.disks, user.id).values():
        if entry.state is EntryState.WAITING:
            raise Violation(f"a change waits for ever on {hands.name}: {entry.problem}")
        if entry.state is EntryState.REFUSED and entry.id in promises.saved:
            raise Violation(f"a change stays refused on {hands.name}: {entry.problem}")
    store = own_store(user.id)
    named = {p.sha256 for entry in outbox(hands.disks, user.id).values() for p in entry.media}
    for sha256, text in hands.disks.documents(store, "photos").items():
        record = json.loads(text)
        if sha256 in named and not record.get("received") and record.get("gone") == Gone.THINNED:
            if not record.get("missing"):
                raise Violation(f"a photo is gone from {hands.name}, and nobody was told: {sha256}")
        elif sha256 in named and not record.get("received"):
            if sha256 not in promises.unreadable:
                raise Violation(f"a photo waits for ever on {hands.name}: {record.get('problem')}")
            if not record.get("problem"):
                raise Violation(f"a photo that no server can read waits on {hands.name} without a reason")
    for text in hands.disks.documents(store, "_damaged").values():
        raise Violation(f"{hands.name} says that something is damaged: {text}")
    for text in hands.disks.documents(store, "log").values():
        if json.loads(text)["what"] == "drift":
            raise Violation(f"{hands.name} found that it did not hold what it should: {text}")


def _holds_what_it_may(connection: Connection, hands: SharedTablet, user_id: UUID) -> None:
    row = connection.execute(select(t.users).where(t.users.c.id == user_id)).one()
    who = Who(user_id, Role(row.role), row.territory)
    whose = f"{row.login} on {hands.name}"
    held: Summary = {}
    count = checksum = 0
    for entity in Entity:
        for key, text in hands.disks.documents(reference_store(user_id), entity).items():
            document = json.loads(text)
            held[entity.value, UUID(key)] = _told(entity, document["body"])
            count += 1
            checksum ^= fingerprint(entity, UUID(key), document["version"])
    expected = _may_see(connection, who)
    for thing in sorted(held.keys() | expected.keys(), key=str):
        if thing not in held:
            raise Violation(f"{whose} does not have {thing}")
        if thing not in expected:
            raise Violation(f"{whose} still has {thing}, which may not be seen")
        if held[thing] != expected[thing]:
            raise Violation(f"{whose} has an old {thing}:\n{held[thing]}\ninstead of\n{expected[thing]}")
    totals = feed.totals(connection, audiences(who))
    mark = json.loads(hands.disks.documents(reference_store(user_id), "mark")["mark"])
    if (totals.count, totals.checksum) != (count, checksum):
        raise Violation(f"{whose} does not agree with the server's totals")
    if (mark["count"], mark["checksum"]) != (count, checksum):
        raise Violation(f"{whose} has not counted what it holds")


def _may_see(connection: Connection, who: Who) -> Summary:
    """What the tables and the rules of access say, without the feed."""
    seen: Summary = {}
    mine = {
        row.id: row
        for row in connection.execute(select(t.customers).where(t.customers.c.territory == who.territory))
    }
    for customer in mine.values():
        seen["customer", customer.id] = (customer.name, customer.territory)
    for line in connection.execute(select(t.history)):
        if line.customer_id in mine:
            seen["history", line.id] = (str(line.customer_id), line.summary)
    for visit in connection.execute(select(t.visits).where(t.visits.c.technician_id == who.user_id)):
        seen["visit", visit.id] = (str(visit.customer_id), visit.purpose)
    revisions = _grouped(connection.execute(select(t.revisions)))
    comments = _grouped(connection.execute(select(t.comments).order_by(t.comments.c.received_at)))
    named = _grouped(connection.execute(select(t.photos)))
    stored = set(connection.execute(select(t.blobs.c.sha256)).scalars())
    statement = select(t.observations.c.id, t.observations.c.author_id, t.leads).join(t.leads)
    for row in connection.execute(statement):
        observation_id, author_id = row[0], row[1]
        nodes = [Node(r.id, r.based_on, r.settled_by is not None) for r in revisions[observation_id]]
        shown = winner(nodes)
        content = next(
            ObservationContent.model_validate_json(r.content)
            for r in revisions[observation_id]
            if r.id == shown
        )
        if author_id == who.user_id:
            seen["observation", observation_id] = (
                str(shown),
                sorted(str(tip) for tip in set(tips(nodes)) - {shown}),
                len(nodes),
                (row.state, row.reason, row.note),
                [str(comment.id) for comment in comments.get(observation_id, ())],
                sorted(str(photo.id) for photo in named.get(observation_id, ()) if photo.sha256 in stored),
                sorted(
                    str(photo.id)
                    for photo in named.get(observation_id, ())
                    if photo.missing_since and photo.sha256 not in stored
                ),
            )
        if content.customer_id in mine and _is_history(content.flag, row.reason):
            seen["history", observation_id] = (str(content.customer_id), content.title)
    return seen


def _is_history(flag: Flag | None, reason: str | None) -> bool:
    return colleagues_may_read(flag) and reason != RejectionReason.PRIVACY


def _told(entity: Entity, body: dict[str, Any]) -> Any:
    """What a tablet holds of a thing, as far as it is compared."""
    if entity is Entity.CUSTOMER:
        return body["name"], body["territory"]
    if entity is Entity.HISTORY:
        return body["customer_id"], body["summary"]
    if entity is Entity.VISIT:
        return body["customer_id"], body["purpose"]
    review = body["review"]
    return (
        body["shown"]["id"],
        sorted(sibling["id"] for sibling in body.get("siblings", ())),
        body["revision_count"],
        (review["state"], review.get("reason"), review.get("note", "")),
        [comment["id"] for comment in body.get("comments", ())],
        sorted(body.get("media_received", ())),
        sorted(body.get("media_missing", ())),
    )


def _grouped(rows: Iterable[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.observation_id, []).append(row)
    return found
