"""The inbox in a real browser: a morning's queue decided with the keyboard alone, live, without moving the list."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from protocol.pairing import PairAnswer
from sync_server.application import build
from sync_server.crm import pairing
from sync_server.settings import Settings
from sync_server.store import schema as t
from tests.browser import persistent_context, playwright_driver
from tests.inbox.desk import PASSWORD
from tests.server import firm as firms
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.test_media import upload


@pytest.fixture
def served(settings: Settings, password_hash: str) -> Iterator[tuple[str, Firm, Tablet]]:
    """A real server on a free port, the firm, and Anna's tablet that talks to it."""
    app = build(settings)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with _serving(app, listener), httpx.Client(base_url=url) as client:
        firm = firms.found(app, client)  # type: ignore[arg-type]  # all that is used of a Caller
        with firm.database.writing() as connection:
            connection.execute(update(t.users).values(password_hash=password_hash))
            code = pairing.make_code(connection, firm.anna.id, datetime.now(UTC))
        answer = client.post("/sync/v1/pair", json={"code": code, "device_name": "Tablet"})
        paired = PairAnswer.model_validate_json(answer.content)
        yield url, firm, Tablet(client, paired, firm)  # type: ignore[arg-type]


@contextmanager
def _serving(app: object, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))  # type: ignore[arg-type]
    started = threading.Event()
    startup = server.startup

    async def and_tell(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = and_tell  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert started.wait(30)
        yield
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def _log_in(page: Page, url: str) -> None:
    page.goto(url)
    _fill_in_login(page)


def _fill_in_login(page: Page) -> None:
    page.get_by_label("Anmeldename").fill("nora")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def test_a_queue_is_decided_with_the_keyboard_while_new_ones_arrive(
    served: tuple[str, Firm, Tablet], tmp_path: Path
) -> None:
    url, _, anna = served
    for text in ("Dritter Plan", "Zweiter Plan", "Erster Plan"):
        anna.push(anna.observe(text))
    with (
        playwright_driver() as driver,
        persistent_context(driver, tmp_path / "profile", size=(1440, 900)) as context,
    ):
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        _log_in(page, url)
        expect(page.locator("html")).to_have_attribute("data-live", "on")
        title = page.locator("#lead-title")

        page.keyboard.press("j")
        expect(title).to_have_text("Erster Plan")
        page.keyboard.press("a")
        expect(page.locator("#toast")).to_contain_text("Angenommen.")
        expect(page.locator("#rows .row").first).to_contain_text("Angenommen")
        page.keyboard.press("z")
        expect(page.locator("#toast")).to_contain_text("Zurückgenommen.")
        expect(page.get_by_role("link", name="Neu 3")).to_be_visible()
        page.keyboard.press("a")
        expect(page.get_by_role("link", name="Neu 2")).to_be_visible()

        page.keyboard.press("j")
        expect(title).to_have_text("Zweiter Plan")
        page.keyboard.press("x")
        expect(page.get_by_role("radio", name="Kein Bezug zu unserem Angebot")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="Schon bekannt")).to_be_checked()
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("Abgelehnt.")

        page.keyboard.press("j")
        expect(title).to_have_text("Dritter Plan")
        page.keyboard.press("q")
        # Letters that are steps elsewhere are only letters in a text; what was typed survives a reload.
        page.keyboard.type("ja, aber welche Halle?")
        page.reload()
        expect(page.get_by_label("Frage an Anna Wieland")).to_have_value("ja, aber welche Halle?")
        expect(page.get_by_label("Frage an Anna Wieland")).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toast")).to_contain_text("Rückfrage gestellt.")
        expect(page.locator(".thread")).to_contain_text("ja, aber welche Halle?")

        # The reload has emptied the list; what arrives now waits until it is asked for.
        expect(page.locator("html")).to_have_attribute("data-live", "on")
        anna.push(anna.observe("Gerade eben gesehen"))
        expect(page.locator("#news")).to_contain_text("1 neue Meldung anzeigen")
        expect(page.locator("#rows")).not_to_contain_text("Gerade eben gesehen")
        expect(title).to_have_text("Dritter Plan")
        page.keyboard.press("n")
        expect(page.locator("#rows .row").first).to_contain_text("Gerade eben gesehen")

        page.keyboard.press("/")
        page.keyboard.type("zweiter")
        page.keyboard.press("Enter")
        expect(page.locator("#rows .row")).to_have_count(1)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Tastenkürzel")

        # What is urgent is an alert wherever one is, and takes away nothing that is being written.
        page.goto(f"{url}/offers")
        page.get_by_label("Titel").fill("Trockner -10 %")
        expect(page.locator("html")).to_have_attribute("data-live", "on")
        anna.push(anna.observe("Produktion steht", urgency="urgent"))
        expect(page.get_by_role("alert")).to_contain_text("Dringend: Produktion steht")
        expect(page).to_have_title(re.compile("❗"))
        expect(page.get_by_label("Titel")).to_have_value("Trockner -10 %")
        expect(page.locator("#views [aria-current]")).to_have_count(0)
        page.get_by_role("alert").click()
        expect(title).to_have_text("Produktion steht")
        expect(page.locator("[data-urgent]")).to_have_count(0)
        assert errors == []


