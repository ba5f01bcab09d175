"""What becomes of an observation: how inside sales goes about it, as far as time has passed."""

from collections import ChainMap
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from protocol.observation import Kind, Urgency
from protocol.review import LeadState
from protocol.rules.leads import Action
from sync_server.demo.chance import Chance
from sync_server.demo.life import LeadLife
from sync_server.demo.recording import Story
from sync_server.demo.staff import Colleague, Staff
from sync_server.demo.texts import outcomes
from sync_server.demo.words import fill
from sync_server.demo.worktime import awake, day_of, in_office, short_date, workday

_S = LeadState

_BY_AGE: tuple[tuple[float, dict[LeadState, float]], ...] = (
    (1, {_S.NEW: 40, _S.IN_REVIEW: 22, _S.QUESTION: 16, _S.ACCEPTED: 12, _S.REJECTED: 10}),
    (7, {_S.NEW: 5, _S.IN_REVIEW: 24, _S.QUESTION: 18, _S.ACCEPTED: 28, _S.REJECTED: 24, _S.HANDED_OVER: 12}),
    (
        45,
        {
            _S.IN_REVIEW: 2,
            _S.QUESTION: 2,
            _S.ACCEPTED: 28,
            _S.REJECTED: 27,
            _S.HANDED_OVER: 29,
            _S.WON: 7,
            _S.LOST: 5,
        },
    ),
    (10_000, {_S.ACCEPTED: 4, _S.REJECTED: 27, _S.HANDED_OVER: 15, _S.WON: 32, _S.LOST: 22}),
)
"""Days since it was received, and how likely each state is by then."""

_BECOMES_BUSINESS = frozenset({Kind.PLAN, Kind.NEED, Kind.NEXT_STEP, Kind.COMPETITOR})


