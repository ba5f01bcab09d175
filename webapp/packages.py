"""Fetches what the build takes from the package index, by lock and hash, and prunes it.

Two folders below build/ hold the results, each marked with the hash of the lock it came from, so that nothing is
fetched twice: Flet's web client (flet-web without its dependencies: FastAPI must not enter the environment) and
the Python packages for Pyodide.
"""

import importlib.metadata
import re
import shutil
import subprocess
import sys
from pathlib import Path

from webapp import fingerprint
from webapp.failures import BuildFailed
from webapp.layout import WEB_CLIENT, WEB_CLIENT_LOCK, WEB_LOCK, WEB_PACKAGES

# What the Pyodide bundled with flet-web 1.0.5 loads: CPython 3.14 and its WebAssembly ABI of 2026 (PEP 783).
PYODIDE_WHEELS = (
    "--only-binary=:all:",
    "--implementation=cp",
    "--python-version=3.14",
    "--abi=cp314",
    "--abi=abi3",
    "--abi=none",
    "--platform=pyemscripten_2026_0_wasm32",
)
STAMP = ".lock-sha256"

# Never imported on a tablet, each checked by starting the built app (tests/frame): a server, test drivers,
# command line entry points, type stubs. flet/auth is needed by flet/__init__ itself and stays.
UNUSED_FOLDERS = (
    "__pycache__", "tests", "bin",
    "flet/fastapi", "flet/testing",
    "anyio/_backends/_trio", "pydantic/v1", "pydantic/mypy",
)  # fmt: skip
UNUSED_FILES = ("*.pyi", "py.typed", "*.c", "*.h", "*.pyx", "flet/pytest_plugin.py", "pydantic/mypy.py")
# Of a distribution's metadata only what importlib.metadata needs to answer "which version" is kept.
KEPT_METADATA = frozenset({"METADATA"})


def web_client() -> Path:
    """The folder that `flet_web` can be imported from, fetched if the lock has changed.

    Raises BuildFailed if the package index cannot be reached.
    """
    return install(WEB_CLIENT_LOCK, WEB_CLIENT, ("--no-deps",))


def web_packages() -> Path:
    """The folder with the Python packages for Pyodide, fetched and pruned if the lock has changed.

    Raises BuildFailed if the package index cannot be reached.
    """
    return install(WEB_LOCK, WEB_PACKAGES, PYODIDE_WHEELS, prune_it=True)


def closure(folder: Path, only: tuple[str, ...]) -> frozenset[str]:
    """The top-level names below `folder` that belong to the named distributions and to what they require."""
    installed = {_normal(found.name): found for found in importlib.metadata.distributions(path=[str(folder)])}
    wanted: set[str] = set()
    waiting = [_normal(name) for name in only]
    while waiting:
        name = waiting.pop()
        if name in wanted or name not in installed:
            continue
        wanted.add(name)
        for requirement in installed[name].requires or []:
            if "extra ==" not in requirement:
                waiting.append(_normal(re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]))
    names = {path.name for path in folder.iterdir()}
    foreign = {
        top.split("/")[0]
        for name, found in installed.items()
        if name not in wanted
        for top in (found.read_text("RECORD-TOP") or "").split()
    }
    return frozenset(names - foreign)


def install(lock: Path, target: Path, options: tuple[str, ...], *, prune_it: bool = False) -> Path:
    """Fetch what a lock names into the folder `target`, unless it is there.

    Raises BuildFailed if the package index cannot be reached.
    """
    wanted = fingerprint.of_listing(
        {"lock": fingerprint.of_file(lock), "rules": fingerprint.of_file(Path(__file__))}
    )
    stamp = target / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return target
    if target.exists():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-compile", "--require-hashes", f"--requirement={lock}", f"--target={target}"]
    outcome = subprocess.run([*command, *options], check=False, capture_output=True, text=True)
    if outcome.returncode:
        raise BuildFailed(
            f"Pakete aus requirements/{lock.name} konnten nicht geladen werden. Netz prüfen und noch einmal starten.",
            f"Packages from requirements/{lock.name} could not be fetched. Check the network and run again.\n"
            + _last_lines(outcome.stderr),
        )
    _record_owners(target)
    if prune_it:
        prune(target)
    stamp.write_text(wanted, encoding="utf-8")
    return target


def prune(folder: Path) -> None:
    """Remove from an installation what no tablet ever imports."""
    for name in UNUSED_FOLDERS:
        for path in list(folder.rglob(name)):
            if path.is_dir():
                shutil.rmtree(path)
    for pattern in UNUSED_FILES:
        for path in list(folder.rglob(pattern)):
            path.unlink()
    for metadata in folder.glob("*.dist-info"):
        for path in sorted(metadata.rglob("*"), reverse=True):
            if path.is_dir():
                path.rmdir()
            elif path.relative_to(metadata).as_posix() not in KEPT_METADATA | {"RECORD-TOP"}:
                path.unlink()


def _record_owners(folder: Path) -> None:
    """Note beside each distribution which top-level names are its own, before RECORD is pruned."""
    for found in importlib.metadata.distributions(path=[str(folder)]):
        tops = sorted({str(file).split("/")[0] for file in found.files or []} - {"..", "__pycache__"})
        metadata = folder / f"{found.metadata['Name'].replace('-', '_')}-{found.version}.dist-info"
        if metadata.is_dir():
            (metadata / "RECORD-TOP").write_text("\n".join(tops), encoding="utf-8")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _last_lines(text: str, count: int = 3) -> str:
    return "\n".join(line for line in text.strip().splitlines()[-count:])
