"""Faults put into the product on purpose, so that the model can be seen to find them. Each is one that others shipped."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import Connection

from app.state.session import Tablet
from app.store import opening
from app.store.documents import Documents, Operation, Put
from app.store.opening import Found, Step, Tables
from app.store.outbox import EntryState, OutboxEntry
from app.store.own_work import Contact, OwnWork
from app.store.reference import Reference
from app.sync import server as server_module
from app.sync.server import Server
from app.sync.synchronize import Synchronization
from protocol.changes import AddComment, AnyChange, MarkTask, PushAnswer, PushRequest
from protocol.ids import new_id
from protocol.reading import PullPage
from sync_server.crm import receipts
from sync_server.store import feed


@contextmanager
def receipts_of_any_epoch_count() -> Iterator[None]:
    """The tablet takes any push answer for its receipts (S3): also one from before the server was restored."""

    async def push(self: Server, changes: Sequence[Any], *, epoch: UUID, sent_at: Any) -> PushAnswer:
        body = PushRequest(sent_at=sent_at, changes=tuple(c.as_dict() for c in changes)).as_json()
        answer = await self.request("POST", "/sync/v1/push", content=body)
        found = server_module._document(answer, PushAnswer)
        by_id = {receipt.change_id: receipt for receipt in found.receipts}
        some = found.receipts[0]
        return found.model_copy(
            update={
                "receipts": tuple(
                    by_id.get(change.id, some.model_copy(update={"change_id": change.id}))
                    for change in changes
                )
            }
        )

    with patch.object(Server, "push", push):
        yield


@contextmanager
def the_cursor_goes_before_its_data() -> Iterator[None]:
    """A page's cursor is stored first, then the page (S9; PouchDB 1240, Anki-Android 4366)."""

    async def apply(self: Reference, page: PullPage) -> None:
        operations = self._operations(page)
        await self.documents.change(lambda: operations[-1:])
        await self.documents.change(lambda: operations[:-1], lambda: self._follow(operations))

    with patch.object(Reference, "apply", apply):
        yield


@contextmanager
def a_retry_has_new_ids() -> Iterator[None]:
    """What is sent again is a new change to the server (S1; Survey123 389)."""
    push = Server.push

    async def pushing(self: Server, changes: Sequence[Any], *, epoch: UUID, sent_at: Any) -> PushAnswer:
        fresh = [_as_new(change) for change in changes]
        answer = await push(self, fresh, epoch=epoch, sent_at=sent_at)
        before = {new.id: old.id for new, old in zip(fresh, changes, strict=True)}
        renamed = [r.model_copy(update={"change_id": before[r.change_id]}) for r in answer.receipts]
        return answer.model_copy(update={"receipts": tuple(renamed)})

    with patch.object(Server, "push", pushing):
        yield


@contextmanager
def a_restored_server_is_believed_to_have_all() -> Iterator[None]:
    """A new epoch is noted, and nothing is offered again (S13; CHT 8093)."""

    async def note_contact(self: OwnWork, contact: Contact) -> bool:
        await self.documents.change(lambda: [Put("contact", "last", contact.as_dict())])
        return False

    with patch.object(OwnWork, "note_contact", note_contact):
        yield


@contextmanager
def one_store_for_all_users() -> Iterator[None]:
    """People who share a tablet share its outbox (S18)."""
    opening = Tablet._open_user

    async def open_user(self: Tablet, pairing: Any) -> Any:
        open_backing = self._platform.open_backing

        async def same(name: str) -> Any:
            return await open_backing("rundgang-own-of-all" if name.startswith("rundgang-own-") else name)

        platform = self._platform
        object.__setattr__(platform, "open_backing", same)
        try:
            return await opening(self, pairing)
        finally:
            object.__setattr__(platform, "open_backing", open_backing)

    with patch.object(Tablet, "_open_user", open_user):
        yield


@contextmanager
def the_draft_goes_before_the_observation_is_there() -> Iterator[None]:
    """Saving is two commits: the draft away, then the change into the outbox (Collect 6039)."""
    change = Documents.change

    async def in_two(
        self: Documents, build: Callable[[], Any], follow: Callable[[], None] = lambda: None
    ) -> None:
        operations: list[Operation] = list(build())
        if any(operation.table == "outbox" for operation in operations) and len(operations) > 1:
            await change(self, lambda: operations[1:])
            operations = operations[:1]
        await change(self, lambda: operations, follow)

    with patch.object(Documents, "change", in_two):
        yield


@contextmanager
def the_receipt_is_committed_before_the_change() -> Iterator[None]:
    """The server answers a retry from a receipt whose change was never stored (S2)."""
    claim: Callable[..., Any] = receipts.claim

    def claiming(connection: Connection, *rest: Any) -> Any:
        claimed = claim(connection, *rest)
        raw: Any = connection.connection.dbapi_connection
        raw.execute("COMMIT")
        raw.execute("BEGIN IMMEDIATE")
        return claimed

    with patch.object(receipts, "claim", claiming):
        yield


@contextmanager
def nobody_is_told_of_what_is_gone() -> Iterator[None]:
    """What a user may no longer see stays on his tablet: no tombstones (S11, S12)."""

    def replace(connection: Connection, entity: Any, things: Any, shown: Any, now: Any) -> None:
        feed.put(
            connection,
            [feed.Entry(audience, entity, thing, body.as_json()) for audience, thing, body in shown],
            now,
        )

    with patch.object(feed, "replace", replace):
        yield