@dataclass
class Fates:
    """Lets inside sales work on stories until the moment at which the data ends."""

    chance: Chance
    staff: Staff
    end: datetime

    def work_on(self, story: Story, original: Story | None = None) -> None:
        """Take a story as far as it has come; `original` is what it says again."""
        goal = self._goal(story, original)
        if goal is _S.NEW:
            return
        actor = self._actor(story)
        wait = (
            self.chance.number(4, 30) if story.told.urgency is Urgency.URGENT else self.chance.number(12, 170)
        )
        at = in_office(story.received_at + timedelta(minutes=wait))
        try:
            self._go(story, actor, at, goal, original)
        except _NotYet:
            return

    def _go(
        self, story: Story, actor: Colleague, at: datetime, goal: LeadState, original: Story | None
    ) -> None:
        life, chance = story.life, self.chance
        if goal is _S.IN_REVIEW or chance.happens(0.4):
            life.open(actor.id, self._reached(at))
            if chance.happens(0.2):
                self._say(story, actor, at, outcomes.FIRST_LOOKS)
            at += timedelta(minutes=chance.number(2, 60))
        if goal is _S.IN_REVIEW:
            if chance.happens(0.75):
                self._put_off(story, actor, at)
            return
        if goal is _S.QUESTION or (story.told.question and chance.happens(0.15)):
            life.ask(actor.id, self._reached(at), story.told.question)
            if goal is _S.QUESTION:
                return
            at = awake(at + timedelta(minutes=chance.number(25, 1500)))
            life.answer(story.author.id, self._reached(at), story.told.answer)
            at = in_office(at + timedelta(minutes=chance.number(15, 200)))
        self._decide(story, actor, at, goal, original)

    def _decide(
        self, story: Story, actor: Colleague, at: datetime, goal: LeadState, original: Story | None
    ) -> None:
        life, chance = story.life, self.chance
        if goal is _S.DUPLICATE and original is not None:
            self._say(
                story,
                actor,
                at,
                outcomes.DUPLICATE,
                datum=short_date(day_of(original.observed_at)),
                kollege=original.author.name,
            )
            life.decide(actor.id, self._reached(at + timedelta(seconds=40)), Action.MARK_DUPLICATE)
            return
        if goal is _S.REJECTED:
            note = story.told.rejected
            life.reject(actor.id, self._reached(at), story.told.reason, note)
            return
        life.decide(actor.id, self._reached(at), Action.ACCEPT)
        at += timedelta(minutes=chance.number(1, 25))
        if chance.happens(0.7):
            self._say(story, actor, at, (story.told.accepted,))
        if goal is _S.ACCEPTED:
            if chance.happens(0.6):
                self._put_off(story, actor, at + timedelta(minutes=2))
            return
        self._sell(story, actor, at, goal)

    def _sell(self, story: Story, actor: Colleague, at: datetime, goal: LeadState) -> None:
        life, chance = story.life, self.chance
        at = in_office(at + timedelta(hours=chance.number(2, 120)))
        life.decide(actor.id, self._reached(at), Action.HAND_OVER)
        if chance.happens(0.5):
            self._say(story, actor, at + timedelta(minutes=1), outcomes.HANDED_OVER)
        if goal is _S.HANDED_OVER:
            return
        at = in_office(at + timedelta(days=chance.number(9, 120), minutes=chance.number(0, 400)))
        life.decide(actor.id, self._reached(at), Action.WIN if goal is _S.WON else Action.LOSE)
        if chance.happens(0.8):
            lines = outcomes.WON if goal is _S.WON else outcomes.LOST
            self._say(story, actor, at + timedelta(minutes=2), lines)

    def _put_off(self, story: Story, actor: Colleague, at: datetime) -> None:
        chance = self.chance
        today = day_of(self.end)
        due = workday(day_of(at), chance.number(2, 14))
        if (today - day_of(at)).days < 14 and chance.happens(0.35):
            # What makes a morning's list: due today, and a little of yesterday's.
            due = today if chance.happens(0.6) or at >= self.end - timedelta(days=3) else workday(today, -1)
        note = self._words(story, chance.pick(outcomes.FOLLOW_UPS))
        story.life.follow_up(actor.id, self._reached(at), due, note)
        # Most are looked at on their day; what is still open of earlier days is what "overdue" means.
        if due < workday(today, -1) and chance.happens(0.9 if (today - due).days < 15 else 1.0):
            done = in_office(at.replace(year=due.year, month=due.month, day=due.day))
            if done > at:
                story.life.finish_follow_up(actor.id, self._reached(done))

    def _goal(self, story: Story, original: Story | None) -> LeadState:
        if original is not None:
            return _S.DUPLICATE
        days = (self.end - story.received_at) / timedelta(days=1)
        weights = next(weights for limit, weights in _BY_AGE if days < limit)
        situation = story.told.situation
        if story.told.urgency is Urgency.URGENT and days > 2:
            weights = {s: w for s, w in weights.items() if s not in (_S.NEW, _S.IN_REVIEW, _S.QUESTION)}
        if story.told.kind not in _BECOMES_BUSINESS or (situation and not situation.sells):
            weights = {s: w for s, w in weights.items() if s not in (_S.WON, _S.LOST)}
            weights[_S.ACCEPTED] = weights.get(_S.ACCEPTED, 0) + 20
        if not story.told.question:
            weights = {s: w for s, w in weights.items() if s is not _S.QUESTION}
        return self.chance.weighted(weights)

    def _actor(self, story: Story) -> Colleague:
        team = self.staff.inside_sales
        home = sum(map(ord, story.account.territory)) % len(team)
        return team[home] if self.chance.happens(0.5) else self.chance.pick(team)

    def _say(self, story: Story, actor: Colleague, at: datetime, lines: tuple[str, ...], **more: str) -> None:
        text = self._words(story, self.chance.pick(lines), **more)
        story.life.comment(actor.id, self._reached(at), text)

    def _words(self, story: Story, line: str, **more: str) -> str:
        outside = self.staff.field_sales_for(story.account.territory).person
        words = cast("MutableMapping[str, str]", story.told.words)
        return fill(line, ChainMap({"aussen": outside.subject, "aussend": outside.object, **more}, words))

    def _reached(self, at: datetime) -> datetime:
        if at >= self.end:
            raise _NotYet
        return at


class _NotYet(Exception):
    """This step lies in the future: the story ends here for now."""


def mark_seen(chance: Chance, life: LeadLife, staff: Staff, end: datetime) -> list[dict[str, object]]:
    """Who of the inbox has opened a lead: whoever worked on it, and some who were curious."""
    first_seen: dict[object, datetime] = {}
    team = {colleague.id for colleague in staff.inside_sales}
    for event in life.events:
        if event["actor_id"] in team:
            first_seen[event["actor_id"]] = event["at"] + timedelta(seconds=30)
    old = end - life.received_at > timedelta(days=2)
    for colleague in staff.inside_sales:
        if old or (first_seen and chance.happens(0.5)):
            first_seen.setdefault(colleague.id, life.row["changed_at"] + timedelta(minutes=1))
        if old and colleague.id in first_seen:
            # What is days old has been looked at by everybody since its last change.
            first_seen[colleague.id] = max(
                first_seen[colleague.id], life.row["changed_at"] + timedelta(minutes=2)
            )
    return [{"lead_id": life.lead_id, "user_id": user, "at": min(at, end)} for user, at in first_seen.items()]
