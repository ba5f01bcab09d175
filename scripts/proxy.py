"""The reverse proxy that the tests put before the server, and the tool that makes a browser trust it."""

import shutil

from scripts import debian
from scripts.failures import StepFailed

# Command and Debian's package.
TOOLS = {"caddy": "caddy", "certutil": "libnss3-tools"}


def ensure_proxy() -> None:
    """Install what is missing if we may. Raises StepFailed otherwise."""
    missing = _missing()
    if missing and debian.may_install():
        debian.install(*(TOOLS[name] for name in missing))
        missing = _missing()
    if missing:
        names = ", ".join(missing)
        packages = " ".join(TOOLS[name] for name in missing)
        raise StepFailed(
            f"Für die Tests fehlt: {names}. Bitte installieren (Debian: apt install {packages}).",
            f"The tests need: {names}. Please install (Debian: apt install {packages}).",
        )


def _missing() -> list[str]:
    return [name for name in TOOLS if shutil.which(name) is None]
