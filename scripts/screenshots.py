"""`make screenshots`: the main screens of tablet and inbox, from the real product, into docs/screenshots/.

The tablet's pictures are of one fixed morning: the demo company is made for that day and the browser's clock is
set to it, so that pictures change when the product changes and not with the hour. The inbox has the server's
clock, which is the real one.
"""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.browser import playwright_driver, wait_until_installed
from tests.inbox_page import inbox
from tests.journey.photo_evidence import SECRET, around, draw, photo_with_metadata
from tests.journey.technician import choose_file
from tests.morning import demo_of_the_morning, set_clock
from tests.running import ROOT, RunningServer, demo_data, pairing_code, running_server
from tests.tablet import Tablet, tablet

PICTURES = ROOT / "docs" / "screenshots"
TABLET_SIZES = ((820, 1180), (1180, 820))
LOCALES = {"de": "de-DE", "en": "en-GB"}
BRIGHTNESS = {"hell": False, "dunkel": True}
CUSTOMER = "Käsmayr Kunststofftechnik"
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
    for size in TABLET_SIZES:
        for name, dark in BRIGHTNESS.items():
            profile = place / f"{language}-{size[0]}-{name}"
            shutil.copytree(paired, profile, ignore=shutil.ignore_patterns("Singleton*"))
            with tablet(driver, profile, server.url, locale=locale, size=size, dark=dark) as shown:
                set_clock(shown)
                _walk(
                    shown, f"{size[0]}x{size[1]}-{name}-{language}", photo_with_metadata(place / "halle.jpg")
                )


def _walk(shown: Tablet, suffix: str, photo: Path) -> None:
    def picture(screen: str) -> None:
        _settled(shown.page, PICTURES / f"tablet-{screen}-{suffix}.png")

    shown.start()
    shown.control("nav-capture").wait_for()
    picture("heute")
    shown.tap("nav-customers")
    shown.control("customer-search").wait_for()
    picture("kunden")
    shown.type("customer-search", "kasmayr")
    shown.tap_text(CUSTOMER)
    shown.control("capture-here").wait_for()
    picture("kundenbrief")
    shown.tap("capture-here")
    shown.tap("kind-plan")
    shown.type("capture-text", TEXT)
    shown.control("draft-state").wait_for()
    picture("erfassen")
    choose_file(shown, photo)
    shown.all_controls("photo-edit-").first.click()
    for tool, start, end in (("hide", *around(SECRET)), ("arrow", (0.55, 0.62), (0.34, 0.32))):
        draw(shown, tool, start, end)
    picture("foto")
    shown.tap("photo-done")
    shown.page.evaluate("location.hash = '#/observations'")
    shown.control("nav-me").wait_for()
    picture("meldungen")
    shown.tap("nav-me")
    picture("ich")
    for address, name in (
        ("visits", "besuche"),
        ("tasks", "aufgaben"),
        ("day", "tagesabschluss"),
        ("day/list", "tagesliste"),
    ):
        shown.page.evaluate(f"location.hash = '#/{address}'")
        shown.control("back").wait_for()
        picture(name)
    # The camera's picture is Chromium's own and says nothing: what is typed finds machines, too.
    shown.page.evaluate("location.hash = '#/scan'")
    shown.tap("scan-type")
    shown.type("scan-number", "V")
    picture("scannen")


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
            for path, screen in (("customers", "kunden"), ("tablets", "tablets")):
                desk.goto(f"{server.url}/{path}")
                _settled(desk, PICTURES / f"inbox-{screen}-{suffix}.png")


def _set_language(desk: Page, language: str) -> None:
    """The inbox speaks the language of the account, whatever the browser says."""
    if desk.locator("html").get_attribute("lang") != language:
        desk.locator(f"form[action='/language'] button[value='{language}']").first.dispatch_event("click")
        desk.wait_for_load_state()


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
