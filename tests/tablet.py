"""The tablet as a person handles it: what can be tapped, typed and read on its screen, in a real browser."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser import enable_semantics, persistent_context

PATIENCE_MS = 120_000
"""How long a person's view may take to appear: starting Python in a browser on a busy machine takes seconds."""
_TURNS = 20
"""Of the wheel, until a control that does not come into view is given up."""
_EDGE = 24
"""How far within the edges of what is scrolled a control is touched, in dp: the raised button hangs over them."""


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


# With its tree for screen readers switched on, Flutter takes a touch on a node of that tree for an order to the control, and
# never asks what lies above it on the glass. A finger touches the glass.
_TOUCH_THE_GLASS = """() => {
  const glass = new CSSStyleSheet();
  glass.replaceSync('flt-semantics-host, flt-semantics-host * { pointer-events: none !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, glass];
}"""


# Where the middle of a node is, and the part of the glass in which it can be scrolled up and down; none if it always stays
# where it is. Waits until it has moved away from where it was, as it does some pictures after a wheel was turned, and then
# until it has been still for six pictures.
_PLACE = """async (node, before) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const middle = () => {
    const box = node.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  let [x, y] = middle();
  for (let left = 60; left && before && x === before[0] && y === before[1]; left--) {
    await frame();
    [x, y] = middle();
  }
  for (let still = 0; still < 6; still++) {
    await frame();
    const [now_x, now_y] = middle();
    if (now_x !== x || now_y !== y) [x, y, still] = [now_x, now_y, -1];
  }
  const moves = (one) => /scroll|auto/.test(getComputedStyle(one).overflowY);
  let moved = node.parentElement;
  while (moved && !moves(moved)) moved = moved.parentElement;
  const edges = moved?.closest('flt-semantics-host') ? moved.getBoundingClientRect() : null;
  return [x, y, edges && [edges.left, edges.top, edges.right, edges.bottom]];
}"""


_TOP_AND_BOTTOM = """(identifier) => {
  const box = document.querySelector(`[flt-semantics-identifier="${identifier}"]`)?.getBoundingClientRect();
  return box ? [box.top, box.bottom] : null;
}"""


_PLACES = """() => [...document.querySelectorAll('flt-semantics-host [flt-semantics-identifier]')].map(
  (node) => `${node.getAttribute('flt-semantics-identifier')} ${node.getBoundingClientRect().top}`)"""


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
        self._become_readable()

    def reload(self) -> None:
        """Load the page again, wherever the person is, and wait until it can be read."""
        self.page.reload()
        self._become_readable()

    @contextmanager
    def restarts(self) -> Iterator[None]:
        """What happens within makes the app start again; returns when its screen can be read."""
        with self.page.expect_event("load", timeout=PATIENCE_MS):
            yield
        self._become_readable()

    def _become_readable(self) -> None:
        enable_semantics(self.page)
        self.page.evaluate(_TOUCH_THE_GLASS)

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
        """Tap a control by its stable name. Raises AssertionError when it does not appear, or cannot be used."""
        usable = self.page.locator(f'[flt-semantics-identifier="{identifier}"]:not([aria-disabled="true"])')
        self.touch(usable.first, identifier)

    def scroll_to(self, identifier: str) -> None:
        """Move the page, as a finger does, until a control stands between the head and the bar at the bottom.

        Raises:
            AssertionError: it does not appear; the message holds what can be read instead.
        """
        assert self.page.viewport_size is not None
        height = self.page.viewport_size["height"]

        def is_there() -> bool:
            # In one look: between two the screen may change, and with it what there is.
            place = self.page.evaluate(_TOP_AND_BOTTOM, identifier)
            return place is not None and height * 0.15 < place[0] and place[1] < height * 0.85

        self._scroll_until(is_there, identifier)

    def finds(self, text: str) -> None:
        """Move the page, as a finger does, until this can be read.

        Raises:
            AssertionError: it does not appear; the message holds what can be read instead.
        """
        self._scroll_until(lambda: text in self.reads(), text)

    def _scroll_until(self, found: Callable[[], bool], wanted: str) -> None:
        assert self.page.viewport_size is not None
        width, height = self.page.viewport_size["width"], self.page.viewport_size["height"]
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not found():
            if time.monotonic() > deadline:
                raise AssertionError(f"{wanted} is nowhere on the page:\n{self.reads()}")
            places = self.page.evaluate(_PLACES)
            self.page.mouse.move(width / 2, height / 2)
            self.page.mouse.wheel(0, height / 4)
            self.page.wait_for_timeout(150)  # until the page has come to rest
            if self.page.evaluate(_PLACES) == places:
                # At the end, or another screen has only just come: from the beginning again.
                self.scroll_up()

    def scroll_up(self) -> None:
        """Move the page down to its beginning, as a finger does: its head scrolls away with it."""
        assert self.page.viewport_size is not None
        self.page.mouse.move(self.page.viewport_size["width"] / 2, self.page.viewport_size["height"] / 2)
        self.page.mouse.wheel(0, -10_000)

    def tap_text(self, text: str | re.Pattern[str]) -> None:
        """Tap the button that shows this text. Raises AssertionError when it does not appear."""
        # Nobody presses what turns grey or shows that it is busy.
        self.touch(self.page.get_by_role("button", name=text, disabled=False).first, str(text))

    def touch(self, target: Locator, name: str) -> None:
        """Touch the glass in the middle of a control, once it has come to rest; whatever lies above it takes the touch.

        Raises:
            AssertionError: it does not appear; the message holds `name` and what can be read instead.
        """
        try:
            target.wait_for(timeout=PATIENCE_MS)
            x, y = self.bring_into_view(target)
        except PlaywrightTimeout as failure:
            message = f"cannot tap {name}: {failure}\nThe screen reads:\n{self.reads()}"
            raise AssertionError(message) from None
        self.page.mouse.click(x, y)

    def bring_into_view(self, target: Locator) -> tuple[float, float]:
        """The middle of a control, where it stands still; what lies beyond an edge is scrolled into view with the wheel.

        Never by the browser itself: that moves the tree for screen readers alone, and not what is on the glass.
        """
        before: list[float] | None = None
        for _ in range(_TURNS):
            x, y, edges = target.evaluate(_PLACE, before, timeout=PATIENCE_MS)
            if edges is None:
                return x, y
            left, top, right, bottom = edges
            # At the end of a page nothing moves any more.
            if top + _EDGE <= y <= bottom - _EDGE or ([x, y] == before and top < y < bottom):
                return x, y
            before = [x, y]
            self.page.mouse.move((left + right) / 2, (top + bottom) / 2)
            self.page.mouse.wheel(0, y - (top + bottom) / 2)
        raise AssertionError(f"it stays beyond the edge, at {before}:\n{self.reads()}")

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
