"""What is looked at before the long steps: port, data folder, room on the disk."""

import os
import shutil
import socket
from pathlib import Path

from scripts.failures import StepFailed, disk_full

# Environment (about 350 MB with the tests' packages), web app and its packages (about 150 MB), demo data.
NEEDED_BYTES = 700 * 1024 * 1024


def usable_port(text: str) -> int:
    """The port as a number, free on this machine. Raises StepFailed otherwise."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise StepFailed(
            f"PORT={text} ist keine Zahl von 1 bis 65535. Beispiel: make run PORT=8123",
            f"PORT={text} is not a number from 1 to 65535. Example: make run PORT=8123",
        )
    port = int(text)
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise StepFailed(
                f"Port {port} darf nur die Administration öffnen. Einen ab 1024 wählen: make run PORT=8123",
                f"Port {port} needs administrator rights. Choose one from 1024: make run PORT=8123",
            ) from error
        except OSError as error:
            raise StepFailed(
                f"Port {port} ist belegt. Das andere Programm beenden oder einen anderen wählen: "
                f"make run PORT={_other(port)}",
                f"Port {port} is taken. Stop the other program or choose another: make run PORT={_other(port)}",
            ) from error
    return port


def usable_folder(folder: Path) -> Path:
    """The data folder, made if missing, and writable. Raises StepFailed otherwise."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StepFailed(
            f"In DATA={folder} kann nicht geschrieben werden ({error.strerror}). "
            "Rechte prüfen oder einen anderen Ordner wählen: make run DATA=/ein/ordner",
            f"DATA={folder} cannot be written to ({error.strerror}). "
            "Check its permissions or choose another folder: make run DATA=/some/folder",
        ) from error
    return folder.resolve()


def enough_room(folder: Path, needed: int = NEEDED_BYTES) -> None:
    """Raises StepFailed when the disk of `folder` has not room enough for a first start."""
    if shutil.disk_usage(folder).free < needed:
        raise disk_full(folder)


def _other(port: int) -> int:
    return port + 1 if port < 65535 else 8123
