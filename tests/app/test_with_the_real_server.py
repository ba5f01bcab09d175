"""The tablet's core against the product's own server, called through ASGI: both sides speak the same protocol."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.state.errors import Offline, SyncProblem
from app.state.views import Progress
from protocol.limits import MAX_UPLOAD_CHUNK
from protocol.problems import Advice, Code
from protocol.review import RejectionReason
from protocol.rules.access import Who
from sync_server.crm import review, tablets
from sync_server.store import facts
from sync_server.store.schema import observations, photos, receipts, revisions
from tests.app.a_tablet import synchronized
from tests.app.place import Once, Place, annas_tablet, firm_at
from tests.server.firm import Firm
from tests.server.pictures import jpeg

pytestmark = pytest.mark.anyio


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    with firm_at(tmp_path / "data") as founded:
        yield founded


@pytest.fixture
async def world(firm: Firm) -> AsyncIterator[Place]:
    async with annas_tablet(firm) as place:
        yield place


def nora(firm: Firm) -> Who:
    return firm.nora.who


async def test_from_the_tablet_to_inside_sales_and_back(world: Place) -> None:
    await synchronized(world.tablet)
    assert world.tablet.first_sync_done
    assert [row.name for row in world.notebook.search_customers("braendle")] == ["Brändle Maschinenbau"]
    observation = world.draft()
    photo = await world.notebook.add_photo(observation.id, jpeg())
    await world.notebook.save(replace(observation, photos=(photo,)))
    await synchronized(world.tablet)
    row = world.notebook.observations()[0]
    assert (row.progress, row.photos_received, row.photos_total) == (Progress.RECEIVED, 1, 1)

    lead_id, lock = world.lead(observation.id)
    with world.firm.database.writing() as connection:
        review.ask(
            connection, nora(world.firm), lead_id, lock, text="Wer entscheidet?", now=datetime.now(UTC)
        )
    await synchronized(world.tablet)
    row = world.notebook.observations()[0]
    assert (row.progress, row.question, row.question_by) == (
        Progress.QUESTION,
        "Wer entscheidet?",
        "Nora Kern",
    )
    await world.notebook.answer(observation.id, "Frau Brändle")
    await synchronized(world.tablet)
    page = world.notebook.observation(observation.id)
    assert page is not None
    assert [(comment.text, comment.by_me, comment.waiting) for comment in page.comments] == [
        ("Wer entscheidet?", False, False),
        ("Frau Brändle", True, False),
    ]

    lead_id, lock = world.lead(observation.id)
    with world.firm.database.writing() as connection:
        review.reject(
            connection, nora(world.firm), lead_id, lock,
            reason=RejectionReason.NO_POTENTIAL, note="Halle ist verkauft", now=datetime.now(UTC),
        )  # fmt: skip
    await synchronized(world.tablet)
    page = world.notebook.observation(observation.id)
    assert page is not None
    assert (page.row.progress, page.row.reason) == (Progress.REJECTED, RejectionReason.NO_POTENTIAL)
    assert page.note == "Halle ist verkauft"
    assert len(world.notebook.observations()) == 1
    assert world.notebook.transfer_log()[0].result == "ok"


@pytest.mark.parametrize("lost", range(1, 7))
async def test_whichever_answer_is_lost_everything_is_there_once(world: Place, lost: int) -> None:
    observation = world.draft()
    photo = await world.notebook.add_photo(observation.id, jpeg(900, 700))
    await world.notebook.save(replace(observation, photos=(photo,)))
    await world.notebook.save(
        replace(world.notebook.correction(observation.id), heard="Halle C und D geplant")
    )
    world.network.answered = Once(lambda _: True, nth=lost)
    try:
        await synchronized(world.tablet)
    except Offline:
        await synchronized(world.tablet)
    assert photo.size > MAX_UPLOAD_CHUNK, "several chunks, so that one of them can get lost"
    assert world.count(observations) == 1
    assert world.count(revisions) == 2
    assert world.count(receipts) == 2
    assert world.count(photos) == 1
    assert await world.notebook.photo(photo.sha256) == world.firm.app.state.blobs.read(photo.sha256)
    assert world.notebook.transfer().photos_waiting == 0
    page = world.notebook.observation(observation.id)
    assert page is not None
    assert page.content is not None
    assert (page.content.heard, page.row.conflict) == ("Halle C und D geplant", False)
    await synchronized(world.tablet)
    assert not [line for line in world.notebook.transfer_log() if line.what == "drift"]


async def test_a_blocked_tablet_is_told_to_seal_and_keeps_what_it_has(world: Place) -> None:
    await world.notebook.save(world.draft())
    with world.firm.database.writing() as connection:
        tablets.block(connection, world.notebook.identity.device_id, datetime.now(UTC))
    with pytest.raises(SyncProblem) as raised:
        await synchronized(world.tablet)
    assert raised.value.problem.advice == Advice.SEAL
    assert world.notebook.transfer().waiting == 1


async def test_a_restored_server_gets_back_what_it_lacks(world: Place) -> None:
    await world.notebook.save(world.draft("vorher"))
    await synchronized(world.tablet)
    with world.firm.database.writing() as connection:
        facts.put(connection, facts.EPOCH, str(uuid4()))
        connection.execute(receipts.delete())
    await world.notebook.save(world.draft("nachher"))
    await synchronized(world.tablet)
    assert world.count(observations) == 2
    assert world.count(revisions) == 2
    assert world.notebook.transfer().waiting == 0
    assert world.notebook.count_customers() == 1


async def test_a_used_code_is_refused_in_words(world: Place) -> None:
    code = world.code_for(world.firm.jan)
    await world.tablet.pair("http://127.0.0.1:8000", f" {code[:4].lower()}-{code[4:]} ", "Tablet 8")
    with pytest.raises(SyncProblem) as raised:
        await world.tablet.pair("http://127.0.0.1:8000", code, "Tablet 9")
    assert raised.value.problem.code == Code.PAIRING_CODE_USED
    assert world.notebook.identity.user_name == "Jan Petersen", "a failed pairing leaves the tablet as it was"


async def test_two_people_on_one_tablet_never_send_each_others_work(world: Place) -> None:
    await world.notebook.save(world.draft("von Anna"))
    await world.notebook.keep_draft(world.draft("Annas Entwurf"))
    await world.tablet.pair("http://127.0.0.1:8000", world.code_for(world.firm.jan), "Tablet 7")
    await synchronized(world.tablet)
    assert world.count(observations) == 0
    assert world.notebook.observations() == ()
    await world.tablet.pair("http://127.0.0.1:8000", world.code_for(world.firm.anna), "Tablet 7")
    await synchronized(world.tablet)
    with world.firm.database.reading() as connection:
        (author,) = connection.execute(select(observations.c.author_id)).scalars()
    assert author == world.firm.anna.id
    assert [draft.heard for draft in world.notebook.drafts()] == ["Annas Entwurf"]
