"""What can be drawn into a photo: an arrow, a circle, an area made unrecognisable; each as figures to be painted. Pure.

The preview on the glass and the picture that is kept are painted from the same figures, so that they cannot differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.photo.geometry import Box, Point

SIGNAL, LIGHT, DARK = "#E4002B", "#FFFFFF", "#101010"
"""Red within white within black: on any ground, and without seeing colours, one of the three edges stands out."""
CLOTH = ("#59676B", "#7C8B8F")
"""The chequered grey that takes an area's place. Nothing of the picture is in it, not even its average colour: from
averages, text in a known type can be found out by trying."""

_PARTS = 8
"""Fields of the chequered grey along an area's longer side: enough to be seen as made on purpose."""
_UNITS = 220
"""Units along the longer side of the picture: an edge of one unit stays visible in a small preview."""
_SHAFT, _HEAD, _HEAD_WIDTH = 2.6, 15.0, 12.0
"""Width of an arrow's shaft, length and width of its head, in units."""
_LINE, _EDGES = 2.6, (3.6, 1.8)
"""Width of a circle's line; how much wider black and white are around a signal, in units."""


@dataclass(frozen=True)
class Figure:
    """Something to be painted, in pixels of the picture.

    Attributes:
        form: "polygon" (closed, through `points`), "oval" (in the box of two `points`) or "box" (the same, filled).
        points: corners.
        fill: its colour inside, None for none.
        stroke: the colour of its line, None for none.
        width: how wide that line is.
    """

    form: str
    points: tuple[Point, ...]
    fill: str | None = None
    stroke: str | None = None
    width: float = 0

    @property
    def box(self) -> Box:
        """The box of its first two corners."""
        return Box.between(self.points[0], self.points[1])

    def as_dict(self) -> dict[str, Any]:
        """As the canvas reads it."""
        return {
            "form": self.form,
            "points": [[point.x, point.y] for point in self.points],
            "fill": self.fill,
            "stroke": self.stroke,
            "width": self.width,
        }


@dataclass(frozen=True)
class Arrow:
    """Points at something."""

    tail: Point
    tip: Point

    def figures(self, picture: Box, visible: Box) -> Sequence[Figure]:
        """Black, white and signal, one within the other."""
        unit = visible.longest / _UNITS
        corners = arrow_corners(self.tail, self.tip, unit)
        wide, narrow = _EDGES
        return (
            Figure("polygon", corners, fill=DARK, stroke=DARK, width=wide * unit),
            Figure("polygon", corners, fill=LIGHT, stroke=LIGHT, width=narrow * unit),
            Figure("polygon", corners, fill=SIGNAL),
        )


@dataclass(frozen=True)
class Circle:
    """Goes round something."""

    around: Box

    def figures(self, picture: Box, visible: Box) -> Sequence[Figure]:
        """Black, white and signal, one within the other."""
        unit = visible.longest / _UNITS
        corners = _corners(self.around)
        return tuple(
            Figure("oval", corners, stroke=colour, width=(_LINE + edge) * unit)
            for colour, edge in zip((DARK, LIGHT, SIGNAL), (*_EDGES, 0), strict=True)
        )


@dataclass(frozen=True)
class Unrecognisable:
    """An area of which no pixel may be left."""

    area: Box

    def figures(self, picture: Box, visible: Box) -> Sequence[Figure]:
        """Chequered grey over every pixel that the area touches."""
        return tuple(
            Figure("box", _corners(box), fill=CLOTH[shade])
            for box, shade in chequered(self.area.whole(picture))
        )


Mark = Arrow | Circle | Unrecognisable


def arrow_corners(tail: Point, tip: Point, unit: float) -> tuple[Point, ...]:
    """The seven corners of an arrow; a short one is nearly all head.

    Args:
        unit: pixels of one unit, in which shaft and head are measured.
    """
    length = math.hypot(tip.x - tail.x, tip.y - tail.y)
    if length == 0:
        return (tip,) * 7
    along = Point((tip.x - tail.x) / length, (tip.y - tail.y) / length)
    shrink = min(1.0, length / (1.3 * _HEAD * unit))
    head, shaft, wide = (
        size * unit * shrink / part for size, part in ((_HEAD, 1), (_SHAFT, 2), (_HEAD_WIDTH, 2))
    )
    neck = tip.moved(-along.x * head, -along.y * head)

    def beside(place: Point, distance: float) -> Point:
        return place.moved(-along.y * distance, along.x * distance)

    return (
        beside(tail, shaft),
        beside(neck, shaft),
        beside(neck, wide),
        tip,
        beside(neck, -wide),
        beside(neck, -shaft),
        beside(tail, -shaft),
    )


def chequered(area: Box) -> list[tuple[Box, int]]:
    """The fields that cover an area of whole pixels without a gap, and which of the two greys each one has."""
    if not (area.width and area.height):
        return []
    side = max(1, math.ceil(area.longest / _PARTS))
    return [
        (
            Box(left, top, min(side, area.right - left), min(side, area.bottom - top)),
            (column + row) % 2,
        )
        for row, top in enumerate(_steps(area.top, area.bottom, side))
        for column, left in enumerate(_steps(area.left, area.right, side))
    ]


def _steps(start: float, end: float, step: int) -> range:
    return range(round(start), round(end), step)


def _corners(box: Box) -> tuple[Point, Point]:
    return Point(box.left, box.top), Point(box.right, box.bottom)
