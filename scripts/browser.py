"""The browser that the tests drive: an installed one, or Debian's package if this is Debian and we are root."""

import os
import shutil
from pathlib import Path

from scripts import debian
from scripts.failures import StepFailed

# The same names, in the same order, as tests/browser.py looks for.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def ensure_browser() -> None:
    """Do nothing if there is a Chromium or Chrome, install it if we may. Raises StepFailed otherwise."""
    if find():
        return
    if debian.may_install():
        debian.install("chromium")
    if not find():
        raise StepFailed(
            "Für die Tests fehlt ein Browser. Chromium oder Chrome installieren (Debian: apt install chromium) "
            "oder RUNDGANG_CHROMIUM auf seinen Pfad setzen.",
            "The tests need a browser. Install Chromium or Chrome (Debian: apt install chromium) "
            "or set RUNDGANG_CHROMIUM to its path.",
        )


def find() -> str | None:
    """The path of the browser, or None."""
    chosen = os.environ.get("RUNDGANG_CHROMIUM")
    if chosen:
        return chosen if Path(chosen).is_file() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)
