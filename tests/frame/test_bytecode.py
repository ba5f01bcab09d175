"""Compiled once per version: what the tablet reads instead of sources is the same program."""

import importlib.util
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from webapp.archive import deterministic_tar_gz
from webapp.layout import PAGE

PROGRAM = b'"""Says a word."""\n\nWORD = "Gr\xc3\xbc\xc3\x9fe"\n\n\ndef main():\n    print(WORD)\n\n\nif __name__ == "__main__":\n    main()\n'


@pytest.fixture(scope="module")
def bytecode() -> ModuleType:
    """The file that is delivered to the tablet, which is no module of ours to import by name."""
    spec = importlib.util.spec_from_file_location("bytecode", PAGE / "bytecode.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(path: Path) -> str:
    command = [
        sys.executable,
        "-X",
        "utf8",
        "-c",
        "import runpy; runpy.run_module('small.main', run_name='__main__')",
    ]
    outcome = subprocess.run(
        command, cwd=path.parent, env={"PYTHONPATH": str(path)}, capture_output=True, check=True
    )
    return outcome.stdout.decode()


def test_a_compiled_archive_runs_without_its_sources(bytecode: ModuleType, tmp_path: Path) -> None:
    packed = deterministic_tar_gz(
        [("small/__init__.py", b""), ("small/main.py", PROGRAM), ("small/text.mo", b"\0")]
    )
    with tarfile.open(fileobj=io.BytesIO(bytecode.compiled_tar(packed, "/home"))) as opened:
        assert opened.getnames() == ["small/__init__.pyc", "small/main.pyc", "small/text.mo"]
        opened.extractall(tmp_path, filter="data")
    assert run(tmp_path) == "Grüße\n"


def test_a_compiled_zip_runs_without_its_sources(bytecode: ModuleType, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("small/__init__.py", "")
        archive.writestr("small/main.py", PROGRAM)
    (tmp_path / "library.zip").write_bytes(bytecode.compiled_zip(packed.getvalue(), "/lib"))
    assert run(tmp_path / "library.zip") == "Grüße\n"


def test_tracebacks_still_name_the_file_of_the_source(bytecode: ModuleType) -> None:
    pyc = bytecode.compiled("small/main.py", b"1 / 0\n", "/home/pyodide")
    assert b"/home/pyodide/small/main.py" in pyc


@pytest.mark.parametrize("form", ["compiled_tar", "compiled_zip"])
def test_a_damaged_archive_is_refused(bytecode: ModuleType, form: str) -> None:
    compile_it: Callable[[bytes, str], bytes] = getattr(bytecode, form)
    with pytest.raises((tarfile.TarError, zipfile.BadZipFile)):
        compile_it(b"<!DOCTYPE html><title>WLAN</title>" * 40, "/home")
