"""One whole version on the tablet, never a mix: the service worker in a real browser.

What the numbers 1 to 5 in `webapp/page/service_worker.js` promise is shown here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from tests.browser import LAUNCH_ARGUMENTS, chromium_path, playwright_driver, wait_until_installed
from tests.frame.small_web_app import write_version
from tests.frame.web_app_server import WebAppServer

CAPTIVE_PORTAL = "<!DOCTYPE html><title>WLAN</title>Bitte anmelden"

# Ask for an update and tell what became of it: "installed", "refused", or the error's name. The page may have asked
# by itself at the same moment (it does when the network comes back), hence the look at what is there afterwards.
ASK_FOR_UPDATE = """
async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  try { await registration.update(); } catch (error) { return error.name; }
  const worker = registration.installing;
  if (worker) {
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
  return registration.waiting ? "installed" : "refused";
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright_driver() as driver:
        running = driver.chromium.launch(executable_path=chromium_path(), args=list(LAUNCH_ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def versions(tmp_path: Path) -> dict[str, str]:
    """The names of the two versions in the folders `one` and `two`."""
    return {part: write_version(tmp_path / part, part) for part in ("one", "two")}


@pytest.fixture
def server(versions: dict[str, str], tmp_path: Path) -> Iterator[WebAppServer]:
    assert versions["one"] != versions["two"]
    with WebAppServer(tmp_path / "one").running() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A device of its own: storage, cache and workers of no other test."""
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def tablet(context: BrowserContext, server: WebAppServer) -> Page:
    """A page with version one, stored on the device."""
    page = open_page(context, server)
    wait_until_installed(page)
    page.reload()
    expect(page.locator("#part")).to_have_text("one")
    return page


def open_page(context: BrowserContext, server: WebAppServer) -> Page:
    page = context.new_page()
    page.goto(server.url)
    expect(page.locator("#part")).not_to_have_text("…")
    return page


def offer_version_two(server: WebAppServer, tmp_path: Path) -> None:
    server.built = tmp_path / "two"
    server.asked.clear()


def fetched(page: Page, path: str) -> Any:
    return page.evaluate("path => fetch(path).then(answer => answer.text())", path)


def version_of(page: Page) -> Any:
    return page.evaluate("rundgang.version")


def caches(page: Page) -> set[str]:
    return set(page.evaluate("caches.keys()"))


def wait_until_heard(page: Page, kind: str) -> Any:
    page.wait_for_function("kind => heard.some(message => message.type === kind)", arg=kind)
    return page.evaluate("kind => heard.find(message => message.type === kind)", kind)


def wait_until(page: Page, condition: str, argument: str | None = None) -> None:
    """Wait for an asynchronous condition; Playwright's wait_for_function takes its promise for true."""
    page.evaluate(
        f"""async (argument) => {{
          const giveUp = performance.now() + 30_000;
          while (!(await ({condition})(argument))) {{
            if (performance.now() > giveUp) throw new Error("waited in vain");
            await new Promise(requestAnimationFrame);
          }}
        }}""",
        argument,
    )


def apply_update(page: Page) -> None:
    page.evaluate("channel.postMessage({ type: 'apply-update', page: rundgang.pageId })")


def test_the_app_opens_without_a_network_once_installed(tablet: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    tablet.reload()
    expect(tablet.locator("#part")).to_have_text("one")
    assert fetched(tablet, "same.txt") == "the same in every version"


def test_the_first_install_is_told(
    context: BrowserContext, server: WebAppServer, versions: dict[str, str]
) -> None:
    page = open_page(context, server)
    assert wait_until_heard(page, "offline-ready")["version"] == versions["one"]


def test_only_the_renderer_in_use_is_kept(tablet: Page, versions: dict[str, str]) -> None:
    kept = tablet.evaluate(
        "name => caches.open(name).then(cache => cache.keys()).then(all => all.map(one => new URL(one.url).pathname))",
        f"rundgang-{versions['one']}",
    )
    assert "/app/canvaskit/skwasm.wasm" in kept
    assert "/app/canvaskit/canvaskit.wasm" not in kept


def test_an_update_waits_until_it_is_chosen(
    tablet: Page, server: WebAppServer, versions: dict[str, str], tmp_path: Path
) -> None:
    offer_version_two(server, tmp_path)
    assert tablet.evaluate(ASK_FOR_UPDATE) == "installed"
    assert wait_until_heard(tablet, "update-ready")["version"] == versions["two"]
    assert fetched(tablet, "part.txt") == "one"
    tablet.reload()
    expect(tablet.locator("#part")).to_have_text("one")
    assert version_of(tablet) == versions["one"]
    assert wait_until_heard(tablet, "update-ready")["version"] == versions["two"]


def test_a_chosen_update_restarts_into_the_new_version_and_removes_the_old(
    tablet: Page, context: BrowserContext, server: WebAppServer, versions: dict[str, str], tmp_path: Path
) -> None:
    offer_version_two(server, tmp_path)
    assert tablet.evaluate(ASK_FOR_UPDATE) == "installed"
    wait_until_heard(tablet, "update-ready")
    apply_update(tablet)
    expect(tablet.locator("#part")).to_have_text("two")
    assert version_of(tablet) == versions["two"]
    wait_until(tablet, "async (old) => !(await caches.has(old))", f"rundgang-{versions['one']}")
    context.set_offline(True)
    tablet.reload()
    expect(tablet.locator("#part")).to_have_text("two")


def test_the_page_that_brought_the_first_version_restarts_into_the_next(
    context: BrowserContext, server: WebAppServer, versions: dict[str, str], tmp_path: Path
) -> None:
    fresh = open_page(context, server)
    wait_until_installed(fresh)
    offer_version_two(server, tmp_path)
    assert fresh.evaluate(ASK_FOR_UPDATE) == "installed"
    wait_until_heard(fresh, "update-ready")
    apply_update(fresh)
    expect(fresh.locator("#part")).to_have_text("two")
    assert version_of(fresh) == versions["two"]


def test_the_app_may_ask_what_is_known(tablet: Page, versions: dict[str, str]) -> None:
    tablet.evaluate("channel.postMessage({ type: 'which' })")
    answer = wait_until_heard(tablet, "version")
    assert answer == {"type": "version", "version": versions["one"], "ready": None, "offline": True}


def test_an_update_downloads_only_what_has_changed(
    tablet: Page, server: WebAppServer, tmp_path: Path
) -> None:
    offer_version_two(server, tmp_path)
    assert tablet.evaluate(ASK_FOR_UPDATE) == "installed"
    assert set(server.asked) == {"service_worker.js", "index.html", "part.txt"}


def test_another_tab_stays_wholly_with_its_version(
    tablet: Page, context: BrowserContext, server: WebAppServer, versions: dict[str, str], tmp_path: Path
) -> None:
    other = open_page(context, server)
    offer_version_two(server, tmp_path)
    assert tablet.evaluate(ASK_FOR_UPDATE) == "installed"
    wait_until_heard(tablet, "update-ready")
    apply_update(tablet)
    expect(tablet.locator("#part")).to_have_text("two")
    context.set_offline(True)
    assert version_of(other) == versions["one"]
    assert fetched(other, "part.txt") == "one"
    assert fetched(tablet, "part.txt") == "two"
    other.reload()
    expect(other.locator("#part")).to_have_text("two")


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(HTMLResponse(CAPTIVE_PORTAL), id="captive portal with status 200"),
        pytest.param(RedirectResponse("/login"), id="redirect"),
        pytest.param(PlainTextResponse("two", status_code=500), id="server error with the right text"),
        pytest.param(PlainTextResponse("tw"), id="cut off"),
        pytest.param(PlainTextResponse("one"), id="half-updated server"),
    ],
)
def test_an_update_with_one_wrong_answer_is_refused_and_the_old_version_works(
    tablet: Page,
    context: BrowserContext,
    server: WebAppServer,
    versions: dict[str, str],
    tmp_path: Path,
    poison: Response,
) -> None:
    offer_version_two(server, tmp_path)
    server.answer = lambda path: poison if path == "part.txt" else None
    assert tablet.evaluate(ASK_FOR_UPDATE) == "refused"
    assert f"rundgang-{versions['two']}" not in caches(tablet)
    context.set_offline(True)
    tablet.reload()
    expect(tablet.locator("#part")).to_have_text("one")

    context.set_offline(False)
    server.answer = lambda _path: None
    assert tablet.evaluate(ASK_FOR_UPDATE) == "installed"


def test_a_captive_portal_in_place_of_the_worker_changes_nothing(
    tablet: Page, context: BrowserContext, server: WebAppServer
) -> None:
    server.answer = lambda _path: HTMLResponse(CAPTIVE_PORTAL)
    assert tablet.evaluate(ASK_FOR_UPDATE) in {"SecurityError", "TypeError"}
    tablet.reload()
    expect(tablet.locator("#part")).to_have_text("one")
    context.set_offline(True)
    tablet.reload()
    expect(tablet.locator("#part")).to_have_text("one")


def test_a_first_install_with_a_wrong_answer_stores_nothing(
    context: BrowserContext, server: WebAppServer
) -> None:
    server.answer = lambda path: HTMLResponse(CAPTIVE_PORTAL) if path == "same.txt" else None
    page = open_page(context, server)
    wait_until_heard(page, "offline-failed")
    assert page.evaluate("caches.keys()") == []

    server.answer = lambda _path: None
    page.reload()
    wait_until_heard(page, "offline-ready")


def test_requests_to_the_server_are_never_touched(
    tablet: Page, context: BrowserContext, server: WebAppServer
) -> None:
    answers = iter(["first", "second"])
    server.answer = lambda path: PlainTextResponse(next(answers)) if path == "/sync/v1/changes" else None
    assert [fetched(tablet, "/sync/v1/changes"), fetched(tablet, "/sync/v1/changes")] == ["first", "second"]
    context.set_offline(True)
    assert tablet.evaluate("fetch('/sync/v1/changes').catch(error => error.name)") == "TypeError"


def test_what_is_no_part_of_the_version_is_not_asked_of_the_server(
    tablet: Page, server: WebAppServer
) -> None:
    server.answer = lambda path: PlainTextResponse("from another version") if path == "new.txt" else None
    assert tablet.evaluate("fetch('new.txt').then(answer => answer.status)") == 404
    assert "new.txt" not in server.asked


def test_a_file_that_the_browser_threw_away_is_replaced_by_the_same_content_only(
    tablet: Page, server: WebAppServer, versions: dict[str, str], tmp_path: Path
) -> None:
    throw_away = "name => caches.open(name).then(cache => cache.delete('/app/part.txt'))"
    cache = f"rundgang-{versions['one']}"
    assert tablet.evaluate(throw_away, cache) is True
    assert fetched(tablet, "part.txt") == "one"

    assert tablet.evaluate(throw_away, cache) is True
    offer_version_two(server, tmp_path)
    assert tablet.evaluate("fetch('part.txt').then(answer => answer.status)") == 503
