"""S13: a photo that was removed for room and is not in the restored backup either: everybody who waits is told."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app.state.views import ObservationPage, Progress
from app.store.outbox import Gone
from app.store.thinning import thin
from protocol.observation import Photo
from protocol.pairing import Role
from protocol.problems import Code
from sync_server.crm.lead_page import read_detail_of
from sync_server.store import schema as t
from tests.app.a_tablet import Shelf
from tests.app.after_a_restore import ADDRESS, Carried, Wire, code_for, founded, opened, rundgang, served
from tests.server.pictures import jpeg

pytestmark = pytest.mark.anyio

LOST, KEPT = jpeg(seed=1), jpeg(seed=2)


async def paired(data: Path) -> Carried:
    carried = await Carried.switched_on(Shelf(), Wire())
    with served(data, carried.wire):
        await carried.tablet.pair(ADDRESS, code_for(data, "anna"), "Tablet 7")
    return carried


async def restored_without_the_photo(data: Path) -> tuple[Carried, UUID]:
    """A tablet that has removed two confirmed photos; a backup of before the second observation is put back."""
    customer = founded(data)
    carried = await paired(data)
    with served(data, carried.wire):
        await carried.records(customer, "vor der Sicherung", KEPT)
        await carried.synchronizes()
        rundgang("backup", data.parent / "backup.zip", f"--data={data}")
        observation = await carried.records(customer, "nach der Sicherung", LOST)
        await carried.synchronizes()
    assert await thin(carried.notebook._own, 10**9)
    assert {record.gone for record in carried.notebook._own.photos()} == {Gone.THINNED}
    rundgang("restore", data.parent / "backup.zip", "--replace", "--yes", f"--data={data}")
    return carried, observation


def page(carried: Carried, observation: UUID) -> ObservationPage:
    found = carried.notebook.observation(observation)
    assert found is not None
    return found


def photos(carried: Carried, observation: UUID) -> tuple[Photo, ...]:
    content = page(carried, observation).content
    assert content is not None
    return content.photos


def seen_by_sales(data: Path) -> list[tuple[bool, bool]]:
    """Of each photo, in the order of observations, whether it is here and whether it is missing for good."""
    with opened(data) as database, database.reading() as connection:
        leads = connection.execute(t.observations.select().order_by(t.observations.c.id)).all()
        details = [read_detail_of(connection, Role.INSIDE_SALES, lead.lead_id) for lead in leads]
    return [
        (photo.received, photo.missing)
        for detail in details
        for one in detail.observations
        for photo in one.photos
    ]


async def test_s13_a_thinned_photo_that_the_backup_lacks_is_said_to_be_missing_on_both_sides(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    carried, observation = await restored_without_the_photo(data)
    with served(data, carried.wire):
        await carried.synchronizes()
        row = page(carried, observation).row
        assert (row.progress, row.photos_received, row.photos_missing) == (Progress.RECEIVED, 0, 1)
        (photo,) = photos(carried, observation)
        assert carried.notebook.photo_is_missing(observation, photo)
        others = [each for each in carried.notebook.observations() if each.id != observation]
        assert [(each.photos_received, each.photos_missing) for each in others] == [(1, 0)]
        assert [line.count for line in carried.notebook.transfer_log() if line.what == "missing"] == [1]
        assert carried.has_nothing_left_to_send()

        carried = await carried.restarted()
        carried.wire.asked.clear()
        await carried.synchronizes()
        assert "POST /sync/v1/missing-photos" not in carried.wire.asked, "told once"
        assert page(carried, observation).row.photos_missing == 1
    assert seen_by_sales(data) == [(True, False), (False, True)]
    await carried.tablet.close()


async def test_s13_another_tablet_of_the_author_shows_it_too_and_a_photo_that_comes_after_all_is_there(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    carried, observation = await restored_without_the_photo(data)
    other = await paired(data)
    with served(data, carried.wire, other.wire):
        await carried.synchronizes()
        await other.synchronizes()
        assert page(other, observation).row.photos_missing == 1
        (photo,) = photos(other, observation)
        assert other.notebook.photo_is_missing(observation, photo)

        fresh = carried.notebook.correction(observation)
        assert await carried.notebook.add_photo(fresh.id, LOST) != photo
        assert page(carried, observation).row.photos_missing == 0, "it is here again"
        await carried.notebook.save(replace(fresh, seen="Das Foto lag noch auf dem Telefon"))
        for each in (carried, other, carried):
            await each.synchronizes()
        for each in (carried, other):
            row = page(each, observation).row
            assert (row.photos_received, row.photos_missing) == (1, 0)
    assert seen_by_sales(data) == [(True, False), (True, False)]
    for each in (carried, other):
        await each.tablet.close()


@pytest.mark.parametrize("arrives", [False, True])
async def test_s13_wherever_the_telling_is_interrupted_it_is_told_at_the_next_contact(
    tmp_path: Path, arrives: bool
) -> None:
    data = tmp_path / "data"
    carried, observation = await restored_without_the_photo(data)
    with served(data, carried.wire):
        carried.wire.breaks_at, carried.wire.arrives = 3, arrives  # after the greeting and the push
        await carried.tries()
        assert carried.wire.asked[-1].startswith("POST /sync/v1/" + ("missing" if arrives else "push"))
        carried = await carried.restarted()
        await carried.synchronizes()
        assert page(carried, observation).row.photos_missing == 1
    assert seen_by_sales(data) == [(True, False), (False, True)]
    await carried.tablet.close()


async def test_s16_a_server_that_does_not_know_of_missing_photos_hinders_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    carried, observation = await restored_without_the_photo(data)
    with served(data, carried.wire) as app:
        routes = app.router.routes
        known = next(route for route in routes if getattr(route, "path", "") == "/sync/v1/missing-photos")
        routes.remove(known)
        await carried.synchronizes()
        assert page(carried, observation).row.progress == Progress.PHOTOS
        routes.insert(0, known)
        await carried.synchronizes()
        assert page(carried, observation).row.photos_missing == 1
    await carried.tablet.close()


async def test_s17_nobody_says_of_the_photos_of_others_or_of_another_life_that_they_are_missing(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    customer = founded(data)
    carried = await paired(data)
    with served(data, carried.wire):
        observation = await carried.records(customer, "mit Foto", LOST)
        carried.wire.breaks_at = 4  # after the greeting, the push and the reading: the photo waits
        await carried.tries()
        (photo,) = photos(carried, observation)
        async with httpx.AsyncClient(transport=carried.wire, base_url=ADDRESS) as http:
            code = code_for(data, "jan")
            question = {"protocol": 1, "code": code, "device_name": "Tablet 8"}
            jan = (await http.post("/sync/v1/pair", json=question)).json()
            answers = [
                await http.post(
                    "/sync/v1/missing-photos",
                    json={"epoch": epoch, "photos": [photo.sha256]},
                    headers={"Authorization": f"Bearer {jan['token']}"},
                )
                for epoch in (jan["epoch"], str(UUID(int=1)))
            ]
        assert answers[0].json()["received"] == []
        assert answers[1].json()["code"] == Code.EPOCH_CHANGED
        assert seen_by_sales(data) == [(False, False)]
        await carried.synchronizes()
    assert seen_by_sales(data) == [(True, False)]
    await carried.tablet.close()
