"""Texts in the sizes and weights of the design."""

import flet as ft

from app.ui.text_size import ending, heading, shortened
from app.ui.theme import BODY, SECONDARY, SECTION, TITLE, look


def title(value: str, *, size: float = TITLE) -> ft.Control:
    """The heading of a screen."""
    return ft.Semantics(
        content=ft.Text(
            value,
            size=heading(size),
            weight=ft.FontWeight.W_500,
            color=look().text,
            max_lines=shortened(2),
            overflow=ending(2),
        ),
        header=True,
    )


def section(value: str) -> ft.Control:
    """The heading of a section."""
    return ft.Semantics(
        content=ft.Text(value, size=heading(SECTION), weight=ft.FontWeight.W_500, color=look().section),
        header=True,
    )


def body(
    value: str,
    *,
    bold: bool = False,
    color: str | None = None,
    max_lines: int | None = None,
    expand: bool | int | None = None,
    size: float = BODY,
) -> ft.Text:
    """Running text."""
    return ft.Text(
        value,
        size=size,
        weight=ft.FontWeight.BOLD if bold else None,
        color=color or look().text,
        max_lines=shortened(max_lines),
        overflow=ending(max_lines),
        expand=expand,
    )


def secondary(
    value: str, *, color: str | None = None, max_lines: int | None = None, expand: bool | int | None = None
) -> ft.Text:
    """Text that explains another."""
    return ft.Text(
        value,
        size=SECONDARY,
        color=color or look().secondary,
        max_lines=shortened(max_lines),
        overflow=ending(max_lines),
        expand=expand,
    )


def led(lead: str, rest: str, *, color: str | None = None, max_lines: int | None = None) -> ft.Text:
    """A text whose beginning is bold: "Frage vom Innendienst: Wird Halle C gebaut?"."""
    return ft.Text(
        spans=[
            ft.TextSpan(text=f"{lead} ", style=ft.TextStyle(weight=ft.FontWeight.BOLD)),
            ft.TextSpan(text=rest),
        ],
        size=BODY,
        color=color or look().text,
        max_lines=shortened(max_lines),
        overflow=ending(max_lines),
    )
