"""The rows of all observations, each made again only when something that it shows has changed.

Lists of thousands are asked for at every drawing, and one step of a transfer changes a few of them. Making a row
costs a third of a millisecond in the browser, so all of them at once would keep whoever taps waiting for seconds.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID

from app.state.views import ObservationRow
from app.store.documents import Operation, Put
from app.store.outbox import OutboxEntry
from app.store.own_work import DRAFTS, OUTBOX, PHOTOS, READ_MARKS, OwnWork
from app.store.reference import Reference
from protocol.reference import Entity

_SLICE = 20
"""Rows made between two breaths of the screen."""

_log = logging.getLogger(__name__)

Make = Callable[[str, Sequence[OutboxEntry], frozenset[UUID]], ObservationRow | None]
"""Makes the row of an observation from its changes and those on the wire; None: there is no such observation."""


class Rows:
    """Every observation once, and which changes in the outbox are of which."""

    def __init__(self, own: OwnWork, reference: Reference, make: Make) -> None:
        self._own = own
        self._reference = reference
        self._make = make
        self._rows: dict[str, ObservationRow] = {}
        self._sorted: tuple[ObservationRow, ...] | None = None
        self._made = 0
        self._unread: set[str] = set()
        self._stale: dict[str, None] = {}
        self._begun = False
        self._sending: frozenset[UUID] = frozenset()
        self._of_customer: dict[str, set[str]] = {}
        self._of_photo: dict[str, set[str]] = {}
        self._changes: dict[str, set[str]] = {}
        self._observation_of: dict[str, str] = {}
        for key, document in own.documents.all(OUTBOX).items():
            self._place_change(key, document)
        for documents, take in ((own.documents, self._own_changed), (reference.documents, self._told)):
            documents.watch(take, self.catch_up)

    def all(self, sending: frozenset[UUID]) -> tuple[ObservationRow, ...]:
        """Every observation once, drafts included, the one last written first; the same tuple while nothing changed.

        Args:
            sending: changes that are on the wire.
        """
        self._make_all(sending)
        if self._sorted is None:
            self._sorted = newest_first(self._rows.values())
        return self._sorted

    def unordered(self, sending: frozenset[UUID]) -> tuple[int, Iterable[ObservationRow]]:
        """Every observation in no order, which is cheaper by far, and a number that grows with each change of them."""
        self._make_all(sending)
        return self._made, self._rows.values()

    def count_unread(self, sending: frozenset[UUID]) -> int:
        """How many have news that the person has not read; puts none in order for that."""
        self._make_all(sending)
        return len(self._unread)

    def one(self, key: str, sending: frozenset[UUID]) -> ObservationRow | None:
        """One observation; looks at no others."""
        if not self._begun:
            return self._make(key, self.changes(key), sending)
        self._switch(sending)
        if key in self._stale:
            self._make_one(key)
        return self._rows.get(key)

    def changed(self) -> Iterable[str]:
        """The observations of which there are changes in the outbox."""
        return set(self._observation_of.values())

    def changes(self, key: str) -> list[OutboxEntry]:
        """The changes of one observation that are in the outbox, oldest first."""
        entries = [self._own.entry(UUID(change)) for change in self._changes.get(key, ())]
        return sorted((entry for entry in entries if entry), key=lambda entry: entry.order)

    async def catch_up(self) -> None:
        """Make what is out of date, in slices that let a tap come between; whoever asks earlier waits for all of it.

        Until somebody has asked, nothing is made.
        """
        try:
            for number in count(1):
                if not self._begun or not self._stale:
                    return
                self._make_one(next(iter(self._stale)))
                if number % _SLICE == 0:
                    await asyncio.sleep(0)
        except Exception:
            _log.exception("a row could not be made")  # who asks for it is told

    # -- what changes a row ---------------------------------------------------------------------------

    def _own_changed(self, operations: Iterable[Operation]) -> None:
        for operation in operations:
            if operation.table == OUTBOX:
                self._expire(self._observation_of.get(operation.key))
                self._place_change(operation.key, operation.document if isinstance(operation, Put) else None)
                self._expire(self._observation_of.get(operation.key))
            elif operation.table in (DRAFTS, READ_MARKS):
                self._expire(operation.key)
            elif operation.table == PHOTOS:
                for key in self._of_photo.get(operation.key, ()):
                    self._expire(key)

    def _told(self, operations: Iterable[Operation]) -> None:
        for operation in operations:
            if operation.table == Entity.OBSERVATION:
                self._expire(operation.key)
            elif operation.table == Entity.CUSTOMER:
                body = operation.document["body"] if isinstance(operation, Put) else {}
                for key in self._of_customer.get(operation.key, ()):
                    if self._rows[key].customer_name != body.get("name", ""):
                        self._expire(key)

    def _switch(self, sending: frozenset[UUID]) -> None:
        if sending is not self._sending:
            for change in sending ^ self._sending:
                self._expire(self._observation_of.get(str(change)))
            self._sending = sending

    def _expire(self, key: str | None) -> None:
        if key is not None and self._begun:
            self._stale[key] = None

    def _place_change(self, key: str, document: Mapping[str, Any] | None) -> None:
        """Note of which observation a change is, and which photos it names."""
        if document is None:
            before = self._observation_of.pop(key, None)
            if before is not None:
                self._changes[before].discard(key)
            return
        change = document.get("change") or {}
        observation = str(change.get("observation_id"))
        if not _is_id(observation):
            return  # what cannot be read is told of by own work
        self._observation_of[key] = observation
        self._changes.setdefault(observation, set()).add(key)
        content = change.get("content") or {}
        for photo in (*content.get("photos", ()), *content.get("voice", ()), *content.get("signatures", ())):
            self._of_photo.setdefault(str(photo.get("sha256")), set()).add(observation)

    # -- making ---------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        for key, _ in self._reference.observation_bodies():
            self._expire(key)
        for key in (*self._changes, *(str(draft.id) for draft in self._own.drafts())):
            self._expire(key)

    def _make_all(self, sending: frozenset[UUID]) -> None:
        self._begin()
        self._switch(sending)
        while self._stale:
            self._make_one(next(iter(self._stale)))

    def _make_one(self, key: str) -> None:
        row = self._make(key, self.changes(key), self._sending)
        before = self._rows.pop(key, None)
        self._unread.discard(key)
        self._made += 1
        if before is not None:
            self._of_customer[str(before.customer_id)].discard(key)
        if row is not None:
            self._rows[key] = row
            if row.unread:
                self._unread.add(key)
            self._of_customer.setdefault(str(row.customer_id), set()).add(key)
        self._sorted = None
        # Only now: one that cannot be made is tried again, and told of, whenever somebody asks.
        self._stale.pop(key, None)


def newest_first(rows: Iterable[ObservationRow]) -> tuple[ObservationRow, ...]:
    """Rows in the order of lists: the one last written first."""
    return tuple(sorted(rows, key=lambda row: row.recorded_at or row.changed_at, reverse=True))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


__all__ = ["Rows", "newest_first"]
