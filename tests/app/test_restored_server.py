"""S13 as a whole: after a restore every tablet brings back what the backup lacks, and nothing is doubled."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app.state.errors import SyncProblem
from app.state.views import Progress
from app.store.memory import Crash
from protocol.observation import Kind
from protocol.problems import Advice, Code
from sync_server.crm import review
from tests.app.a_tablet import Shelf
from tests.app.after_a_restore import (
    ADDRESS,
    Carried,
    Held,
    Wire,
    code_for,
    copied_data,
    decided,
    founded,
    held,
    rundgang,
    served,
)
from tests.running import running_server
from tests.server.pictures import jpeg

pytestmark = pytest.mark.anyio


async def test_s13_with_a_real_server_process_everything_is_there_again_exactly_once(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.zip"
    customer = founded(data)
    async with httpx.AsyncHTTPTransport() as network:
        wires = [Wire(network) for _ in range(3)]
        anna, second, jan = [await Carried.switched_on(Shelf(), wire) for wire in wires]
        with running_server(data) as server:
            for carried, login in ((anna, "anna"), (second, "anna"), (jan, "jan")):
                await carried.tablet.pair(server.url, code_for(data, login), "Tablet")
            early = await anna.records(customer, "vor der Sicherung", jpeg(seed=1))
            await anna.synchronizes()
            decided(data, early, review.accept)
            server.command("backup", str(backup))
            await second.synchronizes()
            await second.corrects(early, "nach der Sicherung berichtigt")
            late = await anna.records(customer, "nach der Sicherung", jpeg(seed=2), jpeg(900, 700, seed=3))
            await jan.records(customer, "von Jan", jpeg(seed=4))
            for carried in (anna, second, jan):
                await carried.synchronizes()
            decided(data, late, review.ask, text="Wer entscheidet?")
            await anna.synchronizes()
            await anna.notebook.answer(late, "Frau Brändle")
            await second.synchronizes()
            await second.corrects(late, "auf dem anderen Tablet berichtigt")
            await anna.synchronizes()
            await second.synchronizes()
            before = held(data)
            server.stop()
            # The server is away; the work goes on.
            unsent = await anna.records(customer, "während der Server stand", jpeg(seed=5))
            draft = anna.notebook.new_draft(customer_id=customer, kind=Kind.NOTE)
            await anna.notebook.keep_draft(replace(draft, heard="Entwurf"))
            await anna.tries()
            server.command("restore", str(backup), "--replace", "--yes")
            assert len(held(data).observations) == 1
            server.start()
            # In this order the correction arrives before what it corrects.
            for carried in (second, anna, jan, second, anna):
                await carried.synchronizes()
            after = held(data)
            server.stop()
        assert after.observations == before.observations | {unsent}
        assert {one for one in after.revisions if one[1] != unsent} == before.revisions
        assert (after.comments, len(after.photos)) == (before.comments, len(before.photos) + 1)
        assert len(after.blobs) == len(before.blobs) + 1 == 5
        assert after.blobs > before.blobs
        assert {times for _, times in after.texts} == {1}
        for carried in (anna, second, jan):
            assert carried.has_nothing_left_to_send()
            assert not [line for line in carried.notebook.transfer_log() if line.what == "drift"]
        states = {
            row.id: row.progress for row in anna.notebook.observations() if row.progress != Progress.DRAFT
        }
        assert states == {
            early: Progress.ACCEPTED,  # decided before the backup
            late: Progress.RECEIVED,  # the question since is gone with the server's database
            unsent: Progress.RECEIVED,
        }
        assert [one.heard for one in anna.notebook.drafts()] == ["Entwurf"]
        page = anna.notebook.observation(late)
        assert page is not None
        assert page.content is not None
        assert page.content.heard == "auf dem anderen Tablet berichtigt"
        assert [comment.text for comment in page.comments] == ["Frau Brändle"]
        assert (page.row.photos_received, page.row.photos_total) == (2, 2)
        for carried in (anna, second, jan):
            await carried.tablet.close()


@dataclass
class Restored:
    """A restored server and the tablet that has not met it yet; `before` is what must be there again."""

    data: Path
    carried: Carried
    customer: UUID
    before: Held


@pytest.fixture
async def restored(tmp_path: Path) -> AsyncIterator[Restored]:
    data, backup = tmp_path / "data", tmp_path / "backup.zip"
    customer = founded(data)
    carried = await Carried.switched_on(Shelf(), Wire())
    with served(data, carried.wire):
        await carried.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
        early = await carried.records(customer, "vorher", jpeg(seed=1))
        await carried.synchronizes()
        rundgang("backup", backup, f"--data={data}")
        await carried.records(customer, "nachher", jpeg(900, 700, seed=2))
        await carried.corrects(early, "berichtigt")
        await carried.notebook.answer(early, "ja")
        await carried.synchronizes()
        before = held(data)
    rundgang("restore", backup, "--replace", "--yes", f"--data={data}")
    yield Restored(data, carried, customer, before)
    await carried.tablet.close()


async def test_s13_wherever_the_tablet_is_interrupted_it_goes_on(restored: Restored, tmp_path: Path) -> None:
    """The connection breaks at each request in turn, before or after it has arrived; sometimes the app dies, too."""
    shelf, wire = restored.carried.copied()
    with served(copied_data(restored.data, tmp_path / "undisturbed"), wire):
        undisturbed = await Carried.switched_on(shelf, wire)
        await undisturbed.synchronizes()
        requests = len(wire.asked)
    assert requests >= 6, wire.asked
    for number in range(1, requests + 1):
        for arrives in (False, True):
            data = copied_data(restored.data, tmp_path / f"{number} {arrives}")
            shelf, wire = restored.carried.copied()
            with served(data, wire):
                carried = await Carried.switched_on(shelf, wire)
                wire.breaks_at, wire.arrives = number, arrives
                await carried.tries()
                if number % 2:
                    carried = await carried.restarted()
                await carried.synchronizes()
                assert carried.has_nothing_left_to_send()
            assert held(data) == restored.before, f"request {number}, arrived: {arrives}"


@pytest.mark.parametrize("after", [False, True], ids=["before it is written", "after it is written"])
async def test_s13_whenever_the_app_dies_it_goes_on(restored: Restored, tmp_path: Path, after: bool) -> None:
    """The app is killed at each of its writes in turn."""
    fatal = 0
    while True:
        fatal += 1
        data = copied_data(restored.data, tmp_path / f"{fatal}")
        shelf, wire = restored.carried.copied()
        with served(data, wire):
            carried = await Carried.switched_on(shelf, wire)
            died = await _dies_at(carried, fatal, after=after)
            carried = await carried.restarted()
            await carried.synchronizes()
            assert carried.has_nothing_left_to_send()
        assert held(data) == restored.before, f"write {fatal}"
        if not died:
            break
    assert fatal > 5


async def _dies_at(carried: Carried, fatal: int, *, after: bool) -> bool:
    """Synchronise, and die at the n-th write, whichever store it is of; whether it came so far."""
    writes = 0

    def die(_: int) -> None:
        nonlocal writes
        writes += 1
        if writes == fatal:
            raise Crash

    for backing in carried.shelf.backings.values():
        if after:
            backing.after = die
        else:
            backing.before = die
    try:
        await carried.synchronizes()
    except Crash:
        return True
    return False


@pytest.mark.parametrize("since", [0, 40], ids=["at once", "after others have gone on"])
async def test_s13_data_put_back_by_copying_files_is_completed_too(tmp_path: Path, since: int) -> None:
    """Nobody has told the database that it lives again: its epoch is the one that the tablet knows."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    customer = founded(data)
    anna, jan = [await Carried.switched_on(Shelf(), Wire()) for _ in range(2)]
    with served(data, anna.wire, jan.wire):
        await anna.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
        await jan.tablet.pair(ADDRESS, code_for(data, "jan"), "Tablet 8")
        await anna.records(customer, "vor der Kopie", jpeg(seed=1))
        for carried in (anna, jan):
            await carried.synchronizes()
    copied_data(data, copy)
    with served(data, anna.wire):
        observation = await anna.records(customer, "nach der Kopie", jpeg(seed=2))
        await anna.synchronizes()
        await anna.notebook.answer(observation, "ja")
        await anna.synchronizes()
        before = held(data)
    with served(copy, anna.wire, jan.wire):
        for number in range(since):
            await jan.records(customer, f"seitdem {number}")
        await jan.synchronizes()
        await anna.synchronizes()
        after = held(copy)
        assert after.observations >= before.observations
        assert after.revisions >= before.revisions
        assert (after.comments, after.blobs) == (before.comments, before.blobs)
        assert len(after.observations) == len(before.observations) + since
        for carried in (anna, jan):
            assert carried.has_nothing_left_to_send()
            await carried.tablet.close()


