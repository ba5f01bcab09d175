"""What is on the glass, measured: painted texts, areas that can be touched, their names and their contrast."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PIL import Image
from playwright.sync_api import Page

LISTENING = (Path(__file__).parent / "painted.js").read_text(encoding="utf-8")
TARGET = 48
"""Least height and width of what is touched, in dp."""
TEXT, PICTURE = 4.5, 3.0
"""Least contrast of text (WCAG 2.2, 1.4.3) and of pictures that mean something (1.4.11)."""
STRONG = 7.0
"""Least contrast of text where high contrast is asked for (1.4.6)."""
_STEP = 120
_EDGE = 16
"""Least distance of a text from the edge of the screen, in dp."""
_ROUND = 0.6
"""Half a dp is lost where boxes are rounded."""

Box = tuple[float, float, float, float]

_CONTROLS = """() => {
  const wanted = '[flt-tappable], [role=button], [role=link], [role=checkbox], [role=tab], input, textarea, select';
  const nodes = [...document.querySelectorAll('flt-semantics-host ' + wanted.split(', ').join(', flt-semantics-host '))];
  const name = (node) => node.getAttribute('aria-label') || node.getAttribute('placeholder')
    || node.closest('[aria-label]')?.getAttribute('aria-label') || node.textContent || '';
  const scroller = (node) => node && (/scroll|hidden|auto/.test(getComputedStyle(node).overflowY)
    && node.tagName === 'FLT-SEMANTICS' ? node : scroller(node.parentElement));
  return nodes.filter((node) => !nodes.some((other) => other !== node && node.contains(other))).map((node) => {
    const box = node.getBoundingClientRect();
    const holder = node.closest('[flt-semantics-identifier]');
    const moved = scroller(node.parentElement);
    return {
      name: name(node).trim(), role: node.getAttribute('role') || node.tagName.toLowerCase(),
      identifier: holder?.getAttribute('flt-semantics-identifier') || '',
      disabled: node.getAttribute('aria-disabled') === 'true',
      box: [box.left, box.top, box.right, box.bottom],
      edge: moved ? moved.getBoundingClientRect().bottom : null,
    };
  });
}"""


# What Flutter finds under the mouse says so by the shape of the mouse, one or two pictures later.
_SHAPE = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const shape = () => getComputedStyle(document.querySelector('flutter-view')).cursor;
  for (let left = 10; left && ['default', 'auto'].includes(shape()); left--) await frame();
  return shape();
}"""


@dataclass(frozen=True)
class Painted:
    """One text as it was painted; a picture is a text of one private letter."""

    text: str
    box: Box
    shortened: bool
    broken: bool
    line: float
    longest: float
    """Width of the longest word, in dp."""

    @property
    def is_picture(self) -> bool:
        """Whether this is a sign of the icon font."""
        return len(self.text) <= 2 and all(ord(letter) >= 0xE000 for letter in self.text)


@dataclass(frozen=True)
class Touchable:
    """Something that can be touched, as a screen reader finds it."""

    name: str
    role: str
    identifier: str
    box: Box
    edge: float | None
    """Lower edge of what can be moved up and down with it; None for what always stays where it is."""
    disabled: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it lies below the edge of what is moved."""
        return self.edge is None or self.box[3] < self.edge - _ROUND

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in dp."""
        left, top, right, bottom = self.box
        return right - left, bottom - top


