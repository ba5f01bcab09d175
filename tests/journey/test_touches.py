"""A finger is on the glass while the screen is drawn anew: what it has touched answers all the same."""

import re

from playwright.sync_api import expect

from tests.journey.conftest import OpenTablet
from tests.tablet import PATIENCE_MS


def test_a_line_under_the_finger_opens_although_it_is_no_longer_the_first(open_tablet: OpenTablet) -> None:
    with open_tablet() as one:
        one.start()
        one.tap("nav-customers")
        lines = one.all_controls("customer-")
        first, second = lines.nth(1), lines.nth(2)  # after the field
        second.wait_for(timeout=PATIENCE_MS)
        name = second.inner_text().split()[0]
        one.type("customer-search", name)
        expect(first).to_have_text(re.compile(name), timeout=PATIENCE_MS)

        one.page.mouse.move(*one.bring_into_view(first))
        one.page.mouse.down()
        # Another finger empties the search meanwhile.
        box = one.control("customer-search").bounding_box()
        assert box is not None
        cross = {"x": box["x"] + box["width"] - 28, "y": box["y"] + box["height"] / 2}
        hand = one.context.new_cdp_session(one.page)
        hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [cross]})
        hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(second).to_have_text(re.compile(name), timeout=PATIENCE_MS)
        one.page.mouse.up()

        one.control("capture-here").wait_for(timeout=PATIENCE_MS)
        one.sees(name)
