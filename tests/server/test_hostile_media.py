"""Tricks in the names and headers of photos: nothing is written outside the media's folders, every answer is clear."""

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest

from protocol.limits import MAX_PHOTO_BYTES
from protocol.problems import Code
from tests.server.firm import Tablet
from tests.server.pictures import hash_of, jpeg

TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
NAMES = [
    "..", "../../rundgang.db", "%2e%2e", "%2e%2e%2frundgang.db", "..%2f..%2fetc%2fpasswd", "%2e%2e%5cx", "/etc/passwd",
    "%00", "x%00.jpg", "a%0d%0aX-Evil:1", "%c0%ae%c0%ae", "%ff", "~", "-", "CON", "x" * 5_000, "%F0%9F%98%80", "' OR 1=1 --", "0" * 64,
]  # fmt: skip


UNKNOWN = (Code.UPLOAD_UNKNOWN, Code.MEDIA_UNKNOWN)


def said(pairs: Iterable[tuple[str, str | bytes]]) -> str:
    """Upload-Metadata."""
    encoded = [(name, value.encode() if isinstance(value, str) else value) for name, value in pairs]
    return ",".join(f"{name} {b64encode(value).decode()}" for name, value in encoded)


GOOD = {"sha256": "a" * 64, "filetype": "image/jpeg", "photo_id": "x"}


def begin(tablet: Tablet, metadata: str | bytes = said(GOOD.items()), length: str = "1000") -> httpx.Response:
    headers: list[tuple[str, str | bytes]] = [*tablet.headers.items(), *TUS.items()]
    headers += [("Upload-Length", length), ("Upload-Metadata", metadata)]
    return tablet.http.post("/sync/v1/media/", headers=_raw(headers))


def code_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


def files(tablet: Tablet) -> set[str]:
    """Every file of the data folder and beside it, but for what the database itself needs."""
    data: Path = tablet.firm.app.state.settings.data
    found = (file.relative_to(data.parent).as_posix() for file in data.parent.rglob("*") if file.is_file())
    return {name for name in found if not name.startswith("data/rundgang.db")}


METADATA: list[str | bytes] = [
    said([*GOOD.items(), ("sha256", "../../../../tmp/evil")]),
    said([("sha256", "../" * 21 + "x"), ("filetype", "image/jpeg")]),
    said([("sha256", "a" * 63 + "\x00"), ("filetype", "image/jpeg")]),
    said([("sha256", "A" * 64), ("filetype", "image/jpeg")]),
    said([("sha256", "a" * 64), ("filetype", "image/jpeg\r\nX-Evil: 1")]),
    said([("sha256", b"\xff" * 64), ("filetype", "image/jpeg")]),
    "sha256 not~base64,filetype aW1hZ2UvanBlZw==",
    "sha256",
    ",",
    ",,,",
    " ",
    "",
    "sha256  ,filetype",
    "\xe4\xff".encode("latin-1"),
    "=" * 3_000,
]


def test_metadata_that_is_no_photos_is_refused_and_leaves_no_file(anna: Tablet) -> None:
    before = files(anna)
    for metadata in METADATA:
        answer = begin(anna, metadata)
        assert answer.status_code == 422, metadata
        assert code_of(answer) in (Code.INVALID_REQUEST, Code.MEDIA_NOT_A_PHOTO), metadata
        assert "x-evil" not in answer.headers
    assert files(anna) == before


def test_other_names_in_the_metadata_are_never_used(anna: Tablet) -> None:
    tricks = [("filename", "../../../../tmp/evil.jpg"), ("name", "\x00"), ("path", "/etc/passwd"), ("", "x")]
    many = [(f"key{number}", "x") for number in range(10_000)]
    before = files(anna)
    answer = begin(anna, said([*tricks, *many, *GOOD.items()]))
    assert answer.status_code == 201
    (made,) = files(anna) - before
    assert made == f"data/uploads/{answer.headers['location'].rpartition('/')[2]}"


LENGTHS = [
    "-1",
    "+1",
    "0x10",
    "1.0",
    "1e3",
    " ",
    "",
    "²",
    "NaN",
    "1_000",
    "1, 1000",
    "9" * 20,
    "9" * 5_000,
    str(2**63),
    "0",
]


