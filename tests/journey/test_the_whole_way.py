"""From a tablet without network to inside sales and back: the journey that everything else is built for."""

import re
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.inbox_page import inbox, open_lead, reject
from tests.journey.conftest import OpenTablet
from tests.journey.technician import begin, save, take_photo
from tests.running import RunningServer
from tests.tablet import kill_browser

FIRST = "Ab Frühjahr 2027 kommt Halle C dazu"
SECOND = "Fremder Verdichter steht ausgesteckt neben der RV 75"


def test_an_observation_recorded_offline_reaches_inside_sales_and_their_answer_reaches_the_tablet(
    driver: Playwright, server: RunningServer, open_tablet: OpenTablet, profile: Path, tmp_path: Path
) -> None:
    with open_tablet() as before:
        before.start()
        before.go_offline()
        begin(before, kind="plan", text=FIRST)
        take_photo(before)
        save(before)
        before.sees("1 Meldung wartet auf Netz")
        kill_browser(profile)

    with open_tablet() as after:
        after.go_offline()
        after.start()
        after.sees("1 Meldung wartet auf Netz")
        after.tap("nav-observations")
        after.sees(re.compile(f"{FIRST}.*Wartet auf Netz", re.DOTALL))
        after.tap("nav-today")
        begin(after, kind="competitor", text=SECOND)
        save(after)
        after.sees("2 Meldungen warten auf Netz")

        with inbox(driver, tmp_path / "desk", server.url) as desk:
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


def _shows_its_photo(desk: Page) -> None:
    picture = desk.get_by_role("list", name="Fotos").get_by_role("img").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0, "the photo does not open"
