"""Pushes that wait at the same time are taken together: one transaction, one flush to disk for all of them.

SQLite has one writer and Python one thread that computes. Forty threads that compete for both spend their time in
taking turns; here one reads a push, one writes, and whoever gets to write takes along what has been read meanwhile.
A PostgreSQL has many writers and needs none of this.
"""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from anyio import CapacityLimiter
from sqlalchemy.exc import IntegrityError

from protocol.limits import MAX_PUSH_CHANGES
from sync_server.crm import tablets
from sync_server.crm.known import Sender
from sync_server.crm.observations import Push, Pushed, Taken, take_together
from sync_server.crm.tablets import Tablet
from sync_server.store import Database, StoreError

_THREADS = 32
"""Pushes that have a thread: they wait for their turn without computing. The others wait for a thread."""


@dataclass(frozen=True)
class Arrived:
    """A push that has been read, and which tablet sent it.

    Attributes:
        sent_at: by the tablet's clock.
        received_at: by the server's, when the push arrived.
    """

    tablet: Tablet
    pushed: Sequence[Pushed]
    sent_at: datetime
    received_at: datetime
    language: str

    @property
    def push(self) -> Push:
        """What it brings, and from whom."""
        tablet = self.tablet
        return Push(Sender(tablet.who, tablet.user_name, tablet.device_id), self.pushed, self.language)


@dataclass(frozen=True)
class _Waiting:
    arrived: Arrived
    taken: Future[Taken] = field(default_factory=Future)

    @property
    def ids(self) -> set[UUID]:
        return {item.change_id for item in self.arrived.pushed}


class TakingTogether:
    """Stores pushes of one server process."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._writing = threading.Lock()
        self.threads = CapacityLimiter(_THREADS)
        self.reading = threading.Lock()
        """Held by who reads a push: reading is computing, and whoever writes must not wait for many to compute."""

    def take(self, database: Database, arrived: Arrived) -> Taken:
        """Store a push. What is answered as accepted is on disk.

        Raises:
            Busy, StorageFull, Unusable: see `store`; nothing of it was stored.
        """
        if not database.is_sqlite:
            return _alone(database, arrived)
        own = _Waiting(arrived)
        self._waiting.append(own)
        with self._writing:
            while not own.taken.done():
                _take(database, self._next())
        return own.taken.result()

    def _next(self) -> list[_Waiting]:
        """Who has waited longest, and those behind him as long as it is not more than one full push."""
        group = [self._waiting.popleft()]
        ids = group[0].ids
        while self._waiting:
            following = self._waiting[0].ids
            # The same change twice (a retry that overtook its first attempt) needs the first one's receipt.
            if len(ids) + len(following) > MAX_PUSH_CHANGES or not ids.isdisjoint(following):
                break
            ids |= following
            group.append(self._waiting.popleft())
        return group


def _take(database: Database, group: Sequence[_Waiting]) -> None:
    if len(group) > 1:
        try:
            taken = _attempt(database, [waiting.arrived for waiting in group], one_by_one=False)
        except StoreError as error:
            # The database itself: it would be no better, and each would wait for it anew.
            for waiting in group:
                waiting.taken.set_exception(error)
            return
        except Exception:  # noqa: S110  whatever it was, it must not hit those whom it does not concern
            pass
        else:
            for waiting, result in zip(group, taken, strict=True):
                waiting.taken.set_result(result)
            return
    for waiting in group:
        try:
            waiting.taken.set_result(_alone(database, waiting.arrived))
        except Exception as error:  # raised again where its request is answered
            waiting.taken.set_exception(error)


def _alone(database: Database, arrived: Arrived) -> Taken:
    try:
        return _attempt(database, [arrived], one_by_one=False)[0]
    except IntegrityError:
        # The database itself refuses one of the changes: find it, and take its neighbours (S2).
        return _attempt(database, [arrived], one_by_one=True)[0]


def _attempt(database: Database, group: Sequence[Arrived], *, one_by_one: bool) -> list[Taken]:
    now = max(arrived.received_at for arrived in group)
    with database.writing() as connection:
        for arrived in group:
            tablets.note_contact(connection, arrived.tablet, arrived.received_at, arrived.sent_at)
        return take_together(connection, [arrived.push for arrived in group], now, one_by_one=one_by_one)
