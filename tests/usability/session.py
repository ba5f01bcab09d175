"""One start of Chromium for everything that is measured of how the tablet feels."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Playwright

from tests.morning import demo_of_the_morning, set_clock
from tests.running import ROOT, pairing_code, running_server
from tests.tablet import PATIENCE_MS, Tablet, tablet
from tests.usability.eye import LISTENING, Eye
from tests.usability.walk import TALL, arrive

UPRIGHT, PHONE, ACROSS = 820, 390, 1180
"""Widths in dp: a tablet held upright, a phone, a tablet held across."""


@contextmanager
def paired(driver: Playwright, place: Path, *, width: int = UPRIGHT) -> Iterator[Tablet]:
    """A tablet of the demo's morning, paired and synchronised, that tells what it paints."""
    with (
        running_server(demo_of_the_morning(place / "data")) as server,
        tablet(driver, place / "tablet", server.url, size=(width, TALL)) as shown,
    ):
        set_clock(shown)
        shown.context.add_init_script(LISTENING)
        shown.start(f"?pair#/pair?code={pairing_code(server)}")
        shown.control("open-customer").wait_for()
        yield shown


def things(shown: Tablet) -> dict[str, str]:
    """A customer, an observation and a draft of this tablet, by the word before them in an address."""
    eye = Eye(shown.page)
    found = {}
    for where, beginning in (
        ("visits", "visit-"),
        ("customers", "customer-"),
        ("observations", "observation-"),
    ):
        arrive(shown, eye, f"/{where}")
        found[where] = _first(shown, beginning)
    shown.tap("nav-capture")
    shown.tap("kind-competitor")
    eye.rest()
    found["capture"] = str(shown.page.evaluate("location.hash")).split("/")[2]
    return found


def choose(shown: Tablet, **looks: str) -> None:
    """Choose on the screen "Ich": theme="dark", contrast="high", text="2.0", language="en"."""
    eye = Eye(shown.page)
    arrive(shown, eye, "/me")
    for name, value in looks.items():
        shown.tap(f"{name}-{value}")
        eye.rest()


def translations() -> dict[str, str]:
    """The app's English catalogue, German first."""
    catalogue = ROOT / "app" / "i18n" / "locales" / "en" / "LC_MESSAGES" / "app.po"
    with catalogue.open("rb") as readable:
        return {
            message.id: message.string
            for message in read_po(readable)
            if isinstance(message.id, str) and isinstance(message.string, str) and message.id
        }


def _first(shown: Tablet, beginning: str) -> str:
    pattern = re.compile(f"{beginning}([0-9a-f-]{{36}})")
    for _ in range(PATIENCE_MS // 100):
        for name in shown.page.evaluate(
            "[...document.querySelectorAll('[flt-semantics-identifier]')]"
            ".map(node => node.getAttribute('flt-semantics-identifier'))"
        ):
            if match := pattern.fullmatch(name):
                return match.group(1)
        shown.page.wait_for_timeout(100)
    raise AssertionError(f"no {beginning} on the screen:\n{shown.reads()}")
