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
    OfVisit,
    Outcome,
    PlanVisit,
    PrepareVisit,
    ReviseObservation,
)
from protocol.problems import Code, Problem, problem
from sync_server.crm import arrivals, known, receipts, visit_plans
from sync_server.crm.as_written import Written, written
from sync_server.crm.first_documents import moment
from sync_server.crm.known import (
    ACCEPTED,
    Known,
    News,
    Sender,
    Verdict,
    judge_addition,
    judge_revision,
    rejected,
)
from sync_server.crm.receipts import Claim
from sync_server.crm.revising import add_comment, add_revision, mark_task
from sync_server.crm.visit_plans import KnownVisits

NO_ID = str(UUID(int=0))
"""Stands in the receipt of something that has no readable id of its own."""


class Pushed(NamedTuple):
    """One change of a push: read, or the reason why it could not be; `as_pushed` makes those that were read.

    Attributes:
        change_id: its id as text with hyphens.
        said: the texts of a new observation or revision.
    """

    change_id: str
    change: AnyChange | None = None
    problem: Problem | None = None
    said: Written | None = None


def as_pushed(change: AnyChange) -> Pushed:
    """A change that could be read."""
    if isinstance(change, ReviseObservation):
        said = written(change)
        return Pushed(said.change, change, None, said)
    return Pushed(str(change.id), change)


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
    connection: Connection,
    pushes: Sequence[Push],
    now: datetime,
    *,
    one_by_one: bool = False,
) -> list[Taken]:
    """Store what is new in pushes and give a receipt for each of their changes.

    Args:
        pushes: of whatever tablets; no two of them have a change in common.
        one_by_one: store each change in a savepoint of its own: slow, and the way to find the one that
            the database refuses.

    Raises:
        IntegrityError: the database refused a statement for many; nothing was stored. Take it one by one.
    """
    at = moment(now)
    answers: dict[str, str] = {}
    claims: list[Claim] = []
    claiming: list[list[Pushed]] = []
    for push in pushes:
        user, device = str(push.sender.who.user_id), str(push.sender.device_id)
        storable: list[Pushed] = []
        for item in _first_of_each(push.pushed):
            answers[item.change_id] = answer = _expected(item, now, at)
            if _is_stored(item):
                storable.append(item)
                claims.append(Claim(item.change_id, answer, user, device))
        claiming.append(storable)
    claimed = receipts.claim(connection, claims, now)
    fresh = [
        (push, item)
        for push, storable in zip(pushes, claiming, strict=True)
        for item in storable
        if item.change is not None and item.change_id in claimed
    ]
    visits = _visits(connection, fresh)
    storing = _Storing(connection, _known(connection, fresh), visits, now, one_by_one)
    storing.store(fresh)
    answers |= _settle(connection, storing.verdicts, now)
    if len(claimed) < len(claims):
        for push, storable in zip(pushes, claiming, strict=True):
            retried = [item.change_id for item in storable if item.change_id not in claimed]
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


def _known(connection: Connection, fresh: Sequence[tuple[Push, Pushed]]) -> Known:
    revised: list[tuple[ReviseObservation, Written]] = []
    added: list[AddComment | MarkTask] = []
    for _, item in fresh:
        change = item.change
        if isinstance(change, ReviseObservation):
            revised.append((change, _texts(item)))
        elif isinstance(change, AddComment | MarkTask):
            added.append(change)
    return known.read(connection, revised, added)


def _visits(connection: Connection, fresh: Sequence[tuple[Push, Pushed]]) -> KnownVisits:
    of_visits = [item.change for _, item in fresh if isinstance(item.change, PlanVisit | PrepareVisit)]
    return visit_plans.read(connection, of_visits)


