"""What field sales knows of customers and people: why a class, who decides, when somebody is best reached."""

from datetime import timedelta
from typing import Any

from protocol.reference import Influence
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account, Someone
from sync_server.demo.worktime import workday

_DECIDES = ("Geschäftsführer", "Betriebsleiter", "Leiter Technik", "Leiterin Technik")
_USES = ("Instandhaltung", "Schichtleiter", "Produktionsleiter", "Hausmeister")
_BEST = (
    "vormittags",
    "ab 14 Uhr",
    "freitags nicht",
    "nur kurz und direkt",
    "vor der Frühbesprechung um 7 Uhr",
)
_TURNOVER = {"A": (42_000, 190_000), "B": (9_000, 41_000), "C": (300, 8_500)}


def class_columns(account: Account) -> dict[str, Any]:
    """Columns of `customers` that say why he has his class, and since when."""
    letter = account.firm.customer_class
    if letter is None:
        return {"class_reason": None, "class_decided_on": None}
    # Apart from everything else: whoever draws here must not change what the rest of the company is.
    chance = Chance(account.id.int).apart("class")
    low, high = _TURNOVER[letter]
    turnover = chance.number(low // 100, high // 100) * 100
    if account.firm.name.startswith("Käsmayr"):
        turnover = 84_200
    reason = f"{turnover:,} € in 24 Monaten".replace(",", ".")
    if letter == "A":
        reason += f", {len(account.ours())} Anlagen"
    elif letter == "C":
        reason += ", viel Rückfragen für wenig Auftrag"
    day = workday(account.changed_at.date() - timedelta(days=chance.number(0, 60)), -1)
    return {"class_reason": reason, "class_decided_on": day}


def known_of(someone: Someone) -> dict[str, Any]:
    """Columns of `contacts` that say what he does when his company buys, and how he is best reached."""
    chance = Chance(someone.id.int).apart("acquaintance")
    influence = _influence(chance, someone.role or "")
    reachable = chance.pick(_BEST) if chance.happens(0.3) else None
    if someone.person.name == "Thomas Bauer" and someone.channel == "phone":
        influence, reachable = Influence.DECIDES, "vormittags"
    return {"influence": influence.value if influence else None, "reachable": reachable}


def _influence(chance: Chance, role: str) -> Influence | None:
    if chance.happens(0.04):
        return Influence.OPPOSES
    if role.startswith("Einkauf"):
        return Influence.BUYS
    if role.startswith(_DECIDES) and chance.happens(0.7):
        return Influence.DECIDES
    if role.startswith(_USES) and chance.happens(0.7):
        return Influence.USES
    return None
