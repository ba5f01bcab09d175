"""Drawing without a finger: a selection on the glass that keys set, move, make larger and give up. Pure."""

from dataclasses import dataclass

from app.photo.geometry import Box, Point

STEP = 16
"""Dp that a key moves the selection."""
_ARROWS = {
    "Arrow Left": (-STEP, 0),
    "Arrow Right": (STEP, 0),
    "Arrow Up": (0, -STEP),
    "Arrow Down": (0, STEP),
}
SETS = frozenset({"Enter", "Numpad Enter", " ", "Space"})
GIVES_UP = frozenset({"Delete", "Backspace"})
"""Not Escape: that leads back from every screen."""


@dataclass(frozen=True)
class Selection:
    """From where to where something will be drawn, on the glass."""

    start: Point
    end: Point

    @property
    def box(self) -> Box:
        """The rectangle between the two."""
        return Box.between(self.start, self.end)


def in_the_middle(frame: Box) -> Selection:
    """A selection half as wide and as high as the picture, in its middle."""
    return Selection(
        frame.centre.moved(-frame.width / 4, frame.height / 4),
        frame.centre.moved(frame.width / 4, -frame.height / 4),
    )


def pressed(selection: Selection, key: str, frame: Box, *, shift: bool) -> Selection:
    """The selection after a key: arrows move it, with Shift its end alone; it stays within the picture."""
    if key not in _ARROWS:
        return selection
    dx, dy = _ARROWS[key]
    end = frame.nearest(selection.end.moved(dx, dy))
    if shift:
        return Selection(selection.start, end)
    # As a whole or not at all: at the edge it must not become smaller.
    start = frame.nearest(selection.start.moved(dx, dy))
    kept = start == selection.start.moved(dx, dy) and end == selection.end.moved(dx, dy)
    return Selection(start, end) if kept else selection
