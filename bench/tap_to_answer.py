"""`tap_to_answer`: from a finger to its answer on a tablet full of customers and observations; limit: a Flet app of one button.

The whole built app in Chromium, offline, with 2,000 customers and 5,000 observations. An answer is what the person waited
for: the home screen, the rows that fit another letter, the customer's brief, the screen after a durable "Fertig". Counted
from the browser's own event to the picture in which the accessibility tree holds the answer.
"""

import tempfile
from pathlib import Path

from bench.results import Result
from bench.tapping import BETWEEN, TAPS, brief, full_tablet, home, is_not_there_yet, one_button, save, worst
from tests.browser import playwright_driver
from tests.tablet import PATIENCE_MS, Tablet
from webapp.build import build
from webapp.layout import OUTPUT, RUNDGANG, TAPPED, TAPPED_OUTPUT

# In the page. `arm` says what is waited for; the clock starts at the finger and stops with the answer.
_CLOCK = """
(() => {
  const clock = window.clock = { wanted: null, from: 0, took: null };
  const start = () => { if (clock.wanted && !clock.from) clock.from = performance.now(); };
  addEventListener('pointerdown', start, true);
  addEventListener('keydown', start, true);
  const named = (name) => document.querySelector(`[flt-semantics-identifier="${name}"]`);
  const rows = () => [...document.querySelectorAll('[flt-semantics-identifier^="customer-"]')]
    .map((node) => node.getAttribute('flt-semantics-identifier')).join();
  clock.arm = (name) => {
    clock.from = 0;
    clock.took = null;
    const before = name === 'rows' ? rows() : named(name)?.textContent;
    clock.wanted = name === 'rows' ? () => rows() !== before : () => named(name) && named(name).textContent !== before;
  };
  new MutationObserver(() => {
    if (!clock.from || !clock.wanted?.()) return;
    clock.took = performance.now() - clock.from;
    clock.wanted = null;
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})();
"""

_ANSWERED = """async (patience) => {
  const giveUp = performance.now() + patience;
  while (window.clock.took === null) {
    if (performance.now() > giveUp) throw new Error('no answer came');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return window.clock.took;
}"""


def measure() -> Result:
    """Milliseconds; value is the worst of the four 95th percentiles, limit that of the app of one button."""
    build(RUNDGANG, OUTPUT)
    build(TAPPED, TAPPED_OUTPUT)
    with tempfile.TemporaryDirectory() as name, playwright_driver() as driver:
        with full_tablet(driver, Path(name), AnswerWatch) as (shown, watch):
            found = {
                "home": home(shown, watch),
                "search": _search(shown, watch),
                "brief": brief(shown, watch),
                "save": save(shown, watch),
            }
        return worst("tap_to_answer", found, one_button(driver, Path(name), AnswerWatch))


class AnswerWatch:
    """Stops when the accessibility tree holds what was waited for."""

    def __init__(self, shown: Tablet) -> None:
        self._shown = shown
        shown.context.add_init_script(_CLOCK)

    def tapped(self, touched: str, wanted: str) -> float:
        """From the touch to the control that is waited for."""
        self._shown.control(touched).wait_for()
        is_not_there_yet(self._shown, wanted)
        self._shown.page.evaluate("name => window.clock.arm(name)", wanted)
        self._shown.tap(touched)
        return self._took()

    def typed(self, letter: str) -> float:
        """From a key to other rows."""
        self._shown.page.evaluate("window.clock.arm('rows')")
        self._shown.page.keyboard.press(letter)
        return self._took()

    def _took(self) -> float:
        return float(self._shown.page.evaluate(_ANSWERED, PATIENCE_MS))


def _search(shown: Tablet, watch: AnswerWatch) -> list[float]:
    shown.tap("nav-customers")
    shown.type("customer-search", "kasmayr")
    shown.page.keyboard.type(" ")
    shown.page.wait_for_timeout(BETWEEN)
    times = []
    for number in range(TAPS):
        # The customers are numbered: another digit finds others.
        times.append(watch.typed(str(number % 9 + 1)))
        shown.page.keyboard.press("Backspace")
        shown.page.wait_for_timeout(BETWEEN)
    shown.tap("nav-today")
    shown.control("settings").wait_for()
    return times
