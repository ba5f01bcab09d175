"""What a tablet shows, picture by picture: as Flutter hands them to the browser, without its tree for screen readers.

A picture counts from the moment in which Flutter gives it to its canvas; the browser shows it with its own next one, at
most 17 ms later. Of each a small copy is kept, four by four dots to one, and compared with others of the same tap.
"""

from typing import NamedTuple

from playwright.sync_api import Page

from app.photo.geometry import Box
from tests.tablet import PATIENCE_MS

QUIET = 300
"""Milliseconds without a picture after which nothing moves any more: a caret blinks every 500."""
LONGEST = 1_500
"""Milliseconds after a touch in which its answer is looked for; what comes later fails the bench."""
_SHADES = 6
"""Of 256, by which a dot has to differ: lossless pictures of the same thing are the same."""

_EYE = """
(() => {
  const DOT = 4;
  const eye = window.eye = { touched: 0, shown: 0, now: null, before: null, pictures: [] };
  const touched = () => { eye.touched ||= performance.now(); };
  addEventListener('pointerdown', touched, true);
  addEventListener('keydown', touched, true);
  let small = null;
  const look = (bitmap) => {
    const width = Math.round(bitmap.width / devicePixelRatio / DOT), height = Math.round(bitmap.height / devicePixelRatio / DOT);
    if (small?.canvas.width !== width || small.canvas.height !== height)
      small = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    // Of each dot, not of a few of them: a digit is small.
    small.imageSmoothingQuality = 'medium';
    small.drawImage(bitmap, 0, 0, width, height);
    return { width, height, dots: small.getImageData(0, 0, width, height).data };
  };
  const show = ImageBitmapRenderingContext.prototype.transferFromImageBitmap;
  ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (bitmap) {
    const at = performance.now();
    if (bitmap?.width > 100) {
      eye.now = look(bitmap);
      eye.pictures.push([at, eye.now]);
    }
    const done = show.call(this, bitmap);
    eye.shown = performance.now();
    return done;
  };
  eye.open = () => {
    eye.touched = 0;
    eye.before = eye.now;
    eye.pictures = [];
  };
  const differs = (one, other, dot) => {
    for (let i = 4 * dot; i < 4 * dot + 3; i++) if (Math.abs(one.dots[i] - other.dots[i]) >= SHADES) return true;
    return false;
  };
  // Milliseconds from the touch to the first other picture of a box, to the picture in which half of what will have
  // changed is no longer as it was, and to the one in which all of it (but for a caret) is as it will be.
  eye.seen = ([left, top, right, bottom]) => {
    const { before, now: last, touched } = eye;
    const all = Array.from({ length: last.width * last.height }, (_, dot) => dot);
    const within = (dot) => {
      const x = (dot % last.width + 0.5) * DOT, y = (Math.floor(dot / last.width) + 0.5) * DOT;
      return left <= x && x <= right && top <= y && y <= bottom;
    };
    const touchedDots = all.filter(within), changed = all.filter((dot) => differs(before, last, dot));
    const pictures = eye.pictures.filter(([at]) => at > touched);
    const first = (is) => {
      const found = pictures.find(([, picture]) => is(picture));
      return found ? found[0] - touched : null;
    };
    const share = (some, is) => some.filter(is).length / Math.max(some.length, 1);
    return {
      touched,
      felt: first((picture) => touchedDots.some((dot) => differs(before, picture, dot))),
      answered: first((picture) => share(changed, (dot) => differs(before, picture, dot)) >= 0.5),
      whole: first((picture) => share(changed, (dot) => !differs(last, picture, dot)) >= 0.98),
      changed: changed.length / all.length,
      pictures: pictures.length,
    };
  };
})();
""".replace("SHADES", str(_SHADES))

# Since when nothing moves, and since when a finger has touched, in milliseconds.
_AT_REST = """async ([quiet, since, patience]) => {
  const giveUp = performance.now() + patience;
  for (;;) {
    const now = performance.now();
    if (eye.now && now - eye.shown > quiet && now - eye.touched > since) return;
    if (now > giveUp) throw new Error('the picture does not come to rest');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


class Seen(NamedTuple):
    """What was seen of one tap, in milliseconds from the touch."""

    felt: float | None
    """The touched control looks different; None where it never did."""
    answered: float
    """Half of what changes has changed."""
    whole: float
    """Everything looks as it will."""
    changed: float
    """The share of the screen that changed."""


class Eye:
    """Looks at the pictures of a page that is opened after it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.add_init_script(_EYE)

    def rests(self) -> None:
        """Wait until nothing moves."""
        self._page.evaluate(_AT_REST, [QUIET, 0, PATIENCE_MS])

    def opens(self) -> None:
        """What is shown now is what comes before the next touch."""
        self.rests()
        self._page.evaluate("eye.open()")

    def sees(self, box: Box) -> Seen:
        """What was seen since, of a touch in a box.

        Raises:
            AssertionError: nothing has changed.
        """
        self._page.evaluate(_AT_REST, [QUIET, LONGEST, PATIENCE_MS])
        found = self._page.evaluate("box => eye.seen(box)", [box.left, box.top, box.right, box.bottom])
        assert found["touched"], "nothing was touched"
        assert found["answered"] is not None, f"there was no answer: {found}"
        return Seen(found["felt"], found["answered"], found["whole"], found["changed"])
