"""The checklist before a visit: what is to be prepared now, and what was ticked, also of points that are asked no more."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from protocol.first_template import usual_preparation
from protocol.planning import Prepared
from protocol.template import Point, Template, Words


@dataclass(frozen=True)
class Prepares:
    """One line of the checklist; `done_at` is None as long as it is open."""

    item: str
    words: Words
    done_at: datetime | None = None


def points_of(template: Template) -> tuple[Point, ...]:
    """What a version wants prepared: the firm's own points, else the product's."""
    return usual_preparation() if template.preparation is None else template.preparation


def checklist(
    asked: Template, prepared: Iterable[Prepared], find: Callable[[UUID], Template | None]
) -> list[Prepares]:
    """The points of the version that is asked now, in its order; then what was done for this visit by an older one.

    Args:
        prepared: what is done.
        find: gives a version by its id; None where it is not known here.
    """
    done = {point.item: point for point in prepared}
    lines = [
        Prepares(point.id, point.words, done.pop(point.id).done_at if point.id in done else None)
        for point in points_of(asked)
    ]
    for point in done.values():
        version = find(point.template)
        words = next((one.words for one in points_of(version or asked) if one.id == point.item), None)
        if words is not None:  # of a point that nobody here knows there is nothing to read
            lines.append(Prepares(point.item, words, point.done_at))
    return lines
