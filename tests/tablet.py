"""The tablet as a person handles it: what can be tapped, typed and read on its screen, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from tests.browser import enable_semantics, persistent_context

PATIENCE_MS = 60_000
"""How long a person's view may take to appear: starting Python in a browser on a busy machine takes seconds."""


class Tablet:
    """One browser with its own profile folder, showing the app of one server."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.page: Page = context.pages[0] if context.pages else context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)

    def start(self, path: str = "") -> None:
        """Open the app (or start it again) and wait until its screen can be read."""
        self.page.goto(f"{self.url}/app/{path}")
        enable_semantics(self.page)

    def go_offline(self) -> None:
        """Switch the network off, for the page and for its service worker."""
        self.context.set_offline(True)

    def go_online(self) -> None:
        """Switch the network on again."""
        self.context.set_offline(False)

    def control(self, identifier: str) -> Locator:
        """A control by its stable name in the app (`Semantics(identifier=…)`)."""
        return self.page.locator(f'[flt-semantics-identifier="{identifier}"]').first

    def tap(self, identifier: str) -> None:
        """Tap a control."""
        target = self.control(identifier)
        target.wait_for(timeout=PATIENCE_MS)
        target.click()

    def tap_text(self, text: str | re.Pattern[str]) -> None:
        """Tap what shows this text."""
        self.page.get_by_role("button", name=text).first.click()

    def type(self, identifier: str, text: str) -> None:
        """Type into a field, key by key, as fingers do."""
        self.tap(identifier)
        self.page.keyboard.type(text, delay=5)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until this can be read on the screen, by eyes or by a screen reader."""
        expect(self.page.locator("flt-semantics-host")).to_contain_text(text, timeout=PATIENCE_MS)


@contextmanager
def tablet(
    driver: Playwright,
    profile: Path,
    url: str,
    *,
    locale: str = "de-DE",
    size: tuple[int, int] = (820, 1180),
    dark: bool = False,
    home: Path | None = None,
) -> Iterator[Tablet]:
    """A tablet for the length of a `with` block; the same profile folder is the same tablet again."""
    with persistent_context(driver, profile, locale=locale, size=size, dark=dark, home=home) as context:
        yield Tablet(context, url)
