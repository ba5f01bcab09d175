"""Which revision of an observation is shown when two were made from the same one (rule S5)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Node:
    """A revision's place in its history; `settled` when a person has chosen another one instead of it."""

    id: UUID
    based_on: UUID | None
    settled: bool = False


def winner(revisions: Iterable[Node], *, yielding: Collection[UUID] = ()) -> UUID:
    """The revision that is shown: the tip of the longest line; among equals the one made last.

    "Made last" is the greatest UUIDv7, so every reader picks the same one without asking a clock.
    A revision whose origin is unknown counts as a first one.

    Args:
        revisions: all there are.
        yielding: shown only where nothing else is left to show. That a visit is off yields to that it takes place: one
            too many on the list is noticed, at one too few a customer waits.

    Raises:
        ValueError: there is no revision.
    """
    by_id = {node.id: node for node in revisions}
    if not by_id:
        raise ValueError("an observation has at least one revision")
    return max(tips(by_id.values()), key=lambda tip: (tip not in yielding, _depth(tip, by_id), tip))


def tips(revisions: Iterable[Node]) -> Sequence[UUID]:
    """The revisions that no other is based on and nobody has settled: of several a person must choose one."""
    nodes = list(revisions)
    closed = {node.based_on for node in nodes} | {node.id for node in nodes if node.settled}
    found = sorted(node.id for node in nodes if node.id not in closed)
    # A ring (only a broken tablet makes one) has no tip; then every revision is one, so that nothing hides.
    return found or sorted(node.id for node in nodes)


def _depth(revision: UUID, by_id: dict[UUID, Node]) -> int:
    seen: set[UUID] = set()
    current: UUID | None = revision
    while current is not None and current in by_id and current not in seen:
        seen.add(current)
        current = by_id[current].based_on
    return len(seen)
