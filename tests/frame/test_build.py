"""The built web app: equal sources give equal bytes, nothing unneeded, nothing from elsewhere."""

import gzip
import io
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest

from scripts import catalogs
from webapp import archive, build, client, fingerprint, packages
from webapp.failures import BuildFailed
from webapp.layout import EMPTY, OUTPUT, RUNDGANG, Source
from webapp.release import NOT_PRECACHED


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real web app, brought up to date once for this module."""
    build.build(RUNDGANG, OUTPUT)
    return OUTPUT


def read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def members(built: Path) -> dict[str, bytes]:
    with tarfile.open(built / "app.tar.gz") as packed:
        return {
            member.name: content.read()
            for member in packed.getmembers()
            if (content := packed.extractfile(member)) is not None
        }


@pytest.fixture
def small_source(tmp_path: Path) -> Source:
    package = tmp_path / "small"
    (package / "texts" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (package / "__init__.py").write_text('"""Small."""\n')
    (package / "main.py").write_text(
        '"""Main."""\n\nimport json\nfrom small import other\n\nif json:\n    import csv\n'
    )
    (package / "other.py").write_text('"""Other."""\n')
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "main.cpython-311.pyc").write_bytes(b"x")
    po = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Grüß Gott"\nmsgstr "Hello"\n'
    )
    (package / "texts" / "en" / "LC_MESSAGES" / "small.po").write_text(po, encoding="utf-8")
    return Source(packages=(package,), main_module="small.main", only=())


def test_equal_sources_give_equal_archives(small_source: Source, tmp_path: Path) -> None:
    packages_folder = tmp_path / "packages"
    packages_folder.mkdir()
    archive.write(tmp_path / "first.tar.gz", small_source, packages_folder)
    for path in fingerprint.files_below(small_source.packages[0]):
        path.write_bytes(path.read_bytes())  # a new time of change, the same content
    archive.write(tmp_path / "second.tar.gz", small_source, packages_folder)
    assert (tmp_path / "first.tar.gz").read_bytes() == (tmp_path / "second.tar.gz").read_bytes()


def test_the_archive_holds_source_and_compiled_catalogues(small_source: Source) -> None:
    found = dict(archive.program_members(small_source))
    assert set(found) == {
        "small/__init__.py", "small/main.py", "small/other.py", "small/texts/en/LC_MESSAGES/small.mo"
    }  # fmt: skip
    po = small_source.packages[0] / "texts" / "en" / "LC_MESSAGES" / "small.po"
    assert found["small/texts/en/LC_MESSAGES/small.mo"] == catalogs.compiled(po)


def test_a_changed_source_is_noticed(small_source: Source) -> None:
    before = build.inputs_of(small_source)
    assert build.inputs_of(small_source) == before
    (small_source.packages[0] / "other.py").write_text('"""Changed."""\n')
    assert build.inputs_of(small_source) != before


def test_what_the_interpreter_leaves_behind_is_no_change(small_source: Source) -> None:
    before = build.inputs_of(small_source)
    (small_source.packages[0] / "__pycache__" / "other.cpython-312.pyc").write_bytes(b"y")
    assert build.inputs_of(small_source) == before


def test_imports_at_the_top_of_the_main_module_are_warmed(small_source: Source) -> None:
    assert client.warm_modules(small_source)[-2:] == ["json", "small"]


def test_the_closure_of_flet_leaves_out_what_flet_does_not_need() -> None:
    folder = packages.web_packages()
    taken = packages.closure(folder, EMPTY.only or ())
    assert {"flet", "msgpack", "httpx", "repath.py"} <= taken
    assert taken.isdisjoint({"pydantic", "tinydb", "flet_camera", "pydantic_core"})


def test_an_unknown_flet_stops_the_build() -> None:
    with pytest.raises(BuildFailed, match="Diese Fassung von flet-web ist dem Bau nicht bekannt"):
        client._replace("<html lang>", "<html>", '<html lang="de">')


def test_nothing_is_built_when_nothing_has_changed(built: Path) -> None:
    assert build.build(RUNDGANG, built) is False


def test_a_second_build_is_the_same_version(built: Path, tmp_path: Path) -> None:
    build.build(RUNDGANG, tmp_path / "again", force=True)
    first, second = read_json(built / "build.json"), read_json(tmp_path / "again" / "build.json")
    assert second == first


def test_the_archive_of_the_app_carries_no_ballast(built: Path) -> None:
    names = set(members(built))
    assert {"app/main.py", "protocol/__init__.py", "__pypackages__/flet/__init__.py"} <= names
    ballast = re.compile(
        r"(^|/)(__pycache__|tests|bin)/|\.(pyi|po|pot|c|pyc)$|^(requirements\.txt|pyproject\.toml)$"
    )
    assert [name for name in names if ballast.search(name)] == []


def test_what_was_built_is_what_is_listed(built: Path) -> None:
    record, headers = read_json(built / "build.json"), read_json(built / "headers.json")
    worker = (built / "service_worker.js").read_text(encoding="utf-8")
    assert set(headers) == set(record["files"])
    for name, facts in record["files"].items():
        assert fingerprint.of_file(built / name) == facts["sha256"]
        if name not in {"service_worker.js", *NOT_PRECACHED}:
            assert f'"{name}": "{facts["sha256"]}"' in worker
    assert f'const VERSION = "{record["version"]}"' in worker
    assert f'content="{record["version"]}"' in (built / "index.html").read_text(encoding="utf-8")


def test_compressed_siblings_are_the_same_content(built: Path) -> None:
    siblings = [path for path in built.rglob("*.gz") if path.name != "app.tar.gz"]
    assert len(siblings) > 10
    for sibling in siblings:
        assert gzip.decompress(sibling.read_bytes()) == sibling.with_suffix("").read_bytes()


def test_the_install_stays_below_twenty_megabytes(built: Path) -> None:
    record = read_json(built / "build.json")
    assert record["install_bytes"] <= record["install_bytes_javascript"] <= 20_000_000


def test_the_renderers_and_tools_not_used_are_left_behind(built: Path) -> None:
    names = set(read_json(built / "build.json")["files"])
    assert [
        name
        for name in names
        if re.search(r"skwasm_heavy|wimp|chromium|\.symbols$|\.map$|micropip|KaTeX|\.exe$", name)
    ] == []


def test_the_page_allows_nothing_from_elsewhere(built: Path) -> None:
    headers = read_json(built / "headers.json")
    policy = headers["index.html"]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "*" not in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "'unsafe-eval'" not in headers["service_worker.js"]["Content-Security-Policy"]


def test_the_manifest_makes_it_installable_in_german(built: Path) -> None:
    manifest = read_json(built / "manifest.json")
    assert (manifest["name"], manifest["lang"], manifest["display"]) == ("Rundgang", "de", "standalone")
    assert manifest["scope"] == manifest["start_url"] == "/app/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert (built / icon["src"]).is_file()


def test_every_script_of_the_page_is_part_of_the_version(built: Path) -> None:
    html = (built / "index.html").read_text(encoding="utf-8")
    files = read_json(built / "build.json")["files"]
    assert '<html lang="de">' in html
    assert "{{" not in html
    scripts = re.findall(r'<script src="([^"]+)"', html)
    assert "flutter_bootstrap.js" in scripts
    assert [script for script in scripts if script not in files] == []


def test_damaged_input_to_a_build_leaves_the_former_one_alone(
    small_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "index.html").write_text("former", encoding="utf-8")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "write", full)
    with pytest.raises(OSError, match="No space left"):
        build.build(small_source, output)
    assert (output / "index.html").read_text(encoding="utf-8") == "former"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out-")] == []


def test_a_tar_archive_is_plain_ustar() -> None:
    packed = archive.deterministic_tar_gz([("a/" + "b" * 120 + "/c.py", b"x")])
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        member = opened.getmembers()[0]
    assert (member.name, member.mtime, member.uid, member.uname) == (
        "a/" + "b" * 120 + "/c.py",
        archive.FIXED_TIME,
        0,
        "",
    )
