"""The words that fill a situation's slots: this customer's people, machines and halls, and numbers that fit them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from string import ascii_uppercase

from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account, Installed, Place, Someone
from sync_server.demo.machines import (
    COMPETITORS,
    OUR_CHILLERS,
    OUR_DRYERS,
    THEIR_MACHINES,
    Family,
    dryer_for,
    larger,
)
from sync_server.demo.people import Person, draw_person
from sync_server.demo.worktime import (
    MONTHS,
    WEEKDAYS,
    month_after,
    month_name,
    quarter_name,
    season_name,
    short_date,
    workday,
)

_ROOMS = ("Kompressorraum", "Technikkeller", "Maschinenraum", "Anbau", "Heizraum", "Untergeschoss")
_NEW_ROLES = ("Instandhaltung", "Leitung Technik", "Einkauf", "Betriebsleitung", "Energie und Umwelt")


@dataclass(frozen=True)
class Scene:
    """Where a situation plays: who is spoken to, beside which machine, in which hall."""

    account: Account
    place: Place
    contact: Someone | None
    asset: Installed | None
    rival: Installed | None
    day: date


class Words(dict[str, str]):
    """All slots with their words for one scene; drawn when first asked for, the same ever after."""

    def __init__(self, chance: Chance, scene: Scene) -> None:
        super().__init__()
        self._draws: list[Callable[[], dict[str, str]]] = [
            lambda: _people(chance, scene),
            lambda: _places(chance, scene),
            lambda: _machines(chance, scene),
            lambda: _rivals(chance, scene),
            lambda: _times(chance, scene.day),
            lambda: _numbers(chance),
        ]

    def __missing__(self, slot: str) -> str:
        while self._draws:
            self.update(self._draws.pop(0)())
            if slot in self:
                return self[slot]
        raise KeyError(slot)


def fill(template: str, words: Mapping[str, str]) -> str:
    """A template with its words; an abbreviated date at the end of a sentence needs no second full stop."""
    return template.format_map(words).replace("..", ".")


def _people(chance: Chance, scene: Scene) -> dict[str, str]:
    person = scene.contact.person if scene.contact else draw_person(chance)
    others = [s.person for s in scene.account.present if scene.contact is None or s.id != scene.contact.id]
    other = chance.pick(others) if others and chance.happens(0.7) else _somebody_else(chance, person)
    new = _somebody_else(chance, person)
    return {
        "K": person.subject,
        "Kn": person.object,
        "Kd": person.object,
        "er": person.pronoun,
        "Er": person.pronoun.capitalize(),
        "K2": other.subject,
        "K2d": other.object,
        "neu": new.subject,
        "neun": new.object,
        "neud": new.object,
        "neurolle": chance.pick(_NEW_ROLES),
    }


def _somebody_else(chance: Chance, person: Person) -> Person:
    while True:
        other = draw_person(chance)
        if other.last != person.last:
            return other


def _places(chance: Chance, scene: Scene) -> dict[str, str]:
    trade, halls = scene.account.firm.trade, scene.place.halls
    line = chance.pick(trade.lines)
    last = halls[-1].rsplit(" ", 1)[1]
    following = (
        ascii_uppercase[ascii_uppercase.index(last) + 1] if last in ascii_uppercase else str(int(last) + 1)
    )
    return {
        "halle": chance.pick(halls),
        "neuhalle": f"Halle {following}",
        "ort": trade.place,
        "linie": line,
        "Linie": line[0].upper() + line[1:],
        "maschinen": trade.machines,
        "raum": chance.pick(_ROOMS),
        "stadt": scene.place.town.name if scene.place.town else "der Nachbarschaft",
    }


def _machines(chance: Chance, scene: Scene) -> dict[str, str]:
    asset = scene.asset
    size = asset.machine.size if asset else 37
    built = asset.built_in if asset and asset.built_in else scene.day.year - chance.number(3, 12)
    age = max(1, scene.day.year - built)
    is_dryer = asset is not None and asset.machine.family is Family.DRYER
    air = size / 6.6 if not is_dryer else size / 12
    next_dryer = next((d.model for d in OUR_DRYERS if d.size > size), OUR_DRYERS[-1].model)
    return {
        "m": asset.machine.model if asset else "RV 37",
        "sn": (asset.serial_number if asset else None) or "unleserlich",
        "bj": str(built),
        "alter": str(age),
        "std": _thousands(age * chance.number(2100, 5200) + chance.number(0, 999)),
        "gross": larger(size),
        "fu": larger(size - 1, regulated=True),
        "trockner": dryer_for(size) if not is_dryer else next_dryer,
        "trocknerplus": next_dryer,
        "kuehler": next((k.model for k in OUR_CHILLERS if k.size > size), OUR_CHILLERS[-1].model),
        "m3": f"{air * chance.between(0.4, 0.95):.1f}".replace(".", ","),
    }


def _rivals(chance: Chance, scene: Scene) -> dict[str, str]:
    rival = scene.rival
    machine = rival.machine if rival else chance.pick(THEIR_MACHINES)
    built = rival.built_in if rival and rival.built_in else scene.day.year - chance.number(7, 19)
    compressors = [m for m in THEIR_MACHINES if m.family is Family.COMPRESSOR]
    trial = chance.pick(compressors)
    maker = machine.maker if rival else chance.pick(COMPETITORS)
    return {
        "f": f"{machine.maker} {machine.model}",
        "fmaker": maker,
        "fbj": str(built),
        "fstd": _thousands(max(1, scene.day.year - built) * chance.number(2400, 5600)),
        "fkw": str(chance.pick((37, 55, 75, 90))),
        "f2": f"{trial.maker} {trial.model}",
    }


def _times(chance: Chance, day: date) -> dict[str, str]:
    ahead = month_after(day, chance.number(1, 5))
    far = month_after(day, chance.number(4, 13))
    week = workday(day, chance.number(8, 35))
    return {
        "monat": MONTHS[ahead.month - 1],
        "monat2": month_name(month_after(ahead, 6)),
        "saison": season_name(far),
        "quartal": quarter_name(far),
        "vormonat": MONTHS[month_after(day, -chance.number(1, 4)).month - 1],
        "jahr": str(day.year + 1),
        "vorjahr": str(day.year - chance.number(1, 3)),
        "kw": str(week.isocalendar().week),
        "wochentag": WEEKDAYS[chance.number(0, 4)],
        "termin": short_date(workday(day + timedelta(days=chance.number(4, 16)), 1)),
    }


def _numbers(chance: Chance) -> dict[str, str]:
    return {
        "n": str(chance.number(2, 5)),
        "zahl": str(chance.pick((12, 15, 20, 25, 30, 40, 60))),
        "pct": str(chance.pick((6, 8, 9, 11, 12, 14, 18))),
        "ausl": str(chance.number(84, 98)),
        "leck": str(chance.number(18, 37)),
        "druck": f"{chance.number(49, 64) / 10:.1f}".replace(".", ","),
        "soll": chance.pick(("7,0", "7,5", "7,8", "8,0", "8,5")),
        "temp": str(chance.number(96, 108)),
        "tp": f"+{chance.number(8, 16)}",
        "vorlauf": str(chance.number(16, 21)),
        "flaeche": _thousands(chance.number(8, 48) * 100),
        "laenge": str(chance.number(6, 42) * 10),
        "kwp": str(chance.number(6, 40) * 10),
        "euro": f"{_thousands(chance.number(18, 96) * 1000)} €",
        "euro_klein": f"{_thousands(chance.number(8, 64) * 50)} €",
        "euro_grenze": f"{chance.pick((10, 15, 20, 25, 30, 50))}.000 €",
        "bestellnr": f"B-{chance.number(40000, 68999)}",
        "rechnungsnr": f"RE {chance.number(100000, 189999)}",
    }


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
