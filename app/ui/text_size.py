"""How large the person reads, and how much room that leaves: every component asks here, none does its own sums.

Flutter itself draws all text larger (webapp/page/wishes.js gives it the scale). What is not text follows here: heights
become smallest heights, what stood side by side stands one below the other, and nothing is shortened any more.
"""

from collections.abc import Sequence

import flet as ft

SCALES = (1.0, 1.3, 1.6, 2.0)
"""The sizes to choose from."""
_LARGE = 1.05
_NARROW = 560
"""Below so many dp (a phone) the headings must leave room for the words below them."""
_HEADING_ON_PHONE = 36
"""Largest heading on a phone in dp: 17 letters of it fill the line."""
_CROWDED = 320
"""Below so many dp at the size of 100 % two things beside each other would break words in the middle."""


class _Reading:
    """How the person of this moment reads. One tablet, one person."""

    scale: float = 1.0
    width: float = 820.0


def read_at(scale: float, width: float | None) -> None:
    """Draw for text of this scale on a screen of this width (dp) from now on."""
    _Reading.scale = scale
    _Reading.width = width or _Reading.width


def text_scale() -> float:
    """How many times larger than drawn text is read now."""
    return _Reading.scale


def is_large() -> bool:
    """Whether text is read larger than drawn: nothing is shortened then, and heights give way."""
    return _Reading.scale > _LARGE


def is_crowded() -> bool:
    """Whether there is room for one thing beside the edge only: a phone with large text."""
    return is_large() and room(_Reading.width) < _CROWDED


def room(width: float) -> float:
    """How many dp a width is worth at the size that text has now."""
    return width / _Reading.scale


def shortened(lines: int | None) -> int | None:
    """The most lines a text may have: what is read large is never shortened."""
    return None if is_large() else lines


def ending(lines: int | None) -> ft.TextOverflow:
    """How a text ends that may have so many lines; with dots and no number of lines Flutter would show only one."""
    return ft.TextOverflow.CLIP if shortened(lines) is None else ft.TextOverflow.ELLIPSIS


def heading(size: float) -> float:
    """The size to give to a heading: on phones it grows less than text, so that its words stay whole."""
    if not is_large() or _Reading.width >= _NARROW:
        return size
    return max(size, min(size * _Reading.scale, _HEADING_ON_PHONE)) / _Reading.scale


def at_most(size: float, largest: float) -> float:
    """The size to give to a text that has no more room than `largest` dp high letters need."""
    return min(size, largest / _Reading.scale)


def at_least(content: ft.Control, height: float, *, fill: bool = False) -> ft.Control:
    """`content` in an area that is so high, or higher where large text needs it."""
    strut = ft.Container(width=0, height=height)
    return ft.Stack(
        [strut, content],
        alignment=ft.Alignment.CENTER if fill else ft.Alignment.CENTER_LEFT,
        fit=ft.StackFit.PASS_THROUGH,
    )


def beside(controls: Sequence[ft.Control], *, spacing: float, expand_last: bool = False) -> ft.Control:
    """Controls in a row, or one below the other where large text leaves no room for two."""
    if is_crowded():
        return ft.Column(
            list(controls), spacing=spacing, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    if expand_last:
        controls = [*controls[:-1], ft.Container(controls[-1], expand=True)]
    return ft.Row(list(controls), spacing=spacing)
