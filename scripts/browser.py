"""The browser that the tests drive: an installed one, or Debian's package if this is Debian and we are root."""

import os
import shutil
import subprocess
from pathlib import Path

from scripts.failures import StepFailed

# The same names, in the same order, as tests/browser.py looks for.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def ensure_browser() -> None:
    """Do nothing if there is a Chromium or Chrome, install it if we may. Raises StepFailed otherwise."""
    if find():
        return
    if _is_root() and shutil.which("apt-get"):
        print("Chromium wird installiert … / Installing Chromium …", flush=True)
        _install_with_apt()
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


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _install_with_apt() -> None:
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", *arguments],
            env=variables, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise StepFailed(
                "Chromium konnte nicht installiert werden. Netz prüfen oder von Hand: apt install chromium",
                "Chromium could not be installed. Check the network or do it by hand: apt install chromium",
                details=done.stderr.strip()[-500:],
            )