def test_a_photo_arrives_while_somebody_types_and_an_expired_session_loses_nothing(
    served: tuple[str, Firm, Tablet], tmp_path: Path
) -> None:
    url, firm, anna = served
    pictures = [jpeg(), jpeg(seed=2)]
    photos = tuple(photo_of(hash_of(data), len(data), f"Typenschild {n}") for n, data in enumerate(pictures))
    anna.push(anna.observe("Verdichter alt", photos=photos))
    upload(anna, pictures[0])
    with (
        playwright_driver() as driver,
        persistent_context(driver, tmp_path / "profile", size=(1440, 900)) as context,
    ):
        page = context.new_page()
        _log_in(page, url)
        expect(page.locator("html")).to_have_attribute("data-live", "on")
        page.keyboard.press("j")
        row = page.locator("#rows .row")
        expect(row).to_contain_text("1 von 2 Fotos da")
        expect(page.locator("#detail .photo-missing")).to_have_count(1)
        page.keyboard.press("c")
        page.keyboard.type("Danke, ")

        upload(anna, pictures[1])
        expect(page.locator("#detail .photos img")).to_have_count(2)
        expect(row).to_contain_text("2 Fotos")
        expect(page.locator("[data-changed]")).to_be_hidden()
        page.keyboard.type("beide sind da.")
        comment = page.get_by_label("Kommentar")
        expect(comment).to_have_value("Danke, beide sind da.")

        page.keyboard.press("Escape")
        page.keyboard.press("f")
        large = page.get_by_role("dialog", name="Foto")
        expect(large).to_contain_text("Typenschild 0")
        page.keyboard.press("ArrowRight")
        expect(large).to_contain_text("Typenschild 1")
        expect(large.locator("img")).to_have_js_property("complete", value=True)
        assert large.locator("img").evaluate("image => image.naturalWidth") > 0
        page.keyboard.press("Escape")
        expect(large).to_be_hidden()
        expect(page.locator("#detail a[data-photo]").nth(1)).to_be_focused()
        page.keyboard.press("Enter")
        expect(large).to_be_visible()
        page.keyboard.press("Enter")
        expect(large).to_be_hidden()

        with firm.database.writing() as connection:
            connection.execute(delete(t.sessions))
        comment.press("Control+Enter")
        _fill_in_login(page)
        expect(page.locator("#lead-title")).to_have_text("Verdichter alt")
        expect(comment).to_have_value("Danke, beide sind da.")
        expect(comment).to_be_focused()
        expect(page.locator("#toast")).to_contain_text("Der Schritt wurde nicht ausgeführt.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toast")).to_contain_text("Kommentar gespeichert.")
        expect(page.locator(".thread .ours")).to_have_count(1)
        expect(comment).to_have_value("")
