"""Shows one line of text, and nothing else."""

import flet as ft


def main(page: ft.Page) -> None:
    """Draw the page."""
    page.add(ft.Text("Leer"))


if __name__ == "__main__":
    ft.run(main)
