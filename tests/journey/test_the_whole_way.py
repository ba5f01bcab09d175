"""From a tablet without network to inside sales and back: the journey that everything else is built for."""

import re
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.browser import wait_until_installed
from tests.inbox_page import inbox, open_lead, reject
from tests.running import RunningServer, pairing_code
from tests.tablet import Tablet, kill_browser, tablet

CUSTOMER = "Käsmayr Kunststofftechnik"
FIRST = "Ab Frühjahr 2027 kommt Halle C dazu"
SECOND = "Fremder Verdichter steht ausgesteckt neben der RV 75"


def test_an_observation_recorded_offline_reaches_inside_sales_and_their_answer_reaches_the_tablet(
    driver: Playwright, demo_server: RunningServer, tmp_path: Path
) -> None:
    profile = tmp_path / "tablet"

    with tablet(driver, profile, demo_server.url) as before:
        _pair(before, demo_server)
        before.go_offline()
        _capture(before, kind="plan", text=FIRST, photo=True)
        before.sees("1 Meldung wartet auf Netz")
        kill_browser(profile)

    with tablet(driver, profile, demo_server.url) as after:
        after.go_offline()
        after.start()
        after.sees("1 Meldung wartet auf Netz")
        after.tap("nav-observations")
        after.sees(re.compile(f"{FIRST}.*Wartet auf Netz", re.DOTALL))
        after.tap("nav-today")
        _capture(after, kind="competitor", text=SECOND)
        after.sees("2 Meldungen warten auf Netz")

        with inbox(driver, tmp_path / "desk", demo_server.url) as desk:
            after.go_online()
            after.tap("sync-now")
            after.sees("Alles übertragen")
            expect(desk.get_by_role("link", name=re.compile("2 neue Meldungen anzeigen"))).to_be_visible()
            desk.get_by_role("link", name=re.compile("2 neue Meldungen anzeigen")).click()
            open_lead(desk, FIRST)
            _shows_its_photo(desk)
            open_lead(desk, SECOND)
            reject(desk, reason="Schon bekannt", note="Steht seit Mai im CRM.")

        after.tap("sync-now")
        after.tap("nav-observations")
        after.sees(re.compile(f"{SECOND}.*Abgelehnt: schon bekannt", re.DOTALL))
        after.tap_text(re.compile(SECOND))
        after.sees("Steht seit Mai im CRM.")


def _pair(tablet_: Tablet, server: RunningServer) -> None:
    tablet_.start(f"#/pair?code={pairing_code(server)}")
    tablet_.sees("Alles übertragen")
    wait_until_installed(tablet_.page)


def _capture(tablet_: Tablet, *, kind: str, text: str, photo: bool = False) -> None:
    tablet_.tap("nav-capture")
    tablet_.tap(f"kind-{kind}")
    tablet_.tap("choose-customer")
    tablet_.type("choose-search", "kasmayr")
    # Whoever taps before the list has settled taps what was there before.
    expect(tablet_.all_controls("customer-")).to_have_count(1)
    tablet_.tap_text(re.compile(CUSTOMER))
    tablet_.tap_text(re.compile("Werk 2"))
    tablet_.type("capture-text", text)
    tablet_.sees("Entwurf gesichert")
    if photo:
        tablet_.tap("photo-camera")
        tablet_.tap_text("Auslösen")
        tablet_.sees("1 Foto gesichert")
        tablet_.tap("camera-done")
    tablet_.tap("capture-save")
    tablet_.sees("Gespeichert. Sicher auf diesem Tablet")


def _shows_its_photo(desk: Page) -> None:
    picture = desk.get_by_role("list", name="Fotos").get_by_role("img").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0, "the photo does not open"
