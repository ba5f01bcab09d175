"""One photo while a person turns, cuts and marks it: every step can be undone, the picture itself is not touched."""

from collections.abc import Callable
from uuid import UUID

from app.device.platform import ScaledPhoto
from app.photo.edits import Edits, Tool
from app.photo.geometry import Point


class PhotoEditing:
    """The steps that lead from a photo to what is kept of it.

    Args:
        photo_id: the photo in the draft, or among those that are held.
        source: the photo as it was when the person began. It is in memory only.
        announce: called after each step.
        was_saved: whether the photo belongs to an observation that was saved: as it was, it has been sent or will be.
    """

    def __init__(
        self, photo_id: UUID, source: ScaledPhoto, announce: Callable[[], None], *, was_saved: bool = False
    ) -> None:
        self.photo_id = photo_id
        self.source = source
        self.was_saved = was_saved
        self.tool = Tool.ARROW
        """What a finger draws next."""
        self._steps = [Edits(source.width or 1, source.height or 1)]
        self._taken_over = self._steps[0]
        self._announce = announce

    @property
    def edits(self) -> Edits:
        """What was done so far."""
        return self._steps[-1]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to go back."""
        return len(self._steps) > 1

    @property
    def is_pending(self) -> bool:
        """Whether something was done (or undone) since the photo was last made anew."""
        return self.edits != self._taken_over

    def choose(self, tool: Tool) -> None:
        """Draw with this from now on."""
        self.tool = tool
        self._announce()

    def turn(self) -> None:
        """A quarter turn clockwise."""
        self._step(self.edits.turned())

    def draw(self, start: Point, end: Point) -> bool:
        """Draw with the tool from one place of the photo to another; False if that was too little to be meant."""
        return self._step(self.edits.drawn(self.tool, start, end))

    def undo(self) -> None:
        """One step back."""
        if self.can_undo:
            self._steps.pop()
            self._announce()

    def take_over(self, edits: Edits, photo_id: UUID) -> None:
        """The photo was made anew as `edits` say, and is now this one."""
        self._taken_over = edits
        self.photo_id = photo_id

    def _step(self, edits: Edits) -> bool:
        if edits == self.edits:
            return False
        self._steps.append(edits)
        self._announce()
        return True


__all__ = ["PhotoEditing"]
