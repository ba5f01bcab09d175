"""Photos on the tablet: kept before what names them, collected when nothing does, thinned only when confirmed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.device.platform import StorageUse
from app.state.errors import StorageFull
from app.state.notebook import Notebook
from app.state.room import SHORT, is_short
from app.state.session import Tablet
from app.store.memory import Crash, MemoryBacking
from app.store.outbox import Gone
from protocol.limits import CONFIRMED_KEPT
from protocol.observation import Photo
from protocol.problems import Code
from tests.app.a_tablet import Clock, Shelf, draft, jpeg, paired, synchronized
from tests.app.scripted_server import ADDRESS, NOW, USER, ScriptedServer, refuse

pytestmark = pytest.mark.anyio

OWN = f"rundgang-own-{USER}"
SIZE = len(jpeg(width=100))


async def save_with_photo(notebook: Notebook, width: int) -> Photo:
    """An observation with a photo that no other has."""
    fresh = draft(notebook, f"Foto {width}")
    photo = await notebook.add_photo(fresh.id, jpeg(width=width))
    await notebook.save(replace(fresh, photos=(photo,)))
    return photo


def files(shelf: Shelf) -> set[str]:
    """The files on the tablet's disk."""
    return set(shelf.disks[OWN].files)


def scarce(tablet: Tablet, free: int) -> None:
    """The platform has only so many free bytes left, and more as files go."""
    notebook = tablet.notebook
    assert notebook is not None
    own, quota = notebook._own, 2_000_000_000

    async def estimate() -> StorageUse:
        removed = sum(record.size for record in own.photos() if record.gone is Gone.THINNED)
        return StorageUse(quota - free - removed, quota, True)

    notebook.room._platform = replace(notebook.room._platform, storage_estimate=estimate)


@pytest.mark.parametrize("step", [1, 2])
async def test_a_crash_between_photo_and_document_leaves_no_document_without_its_photo(step: int) -> None:
    shelf, server = Shelf(), ScriptedServer()
    _, notebook = await paired(shelf, server)
    backing = shelf.backings[OWN]
    fatal = backing.operations + step

    def die(number: int) -> None:
        if number == fatal:
            raise Crash

    backing.before = die
    with pytest.raises(Crash):
        await notebook.add_photo(notebook.new_draft().id, jpeg())
    assert len(files(shelf)) == step - 1, "the bytes come first"
    tablet, notebook = await paired(shelf, server)
    assert notebook._own.photos() == []
    assert files(shelf) == set(), "what nothing names is collected at the next start"
    assert tablet.damage == ()


async def test_only_what_nothing_names_is_collected() -> None:
    shelf, server, clock = Shelf(), ScriptedServer(), Clock()
    tablet, notebook = await paired(shelf, server, clock=clock)
    confirmed = await save_with_photo(notebook, 100)
    await synchronized(tablet)
    waiting = await save_with_photo(notebook, 101)
    drafted = draft(notebook, "Entwurf")
    kept = await notebook.add_photo(drafted.id, jpeg(width=102))
    await notebook.keep_draft(replace(drafted, photos=(kept,)))
    discarded = draft(notebook, "verworfen")
    gone = await notebook.add_photo(discarded.id, jpeg(width=103))
    await notebook.keep_draft(replace(discarded, photos=(gone,)))
    await notebook.discard_draft(discarded.id)
    assert gone.sha256 in files(shelf), "an undo may want it back"

    await tablet.close()
    tablet, notebook = await paired(shelf, server, clock=clock)
    assert files(shelf) == {confirmed.sha256, waiting.sha256, kept.sha256}

    await synchronized(tablet)
    later = CONFIRMED_KEPT + timedelta(days=1)
    contact = notebook._own.contact
    assert contact is not None
    await notebook._own.note_contact(contact.model_copy(update={"server_time": NOW + later}))
    await tablet.close()
    tablet, notebook = await paired(shelf, server, clock=clock)
    assert files(shelf) == {kept.sha256}, "confirmed photos are kept for 30 days and no longer"


async def test_under_pressure_confirmed_photos_go_first_the_oldest_before_all() -> None:
    shelf, server, clock = Shelf(), ScriptedServer(), Clock()
    tablet, notebook = await paired(shelf, server, clock=clock)
    confirmed = []
    for number in range(4):
        clock.now = NOW + timedelta(hours=number)
        confirmed.append(await save_with_photo(notebook, 100 + number))
    await synchronized(tablet)
    unsent = [await save_with_photo(notebook, 200 + number) for number in range(3)]

    scarce(tablet, 2 * SHORT - 2 * SIZE)
    await notebook.room.make()
    assert len(files(shelf)) == 7, "nothing goes while there is room"

    scarce(tablet, SHORT - 1)
    await notebook.room._thin(2 * SIZE)
    assert files(shelf) == {photo.sha256 for photo in [*confirmed[2:], *unsent]}

    scarce(tablet, SHORT - 10 * SIZE)
    await notebook.room.make()
    assert files(shelf) == {photo.sha256 for photo in unsent}, "what is unsent is never removed"
    assert notebook.room.is_short
    assert notebook.transfer().photos_waiting == 3
    assert [line.what for line in notebook.transfer_log()].count("thinned") == 2
    rows = [row for row in notebook.observations() if row.photos_total]
    assert [row.photos_received for row in rows if row.title.startswith("Foto 10")] == [1, 1, 1, 1]

    await synchronized(tablet)
    assert set(server.blobs) == {photo.sha256 for photo in [*confirmed, *unsent]}
    await tablet.close()
    tablet, _ = await paired(shelf, server, clock=clock)
    assert tablet.damage == (), "what was removed on purpose is no damage"


