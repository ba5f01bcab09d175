"""tus-js-client, the foreign client that the tests let upload photos: Node, and the packages of its lock by hash."""

import os
import shutil
import subprocess
from pathlib import Path

from scripts import debian
from scripts.environment import ROOT
from scripts.failures import StepFailed

_LOCKED = ROOT / "tests" / "tus_js"
_FILES = ("package.json", "package-lock.json")

FOLDER = ROOT / "build" / "tus-js"
"""Where the packages are, apart from the source."""

# Command and Debian's package.
_TOOLS = {"node": "nodejs", "npm": "npm"}


def ensure_tus_js() -> Path:
    """The folder with the packages, installed when it is missing or the lock has changed. Raises StepFailed."""
    if not _is_current():
        debian.ensure_commands(_TOOLS, (" (Node 18 oder neuer)", " (Node 18 or newer)"))
        _install()
    return FOLDER / "node_modules"


def _is_current() -> bool:
    installed = FOLDER / "node_modules" / ".package-lock.json"
    copies = [FOLDER / name for name in _FILES]
    if shutil.which("node") is None or not all(file.is_file() for file in (installed, *copies)):
        return False
    return all(copy.read_bytes() == (_LOCKED / copy.name).read_bytes() for copy in copies)


def _install() -> None:
    print("tus-js-client wird installiert … / Installing tus-js-client …", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in _FILES:
        shutil.copyfile(_LOCKED / name, FOLDER / name)
    # The lock names hashes and no address: whichever registry is configured will do. Nothing of it is run.
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],
        cwd=FOLDER, env=dict(os.environ), check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise StepFailed(
            "tus-js-client konnte nicht installiert werden. Netz oder npm-Einstellungen prüfen und noch einmal starten.",
            "tus-js-client could not be installed. Check the network or npm's settings and run again.",
            details=done.stderr.strip()[-500:],
        )
