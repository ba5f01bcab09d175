"""The complaints 1 to 12 and 14 about comparable systems: none of them is possible here."""

import asyncio
import contextlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select

from app.state.errors import Offline
from app.state.views import Progress
from protocol.limits import MAX_UPLOAD_CHUNK
from sync_server.crm import review
from sync_server.store.schema import observations, photos, revisions
from tests.app.place import Once, Place, no_network
from tests.server.pictures import jpeg

pytestmark = pytest.mark.anyio


def is_push(request: httpx.Request) -> bool:
    return request.url.path.endswith("/push")


async def test_complaint_01_a_days_work_cannot_vanish_before_it_is_transferred(place: Place) -> None:
    """A day's work vanished before it was transferred; a copy to take out was wished for (QField 7479, 6603, 6489)."""
    place.network.instead = no_network
    texts = {f"Beobachtung {number}" for number in range(20)}
    for text in texts:
        await place.save(text)
    with pytest.raises(Offline):
        await place.synchronize()
    await place.die()

    with zipfile.ZipFile(io.BytesIO(await place.notebook.export_outbox())) as taken_out:
        copy = json.loads(taken_out.read("outbox.json"))
    assert {change["content"]["heard"] for change in copy["changes"]} == texts
    place.network.instead = lambda _: None
    await place.synchronize()
    assert place.count(observations) == 20
    assert place.notebook.transfer().waiting == 0


async def test_complaint_02_a_failed_upload_goes_on_where_it_was(place: Place) -> None:
    """A failed upload starts again from zero: about 100 photos (Collect 7356)."""
    data = jpeg(1500, 1100)
    assert len(data) > 2 * MAX_UPLOAD_CHUNK, "several pieces, so that it can fail between them"
    draft = place.draft("mit Foto")
    photo = await place.notebook.add_photo(draft.id, data)
    await place.notebook.save(replace(draft, photos=(photo,)))
    place.network.answered = Once(lambda request: request.method == "PATCH", nth=2)
    for _ in range(3):
        with contextlib.suppress(Offline):
            await place.synchronize()
        await place.die()

    assert place.notebook.transfer().photos_waiting == 0
    assert place.count(photos) == 1
    assert sum(size for method, _, size in place.network.carried if method == "PATCH") == photo.size


async def test_complaint_03_a_retry_makes_no_duplicates(place: Place) -> None:
    """Duplicates after a retry: 27 became 31 records (Survey123 389)."""
    for number in range(27):
        await place.save(f"Beobachtung {number}")
    for _ in range(3):
        place.network.answered = Once(is_push)
        with pytest.raises(Offline):
            await place.synchronize()
        await place.die()
    place.network.answered = lambda _: None
    await place.synchronize()
    assert (place.count(observations), place.count(revisions)) == (27, 27)
    assert len(place.notebook.observations()) == 27


async def test_complaint_04_a_failed_transfer_is_told_with_its_reason(place: Place) -> None:
    """Transfer failed and nobody was told, or no reason was shown (QFieldCloud 551)."""
    await place.save("wartet")
    for instead in (no_network, lambda _: httpx.Response(503, text="down")):
        place.network.instead = instead
        with pytest.raises(Offline) as raised:
            await place.synchronize()
        assert raised.value.reason is not None
        told = place.notebook.transfer_log()[0]
        assert told.result not in ("", "ok")
    assert place.notebook.transfer().waiting == 1


async def test_complaint_05_the_queue_starts_again_by_itself_without_asking_the_operating_system(
    place: Place,
) -> None:
    """The queue does not start again when the network is back; the "online" flag lies (Collect 6120)."""
    attempts = 0

    def back_at_the_fifth(request: httpx.Request) -> httpx.Response | None:
        nonlocal attempts
        attempts += 1
        return no_network(request) if attempts < 5 else None

    async def no_time_passes(_: float) -> None:
        await asyncio.sleep(0)

    await place.die(sleep=no_time_passes)  # its platform never says that a network is back
    sent = asyncio.Event()
    place.network.instead = back_at_the_fifth
    place.network.answered = lambda request: sent.set() if is_push(request) else None
    await place.save("wartet")
    running = asyncio.ensure_future(place.tablet.run())
    try:
        async with asyncio.timeout(60):
            await sent.wait()
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    assert place.count(observations) == 1
    assert attempts >= 5


async def test_complaint_06_it_is_shown_since_when_work_waits(place: Place) -> None:
    """ "How long have I been unsynced?" is not shown (CHT 5861)."""
    assert place.notebook.transfer().waiting_since is None
    place.network.instead = no_network
    begun = datetime.now(UTC)
    await place.save("die erste")
    since = place.notebook.transfer().waiting_since
    await place.save("die zweite")
    await place.die()
    assert since is not None
    assert since >= begun.replace(microsecond=0)
    assert place.notebook.transfer().waiting_since == since, "the oldest counts, after a restart, too"
    assert place.notebook.transfer().last_contact is not None


async def test_complaint_07_a_draft_survives_the_app_being_swiped_away(place: Place) -> None:
    """Swiping the app away loses the draft; recovery fails after an update (Collect 6039, 5951)."""
    draft = place.draft("halb geschr")
    photo = await place.notebook.add_photo(draft.id, jpeg())
    await place.notebook.keep_draft(replace(draft, photos=(photo,)))
    await place.die()
    (found,) = place.notebook.drafts()
    assert (found.heard, found.photos) == ("halb geschr", (photo,))
    assert await place.notebook.photo(photo.sha256) is not None


