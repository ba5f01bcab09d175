"""What goes wrong on a tablet, and what it says then: two tabs, a full storage, a reload, no photo, a block, a code."""

import re
import zipfile
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Playwright, expect

from tests.inbox_page import ask, inbox, open_lead, show_what_changed
from tests.journey.conftest import OpenTablet, Paired
from tests.journey.technician import begin, choose_file, open_observation, save
from tests.running import ROOT, RunningServer
from tests.tablet import PATIENCE_MS, Tablet

PHOTO = ROOT / "assets" / "icons" / "icon-192.png"


def test_a_second_tab_says_so_and_goes_on_by_itself(open_tablet: OpenTablet) -> None:
    with open_tablet() as first:
        first.start()
        first.sees("Alles übertragen")
        second = Tablet(first.context, first.url)
        second.page = first.context.new_page()
        second.start()
        second.sees("Rundgang ist schon in einem anderen Tab offen")
        first.page.close()
        second.sees("Alles übertragen")


def test_a_reload_in_the_middle_of_a_capture_returns_to_it(open_tablet: OpenTablet, tmp_path: Path) -> None:
    text = "Neue Linie für Spritzguss"
    with open_tablet() as one:
        one.start()
        begin(one, kind="need", text=text)
        broken = tmp_path / "scan.jpg"
        broken.write_text("Das ist kein Foto.")
        choose_file(one, broken)
        one.sees("Diese Datei ist kein lesbares Foto")
        choose_file(one, PHOTO)
        expect(one.all_controls("photo-remove-")).to_have_count(1, timeout=PATIENCE_MS)
        one.scroll_to("capture-next-step")
        one.type("capture-next-step", "Angebot bis Ende März")
        # What comes after the letters is shown after them, with the state of all of it: not "saved" from before the last ones.
        one.tap("capture-urgent")
        expect(one.control("capture-urgent")).to_have_attribute("aria-current", "true", timeout=PATIENCE_MS)
        one.sees("Entwurf gesichert")

        one.reload()
        expect(one.all_controls("photo-remove-")).to_have_count(1, timeout=PATIENCE_MS)
        # What stands in a field can be read from outside once the field is touched.
        one.tap("capture-text")
        one.sees(text)
        one.scroll_to("capture-next-step")
        one.tap("capture-next-step")
        one.sees("Angebot bis Ende März")
        expect(one.page.get_by_role("button", name="Foto 1 bearbeiten")).to_be_visible(timeout=PATIENCE_MS)


def test_a_full_storage_is_said_and_nothing_is_called_saved(open_tablet: OpenTablet) -> None:
    text = "Vor dem vollen Speicher"
    with open_tablet() as one:
        # Before the start: once Chromium knows of room, it believes in it for half a minute.
        quota = one.context.new_cdp_session(one.page)
        quota.send("Storage.overrideQuotaForOrigin", {"origin": one.url, "quotaSize": 1})
        one.start()
        begin(one, kind="note", text=text, then="Speicher voll: nicht gesichert")
        one.tap("capture-save")
        one.sees("Der Speicher des Tablets ist voll. Nichts Gespeichertes ist verloren. Bitte Platz schaffen")
        assert "Gespeichert. Sicher" not in one.reads()

        quota.send("Storage.overrideQuotaForOrigin", {"origin": one.url})
        save(one)
        open_observation(one, text)


def test_a_blocked_tablet_says_so_and_gives_out_what_waits(
    open_tablet: OpenTablet, server: RunningServer, tmp_path: Path
) -> None:
    device = ours(server)
    with open_tablet() as one:
        one.start()
        one.go_offline()
        begin(one, kind="plan", text="Noch nicht beim Server")
        save(one)
        server.command("device", "block", device)
        try:
            one.go_online()
            one.tap("sync-now")
            one.sees("Dieses Tablet wurde gesperrt")
            one.sees("Wartend: 1")
            with one.page.expect_download() as download:
                one.tap("export-outbox")
            taken_out = tmp_path / "taken-out.zip"
            download.value.save_as(taken_out)
        finally:
            server.command("device", "unblock", device)
        with zipfile.ZipFile(taken_out) as archive:
            words = archive.read("outbox.json").decode()
        assert "Noch nicht beim Server" in words
        # Without anybody who vouches: the seal that the browser has made fits.
        server.command("import", "outbox", str(taken_out), "--yes")
        one.tap("sync-now")
        one.sees("Alles übertragen")


def test_wrong_and_used_codes_are_told_apart(open_tablet: OpenTablet, paired: Paired) -> None:
    with open_tablet() as one:
        one.start(f"#/pair?code={paired.used_code}")
        one.sees("Dieser Code wurde schon benutzt. Bitte einen neuen geben lassen.")
        # The next link, in the tab that is open already.
        one.page.evaluate("location.hash = '#/pair?code=ABCD2345'")
        one.sees("Diesen Code gibt es nicht. Bitte noch einmal ablesen.")
        one.tap("back")
        one.sees("Alles übertragen")


def test_a_correction_and_an_answer_reach_inside_sales(
    driver: Playwright, open_tablet: OpenTablet, server: RunningServer, tmp_path: Path
) -> None:
    with open_tablet() as one, inbox(driver, tmp_path / "desk", server.url) as desk:
        one.start()
        begin(one, kind="competitor", text="Fremder Trockner im Keller")
        save(one)
        one.sees("Alles übertragen")
        desk.get_by_role("link", name=re.compile("neue Meldung")).click()
        open_lead(desk, "Fremder Trockner im Keller")
        ask(desk, "Welches Baujahr hat er?")

        one.tap("sync-now")
        one.sees("1 neue Antwort")
        open_observation(one, "Fremder Trockner im Keller")
        one.type("answer-text", "2019, steht auf dem Schild")
        one.tap("answer-send")
        one.sees("Antwort gespeichert. Sicher auf diesem Tablet")
        one.tap("observation-correct")
        one.sees("Berichtigen")
        one.type("capture-text", ", Hersteller Ofterdinger")
        save(one)
        one.tap("back")
        one.tap("nav-today")
        one.sees("Alles übertragen")

        show_what_changed(desk)
        expect(desk.locator(".thread")).to_contain_text("2019, steht auf dem Schild")
        expect(desk.locator("#detail")).to_contain_text("Hersteller Ofterdinger")


def ours(server: RunningServer) -> str:
    """The tablet that these tests paired: those of the demo have ids made from names, not from the time."""
    listed = re.findall(r"^([0-9a-f-]{36}) ", server.command("device", "list"), re.MULTILINE)
    (found,) = [device for device in listed if UUID(device).version == 7]
    return str(found)
