"""S13, the administrator's part: a backup of the running server is whole, and what is restored is a new life."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, insert, select, update

from protocol.ids import new_id
from protocol.limits import CONFIRMED_KEPT
from protocol.rules.sound import with_duration
from protocol.voice import spoken_text
from sync_server.application import build
from sync_server.cli import main
from sync_server.crm import pairing, tablets, users
from sync_server.safekeeping.folder import UNFINISHED
from sync_server.safekeeping.making import make_backup
from sync_server.settings import Settings
from sync_server.store import Database, facts
from sync_server.store import schema as t
from tests.running import running_server
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import Firm, photo_of
from tests.server.pictures import hash_of, jpeg
from tests.server.sounds import note_of, ogg, webm
from tests.server.test_media import begin, metadata, patch


def run(*arguments: object, language: str = "C") -> Result:
    environment = {"LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)


@pytest.fixture
def data(settings: Settings) -> Path:
    """A firm's data folder: three observations, two photos; nobody works with it."""
    with calling(app := build(settings)) as http:
        firm = firms.found(app, http)
        anna = firm.pair(firm.anna)
        for number in (1, 2):
            anna.push(anna.observe(f"Nr. {number}", photos=(kept(firm, number),)))
        anna.push(anna.observe("Nr. 3"))
    return settings.data


def kept(firm: Firm, number: int) -> object:
    """A photo that is on the server already."""
    picture = jpeg(seed=number)
    with firm.database.writing() as connection:
        firm.app.state.blobs.keep(connection, picture, datetime.now(UTC))
    return photo_of(hash_of(picture), len(picture))


@contextmanager
def opened(data: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{data / 'rundgang.db'}")
    try:
        yield database
    finally:
        database.close()


def count(data: Path, table: str) -> int:
    with opened(data) as database, database.reading() as connection:
        return connection.execute(select(func.count()).select_from(t.metadata.tables[table])).scalar_one()


def epoch(data: Path) -> UUID:
    with opened(data) as database, database.reading() as connection:
        return facts.epoch(connection)


def backed_up(data: Path, target: Path) -> Path:
    result = run("backup", target, f"--data={data}")
    assert result.exit_code == 0, result.output
    return target


def everything(folder: Path) -> dict[str, str]:
    """Every file with its SHA-256, but for the lock, in which nothing stands."""
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".rundgang.lock"
    }


def test_a_backup_of_a_busy_server_is_of_one_moment_and_whole(data: Path, tmp_path: Path) -> None:
    with opened(data) as database, database.writing() as connection:
        code = pairing.make_code(connection, _user(database, "anna"), datetime.now(UTC))
    stop, pushed = Event(), Event()
    with running_server(data) as server, httpx.Client(base_url=server.url, timeout=60) as http:
        client = _Pusher(http, code)

        def busy() -> None:
            while not stop.is_set():
                client.push()
                pushed.set()

        worker = Thread(target=busy)
        worker.start()
        try:
            assert pushed.wait(30)
            files = [tmp_path / f"{number}.zip" for number in range(2)]
            printed = [server.command("backup", str(file)) for file in files]
        finally:
            stop.set()
            worker.join()
        assert all(str(file) in line for file, line in zip(files, printed, strict=True))
    sizes = []
    for number, file in enumerate(files):
        assert file.stat().st_mode & 0o777 == 0o600, "personal data is nobody else's"
        with zipfile.ZipFile(file) as packed:
            manifest = json.loads(packed.read("manifest.json"))
        target = tmp_path / f"restored {number}"
        assert run("restore", file, f"--data={target}").exit_code == 0
        counts = manifest["database"]["counts"]
        # An observation, its lead, its receipt and its place in the feed are of one transaction.
        assert (
            counts["observations"] == counts["leads"] == counts["receipts"] == count(target, "observations")
        )
        assert {blob["sha256"] for blob in manifest["blobs"]} == {
            path.name for path in (target / "blobs").glob("*/*")
        }
        sizes.append(counts["observations"])
    assert 3 < sizes[0] < sizes[1] <= 3 + client.accepted