def _settle(
    connection: Connection, verdicts: Mapping[str, tuple[Verdict, str]], now: datetime
) -> dict[str, str]:
    """Correct the receipts of changes whose outcome was not the expected one, and give those receipts."""
    other: dict[str, str] = {}
    open_again: dict[str, str] = {}
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
        self,
        connection: Connection,
        known: Known,
        visits: KnownVisits,
        now: datetime,
        one_by_one: bool,
    ) -> None:
        self._connection = connection
        self._known = known
        self._visits = visits
        self._now = now
        self._one_by_one = one_by_one
        self._waiting: dict[str, tuple[Push, ReviseObservation, Written]] = {}
        self.verdicts: dict[str, tuple[Verdict, str]] = {}
        """Of each change that was not simply accepted, with the language of its push."""
        self.news: dict[int, list[News]] = defaultdict(list)
        """By the identity of the push."""

    def store(self, changes: Sequence[tuple[Push, Pushed]]) -> None:
        for push, item in changes:
            change = item.change
            if isinstance(change, ReviseObservation):
                self._take_revision(push, change, _texts(item))
            elif isinstance(change, AddComment | MarkTask):
                self._take_addition(push, change)
            elif change is not None:
                self._take_visit(push, change)
        self._store_waiting()

    def _take_revision(self, push: Push, change: ReviseObservation, said: Written) -> None:
        if said.thing in self._waiting:
            self._store_waiting()
        verdict = judge_revision(change, said, push.sender, self._known)
        if verdict is not ACCEPTED:
            self.verdicts[said.change] = verdict, push.language
        elif said.thing in self._known.authors:
            with self._savepoint(push, said.change):
                self._note(
                    push,
                    said.change,
                    add_revision(self._connection, push.sender, change, said, self._known, self._now),
                )
        else:
            self._known.expect(change, push.sender, said)
            self._waiting[said.thing] = push, change, said
            if self._one_by_one:
                self._store_waiting()

    def _take_addition(self, push: Push, change: AddComment | MarkTask) -> None:
        if str(change.observation_id) in self._waiting:
            self._store_waiting()
        verdict = judge_addition(change, push.sender, self._known)
        if verdict is not ACCEPTED:
            self.verdicts[str(change.id)] = verdict, push.language
            return
        with self._savepoint(push, str(change.id)):
            if isinstance(change, AddComment):
                told = add_comment(self._connection, push.sender, change, self._known, self._now)
            else:
                told = mark_task(self._connection, push.sender, change, self._now)
            self._note(push, str(change.id), told)

    def _take_visit(self, push: Push, change: OfVisit) -> None:
        change_id = str(change.id)
        verdict = visit_plans.judge(change, push.sender, self._visits)
        self.verdicts[change_id] = verdict, push.language
        if verdict is ACCEPTED:
            with self._savepoint(push, change_id):
                taken = visit_plans.take(self._connection, push.sender, change, self._visits, self._now)
                self.verdicts[change_id] = taken, push.language

    def _note(self, push: Push, change_id: str, told: tuple[Verdict, News]) -> None:
        verdict, news = told
        self.verdicts[change_id] = verdict, push.language
        self.news[id(push)].append(news)

    def _store_waiting(self) -> None:
        waiting = list(self._waiting.values())
        self._waiting.clear()
        if not waiting:
            return
        push, _, said = waiting[0]
        with self._savepoint(push, said.change):
            arrived = [(push.sender, change, said) for push, change, said in waiting]
            leads = arrivals.store(self._connection, arrived, self._known, self._now)
            for (push, _, _), lead in zip(waiting, leads, strict=True):
                self.news[id(push)].append(arrivals.news(lead))

    @contextmanager
    def _savepoint(self, push: Push, change_id: str) -> Iterator[None]:
        if not self._one_by_one:
            yield
            return
        try:
            with self._connection.begin_nested():
                yield
        except IntegrityError:
            # Its neighbours are stored all the same; what the database minds is for the log of the caller.
            self.verdicts[change_id] = rejected(Code.INTERNAL), push.language


def _texts(item: Pushed) -> Written:
    if item.said is None:
        raise TypeError("a revision without its texts: see `as_pushed`")
    return item.said


def _first_of_each(pushed: Sequence[Pushed]) -> Sequence[Pushed]:
    first = {item.change_id: item for item in reversed(pushed)}
    return pushed if len(first) == len(pushed) else list(first.values())[::-1]


def _expected(item: Pushed, now: datetime, at: str) -> str:
    if item.problem is not None:
        return receipts.rejection(item.change_id, item.problem, now)
    return receipts.taken(item.change_id, Outcome.ACCEPTED, at)


def _is_stored(item: Pushed) -> bool:
    if item.change_id == NO_ID:
        return False
    return item.problem is None or receipts.is_final(item.problem)
