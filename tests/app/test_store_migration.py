"""Stores of an older app: brought up to date with everything in them, and old or new when the tablet dies meanwhile."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.state.errors import NewerStore, StorageFull
from app.state.launch import Launch, Stage
from app.state.session import Tablet
from app.store.memory import Crash, MemoryDisk
from app.store.opening import version_document
from app.store.outbox import EntryState
from tests.app.a_tablet import Shelf, on_files, platform, synchronized
from tests.app.scripted_server import USER, ScriptedServer

pytestmark = pytest.mark.anyio

OLD = Path(__file__).parent / "stores_v1"
OWN = f"rundgang-own-{USER}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tablet's folder as an app of version 1 left it."""
    shutil.copytree(OLD, tmp_path / "stores")
    return tmp_path / "stores"


def old_shelf() -> Shelf:
    """The same stores on disks in memory."""
    shelf = Shelf()
    for path in OLD.glob("*.sqlite3"):
        disk = shelf.disks.setdefault(path.stem, MemoryDisk())
        with sqlite3.connect(path) as connection:
            disk.documents = {row[:2]: row[2] for row in connection.execute("SELECT * FROM documents")}
            disk.files = dict(connection.execute("SELECT key, data FROM files"))
        connection.close()
    return shelf


async def everything_is_there(tablet: Tablet, server: ScriptedServer) -> None:
    """What the old app had said was saved, and that it arrives."""
    notebook = tablet.notebook
    assert notebook is not None
    assert tablet.damage == ()
    assert {draft.seen for draft in notebook.drafts()} == {"Entwurf", "Entwurf mit Foto"}
    states = Counter(entry.state for entry in notebook._own.entries())
    assert states == {EntryState.WAITING: 5, EntryState.REFUSED: 1, EntryState.CONFIRMED: 1}
    assert notebook.count_customers() == 2
    assert notebook.preference("language", "") == "de"
    assert set(notebook.unsent.answers().values()) == {"begonnene Antwort"}
    photos = [photo for draft in notebook.drafts() for photo in draft.media]
    photos += [photo for entry in notebook._own.entries() for photo in entry.media]
    assert len(photos) == 3
    for photo in photos:
        assert await notebook.photo(photo.sha256) is not None
    await synchronized(tablet)
    texts = [body["content"]["seen"] for body in server.revisions]
    assert sorted(texts) == [
        "Bestätigt: Halle C, ä ö ü „Zitat“",
        *(f"Wartet {number}: Druckluft\nzweite Zeile" for number in range(3)),
        "Wartet mit Foto",
    ]
    assert [body["text"] for body in server.comments] == ["Antwort wartet"]
    assert len(server.blobs) == 2
    assert notebook.transfer().waiting == 0


def _open(path: Path) -> dict[tuple[str, str], str]:
    connection = sqlite3.connect(path)
    rows = {row[:2]: row[2] for row in connection.execute('SELECT "table", key, json FROM documents')}
    connection.close()
    return rows


async def test_a_full_outbox_of_version_1_is_brought_up_to_date_and_sent(folder: Path) -> None:
    server = ScriptedServer()
    server.restore(server.backup())  # another life of the server: what was confirmed is offered again
    tablet = await Tablet.open(on_files(folder, server))
    await everything_is_there(tablet, server)
    await tablet.close()
    again = await Tablet.open(on_files(folder, server))
    assert again.damage == ()
    assert {draft.seen for draft in again.notebook.drafts()} == {"Entwurf", "Entwurf mit Foto"}  # type: ignore[union-attr]
    await again.close()
    version = _open(folder / f"{OWN}.sqlite3")["_about", "schema"]
    assert json.loads(version)["version"] == 2


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
async def test_a_tablet_that_dies_in_the_migration_has_the_old_or_the_new_store(after: bool) -> None:
    shelf, server = old_shelf(), ScriptedServer()
    server.restore(server.backup())
    before = {name: dict(disk.documents) for name, disk in shelf.disks.items()}
    plain = shelf.open

    async def deadly(name: str) -> Any:
        backing = await plain(name)

        def die(_: int) -> None:
            raise Crash

        if name == OWN:
            setattr(backing, "after" if after else "before", die)
        return backing

    with pytest.raises(Crash):
        await Tablet.open(replace(platform(shelf, server.transport), open_backing=deadly))
    found = shelf.disks[OWN].documents
    sealed = {not text.startswith("{") for (table, _), text in found.items() if table != "_about"}
    assert sealed == {after}, "old or new, never a mix"
    if not after:
        assert found == before[OWN]
    await everything_is_there(await Tablet.open(platform(shelf, server.transport)), server)


