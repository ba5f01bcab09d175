"""A person with a keyboard beside the tablet reaches everything, also on a screen that a touch has led to."""

from tests.journey.conftest import OpenTablet
from tests.tablet import PATIENCE_MS, Tablet

PRESSES = 150
"""Several times as many as a screen has controls: on a busy machine the first ones come before Python has heard of keys."""

_FOCUSED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return document.activeElement?.getAttribute('flt-semantics-identifier') ?? '';
}"""


def test_tab_goes_from_one_control_to_the_next_and_escape_goes_back(open_tablet: OpenTablet) -> None:
    with open_tablet() as shown:
        shown.start()
        shown.tap("nav-customers")
        shown.control("customer-search").wait_for(timeout=PATIENCE_MS)
        shown.touch(shown.all_controls("customer-").nth(1), "the first customer")
        shown.control("capture-here").wait_for(timeout=PATIENCE_MS)

        _tabs_to(shown, "capture-here")
        shown.page.keyboard.press("Enter")
        shown.control("capture-save").wait_for(timeout=PATIENCE_MS)
        _tabs_to(shown, "kind-need")
        shown.page.keyboard.press("Escape")
        shown.control("capture-here").wait_for(timeout=PATIENCE_MS)
        _tabs_to(shown, "back")


def _tabs_to(shown: Tablet, wanted: str) -> None:
    """Press Tab until a control has the focus."""
    passed = []
    for _ in range(PRESSES):
        shown.page.keyboard.press("Tab")
        passed.append(shown.page.evaluate(_FOCUSED))
        if passed[-1] == wanted:
            return
    raise AssertionError(f"{wanted} is not reached: {passed}")
