"""What `make usability` writes and the tests hold: the tasks counted, and every screen walked through in each look."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.tablet import Tablet
from tests.usability.eye import STRONG
from tests.usability.hand import Count, tasks
from tests.usability.session import ACROSS, PHONE, UPRIGHT, choose, things, translations
from tests.usability.walk import TALL, Seen, dead, foreign, nameless, small_targets, unreadable, walk, weak

Finder = Callable[[Seen], Iterator[str]]


@dataclass(frozen=True)
class Round:
    """One walk: how the tablet is held and set, and what is looked for."""

    name: str
    width: int
    looks: Mapping[str, str]
    finders: tuple[Finder, ...]


@dataclass
class Walked:
    """What a walk has found: how many screens and controls it has seen, and what falls short, by screen."""

    name: str
    screens: int = 0
    controls: int = 0
    texts: int = 0
    shortfalls: dict[str, list[str]] = field(default_factory=dict)


def _strong(seen: Seen) -> Iterator[str]:
    return weak(seen, STRONG)


def rounds() -> list[Round]:
    """All walks, in the order in which the fewest things are changed between them."""
    return [
        Round("light, German, tablet upright", UPRIGHT, {}, (small_targets, nameless, weak, dead)),
        Round("dark, English, phone", PHONE, {"theme": "dark", "language": "en"},
              (small_targets, nameless, weak, dead, foreign(translations()))),
        Round("high contrast, dark, phone", PHONE, {"contrast": "high", "language": "de"}, (_strong,)),
        Round("high contrast, light, tablet upright", UPRIGHT, {"theme": "light"}, (_strong,)),
        Round("text at 200 %, tablet upright", UPRIGHT, {"contrast": "system", "text": "2.0"},
              (unreadable, small_targets, dead)),
        Round("text at 200 %, tablet across", ACROSS, {}, (unreadable, dead)),
        Round("text at 200 %, phone", PHONE, {}, (unreadable, small_targets, dead)),
    ]  # fmt: skip


def measure(shown: Tablet, only: str = "") -> tuple[list[Count], list[Walked]]:
    """Both, on a paired tablet of the demo's morning whose first screen is shown; only the walks named so, if told."""
    shown.page.set_viewport_size({"width": UPRIGHT, "height": 1180})
    counts = tasks(shown)
    shown.page.set_viewport_size({"width": UPRIGHT, "height": TALL})
    ids = things(shown)
    walks = []
    for one in rounds():
        if only in one.name:
            walks.append(walked(shown, ids, one))
        elif one.looks:
            choose(shown, **one.looks)  # the next one builds on it
    return counts, walks


def walked(shown: Tablet, ids: Mapping[str, str], one: Round) -> Walked:
    """One walk."""
    found = Walked(one.name)
    if one.looks:
        choose(shown, **one.looks)
    for seen in walk(shown, ids, one.width):
        found.screens += 1
        found.controls += len(seen.touchables)
        found.texts += len(seen.texts)
        said = [sentence for finder in one.finders for sentence in finder(seen)]
        if said:
            found.shortfalls[seen.screen.value] = list(dict.fromkeys(said))
    return found
