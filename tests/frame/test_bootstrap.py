"""A step that cannot go on says what happened and what to do, in both languages, and ends with a status."""

import errno
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import browser, checks, chores, environment, failures
from scripts.__main__ import refuse_old_python
from scripts.failures import StepFailed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def make(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--silent", f"PYTHON={sys.executable}", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_told_before_anything_is_installed(taken_port: int, tmp_path: Path) -> None:
    outcome = make("run", f"PORT={taken_port}", f"DATA={tmp_path / 'data'}")
    assert outcome.returncode != 0
    assert f"Port {taken_port} ist belegt." in outcome.stderr
    assert f"Port {taken_port} is taken." in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "acht", "80 80", ""])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(StepFailed, match="ist keine Zahl von 1 bis 65535"):
        checks.usable_port(port)


def test_a_data_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcome = make(
        "run", "PORT=1" if os.name == "nt" else f"PORT={_free_port()}", f"DATA={tmp_path / 'file' / 'data'}"
    )
    assert outcome.returncode != 0
    assert "kann nicht geschrieben werden" in outcome.stderr
    assert "cannot be written to" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_data_folder_is_made_where_it_was_asked_for(tmp_path: Path) -> None:
    assert checks.usable_folder(tmp_path / "a" / "b") == (tmp_path / "a" / "b").resolve()
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    room = shutil.disk_usage(tmp_path).free
    checks.enough_room(tmp_path, needed=0)
    with pytest.raises(StepFailed, match=r"(?s)ist voll.*is full"):
        checks.enough_room(tmp_path, needed=room * 2 + 1)


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 8, 0), (2, 7, 18)])
def test_an_old_python_is_told_so(version: tuple[int, int, int]) -> None:
    refusal = refuse_old_python(version)
    assert refusal is not None
    assert "Python 3.11 oder neuer wird gebraucht" in refusal
    assert ".".join(map(str, version)) in refusal


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_new_python_is_not_refused(version: tuple[int, int, int]) -> None:
    assert refuse_old_python(version) is None


def test_without_any_python_make_says_what_to_install() -> None:
    outcome = make("web", "PYTHON=")
    assert outcome.returncode != 0
    assert "Python 3.11 oder neuer fehlt" in outcome.stderr
    assert "Python 3.11 or newer is missing" in outcome.stderr


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "NewConnectionError: Failed to establish a new connection: Temporary failure in name resolution",
            "Netz prüfen",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "ist voll",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "nicht den erwarteten Inhalt",
        ),
        ("ERROR: something nobody has seen before", "something nobody has seen before"),
    ],
)
def test_what_pip_says_becomes_a_sentence(output: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in str(failures.of_installation(output, "requirements/run.txt", tmp_path))


def test_a_full_disk_in_the_middle_of_a_step_is_told(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert "ist voll" in str(failures.of_os_error(full, tmp_path))


def test_a_failed_step_ends_the_chore_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_lock: str) -> None:
        raise StepFailed("Es geht nicht weiter.", "It does not go on.", status=3)

    monkeypatch.setattr(environment, "prepare", fail)
    assert chores.main(["web"]) == 3
    assert capsys.readouterr().err == "Es geht nicht weiter.\nIt does not go on.\n"


def test_a_missing_venv_module_names_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python3"
    broken.write_text(
        '#!/bin/sh\necho "The virtual environment was not created: ensurepip is not available"\nexit 1\n'
    )
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path / ".venv")
    with pytest.raises(StepFailed, match="apt install python3-venv"):
        environment.prepare("run")


def test_an_environment_that_fits_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp.json")
    environment.python().parent.mkdir(parents=True)
    environment.python().touch()
    environment.STAMP.write_text(f'{{"run": "{environment._wanted("run")}"}}', encoding="utf-8")
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: pytest.fail("nothing may be started"))
    environment.prepare("run")


def test_a_missing_browser_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("RUNDGANG_CHROMIUM", raising=False)
    with pytest.raises(StepFailed, match="apt install chromium"):
        browser.ensure_browser()


def test_a_chosen_browser_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = tmp_path / "chrome"
    chosen.touch()
    monkeypatch.setenv("RUNDGANG_CHROMIUM", str(chosen))
    assert browser.find() == str(chosen)


def test_every_chore_of_the_makefile_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == {*chores.CHORES, "run", "help"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
