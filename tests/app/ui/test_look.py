"""The look as Flutter is told of it: the same as Flet's own classes would say, at the start and when it changes."""

from typing import Any, cast

import flet as ft
import msgpack
import pytest

from app.ui.theme import DARK, HIGH_CONTRAST_LIGHT, LIGHT, Tokens, material
from tests.app.ui.headless import encode

AT_ONCE = ft.PageTransitionTheme.NONE


@pytest.mark.parametrize("tokens", [LIGHT, DARK, HIGH_CONTRAST_LIGHT])
def test_the_theme_travels_as_flets_own_classes_would(tokens: Tokens) -> None:
    values = cast(dict[str, Any], material(tokens))
    styles = {name: ft.TextStyle(**style) for name, style in values["text_theme"].items()}
    flets = ft.Theme(
        **{
            **values,
            "page_transitions": ft.PageTransitionsTheme(
                android=AT_ONCE, linux=AT_ONCE, macos=AT_ONCE, windows=AT_ONCE
            ),
            "color_scheme": ft.ColorScheme(**values["color_scheme"]),
            "text_theme": ft.TextTheme(**styles),
        }
    )
    assert msgpack.unpackb(encode(values)) == msgpack.unpackb(encode(flets))
