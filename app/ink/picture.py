"""The picture that is made of strokes: a small grey PNG that holds nothing but the line. Pure.

Painted here and not on a canvas, so that the same strokes become the same bytes on every device, and that no encoder
writes anything beside the pixels (a PNG of three chunks: PNG 3rd edition, section 5).
"""

import math
import struct
import zlib
from dataclasses import dataclass
from functools import cache

from app.ink.strokes import DOT, LINE, Ink, along, bends
from app.photo.geometry import Point

WIDEST, HIGHEST = 720, 300
"""Pixels of the picture at most: sharp at the size in which it is shown or printed, 2 to 6 kB."""
_MARGIN = 14
"""Pixels of white around the line."""
_SHADES = 15
"""Grey from 0, black, to 15, white: four bits for a pixel."""
_FINEST, _WIDEST_LINE = 2.4, 6.0
"""Pixels of the line's width: a small signature that is enlarged must not become a brush's, nor a large one a hair."""
_STEPS = 4
"""Places within a pixel at which a dot of the line may lie: finer ones are not seen in sixteen shades."""
_APART = 0.7
"""Pixels between two dots of the line."""


@dataclass(frozen=True)
class InkPicture:
    """A PNG and its size in pixels."""

    data: bytes
    width: int
    height: int


def picture_of(ink: Ink) -> InkPicture:
    """The picture of strokes, cut to what was drawn.

    Raises:
        ValueError: nothing was drawn.
    """
    bounds = ink.bounds
    scale = min(
        (WIDEST - 2 * _MARGIN) / max(bounds.width, 1),
        (HIGHEST - 2 * _MARGIN) / max(bounds.height, 1),
        2.0,
    )
    # Scaled to the limit, a side may come out a hair longer than it, and would be rounded up to a pixel more.
    width = min(math.ceil(bounds.width * scale) + 2 * _MARGIN, WIDEST)
    height = min(math.ceil(bounds.height * scale) + 2 * _MARGIN, HIGHEST)
    line = min(max(LINE * scale, _FINEST), _WIDEST_LINE)
    paper = [bytearray([_SHADES]) * width for _ in range(height)]
    for stroke in ink.strokes:
        on_paper = tuple(
            Point((place.x - bounds.left) * scale + _MARGIN, (place.y - bounds.top) * scale + _MARGIN)
            for place in stroke
        )
        radius = line / 2 if len(on_paper) > 1 else line * DOT / 2
        for place in (on_paper[0], *along(on_paper[0], bends(on_paper), _APART)):
            _print(paper, place, radius)
    return InkPicture(_png(paper, width, height), width, height)


def _print(paper: list[bytearray], place: Point, radius: float) -> None:
    left, top = math.floor(place.x), math.floor(place.y)
    column, row = int((place.x - left) * _STEPS), int((place.y - top) * _STEPS)
    for down, across, shade in _dot(radius, column, row):
        line, x = paper[top + down], left + across
        line[x] = min(line[x], shade)


@cache
def _dot(radius: float, column: int, row: int) -> tuple[tuple[int, int, int], ...]:
    """A dot with a soft edge: (rows down, columns across, shade) of each pixel that is darker than paper."""
    x, y = (column + 0.5) / _STEPS, (row + 0.5) / _STEPS
    reach = math.ceil(radius + 1)
    found = []
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            covered = min(1.0, max(0.0, radius + 0.5 - math.dist((across + 0.5, down + 0.5), (x, y))))
            shade = round(_SHADES * (1 - covered))
            if shade < _SHADES:
                found.append((down, across, shade))
    return tuple(found)


def _png(paper: list[bytearray], width: int, height: int) -> bytes:
    rows = bytearray()
    for line in paper:
        rows.append(0)  # no filter: most of it is white, which packs best as it is
        padded = line if width % 2 == 0 else line + b"\0"
        rows += bytes(high << 4 | low for high, low in zip(padded[::2], padded[1::2], strict=True))
    head = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join((
        _chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(bytes(rows), 9)), _chunk(b"IEND", b"")
    ))  # fmt: skip


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
