"""What was done to one photo, so far: turned, cut, marked. A value; doing and undoing make new ones. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.photo.geometry import FULL_TURN, Box, Point, turned_size
from app.photo.marks import Arrow, Circle, Figure, Mark, Unrecognisable

SMALLEST = 16
"""Pixels of a side of what is left after cutting: less is a slip of the finger."""


class Tool(StrEnum):
    """What a finger that moves over the photo does."""

    ARROW = "arrow"
    CIRCLE = "circle"
    HIDE = "hide"
    CROP = "crop"


@dataclass(frozen=True)
class Edits:
    """What is to be made of a photo.

    Attributes:
        width: of the photo, in pixels.
        height: of the photo, in pixels.
        crop: what is left of it, in whole pixels; None for all of it.
        turns: quarter turns clockwise.
        marks: in the order in which they were drawn; the last one lies on top.
    """

    width: int
    height: int
    crop: Box | None = None
    turns: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def picture(self) -> Box:
        """All of the photo."""
        return Box(0, 0, self.width, self.height)

    @property
    def visible(self) -> Box:
        """What is left of it."""
        return self.crop or self.picture

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is made of it, in pixels."""
        width, height = turned_size(self.visible, self.turns)
        return round(width), round(height)

    @property
    def changes_nothing(self) -> bool:
        """Whether the photo stays as it is."""
        return not (self.crop or self.turns or self.marks)

    def turned(self) -> "Edits":
        """A quarter turn clockwise more."""
        return replace(self, turns=(self.turns + 1) % FULL_TURN)

    def drawn(self, tool: Tool, start: Point, end: Point) -> "Edits":
        """With what a finger has drawn from one place of the photo to another; the same if it hardly moved."""
        box = Box.between(start, end)
        if box.longest < self.visible.longest / 50:
            return self
        if tool is Tool.CROP:
            crop = box.whole(self.visible)
            return replace(self, crop=crop) if min(crop.width, crop.height) >= SMALLEST else self
        return replace(self, marks=(*self.marks, _mark(tool, start, end)))

    def figures(self) -> Sequence[Figure]:
        """Everything that is to be painted onto the photo, in this order."""
        return [figure for mark in self.marks for figure in mark.figures(self.picture, self.visible)]

    def as_dict(self) -> dict[str, Any]:
        """As the canvas reads it: what is left, how it is turned, what is painted onto it."""
        width, height = self.size
        visible = self.visible
        return {
            "width": width,
            "height": height,
            "left": visible.left,
            "top": visible.top,
            "across": visible.width,
            "down": visible.height,
            "turns": self.turns,
            "figures": [figure.as_dict() for figure in self.figures()],
        }


def _mark(tool: Tool, start: Point, end: Point) -> Mark:
    if tool is Tool.ARROW:
        return Arrow(start, end)
    box = Box.between(start, end)
    return Circle(box) if tool is Tool.CIRCLE else Unrecognisable(box)
