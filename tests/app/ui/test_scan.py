"""Scanning: what each find says and does, the way by hand, and what stands there when nothing can be read."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft
import pytest

from app.device.camera import NoCamera, Viewfinder
from app.device.errors import CodesUnavailable, UnreadablePhoto
from app.device.platform import ReadCode
from protocol.observation import Kind
from protocol.reference import Entity
from tests.app.a_tablet import customer, platform
from tests.app.scripted_server import ScriptedServer, name
from tests.app.ui.conftest import OpenApp, never
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

RV75 = name("RV 75")


@pytest.fixture
def server(server: ScriptedServer) -> ScriptedServer:
    """Machines with numbers: one at Käsmayr, one at Müller, and a number that both have."""

    def asset(text: str, serial: str, **more: Any) -> dict[str, Any]:
        return {"id": str(name(text)), "maker": "Albwerk", "model": text, "serial_number": serial, **more}

    site = {"id": str(name("Halle B")), "name": "Werk 2, Halle B", "city": "Ravensburg"}
    at_kaesmayr = [
        asset("RV 75", "AW-75-0815", site_id=str(name("Halle B")), built_in=2014),
        asset("TR 20", "777"),
    ]
    at_mueller = [asset("C 30", "99-1", ours=False), asset("KT 12", "777")]
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", sites=[site], assets=at_kaesmayr))
    server.publish(Entity.CUSTOMER, name("Müller"), customer("Müller", city="Ulm", assets=at_mueller))
    return server


Sees = Callable[..., None]


@pytest.fixture
def camera_sees(monkeypatch: pytest.MonkeyPatch) -> Sees:
    """Sets what the camera sees, picture by picture; the last one stays. An exception is raised instead."""
    pictures: list[Any] = []

    async def start(self: Viewfinder) -> None:
        if isinstance(pictures[0], NoCamera):
            raise pictures[0]

    async def take(self: Viewfinder) -> bytes:
        return b"picture"

    async def read(_: bytes) -> tuple[ReadCode, ...]:
        shown = pictures.pop(0) if len(pictures) > 1 else pictures[0]
        if isinstance(shown, Exception):
            raise shown
        return tuple(ReadCode(text, "QRCode") for text in shown)

    def sees(*shown: Any) -> None:
        pictures[:] = shown

    async def breathe(seconds: float) -> None:
        """Between two pictures time passes; all else waits for ever, as everywhere in these tests."""
        await (asyncio.sleep(0) if seconds < 0.1 else never(seconds))

    def without_camera(self: Viewfinder, *, web: bool = False) -> None:
        self.control = ft.Container()  # Flet's own is for browsers and phones alone

    monkeypatch.setattr(Viewfinder, "__init__", without_camera)
    monkeypatch.setattr(Viewfinder, "start", start)
    monkeypatch.setattr(Viewfinder, "take", take)
    monkeypatch.setattr(
        "tests.app.ui.conftest.platform",
        lambda *args, **more: platform(*args, **{**more, "read_codes": read, "sleep": breathe}),
    )
    return sees


async def test_a_known_code_names_the_machine_and_capture_begins_there(
    open_app: OpenApp, camera_sees: Sees
) -> None:
    camera_sees(["https://qr.example.com/?sn=AW-75-0815"])
    page, here = await open_app("/scan")
    answer = page.text("scan-answer")
    assert "Erkannt" in answer
    assert "Albwerk RV 75" in answer
    assert "Käsmayr GmbH & Co. KG" in answer
    assert "Werk 2, Halle B" in answer
    await page.tap("scan-take")
    (editor,) = here.editors.values()
    assert (editor.draft.customer_id, editor.draft.asset_id) == (name("Käsmayr"), RV75)
    assert editor.draft.site_id == name("Halle B")
    assert "capture-save" in page.identifiers()


async def test_the_way_to_the_brief(open_app: OpenApp, camera_sees: Sees) -> None:
    camera_sees(["AW-75-0815"])
    page, _ = await open_app("/scan")
    await page.tap("scan-brief")
    assert "Kundenbrief" in page.text()


async def test_back_from_what_was_found_leads_to_where_the_scan_was_begun(
    open_app: OpenApp, camera_sees: Sees
) -> None:
    camera_sees(["AW-75-0815"])
    page, here = await open_app("/customers")
    await page.tap("scan")
    await page.tap("scan-take")
    await page.tap("back")
    assert here.route == "/customers"


async def test_an_unknown_code_is_believed_when_it_is_read_twice_and_reported_with_its_number(
    open_app: OpenApp, camera_sees: Sees, shelf: Any
) -> None:
    camera_sees(["Hersteller: Boge; Typ: C 40; SN: 4711"])
    page, here = await open_app(f"/scan?customer={name('Käsmayr')}")
    assert "Die Kamera geht an" not in page.text()
    await _breathe(page)
    assert "Nicht bekannt" in page.text("scan-answer")
    assert "Nr. 4711" in page.text("scan-answer")
    await page.tap("scan-report-theirs")
    (editor,) = here.editors.values()
    assert editor.draft.kind is Kind.COMPETITOR
    assert editor.draft.customer_id == name("Käsmayr")
    assert page.stands_in("ask-rival_serial") == "4711"
    assert page.stands_in("ask-rival_maker") == "Boge"
    assert page.stands_in("ask-rival_model") == "C 40"


async def test_a_machine_of_ours_that_nobody_has_entered_becomes_a_note(
    open_app: OpenApp, camera_sees: Sees
) -> None:
    camera_sees(["99999"])
    page, here = await open_app(f"/scan?customer={name('Käsmayr')}")
    await _breathe(page)
    await page.tap("scan-report-ours")
    (editor,) = here.editors.values()
    assert editor.draft.kind is Kind.NOTE
    assert editor.draft.seen == "Anlage von uns, fehlt in den Stammdaten: Nr. 99999"


async def test_a_machine_of_another_customer_is_said_to_be_elsewhere_and_can_be_reported_here(
    open_app: OpenApp, camera_sees: Sees
) -> None:
    camera_sees(["99-1"])
    page, here = await open_app(f"/scan?customer={name('Käsmayr')}")
    answer = page.text("scan-answer")
    assert "Anderer Kunde" in answer
    assert "Laut Stammdaten bei Müller GmbH & Co. KG, nicht bei Käsmayr GmbH & Co. KG." in answer
    await page.tap("scan-report-here")
    (editor,) = here.editors.values()
    assert editor.draft.customer_id == name("Käsmayr")
    assert editor.draft.seen == "Albwerk C 30, Nr. 99-1 steht hier, laut Stammdaten bei Müller GmbH & Co. KG."


async def test_two_machines_with_one_number_are_both_offered(open_app: OpenApp, camera_sees: Sees) -> None:
    camera_sees(["777"])
    page, here = await open_app("/scan")
    assert "2 Anlagen haben diese Nummer." in page.text("scan-answer")
    await page.tap(f"scan-machine-{name('KT 12')}")
    (editor,) = here.editors.values()
    assert (editor.draft.customer_id, editor.draft.asset_id) == (name("Müller"), name("KT 12"))


async def test_of_two_the_one_at_the_customer_of_the_visit_is_meant(
    open_app: OpenApp, camera_sees: Sees
) -> None:
    camera_sees(["777"])
    page, _ = await open_app(f"/scan?customer={name('Müller')}")
    assert "Albwerk KT 12" in page.text("scan-answer")


async def test_the_machine_comes_into_the_draft_that_asked_for_it(
    open_app: OpenApp, camera_sees: Sees
) -> None:
    camera_sees(["AW-75-0815"])
    page, here = await open_app("/customers")
    here.capture(kind=Kind.NEED)
    await page.settle()
    (draft_id,) = here.editors
    here.go(f"/scan?draft={draft_id}")
    await page.settle()
    await page.tap("scan-take")
    editor = here.editors[draft_id]
    assert (editor.draft.kind, editor.draft.asset_id) == (Kind.NEED, RV75)
    assert editor.draft.customer_id == name("Käsmayr")


async def test_a_text_and_an_articles_number_say_what_they_are(open_app: OpenApp, camera_sees: Sees) -> None:
    camera_sees(["Bitte Ohren schützen"])
    page, _ = await open_app("/scan")
    await _breathe(page)
    assert "Keine Seriennummer darin" in page.text("scan-answer")
    assert "scan-report-theirs" not in page.identifiers()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NoCamera("refused"), "Die Kamera ist nicht zu benutzen"),
        (CodesUnavailable("not built in"), "Dieses Gerät kann hier keine Codes lesen"),
    ],
)
async def test_without_camera_or_reader_the_number_is_typed_and_the_screen_says_why(
    open_app: OpenApp, camera_sees: Sees, error: Exception, words: str
) -> None:
    camera_sees(error)
    page, _ = await open_app("/scan")
    assert words in page.text()
    await page.type("scan-number", "aw75")
    assert "Käsmayr GmbH & Co. KG" in page.text(f"scan-machine-{RV75}")


async def test_half_a_picture_is_no_reason_to_stop(open_app: OpenApp, camera_sees: Sees) -> None:
    camera_sees(UnreadablePhoto("cut off"), ["AW-75-0815"])
    page, _ = await open_app("/scan")
    await _breathe(page)
    assert "Erkannt" in page.text("scan-answer")


async def test_a_typed_number_is_looked_up_like_a_read_one(open_app: OpenApp, camera_sees: Sees) -> None:
    camera_sees([])
    page, _ = await open_app("/scan")
    await page.tap("scan-type")
    await page.type("scan-number", " aw 75 0815 ")
    await page.tap("scan-look-up")
    assert "Erkannt" in page.text("scan-answer")
    await page.tap("scan-again")
    await page.tap("scan-type")
    await page.type("scan-number", "12")
    assert "Keine Anlage passt" in page.text()
    await page.tap("scan-look-up")
    assert "Nr. 12" in page.text("scan-answer")
    await page.tap("scan-type")
    assert page.stands_in("scan-number") == "12", "a number that was read can be corrected"


async def test_a_device_without_reader_offers_no_camera(open_app: OpenApp) -> None:
    page, _ = await open_app("/scan")
    assert "Dieses Gerät kann hier keine Codes lesen" in page.text()
    assert "scan-camera" not in page.identifiers()


@pytest.mark.parametrize("route", ["/scan?customer=nonsense", "/scan?draft=4711", "/scan?customer="])
async def test_an_address_that_names_nothing_is_a_plain_scan(
    open_app: OpenApp, camera_sees: Sees, route: str
) -> None:
    camera_sees(["AW-75-0815"])
    page, _ = await open_app(route)
    assert "Erkannt" in page.text("scan-answer")


@pytest.mark.parametrize("route", ["/customers", f"/customers/{name('Käsmayr')}"])
async def test_the_scan_is_one_touch_away_from(open_app: OpenApp, camera_sees: Sees, route: str) -> None:
    camera_sees([])
    page, _ = await open_app(route)
    await page.tap("scan")
    assert "Nummer eintippen" in page.text()


async def test_a_camera_that_answers_after_its_screen_was_left_does_not_deafen_the_app(
    open_app: OpenApp,
) -> None:
    page, _ = await open_app("/customers")
    page.session.handle_invoke_method_results(999_999, "call", b"picture", None)
    await page.tap("scan")
    assert "Nummer vom Typenschild" in page.text()


async def _breathe(page: HeadlessPage) -> None:
    """Let the camera take its next pictures."""
    await page.settle()