async def test_complaint_08_an_edit_during_a_transfer_is_not_lost(place: Place) -> None:
    """Edits made while a transfer runs are lost (QField 5054)."""
    observation = await place.save("vor der Übertragung")
    arrived, go_on = asyncio.Event(), asyncio.Event()
    carry = place.network.handle_async_request

    async def slowly(request: httpx.Request) -> httpx.Response:
        answer = await carry(request)
        if is_push(request):
            arrived.set()
            await go_on.wait()
        return answer

    place.network.handle_async_request = slowly  # type: ignore[method-assign]
    transfer = asyncio.ensure_future(place.synchronize())
    await arrived.wait()
    correction = place.notebook.correction(observation)
    await place.notebook.save(replace(correction, heard="während der Übertragung"))
    await place.save("eine neue währenddessen")
    go_on.set()
    await transfer
    await place.synchronize()

    assert (place.count(observations), place.count(revisions)) == (2, 3)
    page = place.notebook.observation(observation)
    assert page is not None
    assert page.content is not None
    assert (page.content.heard, page.row.conflict) == ("während der Übertragung", False)


async def test_complaint_09_what_was_sent_can_be_asked_about_answered_and_corrected(place: Place) -> None:
    """A sent record cannot be corrected or sent back with a question (Collect 6140)."""
    observation = await place.save("Halle C geplant")
    await place.synchronize()
    lead, lock = place.lead(observation)
    with place.firm.database.writing() as connection:
        review.ask(connection, place.firm.nora.who, lead, lock, text="Wann?", now=datetime.now(UTC))
    await place.synchronize()
    assert place.notebook.observations()[0].progress == Progress.QUESTION

    await place.notebook.answer(observation, "Im Mai")
    await place.notebook.save(replace(place.notebook.correction(observation), heard="Halle D geplant"))
    await place.synchronize()
    page = place.notebook.observation(observation)
    assert page is not None
    assert page.content is not None
    assert page.content.heard == "Halle D geplant"
    assert [comment.text for comment in page.comments] == ["Wann?", "Im Mai"]
    assert (place.count(observations), place.count(revisions)) == (1, 2)


async def test_complaint_10_saving_costs_one_small_write_however_much_is_stored(place: Place) -> None:
    """Slow on cheap tablets (Collect 6407, 6422): what is stored already must not make saving slower."""

    async def written_by_saving(text: str) -> tuple[int, int]:
        writes: list[int] = []
        before = {store: disk.documents.copy() for store, disk in place.shelf.disks.items()}
        for backing in place.shelf.backings.values():
            backing.before = writes.append
        await place.save(text)
        changed = [
            key
            for store, disk in place.shelf.disks.items()
            for key in disk.documents.keys() | before[store].keys()
            if disk.documents.get(key) != before[store].get(key)
        ]
        return len(writes), len(changed)

    alone = await written_by_saving("die erste")
    for number in range(200):
        await place.save(f"Beobachtung {number}")
    assert await written_by_saving("die letzte") == alone
    assert alone[0] == 1, "one user action is one commit"


async def test_complaint_11_text_never_waits_behind_photos(place: Place) -> None:
    """Text waits behind large photos (Tangerine 270)."""
    draft = place.draft("zuerst, mit Foto")
    photo = await place.notebook.add_photo(draft.id, jpeg(1200, 900))
    await place.notebook.save(replace(draft, photos=(photo,)))
    await place.save("danach, ohne Foto")
    place.network.carried.clear()
    await place.synchronize()
    paths = [path for _, path, _ in place.network.carried]
    first_photo = next(index for index, path in enumerate(paths) if "/media/" in path)
    assert any(path.endswith("/push") for path in paths[:first_photo])
    assert not any(path.endswith("/push") for path in paths[first_photo:])
    assert (place.count(observations), place.notebook.transfer().photos_waiting) == (2, 0)


@pytest.mark.parametrize(
    "page",
    [
        httpx.Response(200, html="<html>Willkommen im WLAN des Hotels</html>"),
        httpx.Response(200, json={"status": "ok"}),
        httpx.Response(200, json={"type": "rundgang.push", "receipts": []}),
        httpx.Response(302, headers={"Location": "http://portal.example/"}),
        httpx.Response(204),
    ],
    ids=["a page", "some JSON", "half an answer", "a redirect", "nothing"],
)
async def test_complaint_12_a_captive_portals_page_is_no_receipt(place: Place, page: httpx.Response) -> None:
    """A captive portal's page is taken for a receipt (OpenRosa guards against it by its envelope)."""
    await place.save("darf nicht verloren gehen")
    place.network.instead = lambda _: page
    with pytest.raises(Offline):
        await place.synchronize()
    assert place.notebook.transfer().waiting == 1
    place.network.instead = lambda _: None
    await place.synchronize()
    assert (place.count(observations), place.notebook.transfer().waiting) == (1, 0)


async def test_complaint_14_nobodys_queue_is_sent_under_another_name(place: Place) -> None:
    """Another user's queue is sent under my name on a shared tablet."""
    mine = await place.save("von Anna")
    await place.notebook.keep_draft(place.draft("Annas Entwurf"))
    await place.pair(place.firm.jan)
    his = await place.save("von Jan")
    await place.synchronize()
    assert place.notebook.drafts() == ()
    await place.pair(place.firm.anna)
    await place.synchronize()
    with place.firm.database.reading() as connection:
        found = connection.execute(select(observations.c.id, observations.c.author_id)).all()
    assert {(row.id, row.author_id) for row in found} == {
        (mine, place.firm.anna.id), (his, place.firm.jan.id),
    }  # fmt: skip
