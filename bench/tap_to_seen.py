"""`tap_to_seen`: from a finger to the first picture that shows that it was felt; limit: a Flet app of one button.

On a tablet full of customers and observations, as in `tap_to_answer`. Chromium itself gives the pictures with their moments
(DevTools protocol, Page.startScreencast); what counts is that the touched control looks different from before. Giving
pictures away costs time, so that this is more than the person waits.
"""

import base64
import io
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from bench.results import Result
from bench.tapping import BETWEEN, brief, full_tablet, home, is_not_there_yet, one_button, save, worst
from tests.browser import playwright_driver
from tests.tablet import PATIENCE_MS, Tablet
from webapp.build import build
from webapp.layout import OUTPUT, RUNDGANG, TAPPED, TAPPED_OUTPUT

_SHADES, _SHARE = 6, 0.002
"""By how many of 256 shades how much of a control has to differ: a part that has not changed is compressed alike."""

_TOUCH = "addEventListener('pointerdown', () => { window.touchedAt = performance.timeOrigin + performance.now(); }, true);"


def measure() -> Result:
    """Milliseconds; value is the worst of the three 95th percentiles, limit that of the app of one button."""
    build(RUNDGANG, OUTPUT)
    build(TAPPED, TAPPED_OUTPUT)
    with tempfile.TemporaryDirectory() as name, playwright_driver() as driver:
        with full_tablet(driver, Path(name), SeenWatch) as (shown, watch):
            found = {"home": home(shown, watch), "brief": brief(shown, watch), "save": save(shown, watch)}
        return worst("tap_to_seen", found, one_button(driver, Path(name), SeenWatch))


class SeenWatch:
    """Stops when what was touched looks different."""

    def __init__(self, shown: Tablet) -> None:
        self._shown = shown
        self._pictures: list[tuple[float, bytes]] = []
        shown.context.add_init_script(_TOUCH)
        self._session = shown.context.new_cdp_session(shown.page)
        self._session.on("Page.screencastFrame", self._keep)

    def _keep(self, event: dict[str, Any]) -> None:
        self._session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})
        self._pictures.append((event["metadata"]["timestamp"] * 1000, base64.b64decode(event["data"])))

    def tapped(self, touched: str, wanted: str) -> float:
        """From the touch to the first other picture of the touched control."""
        control = self._shown.control(touched)
        control.wait_for()
        is_not_there_yet(self._shown, wanted)
        box = control.bounding_box()
        assert box is not None
        # The shade under a mouse is none that a finger would see.
        self._shown.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self._session.send("Page.startScreencast", {"format": "jpeg", "quality": 90})
        self._shown.page.wait_for_timeout(BETWEEN)
        self._shown.tap(touched)
        self._shown.control(wanted).wait_for(timeout=PATIENCE_MS)
        self._shown.page.wait_for_timeout(BETWEEN)
        self._session.send("Page.stopScreencast")
        moment = float(self._shown.page.evaluate("window.touchedAt"))
        pictures, self._pictures = self._pictures, []
        crop = (int(box["x"]), int(box["y"]), int(box["x"] + box["width"]), int(box["y"] + box["height"]))
        before = _part([data for at, data in pictures if at <= moment][-1], crop)
        for at, data in pictures:
            if at > moment and _differ(before, _part(data, crop)):
                return at - moment
        raise AssertionError(f"{touched} never looked different")


def _part(data: bytes, crop: tuple[int, int, int, int]) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L").crop(crop)


def _differ(one: Image.Image, other: Image.Image) -> bool:
    counts = ImageChops.difference(one, other).histogram()
    return sum(counts[_SHADES:]) > _SHARE * sum(counts)
