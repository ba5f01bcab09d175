"""Colours can be told apart: contrast as WCAG 2.2 computes it, from the style sheet itself, in both themes."""

import re
from pathlib import Path

import pytest

from sync_server.inbox import static_files

TEXT, OUTLINE = 4.5, 3.0
"""Least contrast of text (1.4.3) and of what makes a field or the focus visible (1.4.11)."""

TEXTS = [
    *(("text", ground) for ground in ("background", "surface", "hover", "selected")),
    *(("secondary", ground) for ground in ("background", "surface", "hover", "selected")),
    *(("link", ground) for ground in ("background", "surface", "hover")),
    *((f"on-{name}", name) for name in ("primary", "container", "waiting", "good", "bad", "hint", "neutral")),
    *(
        ("on-waiting", "waiting-chip"),
        ("on-good", "news"),
        ("on-primary", "primary-hover"),
        ("surface", "on-bad"),
    ),
    *(
        (name, ground)
        for name in ("side-text", "side-strong", "side-muted")
        for ground in ("side", "side-hover")
    ),
    *(("side-text", "side-selected"), ("side-strong", "side-selected")),
]
OUTLINES = [
    *(("field-outline", ground) for ground in ("background", "surface", "hover")),
    *(("focus", ground) for ground in ("background", "surface", "selected")),
    *(("on-bad", "surface"), ("on-bad", "background")),
    *(("side-outline", "side"), ("side-focus", "side"), ("side-focus", "side-selected"), ("dot", "surface")),
]


def _themes() -> dict[str, dict[str, str]]:
    blocks = re.findall(
        r"^[^@\n]*(?:@media[^{]*\{ )?:root([^{]*)\{(.*?)\}", _source(), re.DOTALL | re.MULTILINE
    )
    found = {
        selector.strip(): dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", body)) for selector, body in blocks
    }
    light, by_system, chosen = found.values()
    return {"light": light, "dark by the system": light | by_system, "dark, chosen": light | chosen}


def _source() -> str:
    file: Path = static_files.FILES["tokens.css"]
    return file.read_text(encoding="utf-8")


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, brighter = sorted((_luminance(one), _luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert _contrast("#000", "#ffffff") == pytest.approx(21)


def test_both_ways_to_the_dark_theme_are_the_same() -> None:
    themes = _themes()
    assert themes["dark by the system"] == themes["dark, chosen"] != themes["light"]


@pytest.mark.parametrize("theme", ["light", "dark, chosen"])
def test_texts_can_be_read_and_fields_be_seen(theme: str) -> None:
    colours = _themes()[theme]
    wanted = [(pair, TEXT) for pair in TEXTS] + [(pair, OUTLINE) for pair in OUTLINES]
    weak = {
        pair: round(_contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair, least in wanted
        if _contrast(colours[pair[0]], colours[pair[1]]) < least
    }
    assert weak == {}
