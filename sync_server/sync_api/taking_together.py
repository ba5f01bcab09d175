"""Pushes that wait at the same time are taken together: one transaction, one flush to disk for all of them.

SQLite has one writer and Python one thread that computes. Threads that compete for both spend their time in taking
turns; here two hands do all the work: one reads pushes while the other stores those that were read before, and each
takes along whatever waits. With PostgreSQL, which has many writers, both may store at the same time.
"""

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy.exc import IntegrityError

from protocol.limits import MAX_PUSH_BYTES, MAX_PUSH_CHANGES
from protocol.problems import Code
from sync_server.crm import tablets
from sync_server.crm.known import Sender
from sync_server.crm.observations import Push, Pushed, Taken, take_together
from sync_server.crm.refusal import Refused
from sync_server.crm.tablets import Tablet
from sync_server.store import Database, StoreError
from sync_server.sync_api.reading_changes import read_push

_HANDS = 2
"""Threads: of more, one would wait for Python and the other for the database."""

_READ_AT_ONCE = 100
"""Pushes that one hand reads before it stores them: the other may read the next ones meanwhile."""

_STORED_AT_ONCE = MAX_PUSH_CHANGES + MAX_PUSH_CHANGES // 5
"""Changes in one transaction. What one hand reads at once are two such groups, and no third one of a single push."""


@dataclass(frozen=True)
class Arrived:
    """A push as it came in.

    Attributes:
        token: what the tablet shows, None when it shows nothing.
        received_at: when it arrived, by the server's clock.
        language: that of the sentences in rejections.
    """

    body: bytes
    token: str | None
    received_at: datetime
    language: str


@dataclass(frozen=True)
class Answered:
    """What became of a push, and whose it was."""

    tablet: Tablet
    taken: Taken


@dataclass(frozen=True)
class _Read:
    """A push that has been read."""

    waiting: "_Waiting"
    tablet: Tablet
    pushed: Sequence[Pushed]
    sent_at: datetime

    @property
    def push(self) -> Push:
        """What it brings, and from whom."""
        tablet = self.tablet
        sender = Sender(tablet.who, tablet.user_name, tablet.device_id)
        return Push(sender, self.pushed, self.waiting.arrived.language)

    def done(self, taken: Taken) -> None:
        self.waiting.outcome = Answered(self.tablet, taken)


class _Waiting:
    """A push whose tablet waits for its receipts, in the event loop of its connection."""

    def __init__(self, arrived: Arrived) -> None:
        self.arrived = arrived
        self.outcome: Answered | BaseException | None = None
        self.loop = asyncio.get_running_loop()
        self.answered: asyncio.Future[None] = self.loop.create_future()

    def failed(self, error: BaseException) -> Self:
        """It was not taken."""
        self.outcome = error
        return self


