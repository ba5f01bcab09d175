"""Taking a push: every change once, each with its own receipt, in one transaction (rules S1, S2)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from protocol.changes import AddComment, Outcome, Receipt, ReviseObservation
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


@dataclass
class Taken:
    """What became of a push: receipts in the order of its changes, and the news."""

    receipts: list[Receipt]
    news: list[News] = field(default_factory=list)


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
    storable = [answer for answer in answers.values() if _is_stored(answer)]
    claimed = receipts.claim(connection, sender.who, sender.device_id, storable, now)
    fresh = [item.change for item in distinct if item.change is not None and item.change_id in claimed]
    storing = _Storing(connection, sender, known.read(connection, fresh), now, one_by_one)
    settled = {
        change_id: _receipt(change_id, verdict, now, language)
        for change_id, verdict in storing.store(fresh).items()
        if verdict is not ACCEPTED
    }
    receipts.settle(connection, list(settled.values()))
    retried = [answer.change_id for answer in storable if answer.change_id not in claimed]
    given = receipts.given(connection, sender.who, retried, now, language)
    answers |= settled | given
    return Taken(
        [_expected(item, now) if item.change_id == NO_ID else answers[item.change_id] for item in pushed],
        storing.news,
    )


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


def _expected(item: Pushed, now: datetime) -> Receipt:
    if item.problem is not None:
        return receipts.rejection(item.change_id, item.problem, now)
    return Receipt(change_id=item.change_id, outcome=Outcome.ACCEPTED, received_at=now)


def _is_stored(receipt: Receipt) -> bool:
    if receipt.change_id == NO_ID:
        return False
    return receipt.problem is None or receipts.is_final(receipt.problem)


def _receipt(change_id: UUID, verdict: Verdict, now: datetime, language: str) -> Receipt:
    if verdict.code is not None:
        return receipts.rejection(change_id, problem(verdict.code, language=language), now)
    return Receipt(change_id=change_id, outcome=verdict.outcome, received_at=now)
