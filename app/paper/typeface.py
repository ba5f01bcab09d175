"""A TrueType font as a PDF needs it: which glyph a character has, how wide it is, the bytes to embed.

Roboto is embedded whole, cut to the characters of European languages (app/paper/fonts/README.md): the 14 fonts that
every PDF reader has know "ü" and "€", but neither "Ł" nor "Ş", and customers have such names.
"""

import struct
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EM = 1000
"""A PDF measures glyphs in thousandths of the font's size."""

_UNKNOWN = "?"
"""What is drawn for a character that the font does not have."""


@dataclass(frozen=True)
class Typeface:
    """One font; lengths in thousandths of its size."""

    name: str
    data: bytes
    glyphs: dict[int, int]
    """Glyph by character code."""
    widths: tuple[int, ...]
    """Width by glyph."""
    ascent: int
    descent: int
    """Below the line, as a negative number."""
    cap_height: int
    box: tuple[int, int, int, int]
    bold: bool

    def knows(self, character: str) -> bool:
        """Whether the font has a character."""
        return ord(character) in self.glyphs

    def glyph(self, character: str) -> int:
        """The glyph that is drawn for a character."""
        return self.glyphs.get(ord(character), self.glyphs[ord(_UNKNOWN)])

    def width(self, text: str) -> int:
        """How wide a text is."""
        widths, glyphs, unknown = self.widths, self.glyphs, self.glyphs[ord(_UNKNOWN)]
        return sum([widths[glyphs.get(ord(character), unknown)] for character in text])


@cache
def regular() -> Typeface:
    """For running text."""
    return _load("RobotoRegular.ttf", "Roboto-Regular", bold=False)


@cache
def bold() -> Typeface:
    """For headings and what must be seen first."""
    return _load("RobotoBold.ttf", "Roboto-Bold", bold=True)


def _load(file: str, name: str, *, bold: bool) -> Typeface:
    return read((files("app.paper") / "fonts" / file).read_bytes(), name, bold=bold)


def read(data: bytes, name: str, *, bold: bool) -> Typeface:
    """A font from its file (OpenType specification 1.9: head, hhea, hmtx, maxp, OS/2, cmap format 4).

    Raises:
        KeyError, struct.error: it is no such font.
    """
    tables = {}
    for index in range(_short(data, 4)):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        tables[tag] = data[offset : offset + length]
    head, hhea, os2 = tables[b"head"], tables[b"hhea"], tables[b"OS/2"]
    scale = EM / _short(head, 18)
    measured, count = _short(hhea, 34), _short(tables[b"maxp"], 4)
    widths = [struct.unpack_from(">H", tables[b"hmtx"], 4 * glyph)[0] for glyph in range(measured)]
    widths += [widths[-1]] * (count - measured)
    return Typeface(
        name=name,
        data=data,
        glyphs=_characters(tables[b"cmap"]),
        widths=tuple(round(width * scale) for width in widths),
        ascent=round(struct.unpack_from(">h", hhea, 4)[0] * scale),
        descent=round(struct.unpack_from(">h", hhea, 6)[0] * scale),
        cap_height=round(struct.unpack_from(">h", os2, 88)[0] * scale),
        box=tuple(round(side * scale) for side in struct.unpack_from(">4h", head, 36)),
        bold=bold,
    )


def _characters(cmap: bytes) -> dict[int, int]:
    """Glyph by character, from the table of the Basic Multilingual Plane for Windows (platform 3, encoding 1)."""
    for index in range(_short(cmap, 2)):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
        if (platform, encoding) == (3, 1) and _short(cmap, offset) == 4:
            return _segments(cmap[offset:])
    raise KeyError("cmap")


def _segments(table: bytes) -> dict[int, int]:
    count = _short(table, 6) // 2
    ends, starts, deltas, ranges = (14, 16 + 2 * count, 16 + 4 * count, 16 + 6 * count)
    found: dict[int, int] = {}
    for segment in range(count):
        first, last = _short(table, starts + 2 * segment), _short(table, ends + 2 * segment)
        delta, place = _short(table, deltas + 2 * segment), ranges + 2 * segment
        jump = _short(table, place)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code if not jump else _short(table, place + jump + 2 * (code - first))
            if glyph or not jump:
                found[code] = (glyph + delta) & 0xFFFF
    return {code: glyph for code, glyph in found.items() if glyph}


def _short(data: bytes, place: int) -> int:
    value: int = struct.unpack_from(">H", data, place)[0]
    return value
