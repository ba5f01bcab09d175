"""What a code on a nameplate says: serial number, maker, model, year, whatever form the maker gave it. Pure.

Known forms: a bare number; GS1 element strings (General Specifications, section 3) and Digital Links; data identifiers
(ANSI MH10.8.2) with or without the envelope of ISO/IEC 15434; addresses (also IEC 61406) with the number in them; words
such as "S/N: 4711; Typ: GA 37". What is none of these is looked through word by word.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST_SERIAL = 60
"""Characters; what is longer is a text."""
SHORTEST_WORD = 4
"""A shorter word of a text is not taken for a number: "37" stands on many plates."""

_GS, _RS, _EOT = "\x1d", "\x1e", "\x04"

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Nameplate:
    """What a code, or a person who types, says of a machine.

    Attributes:
        text: all of it, as it was read.
        serials: what may be its serial number, the likeliest first, as written.
        stated: whether the code itself says that the first of them is one.
    """

    text: str
    serials: tuple[str, ...] = ()
    stated: bool = False
    maker: str = ""
    model: str = ""
    built_in: int | None = None
    is_article: bool = False
    """An article's number (EAN, UPC): every machine of the type has the same."""

    @property
    def serial(self) -> str:
        """The number to keep when the machine is not known; "" if the code names none."""
        if not self.serials or (self.is_article and not self.stated):
            return ""
        first = self.serials[0]
        is_number = self.stated or (bool(re.search(r"\d", first)) and " " not in first)
        return first if is_number and len(first) <= LONGEST_SERIAL else ""


def folded(serial: str) -> str:
    """A serial number as it is compared: letters and digits alone, capitals, without zeros in front."""
    plain = "".join(character for character in serial.upper() if character.isalnum())
    return plain.lstrip("0") or plain[:1]


def typed(text: str) -> Nameplate:
    """What a person typed off a plate: a serial number."""
    number = text.strip()[:LONGEST_SERIAL]
    return Nameplate(number, (number,) if number else (), stated=True)


def read(text: str, symbology: str = "", *, is_gs1: bool = False) -> Nameplate:
    """What a code says.

    Args:
        text: its content, control characters included.
        symbology: its sort, as the reader names it.
        is_gs1: whether the reader has seen that it is made of GS1's element strings.
    """
    whole = text.strip(" \r\n\t\0")
    is_article = symbology.upper().startswith(("EAN", "UPC"))
    found = _gs1(whole, is_gs1) or _identifiers(whole) or _address(whole) or _words(whole)
    serials = [*found.serials, *_pieces(whole)]
    distinct = dict.fromkeys(serial.strip() for serial in serials if folded(serial))
    return Nameplate(
        whole,
        tuple(distinct),
        stated=bool(found.serials),
        maker=found.maker,
        model=found.model,
        built_in=found.built_in,
        is_article=is_article,
    )


def matching(plate: Nameplate, known: Mapping[str, Iterable[_Thing]]) -> tuple[_Thing, ...]:
    """What is known under the likeliest number of a plate that is known at all.

    Args:
        known: by folded serial number.
    """
    for serial in plate.serials:
        found = tuple(known.get(folded(serial), ()))
        if found:
            return found
    return ()


@dataclass(frozen=True)
class _Said:
    serials: tuple[str, ...] = ()
    maker: str = ""
    model: str = ""
    built_in: int | None = None

    def __bool__(self) -> bool:
        return bool(self.serials or self.maker or self.model or self.built_in)


# -- GS1 ---------------------------------------------------------------------------------------------

_FIXED = {
    **{f"{n:02}": size for n, size in {0: 18, 1: 14, 2: 14, 3: 14, 4: 16, 11: 6, 12: 6, 13: 6, 14: 6, 15: 6,
                                         16: 6, 17: 6, 18: 6, 19: 6, 20: 2}.items()},
}  # fmt: skip
"""Element strings of a length that is laid down, by their identifier: those that need no separator."""
_FOUR_DIGITS = ("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82")
_THREE_DIGITS = ("23", "24", "25", "40", "41", "42", "71")
_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]*)")
_SERIAL_ELEMENTS = ("21", "8004", "250")
"""Serial number; individual asset (GIAI); secondary serial number."""


def _gs1(text: str, marked: bool) -> _Said:
    if text.startswith("(") and _BRACKETED.match(text):
        return _of_elements({ai: value.strip() for ai, value in _BRACKETED.findall(text)})
    text = re.sub(r"^\](?:C1|e0|d2|Q3|J1)", _GS, text)
    if not marked and not text.startswith(_GS):
        return _Said()
    return _of_elements(dict(_elements(text)))


def _elements(text: str) -> Iterable[tuple[str, str]]:
    rest = text.lstrip(_GS)
    while len(rest) > 2 and rest[:2].isdigit():
        digits = 4 if rest[:2] in _FOUR_DIGITS else 3 if rest[:2] in _THREE_DIGITS else 2
        name, after = rest[:digits], rest[digits:]
        size = _FIXED.get(name, 13 if name[:2] == "41" else 6 if name[:2] in _FOUR_DIGITS[:6] else None)
        value = after.split(_GS, 1)[0] if size is None else after[:size]
        yield name, value
        rest = after[len(value) :].lstrip(_GS)


