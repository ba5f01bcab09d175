"""Photos by tus 1.0.0: resumable, verified, stored once, refused with a reason (rule S14)."""

import threading
import zlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, update

from protocol.limits import MAX_PHOTO_BYTES
from protocol.problems import CATALOGUE, Code
from sync_server.application import tidy_up_once
from sync_server.store import schema as t
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.pictures import hash_of, in_format, jpeg

PATH = "/sync/v1/media/"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}


def metadata(digest: str, filetype: str = "image/jpeg") -> str:
    values = {"sha256": digest, "filetype": filetype, "photo_id": "x"}
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in values.items())


def begin(
    tablet: Tablet, data: bytes, *, digest: str | None = None, size: int | None = None, **more: Any
) -> httpx.Response:
    headers = {
        **tablet.headers,
        **TUS,
        "Upload-Length": str(len(data) if size is None else size),
        "Upload-Metadata": metadata(digest or hash_of(data)),
        **more.pop("headers", {}),
    }
    return tablet.http.post(PATH, headers=headers, **more)


def patch(tablet: Tablet, location: str, data: bytes, offset: int, **headers: str) -> httpx.Response:
    sent = {**tablet.headers, **TUS, **PIECE, "Upload-Offset": str(offset), **headers}
    return tablet.http.request("PATCH", location, content=data, headers=sent)


def offset(tablet: Tablet, location: str) -> int:
    answer = tablet.http.request("HEAD", location, headers={**tablet.headers, **TUS})
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["upload-offset"])


def upload(tablet: Tablet, data: bytes, **options: Any) -> httpx.Response:
    begun = begin(tablet, data, **options)
    assert begun.status_code == 201, begun.text
    return patch(tablet, begun.headers["location"], data, 0)


def refused(answer: httpx.Response) -> Code:
    code = Code(answer.json()["code"])
    assert answer.status_code == CATALOGUE[code].status
    assert answer.headers["tus-resumable"] == "1.0.0"
    return code


def files(firm: Firm, folder: str) -> list[str]:
    return sorted(file.name for file in (firm.app.state.settings.data / folder).rglob("*") if file.is_file())


def test_s14_a_photo_is_uploaded_in_pieces_verified_and_stored(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    half = len(data) // 2

    first = patch(anna, location, data[:half], 0)
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(half))
    assert offset(anna, location) == half
    last = patch(anna, location, data[half:], half)

    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(data)))
    assert firm.app.state.blobs.read(hash_of(data)) == data
    assert files(firm, "uploads") == []
    with firm.database.reading() as connection:
        blob = connection.execute(select(t.blobs)).one()
    assert (blob.size, blob.media_type, blob.width, blob.height) == (len(data), "image/jpeg", 320, 240)


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_other_formats_are_stored_as_what_they_are(firm: Firm, anna: Tablet, name: str) -> None:
    data = in_format(name)
    assert upload(anna, data).status_code == 204
    with firm.database.reading() as connection:
        assert connection.execute(select(t.blobs.c.media_type)).scalar_one() == f"image/{name.lower()}"


@pytest.mark.parametrize("photo_first", [True, False])
def test_s15_media_received_reaches_the_tablet_whichever_comes_first(anna: Tablet, photo_first: bool) -> None:
    data = jpeg()
    photo = photo_of(hash_of(data), len(data))
    observation = anna.observe(photos=(photo,))
    if photo_first:
        upload(anna, data)
    anna.push(observation)
    anna.pull()
    assert anna.observation(observation).media_received == ((photo.id,) if photo_first else ())

    if not photo_first:
        upload(anna, data)
        anna.pull()

    assert anna.observation(observation).media_received == (photo.id,)


def test_s14_the_same_photo_of_two_observations_is_stored_once_and_reaches_both(
    firm: Firm, anna: Tablet
) -> None:
    data = jpeg()
    photos = [photo_of(hash_of(data), len(data)) for _ in range(2)]
    observations = [anna.observe(photos=(photo,)) for photo in photos]
    anna.push(*observations)
    upload(anna, data)

    again = begin(anna, data)
    anna.pull()

    assert (again.status_code, again.headers["upload-offset"]) == (201, str(len(data)))
    assert offset(anna, again.headers["location"]) == len(data)
    assert files(firm, "blobs") == [hash_of(data)]
    assert [anna.observation(o).media_received for o in observations] == [(photo.id,) for photo in photos]


