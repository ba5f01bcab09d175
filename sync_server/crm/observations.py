"""Taking a push: every change once, each with its own receipt, in one transaction (rules S1, S2)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from protocol.changes import (
    AddComment,
    AnyChange,
    MarkTask,
    OfObservation,
    Outcome,
    PlanVisit,
    PrepareVisit,
    ReviseObservation,
)
from protocol.problems import Code, Problem, problem
from sync_server.crm import arrivals, known, receipts, revising, visit_plans
from sync_server.crm.as_written import Written, written
from sync_server.crm.first_documents import moment
from sync_server.crm.known import ACCEPTED, Known, News, Sender, Verdict, judge, rejected
from sync_server.crm.receipts import Claim
from sync_server.crm.visit_plans import KnownVisits

NO_ID = UUID(int=0)
"""Stands in the receipt of something that has no readable id of its own."""


class Pushed(NamedTuple):
    """One change of a push: read, or the reason why it could not be."""

    change_id: UUID
    change: AnyChange | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a push: receipts as JSON, in the order of its changes, and the news."""

    receipts: Sequence[str]
    news: Sequence[News]


@dataclass(frozen=True)
class Push:
    """What one tablet sent at once. `language` is that of the sentences in rejections."""

    sender: Sender
    pushed: Sequence[Pushed]
    language: str = "de"


def take(
    connection: Connection,
    sender: Sender,
    pushed: Sequence[Pushed],
    now: datetime,
    language: str = "de",
    *,
    one_by_one: bool = False,
) -> Taken:
    """Store what is new in one push: see `take_together`."""
    return take_together(connection, [Push(sender, pushed, language)], now, one_by_one=one_by_one)[0]


def take_together(
    connection: Connection, pushes: Sequence[Push], now: datetime, *, one_by_one: bool = False
) -> list[Taken]:
    """Store what is new in pushes and give a receipt for each of their changes.

    Args:
        pushes: of whatever tablets; no two of them have a change in common.
        one_by_one: store each change in a savepoint of its own: slow, and the way to find the one that
            the database refuses.

    Raises:
        IntegrityError: the database refused a statement for many; nothing was stored. Take it one by one.
    """
    distinct = [(push, item) for push in pushes for item in _first_of_each(push.pushed)]
    at = moment(now)
    answers = {item.change_id: _expected(item, now, at) for _, item in distinct}
    storable = [(push, item.change_id) for push, item in distinct if _is_stored(item)]
    claims = [Claim(push.sender, change_id, answers[change_id]) for push, change_id in storable]
    claimed = receipts.claim(connection, claims, now)
    fresh = [
        (push, item.change)
        for push, item in distinct
        if item.change is not None and item.change_id in claimed
    ]
    named = [change for _, change in fresh]
    of_visits = [change for change in named if isinstance(change, PlanVisit | PrepareVisit)]
    visits = visit_plans.read(connection, of_visits)
    others = [change for change in named if not isinstance(change, PlanVisit | PrepareVisit)]
    storing = _Storing(connection, known.read(connection, others), visits, now, one_by_one)
    storing.store(fresh)
    answers |= _settle(connection, storing.verdicts, now)
    for push in pushes:
        retried = [change_id for owner, change_id in storable if owner is push and change_id not in claimed]
        answers |= receipts.given(connection, push.sender.who, retried, now, push.language)
    return [
        Taken(
            [
                _expected(item, now, at) if item.change_id == NO_ID else answers[item.change_id]
                for item in push.pushed
            ],
            storing.news[id(push)],
        )
        for push in pushes
    ]


def _settle(
    connection: Connection, verdicts: Mapping[UUID, tuple[Verdict, str]], now: datetime
) -> dict[UUID, str]:
    """Correct the receipts of changes whose outcome was not the expected one, and give those receipts."""
    other: dict[UUID, str] = {}
    open_again: dict[UUID, str] = {}
    for change_id, (verdict, language) in verdicts.items():
        if verdict.code is not None:
            refusal = problem(verdict.code, language=language)
            kept = other if receipts.is_final(refusal) else open_again
            kept[change_id] = receipts.rejection(change_id, refusal, now)
        elif verdict is not ACCEPTED:
            other[change_id] = receipts.taken(change_id, verdict.outcome, moment(now))
    receipts.settle(connection, other)
    receipts.take_back(connection, list(open_again))
    return other | open_again


