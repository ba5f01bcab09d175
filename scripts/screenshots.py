"""`make screenshots`: every screen of tablet and inbox, from the real product, into docs/screenshots/.

The tablet's pictures are of one fixed morning: the demo company is made for that day and the browser's clock is
set to it, so that pictures change when the product changes and not with the hour. The inbox has the server's
clock, which is the real one.
"""

import math
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.browser import playwright_driver, wait_until_installed
from tests.inbox_page import HEAD_OF_SALES, inbox
from tests.journey.photo_evidence import SECRET, around, draw, photo_with_metadata
from tests.journey.technician import CUSTOMER, choose_file, open_customer
from tests.morning import demo_of_the_morning, set_clock
from tests.running import ROOT, RunningServer, demo_data, pairing_code, running_server
from tests.tablet import Tablet, tablet
from tests.usability.screens import Screen, address

PICTURES = ROOT / "docs" / "screenshots"
UPRIGHT, ACROSS, PHONE = (820, 1180), (1180, 820), (390, 844)
LOOKS = {UPRIGHT: ("hell", "dunkel"), ACROSS: ("hell", "dunkel"), PHONE: ("hell",)}
INBOX_PAGES = {"customers": "kunden", "tablets": "tablets", "offers": "angebote"}
HEAD_OF_SALES_PAGES = {"questions": "fragen", "lifetimes": "lebensdauer"}
LOCALES = {"de": "de-DE", "en": "en-GB"}
NAMES = {
    Screen.TODAY: "heute",
    Screen.CUSTOMERS: "kunden",
    Screen.OBSERVATIONS: "meldungen",
    Screen.ME: "ich",
    Screen.PAIR: "koppeln",
    Screen.CUSTOMER: "kundenbrief",
    Screen.OBSERVATION: "meldung",
    Screen.CAPTURE: "erfassen",
    Screen.CHOOSE_CUSTOMER: "kunde-waehlen",
    Screen.CHOOSE_ASSET: "maschine-waehlen",
    Screen.CHOOSE_CONTACT: "person-waehlen",
    Screen.CAMERA: "kamera",
    Screen.SCAN: "scannen",
    Screen.PHOTO: "foto",
    Screen.SIGN: "unterschrift",
    Screen.LOG: "protokoll",
    Screen.VISITS: "besuche",
    Screen.VISIT: "besuch",
    Screen.PLAN_VISIT: "besuch-planen",
    Screen.TASKS: "aufgaben",
    Screen.DAY: "tagesabschluss",
    Screen.DAY_LIST: "tagesliste",
}
"""What the pictures are called; a screen that is missing here fails the run."""
_NOT_HERE = {Screen.PAIR, Screen.CAMERA}
"""Pictured before there is a walk; and Chromium's own camera, which moves for ever and shows nothing."""
_THING = re.compile(r"#/(?P<of>[a-z]+)/(?P<id>[0-9a-f-]{36})")
ASKED = "Trockner zu klein für neue Linie"
"""An observation about which inside sales has asked something."""
TEXT = (
    "Herr Bauer sagt, ab Frühjahr 2027 soll Halle C dazukommen, dafür brauchen sie ungefähr doppelt so viel "
    "Druckluft. Der alte RV 75 läuft jetzt schon am Anschlag."
)


def main(only: Sequence[str]) -> int:
    """Render everything, or only "de", "en" (the tablet's languages) or "inbox"; 2 when a word is unknown."""
    parts = [*LOCALES, "inbox"]
    if unknown := [word for word in only if word not in parts]:
        print(f"unknown: {', '.join(unknown)}. There are: {', '.join(parts)}", file=sys.stderr)
        return 2
    wanted = list(only) or parts
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, playwright_driver() as driver:
        place = Path(folder)
        if languages := [word for word in wanted if word in LOCALES]:
            with running_server(demo_of_the_morning(place / "morning")) as server:
                for language in languages:
                    _tablet_pictures(driver, server, place, language)
        if "inbox" in wanted:
            with running_server(demo_data(place / "now")) as server:
                _inbox_pictures(driver, server, place)
    print(f"{len(list(PICTURES.glob('*.png')))} pictures in {PICTURES.relative_to(ROOT)}")
    return 0


