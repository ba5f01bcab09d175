"""Colours can be told apart: contrast as WCAG 2.2 computes it, of every pair of tokens that is drawn, in every look."""

from collections.abc import Iterator

import pytest

from app.ui.theme import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Tokens, Tone
from tests.usability.eye import PICTURE, STRONG, TEXT, colour, ratio

LOOKS = {
    "light": (LIGHT, TEXT),
    "dark": (DARK, TEXT),
    "high contrast": (HIGH_CONTRAST_LIGHT, STRONG),
    "high contrast, dark": (HIGH_CONTRAST_DARK, STRONG),
}


def _texts(look: Tokens) -> Iterator[tuple[str, str, str]]:
    for ground in ("page", "surface"):
        for ink in ("text", "secondary", "section", "bad_strong"):
            yield f"{ink} on {ground}", getattr(look, ink), getattr(look, ground)
        for pair in ("container", "good", "bad", "hint", "primary"):
            # Icons, links and quiet buttons are drawn in these inks without their own ground.
            ink = look.primary.ground if pair == "primary" else getattr(look, pair).text
            yield f"ink of {pair} on {ground}", ink, getattr(look, ground)
    for tone in Tone:
        yield f"chip {tone.value}", look.chip(tone).text, look.chip(tone).ground
        yield f"area {tone.value}", look.area(tone).text, look.area(tone).ground
    yield "secondary on the neutral ground", look.secondary, look.neutral.ground
    yield "section on the neutral ground", look.section, look.neutral.ground
    yield "message at the bottom", look.page, look.text
    yield "a message's action", look.container.ground, look.text


def _edges(look: Tokens) -> Iterator[tuple[str, str, str]]:
    for ground in ("page", "surface"):
        yield f"edge of a field on {ground}", look.strong_outline, getattr(look, ground)
        yield f"edge of what is wrong on {ground}", look.bad_strong, getattr(look, ground)
        yield f"edge of what has the focus on {ground}", look.primary.ground, getattr(look, ground)


@pytest.mark.parametrize("name", LOOKS)
def test_every_text_can_be_read(name: str) -> None:
    look, least = LOOKS[name]
    found = {said: round(ratio(colour(ink), colour(ground)), 2) for said, ink, ground in _texts(look)}
    assert {said: value for said, value in found.items() if value < least} == {}


@pytest.mark.parametrize("name", LOOKS)
def test_every_edge_that_means_something_can_be_seen(name: str) -> None:
    look, _ = LOOKS[name]
    found = {said: round(ratio(colour(ink), colour(ground)), 2) for said, ink, ground in _edges(look)}
    assert {said: value for said, value in found.items() if value < PICTURE} == {}
