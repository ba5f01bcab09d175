"""`cold_start_offline`: from the cache, without network, to a home screen that can be used; limit: an empty Flet app."""

import tempfile
from pathlib import Path

from playwright.sync_api import Playwright

from bench.results import Result, compare
from tests.browser import START_TIMEOUT_MS, playwright_driver, wait_until_installed, wait_until_prepared
from tests.running import demo_data, pairing_code, running_server
from tests.tablet import Tablet, tablet
from webapp.build import build
from webapp.layout import EMPTY, EMPTY_OUTPUT, OUTPUT, RUNDGANG

RUNS = 5

_WATCH = """
(() => {
  const usable = () =>
    document.querySelector('[flt-semantics-identifier="nav-capture"]') ||
    [...document.querySelectorAll('flt-semantics-host *')].some(
      (node) => (node.getAttribute('aria-label') || node.textContent) === 'Leer');
  const look = () => {
    // What is drawn on the canvas can be asked for only in the accessibility tree, which must be switched on.
    document.querySelector('flt-semantics-placeholder')?.click();
    if (usable()) window.usableAfter = performance.now();
    else setTimeout(look, 10);
  };
  look();
})();
"""


def measure() -> Result:
    """Seconds from the start of the navigation, both apps in turn."""
    build(RUNDGANG, OUTPUT)
    build(EMPTY, EMPTY_OUTPUT)
    with tempfile.TemporaryDirectory() as folder, playwright_driver() as driver:
        data = demo_data(Path(folder) / "data")
        rundgang_profile, empty_profile = Path(folder) / "rundgang", Path(folder) / "empty"
        with running_server(data) as server, running_server(data, web=EMPTY_OUTPUT) as empty:
            _install(driver, rundgang_profile, server.url, f"#/pair?code={pairing_code(server)}")
            _install(driver, empty_profile, empty.url, "")
            values, limits = [], []
            for _ in range(RUNS):
                values.append(_start_offline(driver, rundgang_profile, server.url))
                limits.append(_start_offline(driver, empty_profile, empty.url))
    return compare("cold_start_offline", values, limits, "s")


def _install(driver: Playwright, profile: Path, url: str, path: str) -> None:
    with tablet(driver, profile, url) as shown:
        shown.context.add_init_script(_WATCH)
        shown.page.goto(f"{url}/app/{path}")
        _usable_after(shown)
        wait_until_installed(shown.page)
        wait_until_prepared(shown.page)


def _start_offline(driver: Playwright, profile: Path, url: str) -> float:
    with tablet(driver, profile, url) as shown:
        shown.context.add_init_script(_WATCH)
        shown.go_offline()
        shown.page.goto(f"{url}/app/")
        return _usable_after(shown)


def _usable_after(shown: Tablet) -> float:
    # Playwright's wait_for_function needs eval, which the app's policy forbids.
    milliseconds = shown.page.evaluate(
        """async (patience) => {
          while (!window.usableAfter) {
            if (performance.now() > patience) throw new Error("the app did not become usable");
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          return window.usableAfter;
        }""",
        START_TIMEOUT_MS,
    )
    return float(milliseconds) / 1000
