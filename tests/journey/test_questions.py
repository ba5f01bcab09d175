"""The questions of two kinds, answered by touch on the tablet without network, read by inside sales."""

from pathlib import Path

from playwright.sync_api import Playwright, expect

from tests.inbox_page import inbox, open_lead
from tests.journey.conftest import OpenTablet
from tests.journey.technician import begin, save
from tests.running import RunningServer
from tests.tablet import PATIENCE_MS, Tablet

PLAN = "Halle D wird gebaut, Druckluft noch offen"
RIVAL = "Fremde Anlage hinter der Presse"


def test_answers_given_without_network_stand_beside_the_observation_in_the_inbox(
    driver: Playwright, open_tablet: OpenTablet, server: RunningServer, tmp_path: Path
) -> None:
    with open_tablet() as shown:
        shown.go_offline()
        shown.start()

        begin(shown, kind="plan", text=PLAN)
        answer(shown, "ask-plan_when-4")
        answer(shown, "ask-plan_decides-1")
        decides = shown.control("ask-plan_decides-1").inner_text()
        answer(shown, "ask-plan_budget-3")
        save(shown)

        begin(shown, kind="competitor", text=RIVAL)
        shown.type("ask-rival_maker", "Boge")
        answer(shown, "ask-rival_year-3")
        answer(shown, "ask-rival_condition-3")
        # The nameplate, photographed for its question.
        shown.control("ask-rival_nameplate-camera").scroll_into_view_if_needed()
        shown.tap("ask-rival_nameplate-camera")
        shown.tap_text("Auslösen")
        shown.sees("1 Foto:")
        shown.tap("camera-done")
        expect(shown.control("ask-rival_nameplate-1")).to_have_attribute(
            "aria-current", "true", timeout=PATIENCE_MS
        )
        save(shown)
        shown.sees("2 Meldungen warten auf Netz")

        shown.go_online()
        shown.tap("sync-now")
        shown.sees("Alles übertragen")
        with inbox(driver, tmp_path / "desk", server.url) as desk:
            open_lead(desk, PLAN)
            answers = desk.locator(".answers > div")
            expect(answers.nth(0)).to_contain_text("Wann soll es so weit sein?")
            expect(answers.nth(1)).to_contain_text(decides)
            expect(answers.nth(2)).to_contain_text("50.000 €")

            desk.locator("input[name=q]").first.fill("boge abgenutzt")
            open_lead(desk, RIVAL)
            expect(desk.locator(".answers")).to_contain_text("Boge")
            expect(desk.locator(".answers .chip")).to_have_text("Abgenutzt")
            expect(desk.locator(".answers")).to_contain_text("auf einem der Fotos")


def answer(shown: Tablet, identifier: str) -> None:
    """Touch an answer; returns when it is chosen."""
    shown.control(identifier).scroll_into_view_if_needed()
    shown.tap(identifier)
    expect(shown.control(identifier)).to_have_attribute("aria-current", "true", timeout=PATIENCE_MS)
