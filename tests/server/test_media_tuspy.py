"""A foreign client, tuspy, uploads to the server behind a real socket, and resumes (rule S14)."""

import io
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from sync_server.application import build
from sync_server.settings import Settings
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import Tablet
from tests.server.pictures import hash_of, jpeg
from tests.server.serving import serving


@pytest.fixture
def served(settings: Settings) -> Iterator[tuple[str, Tablet]]:
    """A running server's address, and a tablet that is paired with it."""
    app = build(settings)
    with calling(app) as http:
        tablet = (firm := firms.found(app, http)).pair(firm.anna)
    second = build(settings)
    tablet.firm.app = second
    with serving(second) as address:
        yield address, tablet


def uploader(address: str, tablet: Tablet, data: bytes, **options: object) -> Any:
    client = TusClient(f"{address}/sync/v1/media/", headers=dict(tablet.headers))
    metadata = {"sha256": hash_of(data), "filetype": "image/jpeg", "photo_id": "x"}
    return client.uploader(
        file_stream=io.BytesIO(data), metadata=metadata, chunk_size=20_000, upload_checksum=True, **options
    )


def test_s14_tuspy_uploads_in_chunks_with_checksums(served: tuple[str, Tablet]) -> None:
    address, tablet = served
    data = jpeg()

    uploader(address, tablet, data).upload()

    assert tablet.firm.app.state.blobs.read(hash_of(data)) == data


def test_s14_tuspy_resumes_where_it_was_interrupted(served: tuple[str, Tablet]) -> None:
    address, tablet = served
    data = jpeg()
    first = uploader(address, tablet, data)
    first.upload_chunk()
    first.upload_chunk()

    second = uploader(address, tablet, data, url=first.url)
    assert second.offset == 40_000
    second.upload()

    assert tablet.firm.app.state.blobs.read(hash_of(data)) == data


def test_s14_a_connection_lost_in_the_middle_costs_what_was_on_the_way(served: tuple[str, Tablet]) -> None:
    address, tablet = served
    data = jpeg()
    begun = uploader(address, tablet, data)
    begun.upload_chunk()
    place = urlsplit(str(begun.url))
    head = (
        f"PATCH {place.path} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 20000\r\n"
        f"Authorization: {tablet.headers['Authorization']}\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(data) - 20_000}\r\n\r\n"
    )
    with socket.create_connection((place.hostname, place.port)) as broken:
        broken.sendall(head.encode() + data[20_000:30_000])

    # The server notices the end of the connection by itself; until then it answers "locked".
    resumed = uploader(address, tablet, data, url=begun.url, retries=50, retry_delay=0)
    assert 20_000 <= resumed.offset <= 30_000
    while resumed.offset < len(data):
        try:
            resumed.upload_chunk()
        except TusCommunicationError as error:
            if error.status_code not in (409, 423):
                raise
            resumed.offset = resumed.get_offset()

    assert tablet.firm.app.state.blobs.read(hash_of(data)) == data
