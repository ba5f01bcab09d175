"""A walk through every screen: what falls short of what people need, one sentence each, with the screen it is on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.ui.routes import Screen
from tests.tablet import PATIENCE_MS, Tablet
from tests.usability.eye import PICTURE, TARGET, TEXT, Eye, Painted, Touchable, cut
from tests.usability.screens import address

TALL = 2600
"""Height in dp at which a screen is looked at: all of it at once, nothing below the fold."""
_HALF = 0.5
_MAIN = 64
MAIN_ACTIONS = (
    "capture-save", "capture-here", "open-customer", "nav-capture", "answer-send", "pair-submit", "capture-urgent",
    "camera-shutter",
)  # fmt: skip
"""The main actions, by their stable names."""
_FOREIGN = {"Alles"}


@dataclass(frozen=True)
class Seen:
    """One screen as it was found."""

    screen: Screen
    texts: list[Painted]
    touchables: list[Touchable]
    eye: Eye
    width: int


def walk(shown: Tablet, ids: Mapping[str, str], width: int) -> Iterator[Seen]:
    """Every screen in turn, at this width, whole."""
    eye = Eye(shown.page)
    shown.page.set_viewport_size({"width": width, "height": TALL})
    for screen in Screen:
        arrive(shown, eye, address(screen, ids))
        yield Seen(screen, eye.texts(), eye.touchables(), eye, width)


def arrive(shown: Tablet, eye: Eye, route: str) -> None:
    """Show the screen of an address; returns when something else than before is painted and has come to rest."""
    before = {text.text for text in eye.texts()}
    if shown.page.evaluate("location.hash") in (f"#{route}", "" if route == "/" else route):
        return
    shown.page.evaluate("route => { location.hash = '#' + route; }", route)
    for _ in range(PATIENCE_MS // 100):
        if {text.text for text in eye.texts()} != before:
            break
        shown.page.wait_for_timeout(100)
    eye.rest()


def unreadable(seen: Seen) -> Iterator[str]:
    """Texts that cannot be read to their end."""
    yield from cut(seen.texts, seen.touchables, seen.width)


def small_targets(seen: Seen) -> Iterator[str]:
    """What is too small to be touched with a glove on."""
    for one in seen.touchables:
        width, height = one.size
        least = _MAIN if one.identifier in MAIN_ACTIONS else TARGET
        if height < least - _HALF or width < TARGET - _HALF:
            yield f"{one.identifier or one.name!r}: {width:.0f} x {height:.0f} dp, wanted {least}"


def dead(seen: Seen) -> Iterator[str]:
    """What a finger cannot touch: something lies over it that takes the touch."""
    for one in seen.touchables:
        if not one.disabled and not seen.eye.answers(one):
            yield f"{one.identifier or one.name!r} takes no touch in its middle"


def nameless(seen: Seen) -> Iterator[str]:
    """What a screen reader cannot name."""
    for one in seen.touchables:
        if not one.name:
            yield f"{one.role} {one.identifier} at {one.box} has no name"


def weak(seen: Seen, least: float = TEXT) -> Iterator[str]:
    """Texts that stand out too little from their ground, as painted."""
    texts = seen.texts
    for _ in range(2):  # the second time only those that were weak: a camera wakes up while it is looked at
        seen.eye.look()
        texts = [text for text in texts if seen.eye.contrast(text) < _wanted(text, least)]
        if not texts:
            return
        seen.eye.rest()
    for text in texts:
        said = f"picture U+{ord(text.text[0]):X}" if text.is_picture else f"„{text.text[:40]}“"
        yield f"{said}: {seen.eye.contrast(text):.1f} : 1, wanted {_wanted(text, least):.1f}"


def _wanted(text: Painted, least: float) -> float:
    return PICTURE if text.is_picture else least


def foreign(translations: Mapping[str, str]) -> Callable[[Seen], Iterator[str]]:
    """Finds German sentences on English screens; `translations` are the catalogue's, German first."""

    def find(seen: Seen) -> Iterator[str]:
        for said in [text.text for text in seen.texts] + [one.name for one in seen.touchables]:
            for part in said.split("\n"):
                english = translations.get(part)
                if english and english != part:
                    yield f"not translated: „{part}“"

    return find
