"""Photos in an S3 store: one contract for both backings, tus over it, its failures as problems, the commands."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, func, select, update
from structlog.testing import capture_logs

from protocol.problems import Code
from protocol.rules.sound import with_duration
from sync_server.application import build, tidy_up_once
from sync_server.cli import main
from sync_server.media.backing import Backing, NoSuchBlob
from sync_server.media.blobs import open_blobs
from sync_server.media.errors import DamagedBlob, MediaFull, MediaRefused, MediaUnreachable, Reason
from sync_server.media.in_folder import InFolder
from sync_server.media.in_s3 import InS3
from sync_server.settings import Settings
from sync_server.store import schema as t
from tests.running import free_port, rundgang
from tests.s3 import VARIABLES, Store, running_store
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import Firm, Tablet, photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.sounds import mp4, note_of, ogg, webm
from tests.server.test_media import PATH, TUS, begin, metadata, offset, patch, upload


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    with running_store() as running:
        yield running


@pytest.fixture(autouse=True)
def shell(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in store.variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def media_url(store: Store) -> str:
    return store.create()


@pytest.fixture
def settings(settings: Settings, media_url: str) -> Settings:
    return Settings(data=settings.data, database_url=settings.database_url, media_url=media_url)


# -- the contract of a backing -----------------------------------------------------------------------


@pytest.fixture(params=["folder", "s3"])
def backing(request: pytest.FixtureRequest, tmp_path: Path) -> Backing:
    if request.param == "folder":
        return InFolder(tmp_path / "blobs")
    chosen = open_blobs(Settings(data=tmp_path, media_url=request.getfixturevalue("media_url"))).backing
    assert isinstance(chosen, InS3)
    return chosen


def put(backing: Backing, folder: Path, data: bytes) -> str:
    file = folder / "verified"
    file.write_bytes(data)
    backing.put(file, hash_of(data))
    return hash_of(data)


def test_s14_what_is_put_is_there_whole_and_once(backing: Backing, tmp_path: Path) -> None:
    first, second = b"one photo", b"another" * 100_000
    for data in (first, second, first):
        sha256 = put(backing, tmp_path, data)
        with backing.file(sha256) as file:
            assert file.read_bytes() == data
        assert backing.size(sha256) == len(data)
    assert list(backing.names()) == sorted({hash_of(first), hash_of(second)})


def test_what_is_not_there_is_said_to_be_missing(backing: Backing, tmp_path: Path) -> None:
    sha256 = put(backing, tmp_path, b"photo")
    backing.delete(sha256)
    backing.delete(sha256)
    assert backing.size(sha256) is None
    assert list(backing.names()) == []
    with pytest.raises(NoSuchBlob), backing.file(sha256):
        pass


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_hash_leads_anywhere(backing: Backing, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NoSuchBlob):
        backing.size(name)
    with pytest.raises(NoSuchBlob):
        backing.put(tmp_path / "file", name)
    with pytest.raises(NoSuchBlob):
        backing.delete(name)
    with pytest.raises(NoSuchBlob), backing.file(name):
        pass


def test_trying_whether_it_is_usable_leaves_nothing(backing: Backing, tmp_path: Path) -> None:
    backing.require_usable()
    assert list(backing.names()) == []
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_more_photos_than_one_answer_lists(
    media_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_server.media.bucket._PAGE", 2)
    backing = open_blobs(Settings(data=tmp_path, media_url=media_url)).backing
    kept = [put(backing, tmp_path, b"%d" % number) for number in range(5)]
    assert list(backing.names()) == sorted(kept)


def test_a_photo_that_was_changed_in_the_store_is_not_handed_out(
    store: Store, media_url: str, tmp_path: Path
) -> None:
    backing = open_blobs(Settings(data=tmp_path, media_url=media_url)).backing
    sha256 = put(backing, tmp_path, b"photo")
    bucket = media_url.removeprefix("s3://").partition("/")[0]
    store.client().put_object(Bucket=bucket, Key=f"firm/blobs/{sha256[:2]}/{sha256}", Body=b"phot0")
    with pytest.raises(DamagedBlob), backing.file(sha256):
        pass


# -- photos by tus -----------------------------------------------------------------------------------


def test_s14_a_photo_comes_in_pieces_and_lies_in_the_store_once(
    firm: Firm, anna: Tablet, jan: Tablet, store: Store, media_url: str
) -> None:
    data = jpeg()
    photo = photo_of(hash_of(data), len(data))
    observation = anna.observe(photos=(photo,))
    anna.push(observation)
    location = begin(anna, data).headers["location"]
    for start in range(0, len(data), third := len(data) // 3 + 1):
        assert offset(anna, location) == start
        assert patch(anna, location, data[start : start + third], start).status_code == 204

    assert store.keys(media_url) == [f"blobs/{hash_of(data)[:2]}/{hash_of(data)}"]
    assert offset(anna, location) == len(data)
    anna.pull()
    assert anna.observation(observation).media_received == (photo.id,)
    got = anna.http.get(PATH + hash_of(data), headers=anna.headers)
    assert (got.content, got.headers["content-type"]) == (data, "image/jpeg")
    assert begin(jan, data).headers["upload-offset"] == str(len(data))
    assert firm.app.state.blobs.thumbnail(hash_of(data), 160).is_file()
    settings = firm.app.state.settings
    assert [file for folder in (settings.uploads, settings.blobs) for file in folder.rglob("*")] == []


@pytest.mark.parametrize(
    ("sound", "filetype"),
    [(with_duration(webm(3), 3), "audio/webm"), (ogg(), "audio/ogg"), (mp4(), "audio/mp4")],
)
def test_a_voice_note_lies_in_the_store_once_is_heard_from_there_and_is_in_the_backup(
    firm: Firm, anna: Tablet, store: Store, media_url: str, tmp_path: Path, sound: bytes, filetype: str
) -> None:
    note, key = note_of(sound, 3.0, filetype), f"blobs/{hash_of(sound)[:2]}/{hash_of(sound)}"
    observation = anna.observe(voice=(note,))
    anna.push(observation)
    headers = {"Upload-Metadata": metadata(hash_of(sound), filetype)}
    location = begin(anna, sound, headers=headers).headers["location"]
    half = len(sound) // 2
    for start, piece in ((0, sound[:half]), (half, sound[half:])):
        assert patch(anna, location, piece, start).status_code == 204
    assert store.keys(media_url) == [key]
    anna.pull()
    assert anna.observation(observation).media_received == (note.id,)
    got = anna.http.get(PATH + hash_of(sound), headers=anna.headers)
    assert (got.content, got.headers["content-type"]) == (sound, filetype)

    file, data = tmp_path / "backup.zip", firm.app.state.settings.data
    made = run("backup", str(file), f"--data={data}", MEDIA_URL=media_url)
    assert made.exit_code == 0, made.output
    with ZipFile(file) as archive:
        assert archive.read(key) == sound


def test_a_damaged_photo_leaves_nothing_and_can_be_sent_again(
    anna: Tablet, store: Store, media_url: str
) -> None:
    data = jpeg()
    answer = upload(anna, data[:-1] + bytes([data[-1] ^ 1]), digest=hash_of(data))
    assert answer.json()["code"] == Code.MEDIA_CHECKSUM
    assert store.keys(media_url) == []
    assert upload(anna, data).status_code == 204


def test_a_piece_with_a_wrong_checksum_does_not_count(anna: Tablet, store: Store, media_url: str) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    answer = patch(anna, location, data[:100], 0, **{"Upload-Checksum": "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    assert answer.json()["code"] == Code.MEDIA_CHECKSUM
    assert (offset(anna, location), store.keys(media_url)) == (0, [])


def test_of_two_pieces_for_the_same_place_one_counts(
    firm: Firm, anna: Tablet, store: Store, media_url: str
) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    uploads = firm.app.state.uploads
    found = uploads.find(location.rpartition("/")[2], anna.paired.device_id, datetime.now(UTC))
    with uploads.appending(found) as slower:
        slower.write(b"not what the other brings")
        assert patch(anna, location, data[:100], 0).status_code == 204
        with pytest.raises(Exception, match=Code.UPLOAD_OFFSET) as refusal:
            uploads.count(found, slower)
    assert refusal.value.headers == {"Upload-Offset": "100"}  # type: ignore[attr-defined]
    assert len(store.keys(media_url)) == 1
    assert patch(anna, location, data[100:], 100).status_code == 204
    assert firm.app.state.blobs.read(hash_of(data)) == data


def test_given_up_and_expired_uploads_leave_nothing(
    firm: Firm, anna: Tablet, store: Store, media_url: str
) -> None:
    data = jpeg()
    given_up, expired = (begin(anna, data).headers["location"] for _ in range(2))
    for location in (given_up, expired):
        patch(anna, location, data[:100], 0)
    assert len(store.keys(media_url)) == 2
    anna.http.request("DELETE", given_up, headers={**anna.headers, **TUS})
    assert len(store.keys(media_url)) == 1
    with firm.database.writing() as connection:
        connection.execute(update(t.uploads).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    tidy_up_once(firm.app, datetime.now(UTC))
    assert store.keys(media_url) == []
    with firm.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.upload_pieces)).scalar_one() == 0


def test_a_server_that_died_before_the_piece_counted_leaves_it_to_the_sweep(
    firm: Firm, store: Store, media_url: str
) -> None:
    bucket = media_url.removeprefix("s3://").partition("/")[0]
    store.client().put_object(Bucket=bucket, Key="firm/uploads/nobody/0000000000-ab", Body=b"piece")
    tidy_up_once(firm.app, datetime.now(UTC))
    assert store.keys(media_url) == ["uploads/nobody/0000000000-ab"], "perhaps another server is at it"
    tidy_up_once(firm.app, datetime.now(UTC) + Settings.upload_kept + timedelta(minutes=1))
    assert store.keys(media_url) == []


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_server_that_died_between_the_last_byte_and_the_photo_stores_it_when_asked(
    kind: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings if kind == "s3" else Settings(data=settings.data)
    with calling(app := build(chosen)) as http:
        firm = firms.found(app, http)
        anna, data = firm.pair(firm.anna), jpeg()
        location = begin(anna, data).headers["location"]
        with monkeypatch.context() as death:

            def dying(*_: object) -> None:
                raise SystemError

            death.setattr(app.state.uploads, "finish", dying)
            assert patch(anna, location, data, 0).status_code == 500

        assert not app.state.blobs.has(hash_of(data))
        assert offset(anna, location) == len(data)
        assert app.state.blobs.read(hash_of(data)) == data, "all here is a receipt to the tablet"


def test_a_server_that_died_between_the_photo_and_its_row_finds_it_again(firm: Firm, anna: Tablet) -> None:
    data = jpeg()
    upload(anna, data)
    with firm.database.writing() as connection:
        connection.execute(delete(t.blobs))
    assert begin(anna, data).headers["upload-offset"] == str(len(data))


# -- failures of the store ---------------------------------------------------------------------------


def test_a_store_that_is_down_is_a_problem_to_retry_and_the_upload_goes_on_later(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = jpeg()
    with monkeypatch.context() as down:
        down.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
        with calling(app := build(settings)) as http:
            firm = firms.found(app, http)
            anna = firm.pair(firm.anna)
            with capture_logs() as logs:
                answer = begin(anna, data)
            assert (answer.status_code, answer.json()["code"], answer.json()["advice"]) == (
                503,
                "busy",
                "retry",
            )
            assert any("does not answer" in line.get("why", "") for line in logs)
    with calling(build(settings)) as http:
        anna.http = http
        assert upload(anna, data).status_code == 204


def test_a_store_that_refuses_the_account_is_a_problem_to_retry(anna: Tablet, store: Store) -> None:
    data = jpeg()
    location = begin(anna, data).headers["location"]
    store.require_rights(True)
    try:
        with capture_logs() as logs:
            answer = patch(anna, location, data, 0)
        assert (answer.status_code, answer.json()["code"], answer.json()["advice"]) == (
            500,
            "internal",
            "retry",
        )
        assert Reason.WRONG_CREDENTIALS in logs[0]["why"]
        assert offset(anna, location) == 0
    finally:
        store.require_rights(False)
    assert patch(anna, location, data, 0).status_code == 204


@contextmanager
def answering(status: int, code: str) -> Iterator[str]:
    """A store that says this to everything; moto's is never full."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_DELETE = _answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (507, "XMinioStorageFull", MediaFull),
        (403, "QuotaExceeded", MediaFull),
        (503, "SlowDown", MediaUnreachable),
        (403, "AccessDenied", MediaRefused),
        (418, "Teapot", MediaRefused),
    ],
)
def test_what_other_stores_say_is_understood(
    status: int, code: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(status, code) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        backing = open_blobs(Settings(data=tmp_path, media_url="s3://photos")).backing
        with pytest.raises(error):
            put(backing, tmp_path, b"photo")


# -- the commands ------------------------------------------------------------------------------------


def run(*words: str, **variables: str | None) -> Result:
    return CliRunner(env={"LC_ALL": "C", **variables}).invoke(main, words)


@pytest.mark.parametrize(
    ("url", "variables", "words"),
    [
        ("s3://not-there/firm", {}, "There is no such bucket"),
        ("https://photos.example", {}, "Please check MEDIA_URL"),
        ("s3://photos", {"AWS_ENDPOINT_URL": "nonsense"}, "AWS_ENDPOINT_URL"),
        ("s3://photos", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "does not answer"),
    ],
)
def test_what_is_wrong_with_the_store_is_said_in_words(
    url: str, variables: dict[str, str], words: str, tmp_path: Path
) -> None:
    (tmp_path / "blobs").mkdir()
    result = run("move-photos", f"--data={tmp_path}", f"--media-url={url}", **variables)
    assert (result.exit_code, words in result.output) == (1, True), result.output


def test_an_account_that_the_store_does_not_know_is_said_in_words(
    media_url: str, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "blobs").mkdir()
    store.require_rights(True)
    try:
        result = run("move-photos", f"--data={tmp_path}", MEDIA_URL=media_url)
    finally:
        store.require_rights(False)
    assert (result.exit_code, "does not know these credentials" in result.output) == (1, True), result.output


def test_serve_does_not_start_on_a_store_that_does_not_work_and_says_why(tmp_path: Path) -> None:
    words = ["serve", "--port=0", f"--data={tmp_path}", "--media-url=s3://not-there/firm"]
    ended = subprocess.run(
        [*rundgang(), *words], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "LC_ALL": "de_DE.UTF-8"},
    )  # fmt: skip
    assert (ended.returncode, "Den Bucket gibt es nicht" in ended.stderr) == (1, True), ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_backup_holds_the_photos_of_the_store_and_restore_says_the_way_back(
    firm: Firm, anna: Tablet, settings: Settings, store: Store, media_url: str, tmp_path: Path
) -> None:
    data, file, new = jpeg(), tmp_path / "backup.zip", tmp_path / "new"
    upload(anna, data)
    made = run("backup", str(file), f"--data={settings.data}", MEDIA_URL=media_url)
    assert made.exit_code == 0, made.output
    with ZipFile(file) as archive:
        assert archive.read(f"blobs/{hash_of(data)[:2]}/{hash_of(data)}") == data

    refused = run("restore", str(file), f"--data={new}", MEDIA_URL=media_url)
    assert (refused.exit_code, "rundgang move-photos" in refused.output, new.exists()) == (1, True, False)

    elsewhere = store.create()
    assert run("restore", str(file), f"--data={new}").exit_code == 0
    for said in ("1 photos copied", "0 photos copied and checked, 1 were there"):
        moved = run("move-photos", f"--data={new}", MEDIA_URL=elsewhere)
        assert (moved.exit_code, said in moved.output) == (0, True), moved.output
    assert open_blobs(Settings(data=new, media_url=elsewhere)).read(hash_of(data)) == data


