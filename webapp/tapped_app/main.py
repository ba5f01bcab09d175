"""Counts taps, and nothing else: the limit that `tap_to_answer` and `tap_to_seen` are held against."""

import flet as ft


def main(page: ft.Page) -> None:
    """Draw the button and the number of taps."""
    said = ft.Text("0")

    def answer() -> None:
        said.value = str(int(said.value) + 1)

    button = ft.Semantics(
        content=ft.Container(ft.Text("Tippen"), on_click=lambda _: answer(), ink=True, width=200, height=64),
        identifier="tap",
        button=True,
    )
    page.add(button, ft.Semantics(content=said, identifier="said", container=True))


if __name__ == "__main__":
    ft.run(main)