@contextmanager
def an_edit_made_while_sending_counts_as_sent() -> Iterator[None]:
    """What was saved while a push was under way is confirmed with it (S6; QField 5054)."""
    push = Synchronization._push

    async def pushing(self: Synchronization, batch: list[OutboxEntry]) -> None:
        await push(self, batch)

        def all_of_them() -> Iterator[Operation]:
            for key, document in self._own.documents.all("outbox").items():
                if document["state"] == EntryState.WAITING and not document.get("problem"):
                    yield Put("outbox", key, {**document, "state": EntryState.CONFIRMED.value})

        if not self._next_batch():
            return
        await self._own.documents.change(all_of_them)

    with patch.object(Synchronization, "_push", pushing):
        yield


@contextmanager
def a_migration_forgets_the_drafts() -> Iterator[None]:
    """An update of the app brings the outbox along, and not the drafts (Collect 5951)."""

    def forget(tables: Tables) -> None:
        tables.pop("drafts", None)

    with _migrating(forget):
        yield


@contextmanager
def a_migration_forgets_the_rest_of_the_outbox() -> Iterator[None]:
    """An update of the app brings the first change along that waits, as if there were never more than one."""

    def forget(tables: Tables) -> None:
        waiting = sorted(
            key for key, entry in tables.get("outbox", {}).items() if entry["state"] == "waiting"
        )
        for key in waiting[1:]:
            del tables["outbox"][key]

    with _migrating(forget):
        yield


@contextmanager
def a_migration_says_the_new_version_first() -> Iterator[None]:
    """The version is one commit, the documents the next: who dies in between finds old documents in a new store."""
    take = Documents._take

    async def taking(self: Documents, found: Found, schema: int) -> None:
        if 0 < found.version < schema:
            await self._commit([], schema=schema)
        await take(self, found, schema)

    with patch.object(Documents, "_take", taking):
        yield


@contextmanager
def an_update_of_the_server_forgets_the_totals() -> Iterator[None]:
    """The table is made anew, and what was in it is not put back (S9a)."""
    with patch("alembic.op.bulk_insert", lambda *_, **__: None):
        yield


def _migrating(step: Step) -> AbstractContextManager[Any]:
    return patch.object(opening, "_unchanged", step)


def _as_new(change: AnyChange) -> AnyChange:
    if isinstance(change, AddComment):
        return change.model_copy(update={"id": new_id(), "comment_id": new_id()})
    if isinstance(change, MarkTask):
        return change.model_copy(update={"id": new_id()})
    return change.model_copy(update={"id": new_id(), "revision_id": new_id()})


class Spoiled(NamedTuple):
    """One fault, the steps that bring it to light, a seed that did so, and what the model then says.

    The whole mixture of steps finds each of them too, after some 10 to 30 schedules.
    """

    how: Callable[[], AbstractContextManager[None]]
    seed: int
    steps: tuple[str, ...]
    shows: str


SPOILED = (
    Spoiled(receipts_of_any_epoch_count, 7, ("saves", "synchronizes"), "the server does not have it"),
    Spoiled(the_cursor_goes_before_its_data, 2, ("a_customer_moves", "synchronizes"), "does not have"),
    Spoiled(a_retry_has_new_ids, 0, ("saves", "synchronizes"), "something was doubled"),
    Spoiled(
        a_restored_server_is_believed_to_have_all,
        4,
        ("saves", "synchronizes", "a_backup_is_made", "a_backup_is_restored"),
        "the server does not have it",
    ),
    Spoiled(
        one_store_for_all_users, 0, ("saves", "synchronizes", "hands_the_tablet_over"), "is not in its outbox"
    ),
    Spoiled(
        the_draft_goes_before_the_observation_is_there,
        4,
        ("writes_a_draft", "finishes_a_draft", "will_fail"),
        "is gone",
    ),
    Spoiled(
        the_receipt_is_committed_before_the_change,
        8,
        ("saves", "synchronizes"),
        "the server does not have it",
    ),
    Spoiled(nobody_is_told_of_what_is_gone, 4, ("a_customer_moves", "synchronizes"), "which may not be seen"),
    Spoiled(
        an_edit_made_while_sending_counts_as_sent,
        7,
        ("saves", "corrects", "synchronizes"),
        "the server does not have it",
    ),
    Spoiled(
        a_migration_forgets_the_drafts,
        0,
        ("writes_a_draft", "hands_the_tablet_over", "a_tablet_is_updated"),
        "is gone",
    ),
    Spoiled(
        a_migration_forgets_the_rest_of_the_outbox,
        7,
        ("saves", "synchronizes", "a_tablet_is_updated"),
        "neither on the server",
    ),
    Spoiled(
        a_migration_says_the_new_version_first,
        0,
        ("saves", "writes_a_draft", "a_tablet_is_updated"),
        "neither on the server",
    ),
    Spoiled(
        an_update_of_the_server_forgets_the_totals,
        4,
        ("saves", "synchronizes", "the_server_is_updated"),
        "changed what is in the database",
    ),
)
"""All of them."""