def _tablet_pictures(driver: Playwright, server: RunningServer, place: Path, language: str) -> None:
    locale = LOCALES[language]
    paired = place / f"paired-{language}"
    with tablet(driver, paired, server.url, locale=locale) as first:
        set_clock(first)
        first.start()
        _settled(first.page, PICTURES / f"tablet-koppeln-820x1180-hell-{language}.png")
        first.start(f"?pair#/pair?code={pairing_code(server)}")
        first.control("nav-capture").wait_for()
        wait_until_installed(first.page)
    for size, names in LOOKS.items():
        for name in names:
            profile = place / f"{language}-{size[0]}-{name}"
            shutil.copytree(paired, profile, ignore=shutil.ignore_patterns("Singleton*"))
            with tablet(
                driver, profile, server.url, locale=locale, size=size, dark=name == "dunkel"
            ) as shown:
                set_clock(shown)
                suffix = f"{size[0]}x{size[1]}-{name}-{language}"
                walk = _Walk(shown, suffix)
                walk.main_screens(photo_with_metadata(place / "halle.jpg"))
                if name == "hell" and size != ACROSS:
                    walk.other_screens()


class _Walk:
    """A technician's way through the app, with a picture of each screen."""

    def __init__(self, shown: Tablet, suffix: str) -> None:
        self._shown = shown
        self._suffix = suffix
        self._ids: dict[str, str] = {}
        self._pictured: set[Screen] = set()

    def main_screens(self, photo: Path) -> None:
        """Those that a visit takes him to."""
        shown = self._shown
        shown.start()
        shown.control("nav-capture").wait_for()
        self._picture(Screen.TODAY)
        shown.tap("nav-customers")
        shown.control("customer-search").wait_for()
        self._picture(Screen.CUSTOMERS)
        open_customer(shown)
        self._picture(Screen.CUSTOMER)
        shown.tap("capture-here")
        shown.tap("kind-plan")
        shown.type("capture-text", TEXT)
        shown.control("draft-state").wait_for()
        self._picture(Screen.CAPTURE)
        choose_file(shown, photo)
        shown.touch(shown.all_controls("photo-edit-").first, "photo-edit")
        for tool, start, end in (("hide", *around(SECRET)), ("arrow", (0.55, 0.62), (0.34, 0.32))):
            draw(shown, tool, start, end)
        self._picture(Screen.PHOTO)
        shown.tap("photo-done")
        shown.control("draft-state").wait_for()
        self._go(address(Screen.SIGN, self._ids), "sign-pad")
        _sign(shown)
        self._picture(Screen.SIGN)
        self._go("/observations", "nav-me")
        self._picture(Screen.OBSERVATIONS)
        shown.finds(ASKED)  # on a phone it stands further down
        shown.touch(shown.all_controls("observation-").filter(has_text=ASKED).first, ASKED)
        shown.control("back").wait_for()
        self._picture(Screen.OBSERVATION)
        for screen in (Screen.VISITS, Screen.TASKS, Screen.DAY, Screen.DAY_LIST):
            self._go(address(screen, {}), "back")
            self._picture(screen)
        self._go("/me", "nav-me")
        self._picture(Screen.ME)
        # The camera's picture is Chromium's own and says nothing: what is typed finds machines, too.
        self._go("/scan", "scan-type")
        shown.tap("scan-type")
        shown.type("scan-number", "V")
        self._picture(Screen.SCAN)

    def other_screens(self) -> None:
        """Those of the app's own table of addresses that the way did not lead to."""
        self._go("/visits", "back")
        self._shown.touch(self._shown.all_controls("visit-").first, "visit")
        self._shown.control("open-customer").wait_for()
        self._picture(Screen.VISIT)
        for screen in NAMES:
            if screen not in self._pictured and screen not in _NOT_HERE:
                self._go(address(screen, self._ids), None)
                self._picture(screen)

    def _go(self, route: str, until: str | None) -> None:
        self._shown.page.evaluate("route => { location.hash = '#' + route; }", route)
        if until is not None:
            self._shown.control(until).wait_for()

    def _picture(self, screen: Screen) -> None:
        self._pictured.add(screen)
        _settled(self._shown.page, PICTURES / f"tablet-{NAMES[screen]}-{self._suffix}.png")
        self._remember()

    def _remember(self) -> None:
        """What is shown now, by the word before its id in the address."""
        found = _THING.search(str(self._shown.page.evaluate("location.hash")))
        if found:
            self._ids.setdefault(found["of"], found["id"])


