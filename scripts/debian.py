"""Installs Debian packages that the tests need, where that is possible without asking: on Debian, as root."""

import os
import shutil
import subprocess

from scripts.failures import StepFailed


def may_install() -> bool:
    """Whether packages can be installed here."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def ensure_commands(tools: dict[str, str], remark: tuple[str, str] = ("", "")) -> None:
    """Install the packages of missing commands if we may.

    Args:
        tools: command and Debian's package.
        remark: what else to say of them, in German and English.

    Raises:
        StepFailed: a command is missing.
    """
    missing = _missing(tools)
    if missing and may_install():
        install(*(tools[name] for name in missing))
        missing = _missing(tools)
    if missing:
        names, packages = ", ".join(missing), " ".join(tools[name] for name in missing)
        raise StepFailed(
            f"Für die Tests fehlt: {names}{remark[0]}. Bitte installieren (Debian: apt install {packages}).",
            f"The tests need: {names}{remark[1]}. Please install (Debian: apt install {packages}).",
        )


def _missing(tools: dict[str, str]) -> list[str]:
    return [name for name in tools if shutil.which(name) is None]


def install(*packages: str) -> None:
    """Install packages. Raises StepFailed when the package index cannot be reached or the disk is full."""
    names = " ".join(packages)
    print(f"{names} wird installiert … / Installing {names} …", flush=True)
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *arguments],
            env=variables, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise StepFailed(
                f"{names} konnte nicht installiert werden. Netz prüfen oder von Hand: apt install {names}",
                f"{names} could not be installed. Check the network or do it by hand: apt install {names}",
                details=done.stderr.strip()[-500:],
            )