class Eye:
    """Looks at one page. `LISTENING` has to be an init script of it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._picture: Image.Image | None = None

    def rest(self) -> None:
        """Wait until the same is painted, and the same can be touched, three times in a row."""
        seen: list[object] = []
        while len(seen) < 3 or any(one != seen[-1] for one in seen[-3:]):
            self._page.wait_for_timeout(_STEP)
            seen.append((self._page.evaluate("window.painted()"), self._page.evaluate(_CONTROLS)))

    def look(self) -> None:
        """Take the picture that `contrast` looks at."""
        self._page.mouse.move(1, 1)  # a finger leaves no shade behind as a mouse does
        self._picture = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")

    def texts(self) -> list[Painted]:
        """All texts of the last frame that lie on the screen, and not under the bar at its lower edge.

        What lies there is the middle of a page that is longer than the screen: it comes up when the page is moved.
        """
        width, height = self._size()
        found = [_painted(note) for note in self._page.evaluate("window.painted()")]
        bar = [
            one
            for one in self.touchables()
            if one.edge is None and one.box[1] > height / 2 and one.box[3] - one.box[1] < height / 4
        ]
        return [
            text
            for text in found
            if text.text.strip()
            and text.box[3] > 0
            and text.box[1] < height
            and text.box[0] < width
            and not _covered(text, bar)
        ]

    def touchables(self) -> list[Touchable]:
        """Everything that can be touched now and lies on the screen wholly."""
        width, height = self._size()
        found = [
            Touchable(
                one["name"], one["role"], one["identifier"], tuple(one["box"]), one["edge"], one["disabled"]
            )
            for one in self._page.evaluate(_CONTROLS)
        ]
        return [
            one
            for one in found
            if one.box[1] >= 0
            and one.box[3] <= height
            and one.is_whole
            and one.box[0] < width
            and one.box[3] > one.box[1]
        ]

    def answers(self, one: Touchable) -> bool:
        """Whether something under the middle of a control, on the glass, takes touches.

        The tree for screen readers would say so of a control, too, that an empty container lies over.
        """
        left, top, right, bottom = one.box
        self._page.mouse.move(1, 1)
        self._page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        # A field's name stands above it and grows with the text: it belongs to the node, and is not what is typed into.
        typed_into = one.role in {"input", "textarea"}
        self._page.mouse.move((left + right) / 2, bottom - TARGET / 2 if typed_into else (top + bottom) / 2)
        return self._page.evaluate(_SHAPE) not in {"default", "auto"}

    def contrast(self, text: Painted) -> float:
        """Of the ink to the ground on which it stands, as painted.

        Raises:
            RuntimeError: `look` was not called.
        """
        if self._picture is None:
            raise RuntimeError("there is no picture to look at: call look() first")
        left, top, right, bottom = (round(edge) for edge in text.box)
        part = self._picture.crop((max(left, 0), max(top, 0), right, bottom))
        if not part.width or not part.height:
            return 21.0
        counted = part.getcolors(part.width * part.height) or []
        colours = [(count, cast(tuple[int, int, int], shade)) for count, shade in counted]
        ground = max(colours)[1]
        return max(ratio(ground, shade) for _, shade in colours)

    def _size(self) -> tuple[int, int]:
        size = self._page.viewport_size
        assert size is not None
        return size["width"], size["height"]


def ratio(first: Sequence[int], second: Sequence[int]) -> float:
    """Contrast of two colours as WCAG 2.2 computes it, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour(text: str) -> tuple[int, int, int]:
    """`#RRGGBB` as numbers."""
    digits = text.removeprefix("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(channels: Sequence[int]) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _painted(note: dict[str, Any]) -> Painted:
    return Painted(
        note["text"], tuple(note["box"]), note["shortened"], note["broken"], note["line"], note["longest"]
    )


def cut(texts: Sequence[Painted], touchables: Sequence[Touchable], width: float) -> Iterator[str]:
    """What cannot be read to its end, one sentence each."""
    for text in texts:
        if text.is_picture or _is_typed(text, touchables):
            continue
        said = text.text.replace("\n", " ")[:60]
        if text.shortened:
            yield f"shortened: „{said}“"
        if text.broken and not _no_screen_has_room(text, width):
            yield f"a word is broken: „{said}“"
        if text.box[0] < -_ROUND or text.box[2] > width + _ROUND:
            yield f"beyond the edge: „{said}“"
        around = _around(text, touchables)
        if around is not None and _says(around, text) and not _inside(text.box, around.box):
            yield f"larger than what is touched: „{said}“ in {around.identifier or around.name}"


def _no_screen_has_room(text: Painted, width: float) -> bool:
    """Whether its longest word is wider than the screen between its edges: then it has to go on below."""
    return text.longest > width - 2 * _EDGE


def _covered(text: Painted, bar: Sequence[Touchable]) -> bool:
    if any(text.text in one.name and _inside(text.box, one.box) for one in bar):
        return False
    upper = min((one.box[1] for one in bar), default=float("inf"))
    return text.box[3] > upper and not (text.is_picture and any(_inside(text.box, one.box) for one in bar))


def _around(text: Painted, touchables: Sequence[Touchable]) -> Touchable | None:
    x, y = (text.box[0] + text.box[2]) / 2, (text.box[1] + text.box[3]) / 2
    holding = [one for one in touchables if one.box[0] <= x <= one.box[2] and one.box[1] <= y <= one.box[3]]
    return min(holding, key=lambda one: one.size[0] * one.size[1], default=None)


def _says(one: Touchable, text: Painted) -> bool:
    # A list goes on below a bar that lies over it: only what belongs to the control is held against it.
    return text.text.split()[0] in one.name


def _is_typed(text: Painted, touchables: Sequence[Touchable]) -> bool:
    # What is longer than a field of one line moves on while it is typed.
    around = _around(text, touchables)
    return around is not None and around.role in ("input", "textarea")


def _inside(inner: Box, outer: Box) -> bool:
    slack = 2.0  # the air above and below letters belongs to their line
    return (
        inner[0] >= outer[0] - slack
        and inner[2] <= outer[2] + slack
        and inner[1] >= outer[1] - slack - 4
        and inner[3] <= outer[3] + slack + 4
    )