def test_s14_a_lost_answer_to_the_last_piece_is_no_second_upload(anna: Tablet) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    patch(anna, location, data, 0)

    assert offset(anna, location) == len(data)
    assert patch(anna, location, b"", len(data)).status_code == 204


def test_creation_with_upload(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    answer = begin(anna, data, headers=PIECE, content=data)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(data)))
    assert firm.app.state.blobs.has(hash_of(data))


def test_a_wrong_offset_is_refused_and_says_the_right_one(anna: Tablet) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    patch(anna, location, data[:100], 0)

    answer = patch(anna, location, data[50:], 50)

    assert refused(answer) is Code.UPLOAD_OFFSET
    assert answer.headers["upload-offset"] == "100"
    assert offset(anna, location) == 100


@pytest.mark.parametrize(("name", "digest"), [("sha1", sha1), ("sha256", sha256)])
def test_a_piece_with_a_wrong_checksum_does_not_count(anna: Tablet, name: str, digest: Any) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    good = f"{name} {b64encode(digest(data[:100]).digest()).decode()}"

    damaged = patch(anna, location, data[1:101], 0, **{"Upload-Checksum": good})
    assert refused(damaged) is Code.MEDIA_CHECKSUM
    assert offset(anna, location) == 0

    assert patch(anna, location, data[:100], 0, **{"Upload-Checksum": good}).status_code == 204


def test_a_photo_that_arrived_damaged_is_refused_and_can_be_sent_again(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    damaged = data[:-1] + bytes([data[-1] ^ 1])

    assert refused(upload(anna, damaged, digest=hash_of(data))) is Code.MEDIA_CHECKSUM
    assert files(firm, "uploads") == files(firm, "blobs") == []
    assert upload(anna, data).status_code == 204


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 no photo at all",
        b"\x00",
        jpeg()[: len(jpeg()) // 2],
        in_format("PNG")[:-20],
        in_format("GIF"),
        in_format("BMP"),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["pdf", "one byte", "truncated jpeg", "truncated png", "gif", "bmp", "svg"],
)
def test_a_photo_that_is_no_photo_is_refused_and_removed(firm: Firm, anna: Tablet, data: bytes) -> None:
    assert refused(upload(anna, data)) is Code.MEDIA_NOT_A_PHOTO
    assert files(firm, "uploads") == files(firm, "blobs") == []


def test_a_picture_with_absurdly_many_pixels_is_refused_before_it_is_decoded(
    firm: Firm, anna: Tablet
) -> None:
    png = bytearray(in_format("PNG"))
    png[16:24] = (60_000).to_bytes(4, "big") * 2

    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4, "big")
    assert refused(upload(anna, bytes(png))) is Code.MEDIA_NOT_A_PHOTO


def test_a_photo_of_60_mb_is_refused_before_a_byte_is_read(firm: Firm, anna: Tablet) -> None:
    answer = begin(anna, b"", digest="a" * 64, size=60 * 1024 * 1024)
    assert refused(answer) is Code.MEDIA_TOO_LARGE
    assert answer.headers["tus-max-size"] == str(MAX_PHOTO_BYTES)
    assert files(firm, "uploads") == []


def test_more_than_was_announced_is_refused(anna: Tablet) -> None:
    data = jpeg()
    location = begin(anna, data, size=100).headers["location"]
    assert refused(patch(anna, location, data, 0)) is Code.MEDIA_TOO_LARGE
    assert offset(anna, location) == 0


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Tus-Resumable": "0.2.2"}, Code.UPLOAD_VERSION),
        ({"Upload-Length": "x"}, Code.INVALID_REQUEST),
        ({"Upload-Length": "-5"}, Code.INVALID_REQUEST),
        ({"Upload-Length": "0"}, Code.MEDIA_NOT_A_PHOTO),
        ({"Upload-Metadata": "sha256 !!!"}, Code.INVALID_REQUEST),
        ({"Upload-Metadata": metadata("../../etc/passwd")}, Code.INVALID_REQUEST),
        ({"Upload-Metadata": metadata("a" * 64, "video/mp4")}, Code.MEDIA_NOT_A_PHOTO),
        ({"Authorization": "Bearer x"}, Code.TOKEN_UNKNOWN),
    ],
)
def test_a_senseless_beginning_is_refused(anna: Tablet, headers: dict[str, str], code: Code) -> None:
    assert refused(begin(anna, jpeg(), headers=headers)) is code


