"""`tap_to_answer` and `tap_to_seen`: from a finger to what the eye gets, on a tablet full of customers and observations.

The whole built app in Chromium, offline, with 2,000 customers and 5,000 observations. The ways are gone once with the tree
for screen readers, which tells where everything is, and then again by a finger that knows, without it: a person who sees
has it switched off. Limit: the same finger in a Flet app of one button, which counts taps.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from os import getloadavg
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, Playwright, expect

from app.photo.geometry import Box
from bench.pictures import Eye, Seen
from bench.results import Result, compare, percentile_95
from bench.tablet_sync import CUSTOMERS, OBSERVATIONS
from bench.territory import LOGIN, settled
from sync_server.settings import Settings
from tests.browser import playwright_driver
from tests.running import pairing_code, running_server
from tests.tablet import PATIENCE_MS, Tablet, tablet
from webapp.build import build
from webapp.layout import OUTPUT, RUNDGANG, TAPPED, TAPPED_OUTPUT

TAPS = 20
"""Of each sort: the 95th percentile is the second worst."""
SAVES = 10
"""Each is captured through the screens, which takes seconds."""
_A_SCREEN = 0.03
"""The share of the glass that another screen changes at least; a touched control alone changes less."""

Way = Callable[["Finger", int], list[Seen]]


class Walked(NamedTuple):
    """What was seen on each way, and in the app of one button."""

    ways: Mapping[str, Sequence[Seen]]
    limit: Sequence[Seen]


def measure_answers() -> Result:
    """Milliseconds until half of what changes on the screen has changed; the worst of five 95th percentiles."""
    walked = _walked()
    answered = {way: [seen.answered for seen in each] for way, each in walked.ways.items()}
    whole = {
        f"{way}_whole_median": _median([seen.whole for seen in each]) for way, each in walked.ways.items()
    }
    return _worst("tap_to_answer", answered, [seen.answered for seen in walked.limit], whole)


def measure_seen() -> Result:
    """Milliseconds until the touched control looks different; the worst of four 95th percentiles."""
    walked = _walked()
    felt = {way: _felt(each) for way, each in walked.ways.items() if way != "search"}
    return _worst("tap_to_seen", felt, _felt(walked.limit), {})


class Finger:
    """Touches the glass where something is, and looks."""

    def __init__(self, shown: Tablet) -> None:
        self._shown = shown
        self._eye = Eye(shown.page)
        self._boxes: dict[str, Box] = {}
        self._knows = False

    def knows_the_way(self) -> None:
        """The app starts again, without the tree for screen readers."""
        self._knows = True
        self._shown.page.reload()
        expect(self._shown.page.locator("#loading")).to_have_count(0, timeout=PATIENCE_MS)
        self._eye.rests()

    def taps(self, name: str) -> Seen:
        """Tap a control, and look until it has been answered and nothing moves."""
        mouse = self._shown.page.mouse
        middle = self._where(name).centre
        # The shade under a mouse is none that a finger would see: it is there before.
        mouse.move(middle.x, middle.y)
        return self._seen(name, lambda: mouse.click(middle.x, middle.y))

    def types(self, text: str, name: str) -> Seen:
        """Type letters into the field that was tapped."""
        return self._seen(name, lambda: self._shown.page.keyboard.type(text, delay=5))

    def takes_back(self, name: str) -> Seen:
        """Take the last letter back."""
        return self._seen(name, lambda: self._shown.page.keyboard.press("Backspace"))

    def _seen(self, name: str, act: Callable[[], None]) -> Seen:
        box = self._where(name)  # before the act: what was tapped may be gone after it
        self._eye.opens()
        act()
        return self._eye.sees(box)

    def _where(self, name: str) -> Box:
        if not self._knows:
            control = self._control(name)
            control.wait_for(timeout=PATIENCE_MS)
            box = control.bounding_box()
            assert box is not None
            self._boxes[name] = Box(box["x"], box["y"], box["width"], box["height"])
        return self._boxes[name]

    def _control(self, name: str) -> Locator:
        if name == "customer":
            return self._shown.all_controls("customer-").filter(has_text="Käsmayr").first
        return self._shown.control(name)


def _home(finger: Finger, times: int) -> list[Seen]:
    """From the customers to the first screen."""
    found = []
    for _ in range(times):
        finger.taps("nav-customers")
        found.append(finger.taps("nav-today"))
    return found


def _search(finger: Finger, times: int) -> list[Seen]:
    """From a letter to the rows that fit."""
    finger.taps("nav-customers")
    finger.taps("customer-search")
    finger.types("kasmayr ", "customer-search")
    found = []
    for number in range(times):
        # The customers are numbered: another digit finds others.
        found.append(finger.types(str(number % 9 + 1), "customer-search"))
        finger.takes_back("customer-search")
    return found


def _brief(finger: Finger, times: int) -> list[Seen]:
    """From a row of the customers to the brief; begins with the rows that were found, ends in the brief."""
    found = []
    for _ in range(times):
        found.append(finger.taps("customer"))
        finger.taps("back")
    finger.taps("customer")
    return found


def _back(finger: Finger, times: int) -> list[Seen]:
    """From the brief back to the customers; begins and ends in the brief."""
    found = []
    for _ in range(times):
        found.append(finger.taps("back"))
        finger.taps("customer")
    return found


def _save(finger: Finger, times: int) -> list[Seen]:
    """From "Fertig" to the brief that it was captured from, durably saved; begins in the brief."""
    found = []
    for number in range(times):
        finger.taps("capture-here")
        finger.taps("kind-need")
        finger.taps("capture-text")
        finger.types(f"Trockner {number}", "capture-text")
        found.append(finger.taps("capture-save"))
    return found


_WAYS: Mapping[str, tuple[Way, int]] = {
    "home": (_home, TAPS),
    "search": (_search, TAPS),
    "brief": (_brief, TAPS),
    "back": (_back, TAPS),
    "save": (_save, SAVES),
}


@cache
def _walked() -> Walked:
    """Both benches look at the same taps."""
    build(RUNDGANG, OUTPUT)
    build(TAPPED, TAPPED_OUTPUT)
    with tempfile.TemporaryDirectory() as name, playwright_driver() as driver:
        return Walked(_full_tablet(driver, Path(name)), _one_button(driver, Path(name)))


def _full_tablet(driver: Playwright, folder: Path) -> dict[str, list[Seen]]:
    """What is seen on a paired tablet with the whole territory on it, without network."""
    firm = settled(Settings(data=folder / "data"), CUSTOMERS, OBSERVATIONS)
    with running_server(firm.settings.data) as server, tablet(driver, folder / "tablet", server.url) as shown:
        finger = Finger(shown)
        shown.start(f"#/pair?code={pairing_code(server, LOGIN)}")
        shown.sees("Alles übertragen")
        shown.go_offline()
        for way, _ in _WAYS.values():
            way(finger, 1)
        shown.page.evaluate("location.hash = '#/'")
        finger.knows_the_way()
        found = {name: way(finger, times) for name, (way, times) in _WAYS.items()}
        for name, each in found.items():
            assert all(seen.changed > _A_SCREEN for seen in each), f"{name}: {each}"
        shown.page.evaluate("location.hash = '#/'")
        shown.reload()
        shown.sees(f"{SAVES + 1} Meldungen warten")
    return found


def _one_button(driver: Playwright, folder: Path) -> list[Seen]:
    data = folder / "tapped-data"
    data.mkdir()
    with (
        running_server(data, web=TAPPED_OUTPUT) as server,
        tablet(driver, folder / "tapped", server.url) as shown,
    ):
        finger = Finger(shown)
        shown.start()
        finger.taps("tap")
        finger.knows_the_way()
        return [finger.taps("tap") for _ in range(TAPS)]


def _felt(each: Sequence[Seen]) -> list[float]:
    felt = [seen.felt for seen in each if seen.felt is not None]
    assert len(felt) == len(each), "a control never looked different"
    return felt


def _worst(
    name: str, found: Mapping[str, Sequence[float]], limits: Sequence[float], more: Mapping[str, float]
) -> Result:
    """The worst of the ways' 95th percentiles beside that of the limit; details say each of them."""
    details = {f"{way}_p95": round(percentile_95(times), 1) for way, times in found.items()}
    details |= {f"{way}_median": _median(times) for way, times in found.items()}
    details |= {"load": round(getloadavg()[0], 1), **more}
    slowest = max(map(percentile_95, found.values()))
    return compare(name, [slowest], [percentile_95(limits)], "ms", **details)


def _median(times: Sequence[float]) -> float:
    return round(sorted(times)[len(times) // 2], 1)
