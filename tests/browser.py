"""Chromium for the tests: where it is, how it is started, and how Flutter's canvas is made readable for them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

# In this order: what the person has set, then what distributions and Google call it.
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# No sandbox: tests run as root in containers. The rest keeps the browser from talking to anyone but the test's
# server, and feeds it a camera and a microphone that need no permission.
LAUNCH_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)

# The first start on a slow runner with software rendering: generous, and never waited for in full when all is well.
START_TIMEOUT_MS = 120_000

# The same patience for everything that a test waits to see: Playwright's own (5 s and 30 s) is for machines at rest.
expect.set_options(timeout=START_TIMEOUT_MS)


def chromium_path() -> str:
    """The browser to test with: RUNDGANG_CHROMIUM, or the first one found on PATH.

    Raises FileNotFoundError if there is none (`make test` installs it or says how).
    """
    chosen = os.environ.get("RUNDGANG_CHROMIUM")
    if chosen:
        return chosen
    for name in BROWSER_NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError("No Chromium or Chrome found. Install one, or set RUNDGANG_CHROMIUM to its path.")


@contextmanager
def playwright_driver() -> Iterator[Playwright]:
    """Playwright for one test session; it has to be stopped before the process may end."""
    with sync_playwright() as driver:
        yield driver


@contextmanager
def persistent_context(
    driver: Playwright,
    profile: Path,
    *,
    locale: str = "de-DE",
    size: tuple[int, int] = (820, 1180),
    dark: bool = False,
    extra_arguments: tuple[str, ...] = (),
    home: Path | None = None,
) -> Iterator[BrowserContext]:
    """A browser whose storage lives in `profile`: leaving and entering again is a restart of the browser.

    Args:
        home: the home folder of the browser's user, where the certificates lie that he trusts.
    """
    width, height = size
    context = driver.chromium.launch_persistent_context(
        str(profile),
        executable_path=chromium_path(),
        args=[*LAUNCH_ARGUMENTS, *extra_arguments],
        locale=locale,
        timezone_id="Europe/Berlin",
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        env={**os.environ, "HOME": str(home)} if home else None,
    )
    context.set_default_timeout(START_TIMEOUT_MS)
    try:
        yield context
    finally:
        # A test may have killed this browser, as an empty battery would: then nothing is left to be closed.
        with suppress(PlaywrightError):
            context.close()


def open_app(page: Page, url: str) -> None:
    """Open the tablet app and wait until its first screen has replaced the splash."""
    page.goto(url, timeout=START_TIMEOUT_MS)
    expect(page.locator("#loading")).to_have_count(0, timeout=START_TIMEOUT_MS)


def enable_semantics(page: Page) -> None:
    """Make Flutter mirror its canvas as DOM nodes with roles and labels, so that `get_by_role` works."""
    placeholder = page.locator("flt-semantics-placeholder")
    placeholder.wait_for(state="attached", timeout=START_TIMEOUT_MS)
    # It lies outside the viewport on purpose: only assistive technology is meant to reach it.
    placeholder.evaluate("node => node.click()")
    page.locator("flt-semantics-host flt-semantics").first.wait_for(state="attached")


def wait_until_installed(page: Page) -> None:
    """Wait until the service worker has stored the whole app on the device."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def wait_until_prepared(page: Page) -> None:
    """Wait until the app's Python is compiled on the device, which makes every later start faster."""
    page.evaluate(
        """async (patience) => {
          const giveUp = performance.now() + patience;
          while (!(await caches.match("/app/bytecode/app.tar"))) {
            if (performance.now() > giveUp) throw new Error("the app's Python was not compiled");
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }""",
        START_TIMEOUT_MS,
    )
