"""The screens: what is said when, and that language, look and address change at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.device.platform import Platform
from app.i18n import use
from app.state.errors import NewerStore, StoreDamaged
from app.state.launch import Launch, Stage
from app.state.views import Transfer
from app.sync.errors import Offline, OfflineReason
from app.ui.components.transfer_banner import words
from app.ui.routes import Place, Screen, Trail, place
from app.ui.theme import look
from protocol.problems import Code
from tests.app.a_tablet import Shelf, platform
from tests.app.scripted_server import NOW, ScriptedServer, lost_before, name, refuse
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio

CALM = Transfer(
    waiting=0, waiting_since=None, refused=0, photos_waiting=0, last_contact=NOW - timedelta(minutes=5),
    running=False, phase=None, done=0, total=None, problem=None, next_attempt=None, seal=False,
    needs_pairing=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "first", "second"),
    [
        ({}, "Alles übertragen", "zuletzt abgeglichen vor 5 Min."),
        (
            {"waiting": 3, "waiting_since": NOW - timedelta(hours=2, minutes=10)},
            "3 Meldungen warten auf Netz (seit 2 Std.)",
            "Sicher auf diesem Tablet · zuletzt abgeglichen vor 5 Min.",
        ),
        ({"waiting": 1}, "1 Meldung wartet auf Netz", "Sicher auf diesem Tablet"),
        ({"photos_waiting": 2}, "2 Fotos warten auf Netz", "Sicher auf diesem Tablet"),
        ({"waiting": 1, "problem": Offline(OfflineReason.NOT_OUR_SERVER)}, "1 Meldung", "Anmeldeseite"),
        ({"refused": 1}, "1 Meldung hat der Server nicht angenommen", "Sicher auf diesem Tablet"),
        (
            {"running": True, "phase": "media", "done": 1, "total": 4},
            "Überträgt Foto 1 von 4 …",
            "abgeglichen",
        ),
        ({"needs_pairing": True, "waiting": 2}, "neu gekoppelt", "Nichts geht verloren"),
        ({"seal": True}, "gesperrt", "sicher auf diesem Tablet"),
        ({"problem": Offline(OfflineReason.UNREACHABLE)}, "Kein Netz", "Nichts wartet"),
        ({"last_contact": None}, "Noch kein Abgleich", "Sicher auf diesem Tablet"),
    ],
)
def test_the_banner_says_what_waits_and_that_it_is_safe(
    change: dict[str, Any], first: str, second: str
) -> None:
    _, _, said, more = words(replace(CALM, **change), NOW)
    assert first in said
    assert second in more


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("/", Place(Screen.TODAY)),
        ("", Place(Screen.TODAY)),
        ("/customers", Place(Screen.CUSTOMERS)),
        (f"/customers/{name('x')}", Place(Screen.CUSTOMER, name("x"))),
        (f"/capture/{name('x')}/camera", Place(Screen.CAMERA, name("x"))),
        (f"/observations/{name('x')}?answer=1", Place(Screen.OBSERVATION, name("x"), (("answer", "1"),))),
        ("/pair?code=ABCD2345", Place(Screen.PAIR, query=(("code", "ABCD2345"),))),
        ("/customers/no-id", Place(Screen.TODAY)),
        ("/what/ever/else", Place(Screen.TODAY)),
    ],
)
def test_an_address_stands_for_a_screen(route: str, expected: Place) -> None:
    assert place(route) == expected


def test_back_leads_where_one_was_and_not_in_circles() -> None:
    trail = Trail()
    for route in ("/", "/customers", "/customers/1", "/customers"):
        trail.arrive(route)
    assert trail.before("/me") == "/"


X, Y = f"/customers/{name('x')}", f"/customers/{name('y')}"
FORM = f"/capture/{name('d')}"
MINE = f"/observations/{name('o')}"


@pytest.mark.parametrize(
    ("trail", "below"),
    [
        (["/customers"], []),
        (["/customers", X], []),
        (["/customers", X, FORM], [X]),
        (["/customers", X, FORM, f"{FORM}/camera"], [X, FORM]),
        (["/customers", X, FORM, f"{FORM}/camera", f"{FORM}/photo/{name('p')}"], [X, FORM]),
        (["/", FORM, f"/scan?draft={name('d')}"], [FORM]),
        (["/customers", X, "/customers", Y], []),
        (["/customers", X, MINE, Y, FORM], [MINE, Y]),
        (["/customers", X, MINE, Y, X], [MINE, Y]),
        ([f"{FORM}/camera"], [FORM]),
        (["/me", "/log"], []),
    ],
)
def test_what_was_passed_on_the_way_lies_below(trail: list[str], below: list[str]) -> None:
    passed_on = Trail()
    for route in trail:
        passed_on.arrive(route)
    assert passed_on.passed(trail[-1]) == below


async def test_today_shows_the_visit_and_its_customer(open_app: OpenApp) -> None:
    page, _ = await open_app()
    said = page.text()
    assert "Guten Morgen, Jonas" in said
    assert "Käsmayr GmbH & Co. KG" in said
    assert "Werk 2, Halle B · Industriestraße 14, 88213 Ravensburg" in said
    assert "Alles übertragen" in page.text("transfer-banner")


async def test_the_language_changes_at_once_and_is_kept(open_app: OpenApp) -> None:
    page, _ = await open_app("/me")
    await page.tap("language-en")
    assert "Language and look" in page.text()
    await page.tap("nav-today")
    assert "Good morning, Jonas" in page.text()

    use("de")
    again, _ = await open_app(pair=False)
    assert "Good morning, Jonas" in again.text()


async def test_the_calendar_speaks_the_chosen_language(open_app: OpenApp) -> None:
    page, here = await open_app("/me")

    def spoken() -> tuple[str | None, str | None]:
        chosen = here.page.locale_configuration
        assert chosen is not None
        assert chosen.current_locale is not None
        return chosen.current_locale.language_code, chosen.current_locale.country_code

    assert spoken() == ("de", "DE")
    await page.tap("language-en")
    assert spoken() == ("en", "GB")


async def test_the_look_changes_at_once(open_app: OpenApp) -> None:
    page, _ = await open_app("/me")
    assert not look().dark
    await page.tap("theme-dark")
    assert look().dark
    assert "Jonas Weber" in page.text()
    await page.tap("nav-today")
    assert "Guten Morgen, Jonas" in page.text()


async def test_customers_are_found_without_umlauts_and_in_any_order(open_app: OpenApp) -> None:
    page, _ = await open_app("/customers")
    await page.type("customer-search", "mueller")
    assert f"customer-{name('Müller')}" in page.identifiers()
    assert f"customer-{name('Käsmayr')}" not in page.identifiers()
    await page.type("customer-search", "gibt es nicht")
    assert "Kein Kunde passt zu „gibt es nicht“." in page.text()


async def test_a_customer_page_calls_and_captures(open_app: OpenApp) -> None:
    page, here = await open_app(f"/customers/{name('Käsmayr')}")
    assert "Thomas Bauer" in page.text()
    assert "RV 75" in page.text()
    await page.tap("capture-here")
    assert here.route.startswith("/capture/")


async def test_a_link_with_a_code_pairs_at_once_and_once(open_app: OpenApp, server: ScriptedServer) -> None:
    page, here = await open_app("/pair?code=abcd-2345", pair=False)
    await page.settle()
    assert here.tablet.notebook is not None
    assert "Willkommen, Jonas" in page.text()
    assert server.seen.count("POST /sync/v1/pair") == 1


async def test_a_wrong_code_is_said_in_words_and_the_next_one_works(open_app: OpenApp) -> None:
    page, here = await open_app(pair=False)
    await page.type("pair-code", "wxng 2345")
    await page.tap("pair-submit")
    assert "Diesen Code gibt es nicht." in page.text()
    await page.type("pair-code", " abcd 2345 ")
    await page.tap("pair-submit")
    assert here.tablet.notebook is not None


async def test_a_code_that_is_too_short_is_not_sent(open_app: OpenApp, server: ScriptedServer) -> None:
    page, _ = await open_app(pair=False)
    await page.type("pair-code", "ABCD")
    await page.tap("pair-submit")
    assert "Der Code hat 8 Zeichen; hier sind es 4." in page.text()
    assert server.seen == []


async def test_signing_out_keeps_what_was_written_for_the_next_pairing(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.type("capture-text", "bleibt hier")
    here.go("/me")
    await page.settle()
    await page.tap("unpair")
    assert "Deine Meldungen und Entwürfe bleiben hier" in page.text()
    await page.tap("unpair-sure")
    assert "Tablet koppeln" in page.text()

    await page.type("pair-code", "ABCD2345")
    await page.tap("pair-submit")
    assert here.notebook.drafts()[0].heard == "bleibt hier"


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (lost_before, "Kein Netz oder Server nicht erreichbar."),
        (refuse(Code.PAIRING_CODE_EXPIRED), "Dieser Code ist abgelaufen (15 Minuten)."),
        (refuse(Code.TOO_MANY_ATTEMPTS), "Zu viele Versuche."),
    ],
)
async def test_every_failure_of_pairing_has_a_sentence(
    open_app: OpenApp, server: ScriptedServer, fault: Any, sentence: str
) -> None:
    page, _ = await open_app(pair=False)
    server.faults = [fault]
    await page.type("pair-code", "ABCD2345")
    await page.tap("pair-submit")
    assert sentence in page.text()


async def test_the_next_link_is_tried_with_its_own_code(open_app: OpenApp, server: ScriptedServer) -> None:
    server.faults = [refuse(Code.PAIRING_CODE_EXPIRED)]
    page, here = await open_app("/pair?code=ABCD2345", pair=False)
    assert "Dieser Code ist abgelaufen" in page.text()
    server.faults = [refuse(Code.PAIRING_CODE_WRONG)]
    page.moved = ("pair-", "language-")  # another form, with nothing of the one before
    here.go("/pair?code=EFGH6789")
    await page.settle()
    assert "Diesen Code gibt es nicht" in page.text()
    assert "EFGH-6789" in page.text("pair-code")


async def test_an_answer_is_kept_and_shown_as_waiting(open_app: OpenApp, server: ScriptedServer) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    await page.tap("kind-note")
    await page.type("capture-text", "Kantine wird umgebaut")
    await page.tap("capture-save")
    await page.tap("nav-observations")
    row = here.notebook.observations()[0]
    await page.tap(f"observation-{row.id}")
    await page.type("answer-text", "Typenschild sagt 8 m³")
    await page.tap("answer-send")
    assert "Typenschild sagt 8 m³" in page.text()
    assert "Antwort gespeichert. Sicher auf diesem Tablet" in page.text()


@pytest.mark.parametrize(
    ("error", "stage"),
    [(NewerStore("device", 2, 1), Stage.NEWER_STORE), (StoreDamaged("torn"), Stage.DAMAGED)],
)
async def test_a_store_that_cannot_be_opened_is_told_apart(error: Exception, stage: Stage) -> None:
    async def broken(_: Platform) -> Any:
        raise error

    launch = Launch(platform(Shelf(), ScriptedServer().transport), broken)
    await launch.run()
    assert launch.stage is stage


async def test_without_https_nothing_is_opened() -> None:
    async def never(_: Platform) -> Any:
        raise AssertionError("must not be opened")

    insecure = replace(platform(Shelf(), ScriptedServer().transport), is_web=True, is_secure=False)
    launch = Launch(insecure, never)
    await launch.run()
    assert launch.stage is Stage.INSECURE


async def test_a_second_tab_waits_and_then_goes_on_by_itself() -> None:
    stages: list[Stage] = []

    async def wait_for_the_other(waiting: Any) -> None:
        waiting()

    second = replace(platform(Shelf(), ScriptedServer().transport), acquire_tab=wait_for_the_other)
    launch = Launch(second)
    launch.subscribe(lambda: stages.append(launch.stage))
    await launch.run()
    assert stages == [Stage.OTHER_TAB, Stage.READY]
    assert launch.tablet is not None
    await launch.tablet.close()


@pytest.mark.parametrize(
    ("language", "greeting"), [("en-GB", "Pair this tablet"), ("fr-FR", "Tablet koppeln")]
)
async def test_a_new_tablet_greets_in_the_language_of_the_device(
    open_app: OpenApp, language: str, greeting: str
) -> None:
    page, _ = await open_app(pair=False, language=language)
    assert greeting in page.text()


async def test_the_language_that_a_person_chose_stays_whatever_the_device_speaks(open_app: OpenApp) -> None:
    page, here = await open_app()
    here.speak("de")
    await page.settle()
    page, _ = await open_app(language="en-GB")
    assert "Guten" in page.text()
