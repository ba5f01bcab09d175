"""Names are found however they are typed, and the quick way of folding a text is the same as the general one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.search import fold, matches

_BEYOND = "\N{CJK UNIFIED IDEOGRAPH-4E00}"
"""No text of Latin-1 any more: the general way is taken. It is no part of a word itself."""


@pytest.mark.parametrize("name", ["Müller", "Mueller", "Muller", "MÜLLER", "Mu\N{COMBINING DIAERESIS}ller"])
def test_a_name_folds_to_the_same_however_it_is_written(name: str) -> None:
    assert fold(name) == "muller"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bauer, neue Straße 5a", "bauer neue strasse 5a"),
        ("Qualität", "qualitat"),
        ("Quelle", "quelle"),
        ("Ærø ½ m²", "r 1 2 m2"),
        ("Łódź — Café", "odz cafe"),
        ("", ""),
    ],
)
def test_what_is_no_letter_falls_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters(max_codepoint=255)))
def test_the_quick_way_is_the_general_one(text: str) -> None:
    assert fold(text) == fold(f"{text} {_BEYOND}")


def test_words_are_found_by_their_beginnings_in_any_order() -> None:
    assert matches(fold("müll kas"), fold("Käsmayr Müllerei"))
    assert not matches(fold("ller"), fold("Müller"))
