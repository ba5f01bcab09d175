"""A tablet full of customers and observations, without network, and the ways through it whose taps are measured.

`tap_to_answer` and `tap_to_seen` walk the same ways with different clocks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import getloadavg
from pathlib import Path
from typing import Protocol, TypeVar

from playwright.sync_api import Playwright, expect

from bench.results import Result, compare, percentile_95
from bench.tablet_sync import CUSTOMERS, OBSERVATIONS
from bench.territory import LOGIN, settled
from sync_server.settings import Settings
from tests.running import pairing_code, running_server
from tests.tablet import PATIENCE_MS, Tablet, tablet
from webapp.layout import TAPPED_OUTPUT

TAPS = 20
"""Of each sort: the 95th percentile is the second worst."""
SAVES = 10
"""Each is captured through the screens, which takes seconds."""
BETWEEN = 500
"""Milliseconds until a screen has come to rest."""


class Watch(Protocol):
    """Somebody with a clock who looks at a tablet."""

    def tapped(self, touched: str, wanted: str) -> float:
        """Tap a control, after which another one is there or says something else; milliseconds, of what is measured."""


SomeWatch = TypeVar("SomeWatch", bound=Watch)


@contextmanager
def full_tablet(
    driver: Playwright, folder: Path, watching: Callable[[Tablet], SomeWatch]
) -> Iterator[tuple[Tablet, SomeWatch]]:
    """A paired tablet with the whole territory on it, without network.

    Args:
        watching: prepares a tablet that is not switched on yet.
    """
    firm = settled(Settings(data=folder / "data"), CUSTOMERS, OBSERVATIONS)
    with running_server(firm.settings.data) as server, tablet(driver, folder / "tablet", server.url) as shown:
        watch = watching(shown)
        shown.start(f"#/pair?code={pairing_code(server, LOGIN)}")
        shown.sees("Alles übertragen")
        shown.go_offline()
        yield shown, watch


def one_button(driver: Playwright, folder: Path, watching: Callable[[Tablet], Watch]) -> list[float]:
    """What taps take in a Flet app of one button, which counts them."""
    with (
        running_server(folder / "data", web=TAPPED_OUTPUT) as server,
        tablet(driver, folder / "tapped", server.url) as shown,
    ):
        watch = watching(shown)
        shown.start()
        expect(shown.control("said")).to_have_count(1, timeout=PATIENCE_MS)
        return [watch.tapped("tap", "said") for _ in range(TAPS)]


def worst(name: str, found: Mapping[str, Sequence[float]], limits: Sequence[float]) -> Result:
    """The worst of the ways' 95th percentiles, in milliseconds, beside that of the limit; details say each of them."""
    details = {f"{way}_p95": round(percentile_95(times), 1) for way, times in found.items()}
    details |= {f"{way}_median": round(sorted(times)[len(times) // 2], 1) for way, times in found.items()}
    details["load"] = round(getloadavg()[0], 1)
    slowest = max(map(percentile_95, found.values()))
    return compare(name, [slowest], [percentile_95(limits)], "ms", **details)


def home(shown: Tablet, watch: Watch) -> list[float]:
    """From the customers to the first screen."""
    times = []
    for _ in range(TAPS):
        shown.tap("nav-customers")
        shown.control("customer-search").wait_for()
        times.append(watch.tapped("nav-today", "settings"))
    return times


def brief(shown: Tablet, watch: Watch) -> list[float]:
    """From a row of the customers to the brief."""
    shown.tap("nav-customers")
    shown.type("customer-search", "kasmayr")
    times = []
    for _ in range(TAPS):
        shown.page.evaluate("location.hash = '#/customers'")
        expect(shown.all_controls("capture-here")).to_have_count(0, timeout=PATIENCE_MS)
        # Flutter takes no touch while one screen gives way to another.
        shown.page.wait_for_timeout(BETWEEN)
        row = shown.all_controls("customer-").filter(has_text="Käsmayr").first
        row.wait_for()
        times.append(watch.tapped(row.get_attribute("flt-semantics-identifier") or "", "capture-here"))
    return times


def save(shown: Tablet, watch: Watch) -> list[float]:
    """From "Fertig" to the brief that it was captured from, durably saved; begins in the brief."""
    times = []
    for number in range(SAVES):
        shown.tap("capture-here")
        shown.tap("kind-need")
        shown.type("capture-text", f"Trockner {number}")
        shown.sees("Entwurf gesichert")
        times.append(watch.tapped("capture-save", "capture-here"))
    return times


def is_not_there_yet(shown: Tablet, wanted: str) -> None:
    """Wait until what is still there from before has gone: it would be no answer."""
    if wanted != "said":
        expect(shown.all_controls(wanted)).to_have_count(0, timeout=PATIENCE_MS)