def test_a_piece_of_another_type_is_refused(anna: Tablet) -> None:
    location = begin(anna, jpeg()).headers["location"]
    answer = patch(anna, location, b"x", 0, **{"Content-Type": "image/jpeg"})
    assert refused(answer) is Code.UNSUPPORTED_MEDIA_TYPE


def test_s17_an_upload_belongs_to_its_tablet(anna: Tablet, jan: Tablet) -> None:
    location = begin(anna, jpeg()).headers["location"]
    assert refused(patch(jan, location, b"x", 0)) is Code.UPLOAD_UNKNOWN
    assert jan.http.request("HEAD", location, headers={**jan.headers, **TUS}).status_code == 404


def test_two_connections_do_not_write_at_once(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    uploads = firm.app.state.uploads
    found = uploads.find(location.rpartition("/")[2], anna.paired.device_id, datetime.now(UTC))

    with uploads.appending(found):
        assert refused(patch(anna, location, data, 0)) is Code.UPLOAD_LOCKED

    assert patch(anna, location, data, 0).status_code == 204


def test_of_many_that_send_the_same_piece_at_once_the_photo_comes_out_whole(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    together, statuses = threading.Barrier(4), []

    def send() -> None:
        together.wait()
        statuses.append(patch(anna, location, data, 0).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 404, 409, 423}
    assert firm.app.state.blobs.read(hash_of(data)) == data


def test_a_given_up_upload_is_gone(firm: Firm, anna: Tablet) -> None:
    location = begin(anna, jpeg()).headers["location"]
    assert anna.http.request("DELETE", location, headers={**anna.headers, **TUS}).status_code == 204
    assert refused(patch(anna, location, b"x", 0)) is Code.UPLOAD_UNKNOWN
    assert files(firm, "uploads") == []


def test_expired_uploads_are_swept(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    patch(anna, location, data[:10], 0)
    with firm.database.writing() as connection:
        connection.execute(update(t.uploads).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))

    assert refused(patch(anna, location, data[10:], 10)) is Code.UPLOAD_UNKNOWN
    tidy_up_once(firm.app, datetime.now(UTC))
    assert files(firm, "uploads") == []


def test_a_server_that_stopped_between_file_and_row_finds_the_photo_again(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    photo = photo_of(hash_of(data), len(data))
    observation = anna.observe(photos=(photo,))
    anna.push(observation)
    upload(anna, data)
    with firm.database.writing() as connection:
        connection.execute(delete(t.blobs))

    assert begin(anna, data).headers["upload-offset"] == str(len(data))
    anna.pull()
    assert anna.observation(observation).media_received == (photo.id,)


def test_a_full_disk_is_told_before_the_upload_begins(
    firm: Firm, anna: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    answer = begin(anna, jpeg())
    assert (answer.status_code, answer.json()["code"]) == (507, Code.STORAGE_FULL)


def test_s17_a_photo_is_given_to_its_author_only(firm: Firm, anna: Tablet, jan: Tablet) -> None:
    data = jpeg()
    upload(anna, data)
    anna.push(anna.observe(photos=(photo_of(hash_of(data), len(data)),)))

    mine = anna.http.get(PATH + hash_of(data), headers=anna.headers)
    theirs = jan.http.get(PATH + hash_of(data), headers=jan.headers)

    assert (mine.content, mine.headers["content-type"]) == (data, "image/jpeg")
    assert theirs.json()["code"] == Code.MEDIA_UNKNOWN
    assert anna.http.get(PATH + "b" * 64, headers=anna.headers).status_code == 404


def test_what_is_understood_can_be_asked_without_a_token(firm: Firm) -> None:
    answer = firm.http.request("OPTIONS", PATH)
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert "checksum" in answer.headers["tus-extension"]
