"""A step that cannot go on says what happened and what to do, in German and in English."""

import errno
import re
from pathlib import Path

NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|Network is unreachable|ConnectTimeout|timed out"
    r"|ProxyError|Connection (?:refused|aborted|broken|reset)|Max retries exceeded"
    r"|No matching distribution found",
    re.IGNORECASE,
)
DISK_FULL = re.compile(
    r"No space left on device|\[Errno 28\]|Disk quota exceeded|disk is full", re.IGNORECASE
)
WRONG_HASH = re.compile(r"DO NOT MATCH THE HASHES", re.IGNORECASE)


class StepFailed(Exception):
    """The message is for the person who started the chore; `status` is the exit status."""

    def __init__(self, german: str, english: str, *, details: str = "", status: int = 1) -> None:
        super().__init__("\n".join(line for line in (german, english, details) if line))
        self.status = status


def disk_full(folder: Path) -> StepFailed:
    """No room left on the disk that holds `folder`."""
    return StepFailed(
        f"Der Datenträger von {folder} ist voll. Platz schaffen (etwa 1 GB) und noch einmal starten.",
        f"The disk that holds {folder} is full. Free about 1 GB and run again.",
    )


def of_os_error(error: OSError, folder: Path) -> StepFailed:
    """The sentence for a failure of the file system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(folder)
    return StepFailed(
        f"Datei oder Ordner nicht benutzbar: {error}",
        f"File or folder not usable: {error}",
    )


def of_installation(output: str, lock: str, folder: Path) -> StepFailed:
    """The sentence for a failed pip, read from what it printed."""
    details = "\n".join(output.strip().splitlines()[-3:])
    if DISK_FULL.search(output):
        return disk_full(folder)
    if WRONG_HASH.search(output):
        return StepFailed(
            f"Ein Paket aus {lock} hat nicht den erwarteten Inhalt. Nichts wurde installiert. Netz (Proxy?) prüfen.",
            f"A package of {lock} does not have the expected content. Nothing was installed. Check network and proxy.",
            details=details,
        )
    if NO_NETWORK.search(output):
        return StepFailed(
            f"Pakete aus {lock} konnten nicht geladen werden. Netz prüfen und noch einmal starten.",
            f"Packages of {lock} could not be fetched. Check the network and run again.",
            details=details,
        )
    return StepFailed(
        f"Pakete aus {lock} konnten nicht installiert werden:",
        f"Packages of {lock} could not be installed:",
        details=details,
    )
