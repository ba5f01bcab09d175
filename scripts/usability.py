"""`make usability`: counts taps, walks through every screen in real Chromium, and writes docs/usability.md."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.browser import playwright_driver
from tests.running import ROOT
from tests.usability.hand import Count
from tests.usability.measuring import Walked, measure, rounds
from tests.usability.session import paired

DOCUMENT = ROOT / "docs" / "usability.md"

_HEAD = """# How the tablet feels, measured

Written by `make usability`, from the built app in real Chromium with the demo company's morning; the same walk is a test
(`tests/usability/`). Change the app, not this file.

## Taps and keystrokes of the five commonest tasks
Each from the first screen to its end. Aim: the common case in at most 5 taps and one sentence. A touch into a field counts
as a tap, each letter as a keystroke.

"""

_WALK = """
## A walk through every screen
Every screen of the app's own address table ({screens}), whole, without scrolling. What is looked for:

- **targets**: what can be touched is at least 48 x 48 dp, main actions at least 64 dp high;
- **touches**: nothing lies over the middle of a control and takes its touches, asked of Flutter on the glass itself with the
  shape of the mouse: the tree for screen readers does not know;
- **names**: a screen reader has a name for every control; in English no German sentence is left;
- **contrast**, measured in the picture: 4.5 : 1 for texts, 3 : 1 for signs; 7 : 1 for texts in high contrast. The same is
  computed for every pair of tokens (`tests/app/ui/test_contrast.py`);
- **text at 200 %**: nothing shortened, no word broken, nothing beyond the edge of the screen or of what is touched. CanvasKit
  itself tells what it paints (`tests/usability/painted.js`).

"""

_SIZE = """
## How text grows
Flutter draws text by the page's font size: the browser's or system's own, or what is chosen under "Ich" (100, 130, 160 or
200 %). Text, fields and chips grow in full. Buttons' words (18) end at 32 dp, and on phones headings end at 36 dp, so that
their words stay whole. From then on what stood side by side stands one below the other, and bars at the bottom grow.
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and write, all or only the walks whose names hold these words; 1 if something falls short."""
    with (
        tempfile.TemporaryDirectory() as folder,
        playwright_driver() as driver,
        paired(driver, Path(folder)) as shown,
    ):
        counts, walks = measure(shown, " ".join(arguments))
    text = document(counts, walks)
    DOCUMENT.write_text(text, encoding="utf-8")
    print(text)
    return int(any(walked.shortfalls for walked in walks))


def document(counts: Sequence[Count], walks: Sequence[Walked]) -> str:
    """The whole text."""
    parts = [_HEAD, "| task | taps | keystrokes | way |\n|---|---|---|---|\n"]
    parts += [f"| {one.task} | {one.taps} | {one.keystrokes} | {one.way} |\n" for one in counts]
    parts.append(_WALK.format(screens=walks[0].screens))
    parts.append("| walk | screens | controls | texts | falls short |\n|---|---|---|---|---|\n")
    parts += [
        f"| {one.name} | {one.screens} | {one.controls} | {one.texts} | {_number(one)} |\n" for one in walks
    ]
    if missing := [one.name for one in rounds() if one.name not in {walk.name for walk in walks}]:
        parts.append(f"\nNot walked this time: {'; '.join(missing)}.\n")
    for one in walks:
        if one.shortfalls:
            parts.append(f"\n### Falls short: {one.name}\n")
            parts += [
                f"- `{screen}`: {sentence}\n"
                for screen, sentences in one.shortfalls.items()
                for sentence in sentences
            ]
    return "".join([*parts, _SIZE])


def _number(one: Walked) -> str:
    return str(sum(len(sentences) for sentences in one.shortfalls.values()) or "nothing")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