async def test_a_confirmed_photo_that_a_draft_or_a_waiting_change_names_stays() -> None:
    shelf, server, clock = Shelf(), ScriptedServer(), Clock()
    tablet, notebook = await paired(shelf, server, clock=clock)
    photo = await save_with_photo(notebook, 100)
    await synchronized(tablet)
    (row,) = notebook.observations()
    clock.now += timedelta(minutes=1)
    correction = notebook.correction(row.id)
    await notebook.keep_draft(correction)
    assert await notebook.room._thin(10**9) == 0
    await notebook.save(replace(correction, seen="berichtigt"))
    assert await notebook.room._thin(10**9) == 0
    assert files(shelf) == {photo.sha256}


async def test_a_refused_observation_keeps_its_photo() -> None:
    shelf, server = Shelf(), ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    photo = await save_with_photo(notebook, 100)
    server.faults = [None, refuse(Code.INVALID_REQUEST)]
    await synchronized(tablet)
    assert notebook.transfer().refused == 1
    assert await notebook.room._thin(10**9) == 0
    assert files(shelf) == {photo.sha256}


async def test_a_full_tablet_makes_room_for_what_is_written() -> None:
    shelf, server = Shelf(), ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    for number in range(3):
        await save_with_photo(notebook, 100 + number)
    await synchronized(tablet)
    _limit(shelf.backings[OWN], sum(map(len, shelf.disks[OWN].files.values())))
    await notebook.save(draft(notebook, "muss noch hinein"))
    assert notebook.transfer().waiting == 1
    assert files(shelf) == set()


async def test_a_full_tablet_without_anything_to_remove_says_so_and_keeps_all() -> None:
    shelf, server = Shelf(), ScriptedServer()
    _, notebook = await paired(shelf, server)
    photo = await save_with_photo(notebook, 100)
    _limit(shelf.backings[OWN], 0)
    with pytest.raises(StorageFull):
        await notebook.save(draft(notebook, "passt nicht"))
    assert files(shelf) == {photo.sha256}
    assert notebook.transfer().waiting == 1


async def test_pairing_anew_on_a_full_tablet_leaves_whoever_was_paired() -> None:
    shelf, server = Shelf(), ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook, "wartet"))
    _limit(shelf.backings["rundgang-device"], 0)
    for leave in (tablet.pair(ADDRESS, "abcd-2345", "Tablet 7"), tablet.unpair()):
        with pytest.raises(StorageFull):
            await leave
        assert tablet.notebook is notebook
    await synchronized(tablet)
    assert notebook.transfer().waiting == 0


async def test_a_thinned_photo_that_is_taken_again_is_there_again() -> None:
    shelf, server = Shelf(), ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    photo = await save_with_photo(notebook, 100)
    await synchronized(tablet)
    assert await notebook.room._thin(1) == SIZE
    assert await notebook.photo(photo.sha256) is None
    again = await save_with_photo(notebook, 100)
    assert again.sha256 == photo.sha256
    assert await notebook.photo(photo.sha256) is not None
    await synchronized(tablet)
    assert tablet.damage == ()


async def test_never_more_than_one_upload_is_under_way() -> None:
    shelf, server = Shelf(), ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    photos = {(await save_with_photo(notebook, 100 + number)).sha256 for number in range(4)}
    await synchronized(tablet)
    uploads = [seen.split()[0] for seen in server.seen if "/media/" in seen]
    assert uploads == ["POST", "PATCH"] * 4, "each is finished before the next begins"
    assert set(server.blobs) == photos


@pytest.mark.parametrize(
    ("usage", "quota", "short"),
    [
        (0, 0, False),
        (12_000_000, 2_100_000_000, False),
        (1_960_000_000, 2_100_000_000, True),
        (250_000_000, 300_000_000, False),
        (280_000_000, 300_000_000, True),
        (400_000_000, 300_000_000, True),
    ],
)
def test_when_room_is_short(usage: int, quota: int, short: bool) -> None:
    assert is_short(StorageUse(usage, quota, False)) is short


def _limit(backing: Any, most: int) -> None:
    """A disk that takes documents only once files have made room."""
    assert isinstance(backing, MemoryBacking)
    commit = backing.commit

    async def limited(writes: Any) -> None:
        if sum(map(len, backing.disk.files.values())) >= most:
            raise StorageFull("full")
        await commit(writes)

    backing.commit = limited  # type: ignore[method-assign]