_OPEN_AND_DIE = """
import asyncio, os, signal, sqlite3, sys
from pathlib import Path
from app.store import sqlite as module
from app.store.own_work import OwnWork

class Deadly(sqlite3.Connection):
    done = 0
    def execute(self, statement, *rest):
        if statement.startswith("INSERT") or statement == "COMMIT":
            Deadly.done += 1
            if Deadly.done == int(sys.argv[2]):
                os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(statement, *rest)

connect = sqlite3.connect
module.sqlite3.connect = lambda *args, **named: connect(*args, factory=Deadly, **named)

async def main():
    await OwnWork.open(await module.SQLiteBacking.open(Path(sys.argv[1])))
    print(Deadly.done)

asyncio.run(main())
"""


def _die_at(path: Path, statement: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _OPEN_AND_DIE, str(path), str(statement)],
        check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip


async def test_a_process_killed_in_the_migration_leaves_the_old_store_whole(folder: Path) -> None:
    path = folder / f"{OWN}.sqlite3"
    old = _open(path)
    for statement in (1, 9, 22):
        killed = _die_at(path, statement)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert _open(path) == old
    finished = _die_at(path, 0)
    assert finished.returncode == 0, finished.stderr
    assert int(finished.stdout) > 22, "the last kill was in the middle"
    assert all(not text.startswith("{") for (table, _), text in _open(path).items() if table != "_about")


def _make_newer(shelf: Shelf, name: str) -> None:
    shelf.disks[name].documents["_about", "schema"] = json.dumps(version_document(99))


@pytest.mark.parametrize("store", ["rundgang-device", OWN, f"rundgang-reference-{USER}"])
async def test_a_store_of_a_newer_app_is_refused_with_words_and_never_touched(store: str) -> None:
    shelf, server = old_shelf(), ScriptedServer()
    tablet = await Tablet.open(platform(shelf, server.transport))
    await tablet.close()
    _make_newer(shelf, store)
    before = dict(shelf.disks[store].documents)
    launch = Launch(platform(shelf, server.transport))
    await launch.run()
    assert launch.stage is Stage.NEWER_STORE
    assert shelf.disks[store].documents == before
    with pytest.raises(NewerStore, match="schema 99"):
        await Tablet.open(platform(shelf, server.transport))


@pytest.mark.parametrize("newer", ["documents", "tables"])
async def test_a_file_of_a_newer_app_is_refused_and_keeps_every_byte(folder: Path, newer: str) -> None:
    path = folder / f"{OWN}.sqlite3"
    server = ScriptedServer()
    await (await Tablet.open(on_files(folder, server))).close()
    connection = sqlite3.connect(path)
    with connection:
        if newer == "documents":
            connection.execute(
                "UPDATE documents SET json = ? WHERE key = 'schema'", (json.dumps(version_document(3)),)
            )
        else:
            connection.execute("ALTER TABLE documents RENAME TO papers")
            connection.execute("PRAGMA user_version = 2")
            connection.execute(f"PRAGMA application_id = {0x52756E00 + 2}")
    connection.close()
    before = path.read_bytes()
    launch = Launch(on_files(folder, server))
    await launch.run()
    assert launch.stage is Stage.NEWER_STORE
    assert path.read_bytes() == before


async def test_without_room_for_the_migration_nothing_is_changed() -> None:
    shelf, server = old_shelf(), ScriptedServer()
    before = dict(shelf.disks[OWN].documents)
    plain = shelf.open

    def fail(_: int) -> None:
        raise StorageFull("no room")

    async def full(name: str) -> Any:
        backing = await plain(name)
        if name == OWN:
            backing.before = fail  # type: ignore[attr-defined]
        return backing

    launch = Launch(replace(platform(shelf, server.transport), open_backing=full))
    await launch.run()
    assert launch.stage is Stage.FULL
    assert shelf.disks[OWN].documents == before


async def test_damage_and_migration_in_one_are_settled_together() -> None:
    shelf, server = old_shelf(), ScriptedServer()
    documents = shelf.disks[OWN].documents
    victim = next(place for place, text in documents.items() if '"Wartet' in text)
    documents[victim] = documents[victim][:-20]
    tablet = await Tablet.open(platform(shelf, server.transport))
    assert [damage.key for damage in tablet.damage] == [victim[1]]
    assert tablet.notebook is not None
    assert tablet.notebook.transfer().waiting == 4
    assert tablet.damage_is_news
