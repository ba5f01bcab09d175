"""A foreign client, tus-js-client in a real Node process, uploads to a real server process, and resumes (rule S14)."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.tus_js import ensure_tus_js
from sync_server.application import build
from sync_server.settings import Settings
from tests.running import RunningServer, running_server
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.pictures import hash_of, jpeg

PROGRAM = Path(__file__).parents[1] / "tus_js" / "upload.cjs"
CHUNK = 20_000
PHOTO = jpeg()


@pytest.fixture(scope="module")
def packages() -> Path:
    """The folder with tus-js-client."""
    return ensure_tus_js()


@dataclass
class Technician:
    """Who uploads PHOTO with somebody else's program."""

    server: RunningServer
    headers: dict[str, str]
    packages: Path
    folder: Path

    def start(self, sha256: str = hash_of(PHOTO), **options: object) -> "subprocess.CompletedProcess[str]":
        """Run the program to its end."""
        asked = {
            "endpoint": f"{self.server.url}/sync/v1/media/",
            "headers": self.headers,
            "metadata": {"sha256": sha256, "filetype": "image/jpeg", "photo_id": "x"},
            "file": str(self.folder / "photo.jpg"),
            "store": str(self.folder / "uploads.json"),
        }
        return subprocess.run(
            ["node", str(PROGRAM), json.dumps(asked | options)],
            env={**os.environ, "NODE_PATH": str(self.packages)},
            check=False, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def upload(self, sha256: str = hash_of(PHOTO), **options: object) -> dict[str, Any]:
        """What the program says became of it."""
        ended = self.start(sha256, **options)
        assert ended.returncode == 0, ended.stderr
        told: dict[str, Any] = json.loads(ended.stdout)
        return told

    def stored(self) -> list[bytes]:
        """Every photo that the server holds."""
        return [file.read_bytes() for file in (self.server.data / "blobs").rglob("*") if file.is_file()]

    def offset(self, url: str) -> httpx.Response:
        """What the server says about an upload."""
        return httpx.head(url, headers={**self.headers, "Tus-Resumable": "1.0.0"})


@pytest.fixture
def technician(settings: Settings, packages: Path, tmp_path: Path) -> Iterator[Technician]:
    """Anna, paired with a server process."""
    # Once: the program knows a file again by its name, size and age.
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    with calling(app := build(settings)) as http:
        tablet = (firm := firms.found(app, http)).pair(firm.anna)
    with running_server(settings.data) as server:
        yield Technician(server, dict(tablet.headers), packages, tmp_path)


@pytest.mark.parametrize("options", [{}, {"chunkSize": CHUNK}, {"chunkSize": CHUNK, "checksum": "right"}])
def test_s14_tus_js_uploads_a_photo_whole_and_in_pieces(
    technician: Technician, options: dict[str, object]
) -> None:
    assert technician.upload(hash_of(PHOTO), **options)["done"]
    assert technician.stored() == [PHOTO]


def test_s14_tus_js_killed_in_the_middle_resumes_in_another_process(technician: Technician) -> None:
    killed = technician.start(chunkSize=CHUNK, dieAfter=2 * CHUNK)
    assert killed.returncode == -signal.SIGKILL
    assert technician.stored() == []
    technician.server.kill()
    technician.server.start()

    resumed = technician.upload(chunkSize=CHUNK)

    assert (resumed["done"], resumed["offsets"]) == (True, [2 * CHUNK]), "not one byte was sent again"
    assert technician.stored() == [PHOTO]


def test_s14_a_wrong_checksum_from_tus_js_is_refused_and_the_right_bytes_are_taken_later(
    technician: Technician,
) -> None:
    piece = technician.upload(checksum="wrong", chunkSize=CHUNK)
    assert (piece["done"], piece["status"]) == (False, 460)
    assert json.loads(piece["body"])["code"] == "media_checksum"
    assert technician.offset(piece["url"]).headers["Upload-Offset"] == "0"

    again = technician.upload(checksum="right", chunkSize=CHUNK)
    assert (again["done"], again["offsets"]) == (True, [0])
    assert technician.stored() == [PHOTO]


def test_s14_a_photo_that_is_not_what_was_announced_is_not_stored(technician: Technician) -> None:
    whole = technician.upload(sha256="0" * 64)
    assert (whole["done"], whole["status"]) == (False, 460)
    assert technician.offset(whole["url"]).status_code == 404
    assert technician.stored() == []
