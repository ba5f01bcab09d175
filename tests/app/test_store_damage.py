"""Damage: whatever happens to a store, the app opens with everything or says truthfully what is missing."""

import asyncio
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.state.errors import StoreLost
from app.state.launch import Launch, Stage
from app.state.session import Tablet
from app.store.documents import Documents, Json, Put, Remove
from app.store.own_work import SCHEMA
from app.store.sqlite import SQLiteBacking
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, customer, draft, jpeg, on_files, paired, synchronized
from tests.app.scripted_server import ADDRESS, USER, ScriptedServer, name

pytestmark = pytest.mark.anyio

OWN = f"rundgang-own-{USER}"
REFERENCE = f"rundgang-reference-{USER}"


@pytest.fixture
def server() -> ScriptedServer:
    """A server with two customers."""
    scripted = ScriptedServer()
    for who in ("Käsmayr", "Müller"):
        scripted.publish(Entity.CUSTOMER, name(who), customer(who))
    return scripted


PHOTO = jpeg(filling=9_000)
"""Longer than a page of SQLite, so that it lies on a chain of pages."""


def _written() -> dict[tuple[str, str], Json]:
    """Documents of all sizes: many on a page, one on a page, one on several."""
    short = {("drafts", f"d{number}"): {"seen": f"Entwurf {number}"} for number in range(60)}
    long = {("outbox", f"o{number}"): {"heard": f"Halle {number} " * (number * 40)} for number in range(30)}
    return short | long


WRITTEN = _written()


@cache
def _store() -> bytes:
    """The bytes of a store with all that, after some life."""

    async def write(path: Path) -> None:
        documents = await Documents.open(
            await SQLiteBacking.open(path), name="own", schema=SCHEMA, counted=True
        )
        for (table, key), document in WRITTEN.items():
            await documents.change(
                lambda table=table, key=key, document=document: [Put(table, key, document)]  # type: ignore[misc]
            )
        await documents.change(lambda: [Put("drafts", "gone", {"seen": "weg " * 3_000})])
        await documents.change(lambda: [Remove("drafts", "gone")])
        await documents.put_file("photo", PHOTO)
        await documents.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        asyncio.run(write(path))
        return path.read_bytes()


def _is_told_truthfully(data: bytes) -> None:
    """Open a store of these bytes, and again; nothing is wrong, and nothing is missing without being said."""

    async def look(path: Path) -> None:
        told = None
        for _ in range(2):
            documents = await Documents.open(
                await SQLiteBacking.open_or_rescue(path), name="own", schema=SCHEMA, counted=True
            )
            found = {
                (table, key): document
                for table in ("drafts", "outbox")
                for key, document in documents.all(table).items()
            }
            assert {place: WRITTEN.get(place) for place in found} == found, (
                "nothing is shown that was not written"
            )
            missing = len(WRITTEN) - len(found)
            assert not missing or documents.damage, f"{missing} documents are gone without a word"
            known = sum(damage.count for damage in documents.damage if damage.table in ("drafts", "outbox"))
            unknown = any(damage.count == 0 for damage in documents.damage)
            assert known >= missing or unknown
            assert told in (None, found), "what was there once stays"
            told = found
            await documents.close()
        documents = await Documents.open(
            await SQLiteBacking.open_or_rescue(path), name="own", schema=SCHEMA, counted=True
        )
        await documents.change(lambda: [Put("drafts", "next", {"seen": "geht weiter"})])
        await documents.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        path.write_bytes(data)
        asyncio.run(look(path))