class TakingTogether:
    """Stores pushes of one server process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="push")
        self._looking = threading.Lock()
        """Held for a moment by who looks at what waits, or at how many hands work."""
        self._waiting: deque[_Waiting] = deque()
        self._working = 0
        self._reading = threading.Lock()
        """Held by who reads pushes: reading is computing, and whoever stores must not wait for two to compute."""
        one_writes = threading.Lock()
        self._storing: AbstractContextManager[object] = one_writes if database.is_sqlite else nullcontext()

    async def take(self, arrived: Arrived) -> Answered:
        """Store a push. What is answered as accepted is on disk.

        Raises:
            Refused: the push as a whole cannot be taken; see `tablets.by_token` and `read_push`, and EPOCH_CHANGED.
            Busy, StorageFull, Unusable: see `store`; nothing of it was stored.
        """
        own = _Waiting(arrived)
        with self._looking:
            self._waiting.append(own)
            needed = self._working < _HANDS
            self._working += needed
        if needed:
            self._hands.submit(self._work)
        await own.answered
        if isinstance(own.outcome, Answered):
            return own.outcome
        raise own.outcome or RuntimeError("told before anything was known")

    def close(self) -> None:
        """Take no more pushes; what is being stored is stored to its end."""
        self._hands.shutdown(wait=False)

    def _work(self) -> None:
        while True:
            waiting: list[_Waiting] = []
            try:
                with self._reading:
                    waiting = self._next()
                    if not waiting:
                        return
                    read = self._read(waiting)
                for group in _groups(read):
                    with self._storing:
                        _take(self._database, group)
                    _tell([item.waiting for item in group])
            except BaseException as error:  # raised again where requests are answered: none may wait for ever
                _tell([one if one.outcome is not None else one.failed(error) for one in waiting])

    def _next(self) -> list[_Waiting]:
        """Who has waited longest, and those behind him as long as it is about one full push; none: this hand rests."""
        chosen: list[_Waiting] = []
        size = 0
        with self._looking:
            while self._waiting and len(chosen) < _READ_AT_ONCE:
                size += len(self._waiting[0].arrived.body)
                if chosen and size > MAX_PUSH_BYTES // 8:
                    break
                chosen.append(self._waiting.popleft())
            self._working -= not chosen
        return chosen

    def _read(self, waiting: Sequence[_Waiting]) -> list[_Read]:
        """Those that can be taken; the others are told why not."""
        read: list[_Read] = []
        refused: list[_Waiting] = []
        for one, tablet in zip(waiting, self._tablets(waiting), strict=True):
            try:
                read.append(_read(one, tablet))
            except Exception as error:  # raised again where its request is answered
                one.outcome = error
                refused.append(one)
        _tell(refused)
        return read

    def _tablets(self, waiting: Sequence[_Waiting]) -> Sequence[Tablet | Exception]:
        shown = [(one.arrived.token, one.arrived.received_at) for one in waiting]
        try:
            # Begun after they arrived: a tablet that was blocked before its push is a blocked one.
            with self._database.reading() as connection:
                return tablets.by_tokens(connection, shown)
        except Exception as error:  # the database itself: nobody can be known
            return [error] * len(waiting)


def _read(waiting: _Waiting, tablet: Tablet | Exception) -> _Read:
    if isinstance(tablet, Exception):
        raise tablet
    arrived = waiting.arrived
    read, pushed = read_push(arrived.body, arrived.language)
    if read.epoch is not None and read.epoch != tablet.epoch:
        # The tablet must first learn that the server was restored, so that it offers again what the
        # backup lacks (S13); taken now, these changes would come without those they build on.
        raise Refused(Code.EPOCH_CHANGED)
    return _Read(waiting, tablet, pushed, read.sent_at)


def _groups(read: Iterable[_Read]) -> list[list[_Read]]:
    """Pushes that are stored in one transaction: about as many changes as one push may have, and no change twice."""
    groups: list[list[_Read]] = []
    ids: set[str] = set()
    for one in read:
        own = {item.change_id for item in one.pushed}
        # The same change twice (a retry that overtook its first attempt) needs the first one's receipt.
        if not groups or len(ids) + len(own) > _STORED_AT_ONCE or not ids.isdisjoint(own):
            groups.append([])
            ids = set()
        groups[-1].append(one)
        ids |= own
    return groups


def _tell(waiting: Iterable[_Waiting]) -> None:
    """Let those go on whose outcome is known."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = defaultdict(list)
    for one in waiting:
        by_loop[one.loop].append(one)
    for loop, told in by_loop.items():
        try:
            loop.call_soon_threadsafe(_wake, told)
        except RuntimeError:
            continue  # the loop has ended: nobody is left to tell


def _wake(waiting: Iterable[_Waiting]) -> None:
    for one in waiting:
        if not one.answered.done():  # its request may have been given up
            one.answered.set_result(None)


def _take(database: Database, group: Sequence[_Read]) -> None:
    """Store a group; afterwards each has its outcome."""
    if len(group) > 1:
        try:
            taken = _attempt(database, group, one_by_one=False)
        except StoreError as error:
            # The database itself: it would be no better, and each would wait for it anew.
            for one in group:
                one.waiting.outcome = error
            return
        except Exception:  # noqa: S110  whatever it was, it must not hit those whom it does not concern
            pass
        else:
            for one, result in zip(group, taken, strict=True):
                one.done(result)
            return
    for one in group:
        try:
            one.done(_alone(database, one))
        except Exception as error:  # raised again where its request is answered
            one.waiting.outcome = error


def _alone(database: Database, one: _Read) -> Taken:
    try:
        return _attempt(database, [one], one_by_one=False)[0]
    except IntegrityError:
        # The database itself refuses one of the changes: find it, and take its neighbours (S2).
        return _attempt(database, [one], one_by_one=True)[0]


def _attempt(database: Database, group: Sequence[_Read], *, one_by_one: bool) -> list[Taken]:
    now = max(one.waiting.arrived.received_at for one in group)
    with database.writing() as connection:
        contacts = [(one.tablet, one.waiting.arrived.received_at, one.sent_at) for one in group]
        tablets.note_contacts(connection, contacts)
        return take_together(connection, [one.push for one in group], now, one_by_one=one_by_one)
