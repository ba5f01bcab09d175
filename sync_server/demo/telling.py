"""Composes what a technician writes: a situation that has not been told lately, in words of this customer."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from protocol.observation import Flag, Kind, NextStep, Side, Urgency
from protocol.review import RejectionReason
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account, Installed, Place, Someone
from sync_server.demo.firms import KNOWN_FIRMS
from sync_server.demo.machines import Family
from sync_server.demo.texts.catalogue import SITUATIONS
from sync_server.demo.texts.situation import Situation
from sync_server.demo.words import Scene, Words, fill
from sync_server.demo.worktime import workday

_KINDS: dict[Kind, float] = {
    Kind.PLAN: 19,
    Kind.NEED: 21,
    Kind.NEXT_STEP: 16,
    Kind.COMPETITOR: 14,
    Kind.COMPLAINT: 11,
    Kind.CONTACT_CHANGE: 10,
    Kind.NOTE: 9,
}
"""How often technicians report each kind, in percent."""

_NOT_AGAIN = 22
"""A situation is not told again within so many observations: more than one screen of a list shows."""


@dataclass(frozen=True)
class Told:
    """One observation in words, with what people may say to it."""

    kind: Kind
    place: Place
    contact: Someone | None
    asset: Installed | None
    heard: str
    seen: str
    concluded: str
    step: NextStep | None
    urgency: Urgency
    flag: Flag | None
    scenes: tuple[str, ...] = ()
    pending: str = ""
    """A sight whose photo has not arrived yet."""
    question: str = ""
    answer: str = ""
    accepted: str = ""
    reason: RejectionReason = RejectionReason.ALREADY_KNOWN
    rejected: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    situation: Situation | None = None
    scene: Scene | None = None


@dataclass
class Teller:
    """Remembers what was told where, so that neither a customer nor a list hears a thing twice."""

    chance: Chance
    _lately: deque[str] = field(default_factory=lambda: deque(maxlen=_NOT_AGAIN))
    _at_customer: defaultdict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    _by_author: defaultdict[UUID, deque[str]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_NOT_AGAIN))
    )
    _turn: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def tell(self, author_id: UUID, account: Account, place: Place, day: date, days_ago: int) -> Told:
        """Something that could be observed at this place on this day."""
        for kind in _by_weight(self.chance):
            fitting = [s for s in SITUATIONS[kind] if _fits(s, account, days_ago)]
            fresh = [s for s in fitting if s.name not in self._at_customer[account.id]]
            unheard = [
                s for s in fresh if s.name not in self._lately and s.name not in self._by_author[author_id]
            ]
            if unheard or fresh:
                return self._told(self.chance.pick(unheard or fresh), author_id, account, place, day)
        self._at_customer[account.id].clear()
        return self.tell(author_id, account, place, day, days_ago)

    def _told(self, situation: Situation, author_id: UUID, account: Account, place: Place, day: date) -> Told:
        self._lately.append(situation.name)
        self._by_author[author_id].append(situation.name)
        self._at_customer[account.id].add(situation.name)
        asset = _asset(self.chance, situation, account, place)
        rival = self.chance.pick(account.theirs()) if situation.needs == "competitor" else None
        spot = (rival or asset).place if (rival or asset) else place  # type: ignore[union-attr]
        scene = Scene(account, spot, _contact(self.chance, situation, account), asset, rival, day)
        return self._phrase(situation, scene, Words(self.chance, scene))

    def retell(self, told: Told, day: date) -> Told:
        """The same thing in a colleague's words: what inside sales will call a duplicate.

        Raises:
            ValueError: it was not told from a situation.
        """
        if told.situation is None or told.scene is None:
            raise ValueError("only what was told from a situation can be told again")
        return self._phrase(told.situation, replace(told.scene, day=day), told.words)

    def _phrase(self, situation: Situation, scene: Scene, words: Mapping[str, str]) -> Told:
        title = self._next(situation, situation.titles)
        heard, seen, concluded = self._parts(situation)
        if not heard and not seen:
            heard = self.chance.pick(situation.heard) if situation.heard else ""
        if heard or not seen:
            heard = f"{title}\n{heard}".strip()
        else:
            seen = f"{title}\n{seen}"
        question, answer = self.chance.pick(situation.talks) if situation.talks else ("", "")
        reason, rejected = self.chance.pick(situation.rejected)
        return Told(
            kind=situation.kind,
            place=scene.place,
            contact=scene.contact if _is_named(situation, heard + seen) else None,
            asset=(scene.rival or scene.asset) if situation.needs else None,
            heard=fill(heard, words),
            seen=fill(seen, words),
            concluded=fill(concluded, words),
            step=self._step(situation, scene, words),
            urgency=Urgency.URGENT if self.chance.happens(situation.urgent) else Urgency.NORMAL,
            flag=self._flag(situation, scene.day),
            scenes=situation.scenes,
            question=fill(question, words),
            answer=fill(answer, words),
            accepted=fill(self.chance.pick(situation.accepted), words),
            reason=reason,
            rejected=fill(rejected, words),
            words=words,
            situation=situation,
            scene=scene,
        )

    def _parts(self, situation: Situation) -> tuple[str, str, str]:
        pick, happens = self.chance.pick, self.chance.happens
        heard = pick(situation.heard) if situation.heard and happens(0.86) else ""
        seen = pick(situation.seen) if situation.seen and (happens(0.74) or not situation.heard) else ""
        concluded = pick(situation.concluded) if situation.concluded and happens(0.6) else ""
        return heard, seen, concluded

    def _next(self, situation: Situation, options: tuple[str, ...]) -> str:
        self._turn[situation.name] += 1
        return options[self._turn[situation.name] % len(options)]

    def _step(self, situation: Situation, scene: Scene, words: Mapping[str, str]) -> NextStep | None:
        if not situation.steps or not self.chance.happens(0.72):
            return None
        text, side = self.chance.pick(situation.steps)
        due = workday(scene.day + timedelta(days=self.chance.number(2, 13)), 0)
        dated = self.chance.happens(0.8)
        return NextStep(text=fill(text, words), responsible=Side(side), due_on=due if dated else None)

    def _flag(self, situation: Situation, day: date) -> Flag | None:
        care = situation.care
        if care is None or not (care.always or self.chance.happens(0.75)):
            return None
        expires = day + timedelta(days=care.days) if self.chance.happens(0.9) else None
        return Flag(kind=care.kind, purpose=care.purpose, expires_on=expires)


def _by_weight(chance: Chance) -> list[Kind]:
    first = chance.weighted(_KINDS)
    return [first, *chance.shuffled([kind for kind in _KINDS if kind is not first])]


_NOT_IN_THE_SHOWCASE = frozenset(
    {"left", "retires", "sick-contact", "parental-leave", "young-owner", "takeover"}
)
"""What would contradict the people whom the showcase speaks of."""


def _fits(situation: Situation, account: Account, days_ago: int) -> bool:
    if situation.name in _NOT_IN_THE_SHOWCASE and account.firm in KNOWN_FIRMS:
        return False
    if situation.name in ("left", "retires"):
        # Who was said to leave long ago must not be among today's contacts.
        gone = any(someone.gone for someone in account.people)
        return gone or (situation.name == "retires" and days_ago < 90)
    if situation.needs == "competitor":
        return any(i.machine.family is Family.COMPRESSOR for i in account.theirs())
    if situation.needs in ("dryer", "chiller"):
        return bool(account.ours(Family(situation.needs)))
    return True


def _asset(chance: Chance, situation: Situation, account: Account, place: Place) -> Installed | None:
    family = Family(situation.needs) if situation.needs in ("dryer", "chiller") else Family.COMPRESSOR
    here = [i for i in account.ours(family) if i.place.id == place.id] or account.ours(family)
    return chance.pick(here) if here else None


def _contact(chance: Chance, situation: Situation, account: Account) -> Someone | None:
    if situation.name in ("left", "retires"):
        gone = [someone for someone in account.people if someone.gone]
        if gone:
            return chance.pick(gone)
    present = account.present
    if not present:
        return None
    return present[0] if chance.happens(0.55) else chance.pick(present)


def _is_named(situation: Situation, template: str) -> bool:
    return any(slot in template for slot in ("{K}", "{Kd}", "{Kn}")) or situation.kind is Kind.CONTACT_CHANGE
