"""The questions of three kinds, answered and signed on the tablet without network, read by inside sales."""

import math
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.inbox_page import inbox, open_lead
from tests.journey.conftest import OpenTablet
from tests.journey.technician import begin, save
from tests.running import RunningServer
from tests.tablet import PATIENCE_MS, Tablet

PLAN = "Halle D wird gebaut, Druckluft noch offen"
RIVAL = "Fremde Anlage hinter der Presse"
NEW_HERE = "Neue Leitung der Instandhaltung"

# How dark the picture is that the desk shows: the share of its pixels that are ink, and of those within a wave as it was
# drawn, from its own first to its own last dark column.
_INK = """async (image) => {
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const heights = [];
  let dark = 0;
  for (let x = 0; x < width; x++) {
    const rows = [];
    for (let y = 0; y < height; y++) if (data[4 * (y * width + x)] < 128) rows.push(y);
    dark += rows.length;
    if (rows.length) heights.push(rows.reduce((sum, y) => sum + y, 0) / rows.length / height);
  }
  return { dark: dark / (width * height), heights };
}"""


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
        shown.tap("ask-rival_nameplate-camera")
        shown.tap_text("Auslösen")
        shown.sees("1 Foto:")
        shown.tap("camera-done")
        expect(shown.control("ask-rival_nameplate-1")).to_have_attribute(
            "aria-current", "true", timeout=PATIENCE_MS
        )
        save(shown)

        begin(shown, kind="contact_change", text=NEW_HERE)
        answer(shown, "ask-change_person-2")
        person = shown.control("ask-change_person-2").inner_text()
        sign(shown)
        save(shown)
        shown.sees("3 Meldungen warten auf Netz")

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

            desk.locator("input[name=q]").first.fill("neue leitung")
            open_lead(desk, NEW_HERE)
            signed = desk.locator(".signatures li")
            expect(signed).to_contain_text("Ich bin einverstanden, dass die genannte Firma meinen Namen")
            expect(signed).to_contain_text("Käsmayr Kunststofftechnik")
            expect(signed).to_contain_text(person)
            shows_the_wave(desk)


def answer(shown: Tablet, identifier: str) -> None:
    """Touch an answer; returns when it is chosen."""
    shown.tap(identifier)
    expect(shown.control(identifier)).to_have_attribute("aria-current", "true", timeout=PATIENCE_MS)


def sign(shown: Tablet) -> None:
    """Sign with the mouse: a wave of two and a half periods, and a dot; undone and drawn once more in between."""
    shown.scroll_to("ask-change_consent-sign")
    shown.tap("ask-change_consent-sign")
    shown.sees("Feld für die Unterschrift, mit Finger oder Stift. 0 Striche.")
    shown.tap("sign-done")
    shown.sees("Das ist noch keine Unterschrift.")
    box = shown.control("sign-pad").bounding_box()
    assert box is not None
    mouse = shown.page.mouse
    for count in (1, 2):
        places = [
            (box["x"] + box["width"] * (0.1 + 0.8 * step / 50), box["y"] + box["height"] * _wave(step / 50))
            for step in range(51)
        ]
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place)
        mouse.up()
        shown.sees("1 Strich.")
        if count == 1:
            shown.tap("sign-undo")
            shown.sees("0 Striche.")
    mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    shown.sees("2 Striche.")
    shown.tap("sign-done")
    shown.sees("Unterschrieben. Sicher auf diesem Tablet.")


def _wave(way: float) -> float:
    """How far down the wave is, from 0 to 1."""
    return 0.5 - 0.3 * math.sin(5 * math.pi * way)


def shows_the_wave(desk: Page) -> None:
    """The picture that the desk shows is what the mouse has drawn."""
    picture = desk.locator(".signatures img")
    expect(picture).to_be_visible(timeout=PATIENCE_MS)
    ink = picture.evaluate(_INK)
    assert 0.01 < ink["dark"] < 0.2, "a line, not an area"
    heights = ink["heights"]
    assert len(heights) > 300, "nowhere is it interrupted"
    # At the crests and in the hollows, where one column holds one bend alone; the picture is cut to the line.
    for way, place in ((0.1, 0.0), (0.3, 1.0), (0.7, 1.0), (0.9, 0.0)):
        found = heights[round(way * (len(heights) - 1))]
        assert abs(found - place) < 0.15, (way, found)