def test_a_backup_without_the_store_is_no_backup(
    firm: Firm, anna: Tablet, settings: Settings, media_url: str, tmp_path: Path
) -> None:
    upload(anna, jpeg())
    made = run(
        "backup", str(tmp_path / "backup.zip"), f"--data={settings.data}",
        MEDIA_URL=media_url, AWS_ENDPOINT_URL="http://127.0.0.1:9",
    )  # fmt: skip
    assert (made.exit_code, "does not answer" in made.output) == (1, True)
    assert list(tmp_path.glob("*.zip")) == []


def test_damaged_photos_are_not_moved_and_listed(media_url: str, store: Store, tmp_path: Path) -> None:
    folder = InFolder(tmp_path / "blobs")
    good, bad = put(folder, tmp_path, b"good"), put(folder, tmp_path, b"bad")
    (tmp_path / "blobs" / bad[:2] / bad).write_bytes(b"worse")
    moved = run("move-photos", f"--data={tmp_path}", MEDIA_URL=media_url)
    assert (moved.exit_code, bad in moved.output) == (3, True)
    assert store.keys(media_url) == [f"blobs/{good[:2]}/{good}"]


def test_the_demo_says_how_its_photos_get_there(media_url: str, tmp_path: Path) -> None:
    result = run("demo", f"--data={tmp_path / 'new'}", MEDIA_URL=media_url)
    assert (result.exit_code, "move-photos" in result.output, (tmp_path / "new").exists()) == (1, True, False)
