"""Clocks lie (S19): a tablet whose battery was empty begins in 1970, and must save and synchronise all the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.device.clock import plausible
from protocol.limits import EARLIEST_DATE, LATEST_DATE
from tests.app.a_tablet import Clock, Shelf, draft, jpeg, paired, synchronized
from tests.app.scripted_server import ScriptedServer

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("year", [1970, 1999, 2101, 2200])
async def test_s19_a_tablet_with_an_impossible_clock_saves_and_sends(year: int) -> None:
    server, clock = ScriptedServer(), Clock(datetime(year, 1, 1, tzinfo=UTC))
    tablet, notebook = await paired(Shelf(), server, clock=clock)
    fresh = draft(notebook)
    photo = await notebook.add_photo(fresh.id, jpeg())
    await notebook.save(replace(fresh, photos=(photo,)))
    await notebook.answer(fresh.id, "ja")
    await synchronized(tablet)
    assert notebook.transfer().waiting == 0
    assert len(server.revisions) == len(server.comments) == 1
    await tablet.close()


@pytest.mark.parametrize("year", [1970, 2200])
@pytest.mark.parametrize("hours", [-12, 14])
def test_an_impossible_time_is_a_day_that_may_be_said_in_every_time_zone(year: int, hours: int) -> None:
    there = plausible(lambda: datetime(year, 1, 1, tzinfo=UTC))() + timedelta(hours=hours)
    assert EARLIEST_DATE <= there.date() <= LATEST_DATE


def test_a_clock_that_is_merely_wrong_is_left_alone() -> None:
    wrong = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    assert plausible(lambda: wrong)() == wrong
