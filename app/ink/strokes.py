"""Strokes of a finger or pen, their smooth way, and whether they can be somebody's signature. Pure.

Coordinates are dp of the field as it was when the first stroke began, x to the right and y down; a field that has got
another size since (the tablet was turned) shows the same strokes through `app.photo.geometry.Sight`.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.photo.geometry import Box, Point

CLOSE = 1.2
"""Dp between two places of a stroke that are worth keeping apart: less than a third of the line's width."""
LINE = 3.4
"""Dp of the line's width: a ball-pen's on paper as wide as the field."""
DOT = 1.6
"""How many times wider a dot alone is than the line, as ink makes it."""
MOST, LONGEST = 6_000, 20_000.0
"""Places, and dp of line, of all strokes together. A signature has 50 to 400 and about 2,000; without a bound a child at
play would fill the storage, and the picture would take seconds."""

_SMALLEST = 24.0
"""Dp that a signature measures at least along its longer side; what a finger leaves by touching is smaller."""
_SHORTEST = 60.0
"""Dp of line that a signature has at least: three crosses have more, a slip of the hand less."""

Stroke = tuple[Point, ...]


@dataclass(frozen=True)
class Ink:
    """What was drawn into one field.

    Attributes:
        width: of the field, in dp.
        height: of the field, in dp.
        strokes: in the order in which they were drawn.
    """

    width: float
    height: float
    strokes: tuple[Stroke, ...] = ()

    @property
    def field(self) -> Box:
        """All of the field."""
        return Box(0, 0, self.width, self.height)

    @property
    def places(self) -> int:
        """Places of all strokes."""
        return sum(len(stroke) for stroke in self.strokes)

    @property
    def is_full(self) -> bool:
        """Whether no more is taken."""
        return self.places >= MOST or self.length >= LONGEST

    def with_stroke(self, stroke: Sequence[Point]) -> "Ink":
        """With one more stroke, whole unless it is endless; the same if nothing was drawn or no more is taken."""
        drawn, left = list(stroke[:MOST]), LONGEST
        for number, (one, other) in enumerate(pairwise(drawn), start=1):
            left -= _way(one, other)
            if left < 0:
                del drawn[number:]
                break
        return replace(self, strokes=(*self.strokes, tuple(drawn))) if drawn and not self.is_full else self

    @property
    def bounds(self) -> Box:
        """The box around everything that was drawn. Raises ValueError where nothing was."""
        places = [place for stroke in self.strokes for place in stroke]
        left, top = min(place.x for place in places), min(place.y for place in places)
        right, bottom = max(place.x for place in places), max(place.y for place in places)
        return Box(left, top, right - left, bottom - top)

    @property
    def length(self) -> float:
        """Dp of line, all strokes together."""
        return sum(_way(one, other) for stroke in self.strokes for one, other in pairwise(stroke))

    @property
    def is_signature(self) -> bool:
        """Whether this can be a signature; dots and a slip of the hand cannot."""
        return bool(self.strokes) and self.bounds.longest >= _SMALLEST and self.length >= _SHORTEST


def coalesced(stroke: Sequence[Point], place: Point) -> bool:
    """Whether a new place of a stroke is so near to its last one that it adds nothing."""
    return bool(stroke) and _way(stroke[-1], place) < CLOSE


def _way(one: Point, other: Point) -> float:
    return math.dist((one.x, one.y), (other.x, other.y))


def bends(stroke: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """The smooth way through a stroke after its first place: quadratic curves, each as (control, end).

    Every place but the first and last one is a control point, and the curves meet half-way between them: what was drawn
    quickly, with few places, becomes round instead of angular.
    """
    for one, other in pairwise(stroke[1:-1]):
        yield one, Point((one.x + other.x) / 2, (one.y + other.y) / 2)
    if len(stroke) > 1:
        yield stroke[-2] if len(stroke) > 2 else stroke[0], stroke[-1]


def along(start: Point, curves: Iterable[tuple[Point, Point]], apart: float) -> Iterator[Point]:
    """Places along quadratic curves that follow each other, after `start`, at most `apart` from each other."""
    here = start
    for control, end in curves:
        parts = max(1, math.ceil((_way(here, control) + _way(control, end)) / apart))
        for part in range(1, parts + 1):
            to, fro = part / parts, 1 - part / parts
            yield Point(
                fro * fro * here.x + 2 * fro * to * control.x + to * to * end.x,
                fro * fro * here.y + 2 * fro * to * control.y + to * to * end.y,
            )
        here = end


def flat(strokes: Iterable[Stroke]) -> tuple[tuple[int, ...], ...]:
    """Strokes as they are stored: x and y in turn, in tenths of a dp."""
    return tuple(
        tuple(round(value * 10) for place in stroke for value in (place.x, place.y)) for stroke in strokes
    )


def unflat(stored: Iterable[Sequence[int]]) -> tuple[Stroke, ...]:
    """Strokes from how they are stored."""
    return tuple(
        tuple(Point(x / 10, y / 10) for x, y in zip(stroke[::2], stroke[1::2], strict=False))
        for stroke in stored
        if len(stroke) > 1
    )
