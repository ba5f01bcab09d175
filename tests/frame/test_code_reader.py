"""The reader of codes in the web app: the package that was looked at or none, on the tablet before it is needed."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from webapp import code_reader
from webapp.layout import OUTPUT


def package(**files: bytes) -> bytes:
    """An npm package with these files, slashes written as two underscores."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name.replace("__", "/"))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def test_another_content_than_the_one_that_was_looked_at_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(code_reader.Unavailable, match="instead of"):
        code_reader.unpack(package(package__LICENSE=b"MIT"), tmp_path / "reader")
    assert not (tmp_path / "reader").exists()


def test_where_nothing_can_be_fetched_the_build_goes_on_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(code_reader, "CODE_READER", tmp_path / "reader")
    monkeypatch.setattr(code_reader, "NODE", tmp_path / "node")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert code_reader.code_reader() is None
    said = capsys.readouterr().err
    assert "Nummern werden getippt" in said
    assert "numbers are typed" in said
    assert not (tmp_path / "reader").exists()


def test_the_built_app_keeps_the_reader_on_the_tablet_and_serves_its_licences() -> None:
    built = json.loads((OUTPUT / "build.json").read_text(encoding="utf-8"))["files"]
    kept = (OUTPUT / "service_worker.js").read_text(encoding="utf-8")
    assert '"zxing/reader.js"' in kept
    assert '"zxing/zxing_reader.wasm"' in kept
    assert {"zxing/LICENSE", "zxing/zxing-cpp-LICENSE"} <= set(built)
    assert "MIT License" in (OUTPUT / "zxing" / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in (OUTPUT / "zxing" / "zxing-cpp-LICENSE").read_text(encoding="utf-8")


def test_no_start_loads_it() -> None:
    for name in ("index.html", "start.js", "python.js", "python_worker.js", "update.js"):
        assert "zxing" not in (OUTPUT / name).read_text(encoding="utf-8"), name