class _Storing:
    """Stores fresh changes in their order, new observations many at a time."""

    def __init__(
        self, connection: Connection, known: Known, visits: KnownVisits, now: datetime, one_by_one: bool
    ) -> None:
        self._connection = connection
        self._known = known
        self._visits = visits
        self._now = now
        self._one_by_one = one_by_one
        self._waiting: dict[UUID, tuple[Push, ReviseObservation, Written]] = {}
        self.verdicts: dict[UUID, tuple[Verdict, str]] = {}
        """Of each change that was not simply accepted, with the language of its push."""
        self.news: dict[int, list[News]] = defaultdict(list)
        """By the identity of the push."""

    def store(self, changes: Sequence[tuple[Push, AnyChange]]) -> None:
        for push, change in changes:
            if isinstance(change, PlanVisit | PrepareVisit):
                self._take_visit(push, change)
                continue
            if change.observation_id in self._waiting:
                self._store_waiting()
            verdict = judge(change, push.sender, self._known)
            if verdict is ACCEPTED:
                self._accept(push, change)
            else:
                self.verdicts[change.id] = verdict, push.language
        self._store_waiting()

    def _take_visit(self, push: Push, change: PlanVisit | PrepareVisit) -> None:
        verdict = visit_plans.judge(change, push.sender, self._visits)
        self.verdicts[change.id] = verdict, push.language
        if verdict is ACCEPTED:
            with self._savepoint(push, change):
                taken = visit_plans.take(self._connection, push.sender, change, self._visits, self._now)
                self.verdicts[change.id] = taken, push.language

    def _accept(self, push: Push, change: OfObservation) -> None:
        if isinstance(change, ReviseObservation) and change.observation_id not in self._known.authors:
            said = written(change)
            self._known.expect(change, push.sender, said.content)
            self._waiting[change.observation_id] = push, change, said
            if self._one_by_one:
                self._store_waiting()
        else:
            self._store_alone(push, change)

    def _store_waiting(self) -> None:
        waiting = list(self._waiting.values())
        self._waiting.clear()
        if not waiting:
            return
        push, change, _ = waiting[0]
        with self._savepoint(push, change):
            arrived = [(push.sender, change, said) for push, change, said in waiting]
            leads = arrivals.store(self._connection, arrived, self._known, self._now)
            for (push, _, _), lead in zip(waiting, leads, strict=True):
                self.news[id(push)].append(arrivals.news(lead))

    def _store_alone(self, push: Push, change: OfObservation) -> None:
        sender = push.sender
        with self._savepoint(push, change):
            if isinstance(change, AddComment):
                verdict, news = revising.add_comment(self._connection, sender, change, self._known, self._now)
            elif isinstance(change, MarkTask):
                verdict, news = revising.mark_task(self._connection, sender, change, self._now)
            else:
                verdict, news = revising.add_revision(
                    self._connection, sender, change, self._known, self._now
                )
            self.verdicts[change.id] = verdict, push.language
            self.news[id(push)].append(news)

    @contextmanager
    def _savepoint(self, push: Push, change: AnyChange) -> Iterator[None]:
        if not self._one_by_one:
            yield
            return
        try:
            with self._connection.begin_nested():
                yield
        except IntegrityError:
            # Its neighbours are stored all the same; what the database minds is for the log of the caller.
            self.verdicts[change.id] = rejected(Code.INTERNAL), push.language


def _first_of_each(pushed: Sequence[Pushed]) -> list[Pushed]:
    return list({item.change_id: item for item in reversed(pushed)}.values())[::-1]


def _expected(item: Pushed, now: datetime, at: str) -> str:
    if item.problem is not None:
        return receipts.rejection(item.change_id, item.problem, now)
    return receipts.taken(item.change_id, Outcome.ACCEPTED, at)


def _is_stored(item: Pushed) -> bool:
    if item.change_id == NO_ID:
        return False
    return item.problem is None or receipts.is_final(item.problem)
