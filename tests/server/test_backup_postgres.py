"""S13 on PostgreSQL: backup of the running server by pg_dump, restore by changing schemas, tablets bring back the rest."""

import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from sync_server.cli import main
from sync_server.safekeeping import on_postgres
from sync_server.safekeeping.folder import UNFINISHED
from sync_server.store import Database, facts
from tests.app.a_tablet import Shelf
from tests.app.after_a_restore import ADDRESS, Carried, Wire, code_for, founded, held, served
from tests.postgres import Postgres
from tests.running import running_server
from tests.server.pictures import jpeg

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


def run(url: str, *arguments: object) -> Result:
    environment = {"LANG": "C", "LC_ALL": "", "LC_MESSAGES": "", "DATABASE_URL": url}
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)


def asked(url: str, statement: str) -> list[str]:
    database = Database(url)
    try:
        with database.reading() as connection:
            return [str(value) for value in connection.execute(text(statement)).scalars()]
    finally:
        database.close()


def epoch(url: str) -> str:
    return asked(url, f"SELECT value FROM facts WHERE name = '{facts.EPOCH}'")[0]


def set_aside(url: str) -> list[str]:
    return asked(url, "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'set_aside%'")


async def test_s13_on_postgresql_everything_is_there_again_exactly_once(url: str, tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.zip"
    customer = founded(data, url)
    carried = await Carried.switched_on(Shelf(), Wire())
    with served(data, carried.wire, url=url):
        await carried.tablet.pair(ADDRESS, code_for(data, "anna", url), "Tablet 7")
        early = await carried.records(customer, "vor der Sicherung", jpeg(seed=1))
        await carried.synchronizes()
        made = run(url, "backup", backup, f"--data={data}")
        assert made.exit_code == 0, made.output
        assert "1 observations, 1 photos" in made.output
        await carried.corrects(early, "nach der Sicherung berichtigt")
        await carried.records(customer, "nach der Sicherung", jpeg(seed=2))
        await carried.synchronizes()
        before, lived = held(data, url), epoch(url)
        refused = run(url, "restore", backup, "--replace", "--yes", f"--data={data}")
        assert (refused.exit_code, "stop the server" in refused.output) == (1, True), refused.output
    refused = run(url, "restore", backup, f"--data={data}")
    assert (refused.exit_code, "--replace" in refused.output) == (1, True), refused.output
    assert (held(data, url), epoch(url)) == (before, lived)
    done = run(url, "restore", backup, "--replace", "--yes", f"--data={data}")
    assert done.exit_code == 0, done.output
    assert len(held(data, url).observations) == 1
    assert epoch(url) != lived
    (aside,) = set_aside(url)
    assert aside in done.output
    assert asked(url, f"SELECT count(*) FROM {aside}.observations") == ["2"]
    with served(data, carried.wire, url=url):
        await carried.synchronizes()
        assert carried.has_nothing_left_to_send()
        await carried.synchronizes()
        assert not [line for line in carried.notebook.transfer_log() if line.what == "drift"]
    assert held(data, url) == before
    again = run(url, "backup", tmp_path / "second.zip", f"--data={data}")
    assert again.exit_code == 0, again.output
    elsewhere = tmp_path / "elsewhere"
    run(url, "restore", tmp_path / "second.zip", "--replace", "--yes", f"--data={elsewhere}")
    assert held(elsewhere, url) == before, (
        "what was set aside is in no later backup, and its photos are restored"
    )
    await carried.tablet.close()


def forged(file: Path, dump: bytes) -> None:
    """The backup with something else as its dump, and a manifest that agrees."""
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(entries["manifest.json"])
    manifest["database"] |= {"size": len(dump), "sha256": sha256(dump).hexdigest()}
    entries |= {"rundgang.pgdump": dump, "manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name, content)


async def test_what_cannot_be_restored_changes_nothing_and_what_was_killed_is_undone(
    url: str, tmp_path: Path
) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.zip"
    founded(data, url)
    assert run(url, "backup", backup, f"--data={data}").exit_code == 0
    lived = epoch(url)
    whole = backup.read_bytes()
    forged(backup, b"PGDMP and nothing more")
    result = run(url, "restore", backup, "--replace", "--yes", f"--data={data}")
    assert (result.exit_code, "damaged or was changed" in result.output) == (1, True), result.output
    assert (epoch(url), set_aside(url), (data / UNFINISHED).exists()) == (lived, [], False)
    backup.write_bytes(whole)
    embedded = CliRunner().invoke(main, ["restore", str(backup), f"--data={tmp_path / 'sqlite'}"])
    assert (embedded.exit_code, "postgresql" in embedded.output) == (1, True), embedded.output

    # What a restore leaves that was killed between the two renamings.
    (data / UNFINISHED).write_text("set_aside_2026_11_22_120000")
    on_postgres.set_aside(url, "set_aside_2026_11_22_120000")
    with (
        pytest.raises(RuntimeError, match=r"interrupted|unterbrochen"),
        running_server(data, f"--database-url={url}"),
    ):
        pass
    again = run(url, "restore", backup, f"--data={data}")
    assert again.exit_code == 0, again.output
    (aside,) = set_aside(url)
    assert asked(url, f"SELECT value FROM {aside}.facts WHERE name = 'epoch'") == [lived]
    assert asked(url, "SELECT count(*) FROM users") == ["3"]
    assert not (data / UNFINISHED).exists()


def test_an_empty_database_is_filled_and_nothing_is_set_aside(
    url: str, postgres: Postgres, tmp_path: Path
) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.zip"
    nothing = run(url, "backup", backup, f"--data={tmp_path}")
    assert (nothing.exit_code, "no database of Rundgang" in nothing.output) == (1, True), nothing.output
    founded(data, url)
    assert run(url, "backup", backup, f"--data={data}").exit_code == 0
    empty = postgres.url(name := postgres.create())
    result = run(empty, "restore", backup, f"--data={tmp_path / 'new'}")
    assert result.exit_code == 0, result.output
    assert set_aside(empty) == []
    assert asked(empty, "SELECT count(*) FROM users") == ["3"]
    assert epoch(empty) != epoch(url)
    postgres.drop(name)


def test_a_missing_program_is_said(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    founded(tmp_path / "data", url)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(url, "backup", tmp_path / "b.zip", f"--data={tmp_path / 'data'}")
    assert (result.exit_code, "apt install postgresql-client" in result.output) == (1, True), result.output


def test_a_server_that_cannot_be_reached_is_said_without_its_password(tmp_path: Path) -> None:
    nobody = "postgresql+psycopg://rundgang:geheim@127.0.0.1:1/rundgang"
    result = run(nobody, "backup", tmp_path / "b.zip", f"--data={tmp_path}")
    assert (result.exit_code, "does not answer" in result.output) == (1, True), result.output
    assert "geheim" not in result.output
    assert not (tmp_path / "b.zip").exists()