async def test_s13_a_photo_that_the_server_had_lost_before_the_backup_comes_back_too(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.zip"
    customer = founded(data)
    carried = await Carried.switched_on(Shelf(), Wire())
    with served(data, carried.wire):
        await carried.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
        observation = await carried.records(customer, "mit Foto", jpeg(seed=1))
        await carried.synchronizes()
    before = held(data)
    (photo,) = (data / "blobs").glob("*/*")
    photo.unlink()
    rundgang("backup", backup, f"--data={data}", exit_code=3)
    rundgang("restore", backup, "--replace", "--yes", f"--data={data}")
    with served(data, carried.wire):
        await carried.synchronizes()
        await carried.synchronizes()
        page = carried.notebook.observation(observation)
        assert page is not None
        assert (page.row.photos_received, page.row.photos_total) == (1, 1)
    assert held(data) == before
    assert photo.is_file()
    await carried.tablet.close()


async def test_s13_a_tablet_paired_after_the_backup_is_paired_again_and_loses_nothing(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup.zip"
    customer = founded(data)
    rundgang("backup", backup, f"--data={data}")
    carried = await Carried.switched_on(Shelf(), Wire())
    with served(data, carried.wire):
        await carried.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
        observation = await carried.records(customer, "nach der Sicherung", jpeg(seed=1))
        await carried.synchronizes()
        await carried.notebook.answer(observation, "noch etwas")
        await carried.synchronizes()
        before = held(data)
    await carried.records(customer, "unterwegs")
    rundgang("restore", backup, "--replace", "--yes", f"--data={data}")
    with served(data, carried.wire):
        with pytest.raises(SyncProblem) as raised:
            await carried.synchronizes()
        problem = raised.value.problem
        assert (problem.code, problem.advice) == (Code.TOKEN_UNKNOWN, Advice.PAIR)
        assert "koppeln" in problem.title
        assert "nichts" in problem.title
        assert carried.notebook.transfer().waiting == 3, "all of it waits again, also what was confirmed"
        first = min(entry.change.recorded_at for entry in carried.notebook._own.entries())
        since = carried.notebook.transfer().waiting_since
        assert since is not None
        assert since > first, "nobody is told that what had arrived has waited all the time"
        carried = await carried.restarted()
        await carried.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
        await carried.synchronizes()
        assert carried.has_nothing_left_to_send()
    after = held(data)
    assert after.observations > before.observations
    assert len(after.observations) == 2
    assert (after.revisions > before.revisions, after.comments, after.blobs) == (
        True,
        before.comments,
        before.blobs,
    )
    await carried.tablet.close()


async def test_s13_the_copy_of_a_tablet_paired_after_the_backup_can_be_taken_in_by_hand(
    tmp_path: Path,
) -> None:
    data, backup, copy = tmp_path / "data", tmp_path / "backup.zip", tmp_path / "copy.zip"
    customer = founded(data)
    rundgang("backup", backup, f"--data={data}")
    carried = await Carried.switched_on(Shelf(), Wire())
    with served(data, carried.wire):
        await carried.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
        await carried.records(customer, "nach der Sicherung", jpeg(seed=1))
        await carried.synchronizes()
        before = held(data)
    rundgang("restore", backup, "--replace", "--yes", f"--data={data}")
    with served(data, carried.wire):
        await carried.tries()  # it only learns that the server was restored
    copy.write_bytes(await carried.notebook.export_outbox())
    printed = rundgang("import", "outbox", copy, "--as=anna", "--yes", f"--data={data}").output
    assert "does not know the tablet" in printed
    assert held(data) == before
    with served(data, carried.wire):
        await carried.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
        await carried.synchronizes()
        assert carried.has_nothing_left_to_send()
    assert held(data) == before, "what came by hand and over the network is there once"
    await carried.tablet.close()