def _sign(shown: Tablet) -> None:
    """Write something like a name: two letters, a line below, a dot."""
    box = shown.control("sign-pad").bounding_box()
    if box is None:
        raise RuntimeError("the field for the signature is not on the screen")
    strokes = [
        [(0.20 + 0.02 * math.sin(step / 3), 0.25 + 0.035 * step) for step in range(14)],
        [
            (0.28 + 0.007 * step + 0.02 * math.cos(step / 2.2), 0.55 + 0.1 * math.sin(step / 2.2))
            for step in range(60)
        ],
        [(0.2 + 0.02 * step, 0.82 - 0.03 * math.sin(step / 8)) for step in range(26)],
        [(0.5, 0.3)],
    ]
    mouse = shown.page.mouse
    for stroke in strokes:
        for number, (across, down) in enumerate(stroke):
            mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
            if number == 0:
                mouse.down()
        mouse.up()
    shown.page.locator('[flt-semantics-identifier="sign-pad"][aria-label*="4 "]').first.wait_for()


def _inbox_pictures(driver: Playwright, server: RunningServer, place: Path) -> None:
    looks: list[tuple[str, str, bool]] = [
        ("hell", "de", False),
        ("dunkel", "de", True),
        ("hell", "en", False),
    ]
    for name, language, dark in looks:
        with inbox(
            driver, place / f"desk-{name}-{language}", server.url, locale=LOCALES[language], dark=dark
        ) as desk:
            _set_language(desk, language)
            suffix = f"1440x900-{name}-{language}"
            desk.locator(".row a").first.click()
            desk.locator("#lead-title").wait_for()
            _settled(desk, PICTURES / f"inbox-{suffix}.png")
            _pages(desk, server, INBOX_PAGES, suffix)
            desk.goto(f"{server.url}/customers?q=kasmayr")
            desk.get_by_role("link", name=re.compile(CUSTOMER)).first.click()
            desk.locator("h1", has_text=CUSTOMER).wait_for()
            _settled(desk, PICTURES / f"inbox-kunde-{suffix}.png")
            desk.goto(f"{desk.url}/edit")
            _settled(desk, PICTURES / f"inbox-kunde-aendern-{suffix}.png")
        head = place / f"head-{name}-{language}"
        with inbox(
            driver, head, server.url, locale=LOCALES[language], dark=dark, login=HEAD_OF_SALES
        ) as desk:
            _set_language(desk, language)
            _pages(desk, server, HEAD_OF_SALES_PAGES, suffix)


def _pages(desk: Page, server: RunningServer, pages: Mapping[str, str], suffix: str) -> None:
    for path, name in pages.items():
        desk.goto(f"{server.url}/{path}")
        _settled(desk, PICTURES / f"inbox-{name}-{suffix}.png")


def _set_language(desk: Page, language: str) -> None:
    """The inbox speaks the language of the account, whatever the browser says."""
    if desk.locator("html").get_attribute("lang") != language:
        desk.locator(f"form[action='/language'] button[value='{language}']").first.dispatch_event("click")
        expect(desk.locator("html")).to_have_attribute("lang", language)  # the page there was has loaded, too


def _settled(page: Page, target: Path) -> None:
    """Take the picture when two in a row are the same: nothing moves, nothing is being drawn."""
    page.mouse.move(1, 1)  # a finger leaves no shade behind as a mouse does
    before = b""
    while (now := page.screenshot()) != before:
        before = now
        page.wait_for_timeout(250)
    target.write_bytes(now)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