class _Pusher:
    """A tablet that pushes one observation after the other over a real connection."""

    def __init__(self, http: httpx.Client, code: str) -> None:
        self.accepted = 0
        self._http = http
        paired = self._http.post("/sync/v1/pair", json={"code": code}).raise_for_status().json()
        self._http.headers["Authorization"] = f"Bearer {paired['token']}"
        page = self._http.get("/sync/v1/pull").raise_for_status().json()
        self._customer = next(item["id"] for item in page["items"] if item["entity"] == "customer")

    def push(self) -> None:
        now = datetime.now(UTC).isoformat()
        content = {"kind": "note", "customer_id": self._customer, "observed_at": now, "heard": "viel los"}
        change = {"type": "observation.revise", "recorded_at": now, "content": content}
        change |= {name: str(new_id()) for name in ("id", "observation_id", "revision_id")}
        answer = self._http.post("/sync/v1/push", json={"sent_at": now, "changes": [change]})
        self.accepted += [one["outcome"] for one in answer.json()["receipts"]] == ["accepted"]


def _user(database: Database, login: str) -> UUID:
    with database.reading() as connection:
        found = users.find_login(connection, login)
    assert found is not None
    return found.id


def test_a_voice_note_and_a_spoken_answer_come_back_with_the_backup_and_are_heard(
    settings: Settings, tmp_path: Path
) -> None:
    sounds = [with_duration(webm(2), 2), ogg()]
    types = ("audio/webm", "audio/ogg")
    spoken, answered = (note_of(sound, 2.0, kind) for sound, kind in zip(sounds, types, strict=True))
    with calling(app := build(settings)) as http:
        firm = firms.found(app, http)
        anna = firm.pair(firm.anna)
        observation = anna.observe("", voice=(spoken,))
        said = anna.comment(observation, spoken_text(answered)).model_copy(update={"voice": answered})
        anna.push(observation, said)
        for sound, kind in zip(sounds, types, strict=True):
            headers = {"Upload-Metadata": metadata(hash_of(sound), kind)}
            location = begin(anna, sound, headers=headers).headers["location"]
            assert patch(anna, location, sound, 0).status_code == 204
    target = tmp_path / "restored"
    file = backed_up(settings.data, tmp_path / "backup.zip")
    assert run("restore", file, f"--data={target}").exit_code == 0

    with calling(app := build(Settings(data=target))) as http:
        again = Firm(app, http, firm.anna, firm.jan, firm.nora, firm.brandl, firm.werft).pair(firm.anna)
        again.pull()
        state = again.observation(observation)
        assert set(state.media_received) == {spoken.id, answered.id}
        assert state.shown.content.voice == (spoken,)
        assert [comment.voice for comment in state.comments] == [answered]
        for sound, kind in zip(sounds, types, strict=True):
            got = http.get(f"/sync/v1/media/{hash_of(sound)}", headers=again.headers)
            assert (got.content, got.headers["content-type"]) == (sound, kind)


def test_into_a_folder_it_is_named_by_the_time_and_never_overwrites(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    backed_up(data, folder)
    (made,) = folder.iterdir()
    assert made.name.startswith("rundgang-20")
    before = made.read_bytes()
    again = run("backup", made, f"--data={data}")
    assert (again.exit_code, "never overwritten" in again.output) == (1, True)
    assert made.read_bytes() == before
    assert list(folder.iterdir()) == [made]


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for folder in ("data", "nowhere"):
        result = run("backup", tmp_path / "b.zip", f"--data={tmp_path / folder}")
        assert (result.exit_code, "--data" in result.output) == (1, True)
    assert not (tmp_path / "nowhere").exists()
    assert not (tmp_path / "b.zip").exists()


def test_a_damaged_database_is_said_and_not_backed_up(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "rundgang.db")) as raw:
        raw.execute(
            "INSERT INTO sites (id, customer_id, name) VALUES (?, ?, 'Werk')", (new_id().hex, new_id().hex)
        )
        raw.commit()
    result = run("backup", tmp_path / "b.zip", f"--data={data}")
    assert (result.exit_code, "damaged" in result.output) == (1, True)
    assert not (tmp_path / "b.zip").exists()


