"""Bodies that are meant to exhaust the server: refused without being read whole, in memory that does not grow."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from itertools import product

import httpx
import pytest

from protocol.limits import MAX_PUSH_BYTES
from protocol.problems import Code
from tests.server.firm import Tablet

PIECE = b" " * 65_536


class Endless:
    """A body that never ends, and how much of it was taken."""

    def __init__(self, piece: bytes = PIECE) -> None:
        self.piece = piece
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += len(self.piece)
            yield self.piece


def send(
    tablet: Tablet, body: Endless | bytes, path: str = "/sync/v1/push", **headers: str
) -> httpx.Response:
    said = {**tablet.headers, "Content-Type": "application/json", **headers}
    return tablet.http.post(path, content=body, headers=said)


def code_of(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


@pytest.mark.parametrize("path", ["/sync/v1/push", "/sync/v1/pair"])
@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Content-Length": str(MAX_PUSH_BYTES + 1)},
        {"Content-Length": str(2**63)},
        {"Content-Length": "9" * 5_000},
        {"Content-Length": "7"},
    ],
    ids=["unsaid", "too long", "overflowing", "a number of 5,000 digits", "a lie"],
)
def test_a_body_without_end_is_cut_off_and_is_never_held_in_memory(
    anna: Tablet, path: str, said: dict[str, str]
) -> None:
    body = Endless()
    tracemalloc.start()
    try:
        answer = send(anna, body, path, **said)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.status_code, code_of(answer)) == (413, Code.TOO_LARGE)
    assert body.taken <= 4 * MAX_PUSH_BYTES + 2 * len(PIECE), (
        "a little is thrown away, so that the answer is heard"
    )
    assert most < 3 * MAX_PUSH_BYTES


def bombs() -> dict[str, bytes]:
    """A little that becomes 64 MiB, once and in another little."""
    zeros = bytes(64 * 1024 * 1024)
    once = gzip.compress(zeros)
    return {"gzip": once, "gzip, gzip": gzip.compress(once), "deflate": zlib.compress(zeros)}


def test_a_compressed_body_is_refused_without_a_look_at_it(anna: Tablet) -> None:
    made = bombs()
    # Nobody unpacks them here: what is said is enough, so the bytes of a gzip do for the others.
    for encoding in [*made, "br", "zstd", "GZIP", "x-gzip", "identity, gzip", "compress", "aes128gcm", "\t"]:
        tracemalloc.start()
        try:
            answer = send(anna, made.get(encoding, made["gzip"]), **{"Content-Encoding": encoding})
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (answer.status_code, code_of(answer)) == (415, Code.UNSUPPORTED_MEDIA_TYPE), encoding
        assert most < 4 * 1024 * 1024, encoding
    body = Endless()
    assert send(anna, body, **{"Content-Encoding": "gzip"}).status_code == 415
    assert body.taken == 0


def test_a_compressed_body_that_does_not_say_so_is_no_json(anna: Tablet) -> None:
    assert code_of(send(anna, gzip.compress(json.dumps(anna.body()).encode()))) == Code.NOT_JSON


@pytest.mark.parametrize("version", ["7", 7, 10**30, "1" * 30])
def test_a_newer_protocol_is_told_apart_however_it_is_written(anna: Tablet, version: object) -> None:
    broken = anna.observe().as_dict() | {"recorded_at": 7}  # so that it cannot be read in one go
    for changes in ([], [broken]):
        answer = anna.send(*changes, protocol=version)
        assert code_of(answer) in (Code.PROTOCOL_TOO_NEW, Code.INVALID_REQUEST)
        assert version not in ("7", 7) or code_of(answer) == Code.PROTOCOL_TOO_NEW


HEADERS = [
    {"Rundgang-Protocol": "9" * 5_000},
    {"Rundgang-Protocol": "²"},
    {"Rundgang-Protocol": "-1"},
    {"Accept-Language": "en;q=" + "9" * 5_000 + "," * 5_000},
    {"Accept-Language": "en;q=nan,de;q=inf"},
    {"Accept-Encoding": "gzip;q=" + "1" * 5_000},
    {"Authorization": "Bearer " + "x" * 100_000},
    {"Authorization": "Bearer \x80ä"},
    {"Authorization": "Bearer"},
    {"Host": "../../x\u00e4"},
]


def test_odd_headers_have_a_clear_answer(anna: Tablet) -> None:
    for headers in HEADERS:
        raw = {name: value.encode("latin-1") for name, value in {**anna.headers, **headers}.items()}
        answer = anna.http.get("/sync/v1/pull", headers=raw)
        assert answer.status_code < 500, headers
        assert answer.status_code == 200 or code_of(answer) in {code.value for code in Code}, headers


CURSORS = ["\x00", "A" * 54, "A" * 56, "%", "ä" * 30, "-" * 99, "A" * 10_000, "AQ==" * 14]
LIMITS = ["1", "0", "-1", "9" * 5_000, "1e3", "\x00", "²", ""]


def test_odd_cursors_and_limits_have_a_clear_answer(anna: Tablet) -> None:
    clear = {
        (400, Code.CURSOR_UNREADABLE), (409, Code.CURSOR_OTHER_EPOCH), (422, Code.INVALID_REQUEST),
    }  # fmt: skip
    for cursor, limit in product(CURSORS, LIMITS):
        parameters = {"cursor": cursor, "limit": limit}
        answer = anna.http.get("/sync/v1/pull", params=parameters, headers=anna.headers)
        assert (answer.status_code, code_of(answer)) in clear, parameters
