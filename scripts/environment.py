"""The virtual environment in .venv: made once, filled from the locks by hash, left alone while they are unchanged."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.failures import StepFailed, of_installation, of_os_error

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCKS = ROOT / "requirements"
LOCK_ENVIRONMENT = ROOT / ".venv-locks"
LOCK_TOOLS = ("pip>=26.3", "uv>=0.13")
STAMP = ENVIRONMENT / "rundgang-installed.json"

# A download that stalls is given up and tried again; three times is enough for a bad line, and short without one.
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--retries=3", "--timeout=20")


def python() -> Path:
    """The environment's interpreter."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def command(name: str) -> Path:
    """A command that a package has installed into the environment."""
    return python().with_name(name)


def clean_variables() -> dict[str, str]:
    """The person's variables without those that would bend the environment's Python towards another one."""
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}


def prepare(lock: str) -> None:
    """Bring the environment up to what `requirements/<lock>.txt` says, and the project itself into it.

    Raises StepFailed when that is not possible. Costs a few milliseconds when nothing has changed.
    """
    wanted = _wanted(lock)
    if _installed().get(lock) == wanted and python().is_file():
        return
    try:
        _make_environment()
        _say(
            f"Pakete werden installiert ({lock}.txt), einmal je Änderung …",
            f"Installing packages ({lock}.txt) …",
        )
        _install("pip")
        _install(lock)
        _install_project()
        STAMP.write_text(json.dumps({**_installed(), lock: wanted}), encoding="utf-8")
    except OSError as error:
        raise of_os_error(error, ENVIRONMENT) from error


def run_module(module: str, *arguments: str) -> int:
    """Run a module of the environment; its exit status."""
    return run_command(str(python()), "-m", module, *arguments)


def run_command(*words: str) -> int:
    """Run a command from the checkout's folder; its exit status."""
    return subprocess.run(words, cwd=ROOT, env=clean_variables(), check=False).returncode


def start_command(*words: str) -> "subprocess.Popen[bytes]":
    """Start a command from the checkout's folder, to be waited for later."""
    return subprocess.Popen(words, cwd=ROOT, env=clean_variables())


def run_in_lock_environment(module: str) -> int:
    """Run a module that needs uv, which is no package of ours: an environment apart, made on demand."""
    interpreter = LOCK_ENVIRONMENT / python().relative_to(ENVIRONMENT)
    if not interpreter.is_file():
        made = run_command(sys.executable, "-m", "venv", str(LOCK_ENVIRONMENT))
        if made or run_command(str(interpreter), *PIP, "install", "--quiet", "--upgrade", *LOCK_TOOLS):
            shutil.rmtree(LOCK_ENVIRONMENT, ignore_errors=True)
            raise StepFailed(
                "Die Werkzeuge für make locks konnten nicht installiert werden. Netz prüfen und noch einmal starten.",
                "The tools for make locks could not be installed. Check the network and run again.",
            )
    return run_command(str(interpreter), "-m", module)


def _wanted(lock: str) -> str:
    """What the environment depends on: the locks, the project's own metadata, the Python below it."""
    digest = hashlib.sha256(sys.version.encode() + str(ROOT).encode())
    for path in (LOCKS / "pip.txt", LOCKS / f"{lock}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _installed() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _make_environment() -> None:
    if python().is_file() and _works(python()):
        return
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)  # half made, or its Python is gone
    _say("Virtuelle Umgebung .venv wird angelegt …", "Creating the virtual environment .venv …")
    made = subprocess.run(
        [sys.executable, "-m", "venv", ENVIRONMENT],
        env=clean_variables(),
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise _no_environment(made.stdout + made.stderr)


def _no_environment(output: str) -> StepFailed:
    if "ensurepip" in output or "No module named venv" in output:
        return StepFailed(
            "Diesem Python fehlt das Modul venv. Auf Debian und Ubuntu: apt install python3-venv",
            "This Python has no venv module. On Debian and Ubuntu: apt install python3-venv",
        )
    return of_installation(output, ".venv", ENVIRONMENT)


def _works(interpreter: Path) -> bool:
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([interpreter, "-c", check], check=False, capture_output=True).returncode == 0


def _install(lock: str) -> None:
    _pip(
        "install",
        "--no-compile",
        "--require-hashes",
        f"--requirement={LOCKS / lock}.txt",
        lock=f"requirements/{lock}.txt",
    )


def _install_project() -> None:
    """Editable, without a network: what it needs is there already."""
    _pip("install", "--no-deps", "--no-build-isolation", "--editable=.", lock="pyproject.toml")


def _pip(*arguments: str, lock: str) -> None:
    outcome = subprocess.run(
        [python(), *PIP, "--quiet", *arguments],
        cwd=ROOT, env=clean_variables(), check=False, capture_output=True, text=True,
    )  # fmt: skip
    if outcome.returncode:
        raise of_installation(outcome.stdout + outcome.stderr, lock, ENVIRONMENT)


def _say(german: str, english: str) -> None:
    print(f"{german} / {english}", flush=True)
