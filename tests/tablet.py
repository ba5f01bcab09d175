"""The tablet as a person handles it: what can be tapped, typed and read on its screen, in a real browser."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser import enable_semantics, persistent_context

PATIENCE_MS = 120_000
"""How long a person's view may take to appear: starting Python in a browser on a busy machine takes seconds."""


# Flutter says some words as text and some as labels, and groups them as it likes.
_READ = """() => {
  const words = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) words.push(node.textContent);
    else {
      if (node.getAttribute?.('aria-label')) words.push(node.getAttribute('aria-label'));
      if (node.value) words.push(node.value);
      node.childNodes.forEach(walk);
    }
  };
  const host = document.querySelector('flt-semantics-host');
  if (host) walk(host);
  return words.join('\\n');
}"""


# A field that was touched takes letters a few pictures later.
_TYPING_IS_POSSIBLE = """async (pictures) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let left = pictures; left && !document.activeElement?.matches('input, textarea'); left--) await frame();
  await frame();
  await frame();
}"""


class Tablet:
    """One browser with its own profile folder, showing the app of one server."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.page: Page = context.pages[0] if context.pages else context.new_page()

    def start(self, path: str = "") -> None:
        """Open the app (or start it again) and wait until its screen can be read."""
        self.page.goto(f"{self.url}/app/{path}")
        enable_semantics(self.page)

    def reload(self) -> None:
        """Load the page again, wherever the person is, and wait until it can be read."""
        self.page.reload()
        enable_semantics(self.page)

    @contextmanager
    def restarts(self) -> Iterator[None]:
        """What happens within makes the app start again; returns when its screen can be read."""
        with self.page.expect_event("load", timeout=PATIENCE_MS):
            yield
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

    def all_controls(self, beginning: str) -> Locator:
        """All controls whose stable names begin alike: the lines of a list."""
        return self.page.locator(f'[flt-semantics-identifier^="{beginning}"]')

    def tap(self, identifier: str) -> None:
        """Tap a control by its stable name. Raises AssertionError when it does not appear."""
        self._click(self.control(identifier), identifier)

    def scroll_to(self, identifier: str) -> None:
        """Move the page up, as a finger does, until a control stands between the head and the bar at the bottom.

        Raises:
            AssertionError: it does not appear; the message holds what can be read instead.
        """
        assert self.page.viewport_size is not None
        width, height = self.page.viewport_size["width"], self.page.viewport_size["height"]
        self.page.mouse.move(width / 2, height / 2)
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < deadline:
            control = self.control(identifier)
            box = control.bounding_box() if control.count() else None
            if box is not None and height * 0.15 < box["y"] and box["y"] + box["height"] < height * 0.85:
                return
            self.page.mouse.wheel(0, height / 4)
            self.page.wait_for_timeout(150)  # until the page has come to rest
        raise AssertionError(f"{identifier} is nowhere on the page:\n{self.reads()}")

    def scroll_up(self) -> None:
        """Move the page down to its beginning, as a finger does: its head scrolls away with it."""
        assert self.page.viewport_size is not None
        self.page.mouse.move(self.page.viewport_size["width"] / 2, self.page.viewport_size["height"] / 2)
        self.page.mouse.wheel(0, -10_000)

    def tap_text(self, text: str | re.Pattern[str]) -> None:
        """Tap the button that shows this text. Raises AssertionError when it does not appear."""
        self._click(self.page.get_by_role("button", name=text).first, str(text))

    def _click(self, target: Locator, name: str) -> None:
        try:
            target.click(timeout=PATIENCE_MS)
        except PlaywrightTimeout as failure:
            message = f"cannot tap {name}: {failure}\nThe screen reads:\n{self.reads()}"
            raise AssertionError(message) from None

    def type(self, identifier: str, text: str) -> None:
        """Type into a field, key by key, as fingers do."""
        self.tap(identifier)
        # Nobody types within the same picture in which he touched the field.
        self.page.evaluate(_TYPING_IS_POSSIBLE, 300)
        self.page.keyboard.type(text, delay=5)
        self.sees(text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until this can be read on the screen, by eyes or by a screen reader.

        Raises:
            AssertionError: it does not appear; the message holds what can be read instead.
        """
        pattern = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
        deadline = time.monotonic() + PATIENCE_MS / 1000
        # The page's security policy forbids the browser to evaluate conditions by itself.
        while not pattern.search(self.reads()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not to be seen: {pattern.pattern}\nThe screen reads:\n{self.reads()}")
            self.page.wait_for_timeout(50)

    def reads(self) -> str:
        """All that can be read on the screen, in reading order."""
        return str(self.page.evaluate(_READ))


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
    port: int | None = None,
    film: Path | None = None,
    more: tuple[str, ...] = (),
) -> Iterator[Tablet]:
    """A tablet for the length of a `with` block; the same profile folder is the same tablet again.

    Args:
        port: of 127.0.0.1, where `url` is answered; for an address that is none of this machine.
        film: what its camera sees (tests/nameplates.py); Chromium's own test picture unless given.
        more: arguments for the browser.
    """
    leading = (f"--host-resolver-rules=MAP {urlsplit(url).hostname} 127.0.0.1:{port}",) if port else ()
    seen = (f"--use-file-for-fake-video-capture={film}",) if film else ()
    with persistent_context(
        driver,
        profile,
        locale=locale,
        size=size,
        dark=dark,
        home=home,
        extra_arguments=(*leading, *seen, *more),
    ) as context:
        yield Tablet(context, url)


def kill_browser(profile: Path) -> None:
    """End the browser of this profile as an empty battery would: all its processes at once, without a word to them.

    The one that talks to the network would go on for a moment by itself, and ask again on a broken connection.
    """
    option = f"--user-data-dir={profile}".encode()
    doomed: set[int] = set()
    children: dict[int, list[int]] = {}
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has just ended
        children.setdefault(parent, []).append(int(process.name))
        if option in words:
            doomed.add(int(process.name))
    assert doomed, "there was no browser to kill"
    found = list(doomed)
    while found:
        found = [child for parent in found for child in children.get(parent, ()) if child not in doomed]
        doomed.update(found)
    for pid in doomed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
