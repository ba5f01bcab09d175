"""Synchronisation: what arrives, in which order, and what a bad network cannot do."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.state.errors import Offline, OfflineReason, SyncProblem
from app.state.views import Progress
from app.store.outbox import EntryState
from protocol.limits import CONFIRMED_KEPT, MAX_UPLOAD_CHUNK
from protocol.observation import Urgency
from protocol.problems import Code
from protocol.reference import Entity
from tests.app.a_tablet import Clock, Shelf, customer, draft, jpeg, paired, synchronized, told
from tests.app.scripted_server import (
    NOW,
    Fault,
    Respond,
    ScriptedServer,
    cut_off,
    doubled,
    late,
    lost_answer,
    lost_before,
    name,
    portal,
    portal_in_json,
    problem_response,
    redirect,
    refuse,
    unavailable,
)

pytestmark = pytest.mark.anyio

NOT_A_RECEIPT: tuple[Fault, ...] = (
    lost_before, lost_answer, late, portal, portal_in_json, redirect, cut_off, unavailable
)  # fmt: skip


@pytest.fixture
def server() -> ScriptedServer:
    return ScriptedServer()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def test_what_was_saved_arrives_and_is_confirmed(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook))
    assert [row.progress for row in notebook.observations()] == [Progress.WAITING]
    await synchronized(tablet)
    assert [body["content"]["seen"] for body in server.revisions] == ["Halle C geplant"]
    assert [row.progress for row in notebook.observations()] == [Progress.RECEIVED]
    assert notebook.transfer().waiting == 0
    assert notebook.transfer().last_contact == NOW


@pytest.mark.parametrize("fault", NOT_A_RECEIPT, ids=lambda fault: fault.__name__)
async def test_nothing_but_the_receipt_is_a_receipt(
    shelf: Shelf, server: ScriptedServer, fault: Fault
) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook))
    server.faults = [None, fault]  # the greeting succeeds, the push does not
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert notebook.transfer().waiting == 1
    await synchronized(tablet)
    assert len(server.revisions) == 1, "retried, it is there once"
    assert notebook.transfer().waiting == 0


@pytest.mark.parametrize(
    "fault", [portal, portal_in_json, redirect, unavailable], ids=lambda fault: fault.__name__
)
async def test_a_portal_is_called_what_it_is(shelf: Shelf, server: ScriptedServer, fault: Fault) -> None:
    tablet, _ = await paired(shelf, server)
    server.faults = [fault]
    with pytest.raises(Offline) as raised:
        await synchronized(tablet)
    assert raised.value.reason == OfflineReason.NOT_OUR_SERVER


async def test_a_push_delivered_twice_creates_one_observation(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook))
    server.faults = [None, doubled]
    await synchronized(tablet)
    assert len(server.arrivals) == 2
    assert len(server.revisions) == 1


async def test_receipts_for_other_changes_do_not_count(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook))
    server.faults = [None, lambda request, respond: _with_other_id(respond())]
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert notebook.transfer().waiting == 1


def _with_other_id(answer: httpx.Response) -> httpx.Response:
    body = json.loads(answer.content)
    body["receipts"][0]["change_id"] = str(name("somebody else's"))
    return httpx.Response(200, json=body)


async def test_an_answer_of_another_epoch_does_not_count(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook))

    def other_epoch(_: httpx.Request, respond: Respond) -> httpx.Response:
        answer = respond()
        content = answer.content.replace(str(server.epoch).encode(), str(name("x")).encode())
        return httpx.Response(200, content=content, headers=answer.headers)

    server.faults = [None, other_epoch]
    with pytest.raises(SyncProblem) as raised:
        await synchronized(tablet)
    assert raised.value.problem.code == Code.EPOCH_CHANGED
    assert notebook.transfer().waiting == 1


async def test_a_refused_change_stays_visible_with_its_reason_and_its_neighbours_pass(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    bad, good = draft(notebook, "beim falschen Kunden"), draft(notebook, "gut")
    await notebook.save(bad)
    await notebook.save(good)
    server.refusals[bad.id] = Code.UNKNOWN_CUSTOMER
    await synchronized(tablet)
    assert [body["content"]["seen"] for body in server.revisions] == ["gut"]
    page = notebook.observation(bad.id)
    assert page is not None
    assert page.row.progress == Progress.REFUSED
    assert page.row.problem is not None
    assert page.row.problem.code == Code.UNKNOWN_CUSTOMER
    assert notebook.transfer().refused == 1
    await synchronized(tablet)
    assert len(server.arrivals) == 2, "what was refused is not sent again by itself"

    assert page.refused_change_id is not None
    again = await notebook.reopen_refused(page.refused_change_id)
    assert again.seen == "beim falschen Kunden"
    assert notebook.transfer().refused == 1, "it stays until the correction is saved"
    del server.refusals[bad.id]
    await notebook.save(replace(again, customer_id=name("anderer Kunde")))
    await synchronized(tablet)
    assert [body["observation_id"] for body in server.revisions] == [str(good.id), str(bad.id)]
    assert notebook.transfer().refused == 0


async def test_a_change_that_the_server_cannot_take_yet_waits_on(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook)
    await notebook.save(observation)
    server.refusals[observation.id] = Code.UNKNOWN_OBSERVATION
    await synchronized(tablet)
    assert notebook.transfer().waiting == 1
    assert len(server.arrivals) == 1, "once per synchronisation, not for ever"
    server.refusals.clear()
    await synchronized(tablet)
    assert notebook.transfer().waiting == 0


async def test_one_change_that_breaks_the_server_does_not_hold_back_the_others(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    observations = [draft(notebook, f"Nr. {number}") for number in range(5)]
    for observation in observations:
        await notebook.save(observation)
    poison = str(observations[2].id).encode()
    transport = server.handle

    def handle(request: httpx.Request) -> httpx.Response:
        return problem_response(Code.INTERNAL) if poison in request.content else transport(request)

    server.handle = handle  # type: ignore[method-assign]
    tablet, notebook = await paired(shelf, server)
    with pytest.raises(SyncProblem) as raised:
        await synchronized(tablet)
    assert raised.value.problem.code == Code.INTERNAL
    assert sorted(body["content"]["seen"] for body in server.revisions) == [
        "Nr. 0",
        "Nr. 1",
        "Nr. 3",
        "Nr. 4",
    ]
    assert notebook.transfer().waiting == 1
    assert notebook.transfer().refused == 0


async def test_urgent_goes_first_then_oldest_and_nothing_overtakes_what_it_belongs_to(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    first, second, third = draft(notebook, "erste"), draft(notebook, "zweite"), draft(notebook, "dritte")
    await notebook.save(first)
    await notebook.save(second)
    await notebook.save(replace(third, urgency=Urgency.URGENT))
    await notebook.save(
        replace(notebook.correction(second.id), urgency=Urgency.URGENT, seen="zweite, dringend")
    )
    await notebook.answer(first.id, "noch etwas")
    await synchronized(tablet)
    assert [body["content"]["seen"] for body in server.revisions] == [
        "zweite", "dritte", "zweite, dringend", "erste"
    ]  # fmt: skip
    assert str(server.arrivals[-1]) == server.comments[0]["id"]


async def test_what_is_saved_while_a_push_is_under_way_is_in_the_next_one(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook, "erster Stand")
    await notebook.save(observation)
    on_the_wire, go_on = asyncio.Event(), asyncio.Event()
    inner = server.handle

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/push") and not on_the_wire.is_set():
            on_the_wire.set()
            await go_on.wait()
        return inner(request)

    server.handle = slow  # type: ignore[method-assign,assignment]
    tablet, notebook = await paired(shelf, server)
    running = asyncio.ensure_future(synchronized(tablet))
    await asyncio.wait_for(on_the_wire.wait(), timeout=30)
    await notebook.save(replace(notebook.correction(observation.id), seen="zweiter Stand"))
    await notebook.keep_draft(draft(notebook, "noch ein Entwurf"))
    go_on.set()
    await running
    assert [body["content"]["seen"] for body in server.revisions] == ["erster Stand", "zweiter Stand"]
    assert server.revisions[1]["based_on"] == server.revisions[0]["revision_id"]
    assert notebook.transfer().waiting == 0
    assert [kept.seen for kept in notebook.drafts()] == ["noch ein Entwurf"]


# -- photos ---------------------------------------------------------------------------------------


async def test_text_goes_before_photos_and_a_photo_resumes_where_it_ended(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    data = jpeg(filling=int(2.5 * MAX_UPLOAD_CHUNK))
    observation = draft(notebook)
    photo = await notebook.add_photo(observation.id, data)
    await notebook.save(replace(observation, photos=(photo,)))
    # hello, push, pull, create, first chunk, then the network is gone
    server.faults = [None, None, None, None, None, lost_before]
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert len(server.revisions) == 1
    assert notebook.observations()[0].progress == Progress.PHOTOS
    assert notebook.transfer().photos_waiting == 1

    tablet, notebook = await paired(shelf, server)  # the app was started anew
    server.seen.clear()
    await synchronized(tablet)
    assert server.blobs[photo.sha256] == await notebook.photo(photo.sha256) == data
    patches = [line for line in server.seen if line.startswith("PATCH")]
    assert len(patches) == 2, "the first chunk is not sent again"
    assert notebook.observations()[0].progress == Progress.RECEIVED
    assert notebook.transfer().photos_waiting == 0


async def test_an_upload_whose_chunk_arrived_but_whose_answer_was_lost_goes_on(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook)
    photo = await notebook.add_photo(observation.id, jpeg(filling=int(1.5 * MAX_UPLOAD_CHUNK)))
    await notebook.save(replace(observation, photos=(photo,)))
    server.faults = [None, None, None, None, lost_answer]
    with pytest.raises(Offline):
        await synchronized(tablet)
    await synchronized(tablet)
    assert photo.sha256 in server.blobs


async def test_an_upload_that_the_server_forgot_begins_anew(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook)
    photo = await notebook.add_photo(observation.id, jpeg(filling=int(1.5 * MAX_UPLOAD_CHUNK)))
    await notebook.save(replace(observation, photos=(photo,)))
    server.faults = [None, None, None, None, lost_before]
    with pytest.raises(Offline):
        await synchronized(tablet)
    server.uploads.clear()
    await synchronized(tablet)
    assert photo.sha256 in server.blobs


@pytest.mark.parametrize("fault", [portal, redirect, unavailable], ids=lambda fault: fault.__name__)
async def test_a_portal_never_counts_as_a_received_photo(
    shelf: Shelf, server: ScriptedServer, fault: Fault
) -> None:
    for request_of_upload in range(2):  # creation, chunk
        shelf, server = Shelf(), ScriptedServer()
        tablet, notebook = await paired(shelf, server)
        observation = draft(notebook)
        photo = await notebook.add_photo(observation.id, jpeg())
        await notebook.save(replace(observation, photos=(photo,)))
        server.faults = [None, None, None, *[None] * request_of_upload, fault]
        with pytest.raises(Offline):
            await synchronized(tablet)
        assert notebook.transfer().photos_waiting == 1
        await synchronized(tablet)
        assert photo.sha256 in server.blobs


async def test_one_photo_that_the_server_refuses_does_not_stop_the_others(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook)
    photos = [await notebook.add_photo(observation.id, jpeg(width)) for width in (100, 200, 300)]
    await notebook.save(replace(observation, photos=tuple(photos)))
    server.faults = [None, None, None, refuse(Code.MEDIA_NOT_A_PHOTO)]
    await synchronized(tablet)
    assert set(server.blobs) == {photos[1].sha256, photos[2].sha256}
    row = notebook.observations()[0]
    assert (row.photos_received, row.photos_total) == (2, 3)
    assert row.problem is not None
    assert row.problem.code == Code.MEDIA_NOT_A_PHOTO


async def test_a_photo_that_fails_for_now_is_tried_again_and_the_failure_is_said(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook)
    photos = [await notebook.add_photo(observation.id, jpeg(width)) for width in (100, 200)]
    await notebook.save(replace(observation, photos=tuple(photos)))
    server.faults = [None, None, None, refuse(Code.STORAGE_FULL)]
    with pytest.raises(SyncProblem):
        await synchronized(tablet)
    assert set(server.blobs) == {photos[1].sha256}
    await synchronized(tablet)
    assert set(server.blobs) == {photo.sha256 for photo in photos}


async def test_the_same_picture_in_two_observations_is_sent_once_and_belongs_to_both(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    for _ in range(2):
        observation = draft(notebook)
        photo = await notebook.add_photo(observation.id, jpeg())
        await notebook.save(replace(observation, photos=(photo,)))
    await synchronized(tablet)
    assert len(server.blobs) == 1
    assert [(row.photos_received, row.photos_total) for row in notebook.observations()] == [(1, 1), (1, 1)]


# -- reading ---------------------------------------------------------------------------------------


async def test_an_interrupted_reading_goes_on_where_it_ended(shelf: Shelf, server: ScriptedServer) -> None:
    for number in range(25):
        server.publish(Entity.CUSTOMER, name(f"c{number}"), customer(f"c{number}"))
    server.page_size = 10
    tablet, notebook = await paired(shelf, server)
    server.faults = [None, None, lost_before]
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert notebook.count_customers() == 10
    assert not tablet.first_sync_done
    tablet, notebook = await paired(shelf, server)
    server.seen.clear()
    await synchronized(tablet)
    assert server.seen.count("GET /sync/v1/pull") == 2
    assert notebook.count_customers() == 25
    assert tablet.first_sync_done


async def test_what_the_technician_may_no_longer_see_goes(shelf: Shelf, server: ScriptedServer) -> None:
    server.publish(Entity.CUSTOMER, name("a"), customer("a"))
    server.publish(Entity.CUSTOMER, name("b"), customer("b"))
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    server.publish(Entity.CUSTOMER, name("a"), None)
    await synchronized(tablet)
    assert notebook.customer(name("a")) is None
    assert [row.name for row in notebook.search_customers("")] == ["b GmbH & Co. KG"]


async def test_drift_is_noticed_and_repaired_by_reading_anew(shelf: Shelf, server: ScriptedServer) -> None:
    server.publish(Entity.CUSTOMER, name("a"), customer("a"))
    server.publish(Entity.CUSTOMER, name("b"), customer("b"))
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    del server.feed[Entity.CUSTOMER, name("a")]  # lost without a tombstone
    await synchronized(tablet)
    assert notebook.count_customers() == 1
    assert [line.what for line in notebook.transfer_log()].count("drift") == 1


async def test_a_drift_that_reading_anew_does_not_mend_is_not_chased(
    shelf: Shelf, server: ScriptedServer
) -> None:
    server.publish(Entity.CUSTOMER, name("a"), customer("a"))
    clock = Clock()
    tablet, _ = await paired(shelf, server, clock=clock)
    server.wrong_totals = 10**6
    await synchronized(tablet)
    assert server.seen.count("GET /sync/v1/pull") == 2
    await synchronized(tablet)
    assert server.seen.count("GET /sync/v1/pull") == 3
    clock.now += timedelta(hours=25)
    await synchronized(tablet)
    assert server.seen.count("GET /sync/v1/pull") == 5


@pytest.mark.parametrize("code", [Code.CURSOR_TOO_OLD, Code.CURSOR_OTHER_SCOPE, Code.CURSOR_UNREADABLE])
async def test_reading_anew_touches_neither_own_work_nor_what_can_be_read_meanwhile(
    shelf: Shelf, server: ScriptedServer, code: Code
) -> None:
    for number in range(5):
        server.publish(Entity.CUSTOMER, name(f"c{number}"), customer(f"c{number}"))
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    await notebook.keep_draft(draft(notebook, "Entwurf"))
    server.page_size = 2
    del server.feed[Entity.CUSTOMER, name("c0")]
    server.faults = [None, refuse(code), None, lost_before]
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert notebook.count_customers() == 5, "the old ones stay until the new ones are complete"
    await synchronized(tablet)
    assert notebook.count_customers() == 4
    assert [kept.seen for kept in notebook.drafts()] == ["Entwurf"]


async def test_what_inside_sales_decides_is_read_on_the_tablet(shelf: Shelf, server: ScriptedServer) -> None:
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer())
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook)
    await notebook.save(observation)
    await synchronized(tablet)
    change = notebook._own.entries()[0].revision
    asked = {
        "id": str(name("q")), "author_id": str(name("Özdemir")), "author_name": "Özdemir", "by_technician": False,
        "text": "Welche Liefermenge?", "at": (NOW + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    server.publish(Entity.OBSERVATION, observation.id, told(change, "question", [asked]))
    await synchronized(tablet)
    rows = notebook.observations()
    assert len(rows) == 1, "the same observation, not a second one"
    assert rows[0].progress == Progress.QUESTION
    assert (rows[0].question, rows[0].question_by, rows[0].unread) == ("Welche Liefermenge?", "Özdemir", True)
    await notebook.mark_read(observation.id)
    assert not notebook.observations()[0].unread
    await notebook.answer(observation.id, "10 m³")
    page = notebook.observation(observation.id)
    assert page is not None
    assert [(comment.text, comment.waiting) for comment in page.comments] == [
        ("Welche Liefermenge?", False),
        ("10 m³", True),
    ]


# -- versions, blocked tablets, restored servers ------------------------------------------------------


async def test_a_tablet_that_is_too_old_to_read_still_sends(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    observation = draft(notebook)
    photo = await notebook.add_photo(observation.id, jpeg())
    await notebook.save(replace(observation, photos=(photo,)))
    server.oldest_protocol = 2
    with pytest.raises(SyncProblem) as raised:
        await synchronized(tablet)
    assert raised.value.problem.code == Code.PROTOCOL_TOO_OLD
    assert len(server.revisions) == 1
    assert photo.sha256 in server.blobs
    assert "GET /sync/v1/pull" not in server.seen


async def test_a_restored_server_gets_back_what_its_backup_lacked(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook, "vor der Sicherung"))
    await synchronized(tablet)
    backup = server.backup()
    observation = draft(notebook, "nach der Sicherung")
    photo = await notebook.add_photo(observation.id, jpeg())
    await notebook.save(replace(observation, photos=(photo,)))
    await synchronized(tablet)
    server.restore(backup)
    assert photo.sha256 not in server.blobs
    await synchronized(tablet)
    assert [body["content"]["seen"] for body in server.revisions] == [
        "vor der Sicherung",
        "nach der Sicherung",
    ]
    assert photo.sha256 in server.blobs
    assert notebook.transfer().waiting == 0


@pytest.mark.parametrize("moved_on", [False, True], ids=["behind the cursor", "moved on since"])
async def test_s13_a_server_put_back_by_copying_files_gets_back_what_it_lacks_too(
    shelf: Shelf, server: ScriptedServer, moved_on: bool
) -> None:
    server.publish(Entity.CUSTOMER, name("a"), customer("a"))
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    copy, epoch = server.backup(), server.epoch
    observation = draft(notebook, "nach der Kopie")
    photo = await notebook.add_photo(observation.id, jpeg())
    await notebook.save(replace(observation, photos=(photo,)))
    server.publish(Entity.CUSTOMER, name("b"), customer("b"))
    await synchronized(tablet)
    server.restore(copy)
    server.epoch = epoch  # nobody told the database that it lives again
    if moved_on:
        server.publish(Entity.CUSTOMER, name("c"), customer("c"))
    await synchronized(tablet)
    assert [body["content"]["seen"] for body in server.revisions] == ["nach der Kopie"]
    assert photo.sha256 in server.blobs
    assert (notebook.transfer().waiting, notebook.transfer().photos_waiting) == (0, 0)


async def test_confirmed_changes_are_forgotten_after_a_month_by_the_servers_clock(
    shelf: Shelf, server: ScriptedServer
) -> None:
    clock = Clock()
    tablet, notebook = await paired(shelf, server, clock=clock)
    await notebook.save(draft(notebook))
    await synchronized(tablet)
    clock.now += timedelta(days=365)  # the tablet's clock lies
    await tablet.close()
    tablet, notebook = await paired(shelf, server, clock=clock)
    assert len(notebook._own.entries()) == 1
    contact = notebook._own.contact
    assert contact is not None
    later = contact.model_copy(update={"server_time": NOW + CONFIRMED_KEPT + timedelta(days=1)})
    await notebook._own.note_contact(later)
    await tablet.close()
    tablet, notebook = await paired(shelf, server, clock=clock)
    assert notebook._own.entries() == []


async def test_waiting_and_refused_changes_are_never_forgotten(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    refused = draft(notebook, "abgelehnt")
    await notebook.save(refused)
    server.refusals[refused.id] = Code.UNKNOWN_CUSTOMER
    await synchronized(tablet)
    await notebook.save(draft(notebook, "wartet"))
    contact = notebook._own.contact
    assert contact is not None
    await notebook._own.note_contact(contact.model_copy(update={"server_time": NOW + 10 * CONFIRMED_KEPT}))
    await tablet.close()
    tablet, notebook = await paired(shelf, server)
    assert sorted(entry.state for entry in notebook._own.entries()) == [
        EntryState.REFUSED,
        EntryState.WAITING,
    ]
    await notebook.discard_refused(notebook._own.entries()[1].id)
    assert len(notebook._own.entries()) == 2, "what waits cannot be given up"