def test_a_photo_that_is_gone_is_said_and_may_come_again(
    data: Path, settings: Settings, tmp_path: Path
) -> None:
    lost, spoilt = sorted((data / "blobs").glob("*/*"))
    lost.unlink()
    spoilt.write_bytes(b"bit rot")
    result = run("backup", tmp_path / "b.zip", f"--data={data}")
    assert result.exit_code == 3
    assert {lost.name, spoilt.name} <= set(result.output.split())
    assert run("restore", tmp_path / "b.zip", f"--data={tmp_path / 'new'}").exit_code == 0
    assert count(tmp_path / "new", "blobs") == 0
    assert count(tmp_path / "new", "photos") == 2
    with opened(tmp_path / "new") as database, database.reading() as connection:
        bodies = (
            connection.execute(select(t.feed.c.body).where(t.feed.c.entity == "observation")).scalars().all()
        )
    assert len(bodies) == 3
    assert not [body for body in bodies if json.loads(body).get("media_received")]


def test_a_full_disk_leaves_no_half_backup(data: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick", "200k") as stick:
        result = run("backup", stick / "b.zip", f"--data={data}")
        assert (result.exit_code, "is full" in result.output) == (1, True)
        assert list(stick.iterdir()) == []


def test_a_full_disk_leaves_no_half_restore(data: Path, tmp_path: Path) -> None:
    backup = backed_up(data, tmp_path / "b.zip")
    with small_disk(tmp_path / "stick", "200k") as stick:
        result = run("restore", backup, f"--data={stick}")
        assert (result.exit_code, "is full" in result.output) == (1, True)
        assert everything(stick) == {}


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of its own of this size."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


_KILLED_BEFORE_IT_IS_ON_DISK = """
import os, signal
from sync_server.cli import main

os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
main()
"""
"""The command, which dies without another word when all is written and nothing has its name yet."""


def test_a_killed_backup_leaves_nothing_under_its_name_and_the_next_one_tidies_up(
    data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    died = subprocess.run(
        [sys.executable, "-c", _KILLED_BEFORE_IT_IS_ON_DISK, "backup", folder / "b.zip", f"--data={data}"],
        check=False,
        timeout=120,
    )
    assert died.returncode == -signal.SIGKILL
    assert not (folder / "b.zip").exists()
    assert [left.name for left in folder.iterdir()] == [".rundgang-backup"]
    backed_up(data, folder / "b.zip")
    assert [left.name for left in folder.iterdir()] == ["b.zip"]


def test_a_restored_database_has_another_epoch_and_nobody_is_signed_in(data: Path, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with opened(data) as database, database.writing() as connection:
        session = {"token_hash": b"x" * 32, "csrf_token": "c", "created_at": now, "last_seen_at": now}
        nora = users.find_login(connection, "nora")
        assert nora is not None
        connection.execute(
            insert(t.sessions), session | {"user_id": nora.id, "expires_at": now + timedelta(1)}
        )
        pairing.make_code(connection, users.find_login(connection, "anna").id, now)  # type: ignore[union-attr]
    backup = backed_up(data, tmp_path / "b.zip")
    new = tmp_path / "new"
    result = run("restore", backup, f"--data={new}")
    assert result.exit_code == 0, result.output
    for words in (
        "3 observations, 2 photos",
        "offer again",
        "paired again",
        "1 sessions have ended",
        "inside sales",
    ):
        assert words in result.output
    assert epoch(new) != epoch(data)
    assert [count(new, table) for table in ("sessions", "pairing_codes", "uploads")] == [0, 0, 0]
    assert count(new, "devices") == 1, "who was paired stays paired"
    again = tmp_path / "again"
    run("restore", backup, f"--data={again}")
    assert len({epoch(data), epoch(new), epoch(again)}) == 3, "each restore is a life of its own"


def test_data_that_is_there_is_set_aside_only_when_told(data: Path, tmp_path: Path) -> None:
    backup = backed_up(data, tmp_path / "b.zip")
    with opened(data) as database, database.writing() as connection:
        connection.execute(update(t.revisions).values(content="{}"))
    (data / "notes.txt").write_text("the administrator's own")
    before = everything(data)
    refused = run("restore", backup, f"--data={data}")
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    declined = CliRunner().invoke(main, ["restore", str(backup), "--replace", f"--data={data}"], input="n\n")
    assert declined.exit_code == 1
    assert everything(data) == before
    done = run("restore", backup, "--replace", "--yes", f"--data={data}")
    assert done.exit_code == 0, done.output
    (aside,) = data.glob("set-aside-*")
    assert everything(aside) == {name: found for name, found in before.items() if name != "notes.txt"}
    assert (data / "notes.txt").exists()
    with opened(data) as database, database.reading() as connection:
        contents = connection.execute(select(t.revisions.c.content)).scalars().all()
    assert "{}" not in contents


def test_what_was_blocked_since_the_backup_stays_blocked(data: Path, tmp_path: Path) -> None:
    backup = backed_up(data, tmp_path / "b.zip")
    now = datetime.now(UTC)
    with opened(data) as database, database.writing() as connection:
        (stolen,) = tablets.everyone(connection)
        tablets.block(connection, stolen.id, now)
        nora = users.find_login(connection, "nora")
        assert nora is not None
        users.deactivate(connection, nora.id, now)
    result = run("restore", backup, "--replace", "--yes", f"--data={data}")
    assert "1 tablets, 1 accounts" in result.output
    with opened(data) as database, database.reading() as connection:
        assert [one.blocked_at is None for one in tablets.everyone(connection)] == [False]
        assert not users.find_login(connection, "nora").active  # type: ignore[union-attr]
    elsewhere = run("restore", backup, f"--data={tmp_path / 'elsewhere'}")
    assert "open again" in elsewhere.output, "where nobody can know, it is said"


def test_no_backup_is_restored_under_a_running_server(data: Path, tmp_path: Path) -> None:
    backup = backed_up(data, tmp_path / "b.zip")
    with running_server(data) as server:
        before = epoch(data)
        result = run("restore", backup, "--replace", "--yes", f"--data={data}")
        assert (result.exit_code, "stop the server" in result.output) == (1, True)
        in_place = run("restore", "--in-place", f"--data={data}")
        assert (in_place.exit_code, "stop the server" in in_place.output) == (1, True)
        assert epoch(data) == before
        server.kill()
        assert run("restore", backup, "--replace", "--yes", f"--data={data}").exit_code == 0, (
            "no lock outlives it"
        )


def test_data_put_back_by_other_means_gets_a_new_life_too(data: Path) -> None:
    before = epoch(data)
    result = run("restore", "--in-place", f"--data={data}")
    assert (result.exit_code, "offer again" in result.output) == (0, True)
    assert epoch(data) != before
    assert run("restore", f"--data={data}").exit_code == 2, "neither a file nor --in-place"


def _flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as packed:
        place = packed.infolist()[1].header_offset + 200
    content[place] ^= 1
    file.write_bytes(content)


def _repacked(file: Path, change: str) -> None:
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(entries["manifest.json"])
    if change == "foreign entry":
        entries["../../etc/cron.d/rundgang"] = b"* * * * * root true"
    elif change == "missing photo":
        del entries[next(name for name in entries if name.startswith("blobs/"))]
    elif change == "other photo":
        entries[next(name for name in entries if name.startswith("blobs/"))] = jpeg(seed=9)
    elif change == "other counts":
        manifest["database"]["counts"]["observations"] += 1
    elif change == "newer":
        manifest["format"] = 99
    elif change == "path in the manifest":
        manifest["blobs"][0]["sha256"] = "../" * 20 + "x" * 4
    elif change == "bomb":
        entries["rundgang.db"] = b"\0" * 30_000_000
    entries["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("flipped", "damaged or was changed"),
        ("truncated", "not a backup"),
        ("text", "not a backup"),
        ("another zip", "not a backup"),
        ("foreign entry", "damaged or was changed"),
        ("missing photo", "damaged or was changed"),
        ("other photo", "damaged or was changed"),
        ("other counts", "damaged or was changed"),
        ("bomb", "damaged or was changed"),
        ("path in the manifest", "not a backup"),
        ("newer", "newer version"),
    ],
)
def test_a_file_that_is_no_whole_backup_changes_nothing(
    data: Path, tmp_path: Path, change: str, words: str
) -> None:
    file = backed_up(data, tmp_path / "b.zip")
    if change == "flipped":
        _flipped(file)
    elif change == "truncated":
        file.write_bytes(file.read_bytes()[:-30_000])
    elif change == "text":
        file.write_text("Liebe Grüße")
    elif change == "another zip":
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("outbox.json", "{}")
    else:
        _repacked(file, change)
    before = everything(data)
    result = run("restore", file, "--replace", "--yes", f"--data={data}")
    assert (result.exit_code, words in result.output) == (1, True), result.output
    assert "Traceback" not in result.output
    assert everything(data) == before


_KILLED_AT = """
import os, pathlib, signal
from sync_server.cli import main

rename, moves = pathlib.Path.rename, iter(range(1, 100))

def dying(self, target):
    if next(moves) == {fatal}:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)

pathlib.Path.rename = dying
main()
"""
"""The command, which dies without another word before its n-th move of a file."""


@pytest.mark.parametrize("fatal", range(1, 5))
def test_a_restore_killed_while_it_moves_files_goes_on_when_it_is_run_again(
    data: Path, tmp_path: Path, fatal: int
) -> None:
    backup = backed_up(data, tmp_path / "b.zip")
    with opened(data) as database, database.writing() as connection:
        connection.execute(update(t.revisions).values(content="{}"))
    before, lost = everything(data), epoch(data)
    died = subprocess.run(
        [
            sys.executable,
            "-c",
            _KILLED_AT.format(fatal=fatal),
            "restore",
            backup,
            "--replace",
            "--yes",
            f"--data={data}",
        ],
        check=False,
        timeout=120,
    )
    assert died.returncode == -signal.SIGKILL
    assert (data / UNFINISHED).exists()
    for command in (["user", "list"], ["backup", tmp_path / "c.zip"]):
        refused = run(*command, f"--data={data}")
        assert (refused.exit_code, "was interrupted" in refused.output) == (1, True), refused.output
    again = run("restore", backup, f"--data={data}")
    assert again.exit_code == 0, again.output
    (aside,) = data.glob("set-aside-*")
    assert everything(aside) == before, "the old data is whole, wherever it was killed"
    assert count(data, "observations") == 3
    assert epoch(data) != lost
    assert not (data / UNFINISHED).exists()
    assert not (data / ".restoring").exists()


def test_a_folder_that_is_not_there_is_said(data: Path, tmp_path: Path) -> None:
    result = run("backup", tmp_path / "stick" / "b.zip", f"--data={data}")
    assert (result.exit_code, "no folder" in result.output) == (1, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root restores for somebody else")
def test_what_root_restores_belongs_to_the_service(data: Path, tmp_path: Path) -> None:
    backup, new = backed_up(data, tmp_path / "b.zip"), tmp_path / "new"
    new.mkdir()
    os.chown(new, 65534, 65534)
    assert run("restore", backup, f"--data={new}").exit_code == 0
    restored = [place for place in new.rglob("*") if place.name != ".rundgang.lock"]
    assert len(restored) > 4
    assert {(place.stat().st_uid, place.stat().st_gid) for place in restored} == {(65534, 65534)}


def test_a_backup_older_than_tablets_remember_is_warned_of(data: Path, tmp_path: Path) -> None:
    month_ago = datetime.now(UTC) - CONFIRMED_KEPT - timedelta(days=1)
    make_backup(Settings(data=data), tmp_path / "old.zip", month_ago)
    result = run("restore", tmp_path / "old.zip", f"--data={tmp_path / 'new'}")
    assert (result.exit_code, "older than 30 days" in result.output) == (0, True)


def test_the_words_are_german_where_the_shell_is(data: Path, tmp_path: Path) -> None:
    made = run("backup", tmp_path / "b.zip", f"--data={data}", language="de_DE.UTF-8")
    assert "Gesichert und geprüft" in made.output
    assert "3 Beobachtungen, 2 Fotos" in made.output
    result = run("restore", tmp_path / "b.zip", f"--data={tmp_path / 'neu'}", language="de_DE.UTF-8")
    assert "bieten sie von selbst noch einmal an" in result.output


def test_no_server_starts_on_what_is_half_restored(data: Path) -> None:
    (data / UNFINISHED).write_text("set-aside-2026-11-22-120000")
    with pytest.raises(RuntimeError, match=r"interrupted|unterbrochen"), running_server(data):
        pass
