"""Points and boxes in a picture, and how the picture lies on the glass: scaled, turned, cut. Pure.

Coordinates are pixels of the upright picture as it was taken, x to the right and y down; "on the glass" they are dp.
"""

import math
from dataclasses import dataclass
from typing import Self

FULL_TURN = 4
"""Quarter turns until a picture stands as before."""


@dataclass(frozen=True)
class Point:
    """A place."""

    x: float
    y: float

    def moved(self, dx: float, dy: float) -> "Point":
        """The place this much further right and down."""
        return Point(self.x + dx, self.y + dy)


@dataclass(frozen=True)
class Box:
    """A rectangle whose sides lie along the picture's."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def between(cls, one: Point, other: Point) -> Self:
        """The rectangle with these two corners, in whatever order they were touched."""
        left, top = min(one.x, other.x), min(one.y, other.y)
        return cls(left, top, abs(one.x - other.x), abs(one.y - other.y))

    @property
    def right(self) -> float:
        """Where it ends on the right."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.top + self.height

    @property
    def centre(self) -> Point:
        """Its middle."""
        return Point(self.left + self.width / 2, self.top + self.height / 2)

    @property
    def longest(self) -> float:
        """The length of its longer side."""
        return max(self.width, self.height)

    def nearest(self, point: Point) -> Point:
        """The place in it that is nearest to `point`."""
        return Point(
            min(max(point.x, self.left), self.right),
            min(max(point.y, self.top), self.bottom),
        )

    def whole(self, limits: "Box") -> "Box":
        """All pixels that it touches, even in part, within `limits`: what is half covered would still be seen."""
        left, top = max(limits.left, math.floor(self.left)), max(limits.top, math.floor(self.top))
        right = min(limits.right, math.ceil(self.right))
        bottom = min(limits.bottom, math.ceil(self.bottom))
        return Box(left, top, max(0, right - left), max(0, bottom - top))


@dataclass(frozen=True)
class Sight:
    """How what is left of a picture lies on the glass: as large as there is room, in the middle.

    Attributes:
        visible: what is left of the picture, in its pixels.
        turns: quarter turns clockwise.
        width: the room on the glass, in dp.
        height: the room on the glass, in dp.
    """

    visible: Box
    turns: int
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Dp of a pixel."""
        across, down = turned_size(self.visible, self.turns)
        return min(self.width / across, self.height / down)

    @property
    def frame(self) -> Box:
        """Where the picture is on the glass."""
        across, down = (side * self.scale for side in turned_size(self.visible, self.turns))
        return Box((self.width - across) / 2, (self.height - down) / 2, across, down)

    def on_glass(self, point: Point) -> Point:
        """Where a place in the picture is on the glass."""
        x, y = point.x - self.visible.left, point.y - self.visible.top
        width, height = self.visible.width, self.visible.height
        across, down = ((x, y), (height - y, x), (width - x, height - y), (y, width - x))[self.turns]
        return Point(self.frame.left + across * self.scale, self.frame.top + down * self.scale)

    def in_picture(self, point: Point) -> Point:
        """Which place of the picture is touched there; beside the picture, the nearest one in it."""
        inside = self.frame.nearest(point)
        across = (inside.x - self.frame.left) / self.scale
        down = (inside.y - self.frame.top) / self.scale
        width, height = self.visible.width, self.visible.height
        x, y = (
            (across, down),
            (down, height - across),
            (width - across, height - down),
            (width - down, across),
        )[self.turns]
        return Point(x + self.visible.left, y + self.visible.top)

    def box_on_glass(self, box: Box) -> Box:
        """Where a rectangle of the picture is on the glass."""
        return Box.between(
            self.on_glass(Point(box.left, box.top)), self.on_glass(Point(box.right, box.bottom))
        )


def turned_size(box: Box, turns: int) -> tuple[float, float]:
    """Width and height of what is in `box` after this many quarter turns."""
    return (box.height, box.width) if turns % 2 else (box.width, box.height)
