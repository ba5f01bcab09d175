"""The PostgreSQL that the tests start for themselves: an installed one, or Debian's package if we are root there."""

import os
import shutil
from pathlib import Path

from scripts import debian
from scripts.failures import StepFailed

# Debian keeps the server's programs out of the path, a folder per version.
_DEBIAN = Path("/usr/lib/postgresql")


def ensure_postgres() -> None:
    """Do nothing if there is a PostgreSQL, install it if we may. Raises StepFailed otherwise."""
    if find():
        return
    if debian.may_install():
        debian.install("postgresql")
    if not find():
        raise StepFailed(
            "Für die Tests fehlt PostgreSQL 15 oder neuer. Bitte installieren (Debian: apt install postgresql) "
            "oder RUNDGANG_POSTGRES auf den Ordner mit initdb und postgres setzen.",
            "The tests need PostgreSQL 15 or newer. Please install it (Debian: apt install postgresql) "
            "or set RUNDGANG_POSTGRES to the folder with initdb and postgres.",
        )


def find() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest version's; None when there is none."""
    chosen = os.environ.get("RUNDGANG_POSTGRES")
    if chosen:
        return Path(chosen) if _is_complete(Path(chosen)) else None
    versions = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    in_path = shutil.which("initdb")
    folders = [*versions, *([Path(in_path).resolve().parent] if in_path else [])]
    return next((folder for folder in folders if _is_complete(folder)), None)


def _is_complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("initdb", "postgres"))


def _number(version: str) -> float:
    try:
        return float(version)
    except ValueError:
        return 0.0
