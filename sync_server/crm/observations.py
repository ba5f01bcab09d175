"""Taking a push: every change once, each with its own receipt, in one transaction (rules S1, S2)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from protocol.changes import AddComment, Outcome, ReviseObservation
from protocol.problems import Code, Problem, problem
from sync_server.crm import arrivals, known, receipts, revising
from sync_server.crm.known import ACCEPTED, AnyChange, Known, News, Sender, Verdict, judge, rejected

NO_ID = UUID(int=0)
"""Stands in the receipt of something that has no readable id of its own."""


@dataclass(frozen=True)
class Pushed:
    """One change of a push: read, or the reason why it could not be."""

    change_id: UUID
    change: AnyChange | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a push: receipts as JSON, in the order of its changes, and the news."""

    receipts: Sequence[str]
    news: Sequence[News]


def take(
    connection: Connection,
    sender: Sender,
    pushed: Sequence[Pushed],
    now: datetime,
    language: str = "de",
    *,
    one_by_one: bool = False,
) -> Taken:
    """Store what is new in a push and give a receipt for each of its changes.

    Args:
        language: of the sentences in rejections.
        one_by_one: store each change in a savepoint of its own: slow, and the way to find the one that
            the database refuses.

    Raises:
        IntegrityError: the database refused a statement for many; nothing was stored. Take it one by one.
    """
    distinct = _first_of_each(pushed)
    answers = {item.change_id: _expected(item, now) for item in distinct}
    storable = {item.change_id: answers[item.change_id] for item in distinct if _is_stored(item)}
    claimed = receipts.claim(connection, sender.who, sender.device_id, storable, now)
    fresh = [item.change for item in distinct if item.change is not None and item.change_id in claimed]
    storing = _Storing(connection, sender, known.read(connection, fresh), now, one_by_one)
    answers |= _settle(connection, storing.store(fresh), now, language)
    retried = [change_id for change_id in storable if change_id not in claimed]
    answers |= receipts.given(connection, sender.who, retried, now, language)
    return Taken(
        [_expected(item, now) if item.change_id == NO_ID else answers[item.change_id] for item in pushed],
        storing.news,
    )


def _settle(
    connection: Connection, verdicts: Mapping[UUID, Verdict], now: datetime, language: str
) -> dict[UUID, str]:
    """Correct the receipts of changes whose outcome was not the expected one, and give those receipts."""
    other: dict[UUID, str] = {}
    open_again: dict[UUID, str] = {}
    for change_id, verdict in verdicts.items():
        if verdict.code is not None:
            refusal = problem(verdict.code, language=language)
            kept = other if receipts.is_final(refusal) else open_again
            kept[change_id] = receipts.rejection(change_id, refusal, now)
        elif verdict is not ACCEPTED:
            other[change_id] = receipts.taken(change_id, verdict.outcome, now)
    receipts.settle(connection, other)
    receipts.take_back(connection, list(open_again))
    return other | open_again


class _Storing:
    """Stores the fresh changes of one push in their order, new observations many at a time."""

    def __init__(
        self, connection: Connection, sender: Sender, known: Known, now: datetime, one_by_one: bool
    ) -> None:
        self._connection = connection
        self._sender = sender
        self._known = known
        self._now = now
        self._one_by_one = one_by_one
        self._waiting: dict[UUID, ReviseObservation] = {}
        self._verdicts: dict[UUID, Verdict] = {}
        self.news: list[News] = []

    def store(self, changes: Sequence[AnyChange]) -> dict[UUID, Verdict]:
        for change in changes:
            if change.observation_id in self._waiting:
                self._store_waiting()
            verdict = judge(change, self._sender, self._known)
            self._verdicts[change.id] = verdict
            if verdict is ACCEPTED:
                self._accept(change)
        self._store_waiting()
        return self._verdicts

    def _accept(self, change: AnyChange) -> None:
        if isinstance(change, ReviseObservation) and change.observation_id not in self._known.authors:
            self._known.expect(change, self._sender)
            self._waiting[change.observation_id] = change
            if self._one_by_one:
                self._store_waiting()
        else:
            self._store_alone(change)

    def _store_waiting(self) -> None:
        waiting = list(self._waiting.values())
        self._waiting.clear()
        if not waiting:
            return
        with self._savepoint(waiting[0]):
            leads = arrivals.store(self._connection, self._sender, waiting, self._known, self._now)
            self.news += [arrivals.news(lead_id) for lead_id in leads.values()]

    def _store_alone(self, change: AnyChange) -> None:
        with self._savepoint(change):
            if isinstance(change, AddComment):
                verdict, news = revising.add_comment(
                    self._connection, self._sender, change, self._known, self._now
                )
            else:
                verdict, news = revising.add_revision(
                    self._connection, self._sender, change, self._known, self._now
                )
            self._verdicts[change.id] = verdict
            self.news.append(news)

    @contextmanager
    def _savepoint(self, change: AnyChange) -> Iterator[None]:
        if not self._one_by_one:
            yield
            return
        try:
            with self._connection.begin_nested():
                yield
        except IntegrityError:
            # Its neighbours are stored all the same; what the database minds is for the log of the caller.
            self._verdicts[change.id] = rejected(Code.INTERNAL)


def _first_of_each(pushed: Sequence[Pushed]) -> list[Pushed]:
    return list({item.change_id: item for item in reversed(pushed)}.values())[::-1]


def _expected(item: Pushed, now: datetime) -> str:
    if item.problem is not None:
        return receipts.rejection(item.change_id, item.problem, now)
    return receipts.taken(item.change_id, Outcome.ACCEPTED, now)


def _is_stored(item: Pushed) -> bool:
    if item.change_id == NO_ID:
        return False
    return item.problem is None or receipts.is_final(item.problem)
