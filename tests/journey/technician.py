"""What a technician does again and again on the tablet, step by step as the screen demands it."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import wait_until_installed
from tests.running import RunningServer, pairing_code
from tests.tablet import PATIENCE_MS, Tablet

CUSTOMER = "Käsmayr Kunststofftechnik"


def pair(tablet: Tablet, server: RunningServer) -> str:
    """Pair with a fresh code, which is returned, and wait until the app works without network."""
    code = pairing_code(server)
    tablet.start(f"#/pair?code={code}")
    tablet.sees("Alles übertragen")
    wait_until_installed(tablet.page)
    return code


def search_customer(tablet: Tablet, field: str = "customer-search") -> None:
    """Type a part of CUSTOMER's name into a field, until his is the only line."""
    tablet.type(field, "kasmayr")
    lines = tablet.page.locator(
        '[flt-semantics-identifier^="customer-"]:not([flt-semantics-identifier$="search"])'
    )
    # Whoever taps before the list has settled taps what was there before.
    expect(lines).to_have_count(1, timeout=PATIENCE_MS)


def open_customer(tablet: Tablet) -> None:
    """Find CUSTOMER and open his brief."""
    tablet.tap("nav-customers")
    search_customer(tablet)
    tablet.tap_text(re.compile(CUSTOMER))
    tablet.control("capture-here").wait_for(timeout=PATIENCE_MS)


def begin(tablet: Tablet, *, kind: str, text: str, then: str = "Entwurf gesichert") -> None:
    """Begin an observation at CUSTOMER; returns when the bar at the bottom says `then`."""
    tablet.tap("nav-capture")
    tablet.tap(f"kind-{kind}")
    tablet.tap("choose-customer")
    search_customer(tablet, "choose-search")
    tablet.tap_text(re.compile(CUSTOMER))
    tablet.tap_text(re.compile("Werk 2"))
    tablet.type("capture-text", text)
    tablet.sees(then)


def take_photo(tablet: Tablet) -> None:
    """Add a photo from the camera to the observation being written."""
    tablet.tap("photo-camera")
    tablet.tap_text("Auslösen")
    tablet.sees("1 Foto:")
    tablet.tap("camera-done")


def choose_file(tablet: Tablet, path: Path) -> None:
    """Choose a file in the dialog of the button "Datei"."""
    tablet.scroll_to("photo-file")
    with tablet.page.expect_file_chooser() as chooser:
        tablet.tap("photo-file")
    chooser.value.set_files(path)


def save(tablet: Tablet) -> None:
    """Save the observation being written."""
    tablet.tap("capture-save")
    tablet.sees("Gespeichert. Sicher auf diesem Tablet")


def open_observation(tablet: Tablet, text: str) -> None:
    """Open an observation from the list; everything that will arrive on it has arrived."""
    tablet.tap("nav-observations")
    # The news on the first screen read alike: only a row of the list is meant.
    tablet.touch(tablet.all_controls("observation-").filter(has_text=text).first, text)
    tablet.sees("Gespräch mit dem Innendienst")
