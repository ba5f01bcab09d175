"""The built app in a real browser: it starts without a network, asks nobody else, and says so when it cannot start."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.responses import PlainTextResponse

from tests.browser import (
    LAUNCH_ARGUMENTS,
    START_TIMEOUT_MS,
    chromium_path,
    open_app,
    playwright_driver,
    wait_until_installed,
    wait_until_prepared,
)
from tests.frame.web_app_server import WebAppServer
from webapp import build
from webapp.layout import EMPTY, EMPTY_OUTPUT


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright_driver() as driver:
        running = driver.chromium.launch(executable_path=chromium_path(), args=list(LAUNCH_ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="de-DE")
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[WebAppServer]:
    """Serves the empty Flet app: what is tested here is what surrounds any app."""
    build.build(EMPTY, EMPTY_OUTPUT)
    with WebAppServer(EMPTY_OUTPUT).running() as running:
        yield running


def test_it_starts_without_a_network_from_sources_and_from_bytecode_and_asks_nobody_else(
    context: BrowserContext, server: WebAppServer
) -> None:
    answered_elsewhere: list[str] = []
    context.on(
        "response",
        lambda response: (
            None
            if response.url.startswith((server.url, "blob:", "data:"))
            else answered_elsewhere.append(response.url)
        ),
    )
    page = context.new_page()
    open_app(page, server.url)
    wait_until_installed(page)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#loading")).to_have_count(0, timeout=START_TIMEOUT_MS)
    wait_until_prepared(page)
    page.reload()
    expect(page.locator("#loading")).to_have_count(0, timeout=START_TIMEOUT_MS)
    assert answered_elsewhere == []


def test_a_browser_that_learns_webassembly_stays_with_what_is_on_the_tablet_until_the_other_client_is(
    context: BrowserContext, server: WebAppServer
) -> None:
    before = context.new_page()
    # As in Safari, Firefox and older Chromium.
    before.add_init_script("Intl.v8BreakIterator = undefined")
    open_app(before, server.url)
    wait_until_installed(before)
    assert client_of(before) == "canvaskit"
    assert kept_clients(before) == {"main.dart.js"}
    before.close()

    context.set_offline(True)
    updated = context.new_page()
    open_app(updated, server.url)
    assert client_of(updated) == "canvaskit"
    context.set_offline(False)  # the page asks for news at once, and what it finds waits until it is closed
    wait_until_both_are_here(updated)
    assert kept_clients(updated) == {"main.dart.js", "main.dart.wasm"}
    updated.close()
    next_one = context.new_page()
    open_app(next_one, server.url)
    wait_until_wasm_may_be_relied_on(next_one)
    next_one.close()

    context.set_offline(True)
    after = context.new_page()
    open_app(after, server.url)
    assert client_of(after) == "skwasm"


def client_of(page: Page) -> str:
    """The renderer that Flutter was started with."""
    return str(page.evaluate("rundgang.renderer"))


def kept_clients(page: Page) -> set[str]:
    """Flutter's programs that are kept on this device."""
    paths = page.evaluate(
        """async () => {
          const name = (await caches.keys()).find((key) => key.startsWith("rundgang-") && key !== "rundgang-pages");
          return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
        }"""
    )
    return {path.removeprefix("/app/") for path in paths} & {"main.dart.js", "main.dart.wasm"}


def wait_until_both_are_here(page: Page) -> None:
    """Wait until another worker has been installed, with the other client."""
    wait_for(page, "async () => (await navigator.serviceWorker.getRegistration()).waiting !== null")


def wait_until_wasm_may_be_relied_on(page: Page) -> None:
    """Wait until the page has found out that every start to come may use it."""
    wait_for(page, "async () => localStorage.getItem('rundgang-client') === 'wasm'")


def wait_for(page: Page, condition: str) -> None:
    """Wait until a question is answered with true. The page's policy forbids the browser to ask it by itself."""
    deadline = time.monotonic() + START_TIMEOUT_MS / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(100)


def test_damaged_bytecode_is_forgotten_and_the_app_starts_from_its_sources(
    context: BrowserContext, server: WebAppServer
) -> None:
    page = context.new_page()
    open_app(page, server.url)
    wait_until_installed(page)
    wait_until_prepared(page)
    page.evaluate(
        """async () => {
          const name = (await caches.keys()).find((key) => key.startsWith("rundgang-") && key !== "rundgang-pages");
          const cache = await caches.open(name);
          await cache.put("/app/bytecode/stdlib.zip", new Response("damaged"));
        }"""
    )
    page.reload()
    expect(page.locator("#loading")).to_have_count(0, timeout=START_TIMEOUT_MS)


def test_a_start_that_fails_says_so_in_words_and_can_be_tried_again(
    context: BrowserContext, server: WebAppServer
) -> None:
    server.answer = lambda path: PlainTextResponse("") if path == "app.tar.gz" else None
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_text("Rundgang konnte nicht starten")).to_be_visible(timeout=START_TIMEOUT_MS)
    expect(page.get_by_text("Was auf diesem Tablet gespeichert ist, bleibt erhalten.")).to_be_visible()
    server.answer = lambda _path: None
    page.get_by_role("button", name="Noch einmal versuchen").click()
    expect(page.locator("#loading")).to_have_count(0, timeout=START_TIMEOUT_MS)


def test_an_address_without_https_is_explained(context: BrowserContext, server: WebAppServer) -> None:
    page = context.new_page()
    without_tls(page)
    page.goto(server.url)
    expect(page.get_by_text("Diese Adresse ist nicht gesichert")).to_be_visible()
    expect(page.get_by_text("Bitte die Adresse öffnen, die mit https beginnt")).to_be_visible()


def without_tls(page: Page) -> None:
    """What a browser tells a page that was opened as http://192.168…: no address of this machine is like that."""
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { get: () => false })")
