"""How the customers are called: surnames, places and trades, long names, and two that are nearly the same."""

from dataclasses import dataclass

from sync_server.demo.chance import Chance
from sync_server.demo.people import OWNERS
from sync_server.demo.trades import TRADES, Trade

_FORMS = {
    "GmbH": 9.0,
    "GmbH & Co. KG": 6.0,
    "KG": 1.0,
    "AG": 0.8,
    "e. K.": 0.8,
    "OHG": 0.3,
    "SE & Co. KG": 0.2,
}
_REGIONS: dict[str, str] = {
    **dict.fromkeys(
        ["Argen", "Bodensee", "Hegau", "Linzgau", "Oberland", "Ostrach", "Schussen"], "Bodensee-Oberschwaben"
    ),
    **dict.fromkeys(["Alb", "Brenz", "Donau", "Filstal", "Ostalb", "Staufer", "Riß"], "Ulm-Ostalb"),
    **dict.fromkeys(["Baar", "Heuberg", "Kinzig", "Schwarzwald", "Wutach"], "Schwarzwald-Baar"),
    **dict.fromkeys(["Neckar", "Teck", "Zollernalb", "Ermstal", "Steinlach"], "Neckar-Alb"),
    **dict.fromkeys(["Allgäu", "Iller", "Lech", "Wertach", "Ostallgäu"], "Allgäu-Lech"),
}
"""What firms name themselves after, and the territory in which that is."""

_LONG = (
    "{a} & {b} {suffix} Verwaltungs- und Beteiligungsgesellschaft mbH & Co. KG",
    "Vereinigte {suffix} {region} {a} Nachfolger Gesellschaft mit beschränkter Haftung",
    "{a}, {b} & Cie. {suffix} und Oberflächenveredelung {region} GmbH & Co. KG",
    "Gebrüder {a} {suffix} {region} Inhaber Familie {b} Kommanditgesellschaft",
)


_REAL = (
    "Molkerei Müller",
    "Müller Milchwerke",
    "Allgäu Milchwerke",
    "Schwarzwald Milchwerke",
    "Bodensee Molkerei",
)
"""Drawn names that would be those of well-known firms."""


@dataclass(frozen=True)
class Firm:
    """A customer before it has sites and people."""

    name: str
    trade: Trade
    customer_class: str | None
    town: str | None = None
    """Fixed for firms that somebody will look for."""
    territory: str | None = None
    """Where a firm that is named after its region must be."""


def _trade(industry: str) -> Trade:
    return next(trade for trade in TRADES if trade.industry == industry)


KNOWN_FIRMS: tuple[Firm, ...] = (
    Firm("Käsmayr Kunststofftechnik GmbH & Co. KG", _trade("Kunststoffverarbeitung"), "A", "Ravensburg"),
    Firm("Käsmaier Kunststofftechnik GmbH", _trade("Kunststoffverarbeitung"), "C", "Biberach an der Riß"),
    Firm("Bäckerei Obermüller e. K.", _trade("Bäckerei und Backwaren"), "B", "Ravensburg"),
    Firm("Vöhringer & Söhne Werkzeugbau", _trade("Werkzeugbau"), "C", "Weingarten"),
    Firm("Stadtwerke Überlingen", _trade("Versorgung und Klärwerk"), "A", "Überlingen"),
    Firm("Schwarzwald Druck AG", _trade("Druck und Papier"), "B", "Bad Waldsee"),
    Firm("Albwerk Gießerei AG", _trade("Gießerei"), "B", "Bad Saulgau"),
    Firm("Möhrle Metallbau GmbH", _trade("Metallbau"), "C", "Tettnang"),
    Firm("Möhrle Metallbau Tuttlingen GmbH", _trade("Metallbau"), "B", "Tuttlingen"),
)
"""Firms of the showcase; the first two are the ones that are easily mixed up."""


def draw_firms(chance: Chance, count: int) -> list[Firm]:
    """So many firms with different names; the known ones first."""
    firms = list(KNOWN_FIRMS[:count])
    taken = {firm.name for firm in firms}
    weights = {trade: trade.weight for trade in TRADES}
    while len(firms) < count:
        trade = chance.weighted(weights)
        name = _long_name(chance, trade) if len(firms) % 40 == 15 else _name(chance, trade)
        if name in taken or any(known in name for known in _REAL):
            continue
        taken.add(name)
        drawn = chance.weighted({"A": 15.0, "B": 36.0, "C": 41.0, "": 8.0})
        firms.append(Firm(name, trade, drawn or None, territory=_territory_in(name)))
    return firms


def _territory_in(name: str) -> str | None:
    words = name.replace("-", " ").split()
    named = (_REGIONS.get(word.removesuffix("tal")) or _REGIONS.get(word) for word in words)
    return next((territory for territory in named if territory), None)


def _name(chance: Chance, trade: Trade) -> str:
    suffix, surname, region = chance.pick(trade.suffixes), chance.pick(OWNERS), chance.pick(list(_REGIONS))
    if trade.industry in ("Versorgung und Klärwerk", "Krankenhaus und Labor"):
        return f"{suffix} {region}{chance.pick(('tal', ' Mitte', ' Nord', ' Süd', ''))}"
    form = chance.weighted(_FORMS)
    if trade.industry.startswith(("Bäckerei", "Brauerei", "Molkerei")) and chance.happens(0.6):
        return f"{suffix} {surname} {form}"
    first = chance.pick(OWNERS)
    patterns = {
        f"{surname} {suffix} {form}": 9.0,
        f"{surname} & Söhne {suffix} {form}": 1.0,
        f"{surname} & {first} {suffix} {form}": 1.6,
        f"Gebr. {surname} {suffix} {form}": 1.0,
        f"{region} {suffix} {form}": 1.2,
        f"{suffix} {surname} {form}": 1.8,
        f"{surname} {suffix}": 0.8,
        f"{region}-{suffix} {surname} {form}": 1.0,
    }
    return chance.weighted(patterns)


def _long_name(chance: Chance, trade: Trade) -> str:
    return chance.pick(_LONG).format(
        a=chance.pick(OWNERS),
        b=chance.pick(OWNERS),
        suffix=chance.pick(trade.suffixes),
        region=chance.pick(list(_REGIONS)),
    )