def test_a_length_that_is_none_is_refused(anna: Tablet) -> None:
    before = files(anna)
    for length in LENGTHS:
        answer = begin(anna, length=length)
        assert code_of(answer) in (Code.INVALID_REQUEST, Code.MEDIA_NOT_A_PHOTO), length
    assert code_of(begin(anna, length=str(MAX_PHOTO_BYTES + 1))) == Code.MEDIA_TOO_LARGE
    assert files(anna) == before


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE", "GET", "POST", "PUT"])
def test_no_name_leads_out_of_the_folder(anna: Tablet, method: str) -> None:
    before = files(anna)
    headers = _raw([*anna.headers.items(), *TUS.items(), ("Upload-Offset", "0")])
    for name in NAMES:
        answer = anna.http.request(method, f"/sync/v1/media/{name}", headers=headers, content=b"evil")
        assert answer.status_code in (404, 405), (name, answer.text)
        assert method == "HEAD" or code_of(answer) in (Code.NOT_FOUND, Code.METHOD_NOT_ALLOWED, *UNKNOWN), (
            name
        )
        assert files(anna) == before
        assert b"SQLite" not in answer.content
        assert b"root:" not in answer.content


@pytest.mark.parametrize("header", ["Upload-Offset", "Upload-Length"])
def test_a_header_that_stands_twice_is_refused(anna: Tablet, header: str) -> None:
    upload = begin(anna).headers["location"]
    headers = [*anna.headers.items(), *TUS.items(), ("Upload-Metadata", said(GOOD.items()))]
    headers += [(header, "0"), (header, "7")]
    method, path = ("PATCH", upload) if header == "Upload-Offset" else ("POST", "/sync/v1/media/")
    answer = anna.http.request(method, path, headers=_raw(headers), content=b"x" * 7)
    assert (answer.status_code, code_of(answer)) == (422, Code.INVALID_REQUEST)
    assert _offset(anna, upload) == "0"


PIECES: list[tuple[dict[str, str], Code]] = [
    ({"Upload-Offset": "-1"}, Code.INVALID_REQUEST),
    ({"Upload-Offset": "9" * 5_000}, Code.INVALID_REQUEST),
    ({"Upload-Offset": "999999999999999"}, Code.UPLOAD_OFFSET),
    ({"Upload-Offset": "0", "Content-Length": "9" * 5_000}, Code.MEDIA_TOO_LARGE),
    ({"Upload-Offset": "0", "Content-Length": "1001"}, Code.MEDIA_TOO_LARGE),
    ({"Upload-Offset": "0", "Upload-Checksum": "md5 AAAA"}, Code.INVALID_REQUEST),
    ({"Upload-Offset": "0", "Upload-Checksum": "sha256"}, Code.MEDIA_CHECKSUM),
    ({"Upload-Offset": "0", "Upload-Checksum": "sha256 ~~~"}, Code.INVALID_REQUEST),
    ({"Upload-Offset": "0", "Upload-Checksum": "../../x AAAA"}, Code.INVALID_REQUEST),
    ({"Upload-Offset": "0", "Tus-Resumable": "9.9.9"}, Code.UPLOAD_VERSION),
    ({"Upload-Offset": "0", "Content-Type": "image/jpeg"}, Code.UNSUPPORTED_MEDIA_TYPE),
]


def test_odd_headers_of_a_piece_are_refused_and_the_upload_stays_where_it_was(anna: Tablet) -> None:
    upload = begin(anna).headers["location"]
    for odd, code in PIECES:
        headers = {**anna.headers, **TUS, **odd}
        answer = anna.http.request("PATCH", upload, headers=headers, content=b"x" * 7)
        assert code_of(answer) == code, odd
        assert _offset(anna, upload) == "0"


def test_a_piece_without_end_stops_at_the_length_that_was_said(anna: Tablet) -> None:
    taken = 0

    async def endless() -> object:
        nonlocal taken
        while True:
            taken += 65_536
            yield b"x" * 65_536

    upload = begin(anna).headers["location"]
    headers = {**anna.headers, **TUS, "Upload-Offset": "0"}
    answer = anna.http.request("PATCH", upload, headers=headers, content=endless())
    assert code_of(answer) == Code.MEDIA_TOO_LARGE
    assert taken <= 2 * 65_536
    assert _offset(anna, upload) == "0"


def test_after_all_that_a_photo_is_taken(anna: Tablet) -> None:
    data = jpeg()
    metadata = said((GOOD | {"sha256": hash_of(data)}).items())
    upload = begin(anna, metadata, length=str(len(data))).headers["location"]
    headers = {**anna.headers, **TUS, "Upload-Offset": "0"}
    assert anna.http.request("PATCH", upload, headers=headers, content=data).status_code == 204
    assert any(name.endswith(hash_of(data)) for name in files(anna))


def _offset(tablet: Tablet, upload: str) -> str:
    answer = tablet.http.request("HEAD", upload, headers={**tablet.headers, **TUS})
    return str(answer.headers["upload-offset"])


def _raw(headers: Iterable[tuple[str, str | bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers as they travel: not everything that can be sent is text."""
    return [
        (name.encode(), value if isinstance(value, bytes) else value.encode("latin-1"))
        for name, value in headers
    ]
