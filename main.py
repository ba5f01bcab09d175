"""Where native packages begin: `flet build` wants the entry point in the root of the project (pyproject.toml)."""

import flet as ft

from app.main import before_main, main

if __name__ == "__main__":
    ft.run(main, before_main=before_main)