def _of_elements(elements: Mapping[str, str]) -> _Said:
    made = elements.get("11", "")
    year = 2000 + int(made[:2]) if len(made) == 6 and made.isdigit() else None
    return _Said(
        tuple(elements[name] for name in _SERIAL_ELEMENTS if elements.get(name)),
        model=elements.get("240", ""),
        built_in=year,
    )


# -- data identifiers --------------------------------------------------------------------------------

_ENVELOPE = re.compile(r"^\[\)>\x1e?0[56]\x1d")


def _identifiers(text: str) -> _Said:
    envelope = _ENVELOPE.match(text)
    if envelope is None:
        # A lone bar code often has the identifier alone before it; without a digit after it, it is a word.
        bare = re.fullmatch(r"S([A-Z0-9][A-Z0-9./-]{3,})", text)
        return (
            _Said((text, bare[1]))
            if bare and re.search(r"\d", bare[1]) and not text[1:2].isalpha()
            else _Said()
        )
    fields = re.split(f"[{_GS}{_RS}{_EOT}]", text[envelope.end() :])
    values = {match[1]: match[2] for field in fields if (match := re.match(r"^(\d{0,3}[A-Z])(.+)$", field))}
    serials = tuple(values[name] for name in ("S", "25S", "37S") if name in values)
    return _Said(serials, maker=values.get("1V", ""), model=values.get("1P", values.get("P", "")))


# -- addresses ---------------------------------------------------------------------------------------

_SERIAL_NAMES = frozenset({
    "21", "8004", "s", "sn", "snr", "ser", "serial", "serialno", "serialnr", "serialnumber", "seriennummer",
    "seriennr", "fabriknummer", "fabriknr", "fabnr", "maschinennummer", "maschinennr", "werknummer", "werknr",
    "machine", "equipment", "equi", "unit", "asset", "id",
})  # fmt: skip
_MODEL_NAMES = frozenset({"model", "modell", "type", "typ", "240"})
_MAKER_NAMES = frozenset({"maker", "manufacturer", "hersteller", "mfr", "brand", "marke"})
_YEAR_NAMES = frozenset({"year", "baujahr", "bj", "yom"})


def _address(text: str) -> _Said:
    if not re.match(r"^(https?://|www\.|[a-z0-9-]+(\.[a-z0-9-]+)+/)", text, re.IGNORECASE):
        return _Said()
    parts = urlsplit(text if "://" in text else f"//{text}")
    path = [unquote(piece) for piece in parts.path.split("/") if piece]
    pairs = [(name.casefold().replace("_", "").replace("-", ""), value) for name, value in
             [*parse_qsl(parts.query), *pairwise(path), *parse_qsl(parts.fragment)]]  # fmt: skip
    named = {name: value for name, value in reversed(pairs) if value}

    def one(names: frozenset[str]) -> str:
        return next((value for name, value in named.items() if name in names), "")

    serials = tuple(dict.fromkeys(value for name, value in pairs if name in _SERIAL_NAMES and value))
    # The end of the path is where makers put it; it counts as said only if it looks like a number.
    if not serials and path and re.search(r"\d{3}", path[-1]):
        serials = (path[-1],)
    year = one(_YEAR_NAMES)
    return _Said(serials, one(_MAKER_NAMES), one(_MODEL_NAMES), int(year) if _is_year(year) else None)


# -- words -------------------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"\b(?:s\s?/\s?n|sn|snr|ser(?:ial|ien)?[\s.-]*(?:no|nr|nummer|number)?|"
    r"(?:fabrik(?:ations)?|fab|masch(?:inen)?|werk|equipment)[\s.-]*(?:no|nr|nummer|number))"
    r"\s*[.:=#]+\s*([A-Z0-9][A-Z0-9./_-]{2,59})",
    re.IGNORECASE,
)
_END = r"\s*[:=]\s*([^;,|\r\n\t\x1c-\x1f]{2,60})"
_MODEL = re.compile(rf"\b(?:typ|type|modell?|mod){_END}", re.IGNORECASE)
_MAKER = re.compile(rf"\b(?:hersteller|fabrikat|maker|manufacturer|mfr|mfg|brand|marke){_END}", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:baujahr|bj|year|yom|built)\s*[.:=]*\s*((?:19|20)\d\d)\b", re.IGNORECASE)


def _words(text: str) -> _Said:
    year = _YEAR.search(text)
    maker, model = _MAKER.search(text), _MODEL.search(text)
    return _Said(
        tuple(dict.fromkeys(_NUMBER.findall(text))),
        maker[1].strip() if maker else "",
        model[1].strip() if model else "",
        int(year[1]) if year else None,
    )


def _pieces(text: str) -> list[str]:
    """All of the text, then its words that have a digit: one of them may be a number that is known."""
    whole = [text] if len(text) <= LONGEST_SERIAL else []
    pieces = re.split(r"[\s;,|/?&=#:()\x1c-\x1f\x04]+", text)
    return whole + [
        piece for piece in pieces if len(folded(piece)) >= SHORTEST_WORD and re.search(r"\d", piece)
    ]


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", text))


__all__ = ["LONGEST_SERIAL", "Nameplate", "folded", "matching", "read", "typed"]
