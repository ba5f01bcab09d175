"""The tablet's web app as the server offers it, and /healthz."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync_server.application import build
from sync_server.settings import Settings
from sync_server.store import Database
from tests.server.calling import Caller, calling

FILES = {
    "index.html": ("text/html; charset=utf-8", b"<!doctype html><title>Rundgang</title>" * 100),
    "main.dart.mjs": ("text/javascript; charset=utf-8", b"export {}"),
    "canvaskit/canvaskit.wasm": ("application/wasm", b"\0asm" * 1000),
}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A built web app in small."""
    folder = tmp_path / "web"
    headers: dict[str, Any] = {}
    for name, (kind, content) in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        headers[name] = {"Content-Type": kind, "ETag": f'"{len(content)}"', "Cache-Control": "no-cache"}
    (folder / "canvaskit/canvaskit.wasm.gz").write_bytes(gzip.compress(FILES["canvaskit/canvaskit.wasm"][1]))
    (folder / "secret.txt").write_text("not in the list")
    (folder / "headers.json").write_text(json.dumps(headers))
    return folder


@pytest.fixture
def http(settings: Settings, web: Path) -> Iterator[Caller]:
    with calling(build(replace(settings, web=web))) as caller:
        yield caller


@pytest.mark.parametrize("name", FILES)
def test_files_come_with_the_headers_of_the_build(http: Caller, name: str) -> None:
    kind, content = FILES[name]
    answer = http.get(f"/app/{name}", headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"] == f'"{len(content)}"'


def test_the_folder_itself_is_the_page(http: Caller) -> None:
    assert http.get("/app/").content == FILES["index.html"][1]
    moved = http.get("/app")
    assert (moved.status_code, moved.headers["location"]) == (308, "/app/")


def test_a_compressed_sibling_is_sent_to_those_who_accept_it(http: Caller) -> None:
    answer = http.get("/app/canvaskit/canvaskit.wasm", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/wasm"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == FILES["canvaskit/canvaskit.wasm"][1]


@pytest.mark.parametrize("said", ['"9"', 'W/"9"', '"x", "9"', "*"])
def test_what_is_known_is_not_sent_again(http: Caller, said: str) -> None:
    answer = http.get("/app/main.dart.mjs", headers={"If-None-Match": said})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == '"9"'


@pytest.mark.parametrize(
    "path", ["secret.txt", "headers.json", "nothing.js", "%2e%2e/data/rundgang.db", "../rundgang.db"]
)
def test_what_is_not_in_the_list_does_not_exist(http: Caller, path: str) -> None:
    assert http.get(f"/app/{path}").status_code == 404


def test_a_new_build_is_served_without_a_restart(http: Caller, web: Path) -> None:
    assert http.get("/app/new.js").status_code == 404
    headers = json.loads((web / "headers.json").read_text()) | {"new.js": {"Content-Type": "text/javascript"}}
    (web / "new.js").write_text("1")
    (web / "headers.json").write_text(json.dumps(headers, indent=3))
    assert http.get("/app/new.js").text == "1"


def test_a_missing_build_is_explained_in_both_languages(settings: Settings, tmp_path: Path) -> None:
    with calling(build(replace(settings, web=tmp_path / "nowhere"))) as http:
        answer = http.get("/app/")
        assert answer.status_code == 503
        assert "fehlt" in answer.text
        assert "does not have the tablet app" in answer.text
        assert http.get("/app/main.js").status_code == 404


def test_healthz_says_that_all_is_well_and_nothing_else(http: Caller) -> None:
    answer = http.get("/healthz").json()
    assert answer["ok"] is True
    assert set(answer) == {"ok", "database", "version", "protocol"}


def test_healthz_says_that_the_database_does_not_answer(settings: Settings, tmp_path: Path) -> None:
    app = build(settings)
    with calling(app) as http:
        working, app.state.database = app.state.database, Database(f"sqlite:///{tmp_path / 'no' / 'x.db'}")
        answer = http.get("/healthz")
        app.state.database = working
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "database": "Unusable"})
