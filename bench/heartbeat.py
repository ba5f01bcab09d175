"""How long somebody who taps has to wait because Python or the page is busy: heartbeats in both threads.

Every callback of Python's event loop is one task of the browser's in the worker, and what a tap starts waits for
the task under way. A beat that comes late therefore tells how long Python did not get to answer.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from playwright.sync_api import Page, Worker

# Moments are milliseconds since 1970: each thread counts from its own start.
_IN_THE_WORKER = """() => {
  const EVERY = 4;
  self.beats = { late: [], count: 0 };
  let due = performance.now() + EVERY;
  const beat = () => {
    const now = performance.now(), late = now - due;
    self.beats.count += 1;
    if (late > 0) self.beats.late.push([performance.timeOrigin + now, late]);
    due = performance.now() + EVERY;
    setTimeout(beat, EVERY);
  };
  setTimeout(beat, EVERY);
}"""

# A picture is due 60 times in a second; what is beyond that, the finger sees as a halt.
_IN_THE_PAGE = """() => {
  const PICTURE = 1000 / 60;
  window.beats = { late: [], count: 0 };
  let last = performance.now();
  const beat = () => {
    const now = performance.now(), late = now - last - PICTURE;
    window.beats.count += 1;
    if (late > 0) window.beats.late.push([performance.timeOrigin + now, late]);
    last = now;
    requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
}"""


class Block(NamedTuple):
    """A beat that came late: when (milliseconds since 1970) and by how many milliseconds."""

    at: float
    late: float


class Beats:
    """The heartbeat of one thread, from now on."""

    def __init__(self, thread: Page | Worker) -> None:
        self._thread = thread
        thread.evaluate(_IN_THE_PAGE if isinstance(thread, Page) else _IN_THE_WORKER)

    def late(self, since: float, until: float) -> list[Block]:
        """What came late between two moments (milliseconds since 1970)."""
        assert self._thread.evaluate("self.beats.count") > 0, "the heart does not beat"
        return list(_between(self._thread.evaluate("self.beats.late"), since, until))


def longest(blocks: Iterable[Block]) -> float:
    """The longest wait in milliseconds; 0 if there was none."""
    return max((block.late for block in blocks), default=0.0)


def _between(found: Iterable[tuple[float, float]], since: float, until: float) -> Iterator[Block]:
    for at, late in found:
        # It was late because of something that began before: as much of it counts as lies within.
        if since < at and at - late < until:
            yield Block(at, min(late, at - since))