def _flipped(data: bytes, at: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[at % len(data)] ^= 1 << bit
    return bytes(changed)


@settings(max_examples=120)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
@example(at=19630, bit=5)  # in a key, which then stands in the wrong order
def test_any_flipped_bit_is_harmless_or_told(at: int, bit: int) -> None:
    _is_told_truthfully(_flipped(_store(), at, bit))


@settings(max_examples=40)
@given(at=st.integers(0, 3 * 4096), bit=st.integers(0, 7))
@example(at=3838, bit=7)  # in the words of the schema, which SQLite repeats when it complains of them
def test_any_flipped_bit_near_the_root_is_harmless_or_told(at: int, bit: int) -> None:
    _is_told_truthfully(_flipped(_store(), at, bit))


@settings(max_examples=15)
@given(share=st.floats(0.0, 1.0, exclude_min=True))
def test_a_truncated_file_gives_what_is_left_and_says_so(share: float) -> None:
    data = _store()
    _is_told_truthfully(data[: max(1, int(len(data) * share))])


@pytest.mark.parametrize(
    "data", [b"\0" * 8192, b"this is no database" * 500, b"x"], ids=["zeros", "text", "x"]
)
def test_a_garbage_file_is_set_aside_and_told(data: bytes) -> None:
    _is_told_truthfully(data)


async def test_a_file_without_its_first_page_gives_all_that_was_not_on_it(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(os.urandom(4096) + _store()[4096:])
    documents = await Documents.open(
        await SQLiteBacking.open_or_rescue(path), name="own", schema=SCHEMA, counted=True
    )
    assert {("drafts", key) for key in documents.all("drafts")} == {
        place for place in WRITTEN if place[0] == "drafts"
    }
    assert _aside(tmp_path) == [len(_store())], "the damaged file is kept for an expert"
    await documents.close()


@pytest.mark.parametrize("step", ["replace", "fsync", "connect"])
async def test_a_rescue_that_dies_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "store.sqlite3"
    damaged = os.urandom(4096) + _store()[4096:]
    calls = 0
    while True:
        _empty(tmp_path)
        path.write_bytes(damaged)
        calls += 1
        done = _dies_at(monkeypatch, step, calls)
        try:
            backing = await SQLiteBacking.open_or_rescue(path)
        except (SystemExit, StoreLost):
            monkeypatch.undo()
            backing = await SQLiteBacking.open_or_rescue(path)
        monkeypatch.undo()
        documents = await Documents.open(backing, name="own", schema=SCHEMA, counted=True)
        assert len(documents.all("drafts")) == 60
        assert documents.damage, "it is still told"
        await documents.close()
        if done() < calls:
            break
    assert calls > 1, "it died at least once"


def _dies_at(monkeypatch: pytest.MonkeyPatch, step: str, number: int) -> Callable[[], int]:
    """Have the process end just before the n-th such step of a rescue; how many steps there were."""
    done = 0
    owner: Any = sqlite3 if step == "connect" else os
    real = getattr(owner, step)

    def deadly(*args: Any, **named: Any) -> Any:
        nonlocal done
        if step == "connect" and ".rescued" not in str(args[0]):
            return real(*args, **named)
        done += 1
        if done == number:
            raise SystemExit
        return real(*args, **named)

    monkeypatch.setattr(owner, step, deadly)
    return lambda: done


def _aside(folder: Path) -> list[int]:
    """The sizes of the files that were set aside."""
    return [path.stat().st_size for path in folder.glob("*.damaged-*")]


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


# -- the whole tablet ------------------------------------------------------------------------------------


async def _filled(folder: Path, server: ScriptedServer) -> None:
    tablet = await Tablet.open(on_files(folder, server))
    await tablet.pair(ADDRESS, "abcd-2345", "Tablet 7")
    await synchronized(tablet)
    assert tablet.notebook is not None
    await tablet.notebook.save(draft(tablet.notebook, "wartet"))
    await tablet.close()


async def test_damaged_reference_is_read_anew_without_a_word_to_the_person(
    tmp_path: Path, server: ScriptedServer
) -> None:
    await _filled(tmp_path, server)
    path = tmp_path / f"{REFERENCE}.sqlite3"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Ravensburg", b"Ravenzburg"))
    tablet = await Tablet.open(on_files(tmp_path, server))
    notebook = tablet.notebook
    assert notebook is not None
    assert notebook.search_customers("kasmayr") == (), "a wrong town is not shown"
    await synchronized(tablet)
    assert [row.city for row in notebook.search_customers("kasmayr")] == ["Ravensburg"]
    assert notebook.transfer().waiting == 0
    assert tablet.damage == ()
    assert "mended" in {line.what for line in notebook.transfer_log()}
    await tablet.close()


@pytest.mark.parametrize("store", [REFERENCE, OWN, "rundgang-device"])
async def test_each_store_can_be_garbage_and_the_tablet_goes_on(
    tmp_path: Path, server: ScriptedServer, store: str
) -> None:
    await _filled(tmp_path, server)
    (tmp_path / f"{store}.sqlite3").write_bytes(b"garbage" * 3_000)
    launch = Launch(on_files(tmp_path, server))
    await launch.run()
    assert launch.stage is Stage.READY
    tablet = launch.tablet
    assert tablet is not None
    if tablet.notebook is None:
        await tablet.pair(ADDRESS, "abcd-2345", "Tablet 7")
    assert tablet.notebook is not None
    await synchronized(tablet)
    assert tablet.notebook.search_customers("kasmayr")
    assert tablet.damage_is_news == (store != REFERENCE)
    assert tablet.notebook.transfer().waiting == 0
    assert len(server.revisions) == (0 if store == OWN else 1)
    assert len(_aside(tmp_path)) == (0 if store == REFERENCE else 1), "other people's data is not kept twice"
    await tablet.close()


async def test_reference_that_lost_its_reading_mark_stays_usable_and_loses_what_was_removed(
    server: ScriptedServer,
) -> None:
    shelf = Shelf()
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    await tablet.close()
    del shelf.disks[REFERENCE].documents["mark", "mark"]
    shelf.disks[REFERENCE].documents["mark", "mark"] = "garbage"
    tablet, notebook = await paired(shelf, server)
    assert tablet.first_sync_done, "a technician in a cellar goes on working"
    assert len(notebook.search_customers("")) == 2
    await synchronized(tablet)
    assert len(notebook.search_customers("")) == 2


@pytest.mark.parametrize("how", ["changed", "gone"])
async def test_a_photo_that_is_not_what_was_taken_is_told_and_does_not_stop_the_others(
    server: ScriptedServer, how: str
) -> None:
    shelf = Shelf()
    tablet, notebook = await paired(shelf, server)
    photos = []
    for width in (100, 101):
        fresh = draft(notebook, "mit Foto")
        photos.append(await notebook.add_photo(fresh.id, jpeg(width=width)))
        await notebook.save(replace(fresh, photos=(photos[-1],)))
    await tablet.close()
    files = shelf.disks[OWN].files
    if how == "changed":
        files[photos[0].sha256] = files[photos[0].sha256][:-3] + b"abc"
    else:
        del files[photos[0].sha256]
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    assert set(server.blobs) == {photos[1].sha256}
    assert notebook.transfer().photos_waiting == 0
    assert [(damage.table, damage.reason) for damage in tablet.damage] == [("files", "photo")]
    assert tablet.damage_is_news
    content = json.dumps([line.as_dict() for line in notebook.transfer_log()])
    assert photos[0].sha256 not in content
