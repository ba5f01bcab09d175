"""Nothing moves by itself under a finger, and nothing is drawn where nobody sees it; nothing of it is forgotten."""

import asyncio
from collections.abc import Callable

import pytest

from app.ui.news import Hand, News
from protocol.reference import Entity
from tests.app.a_tablet import customer, synchronized
from tests.app.scripted_server import ScriptedServer, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio


class Time:
    """Passes when it is told to."""

    def __init__(self) -> None:
        self._passed = asyncio.Event()
        self.asked: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self._passed.wait()

    async def passes(self) -> None:
        """Whoever waits has waited long enough."""
        self._passed.set()
        await _turns()
        self._passed.clear()


@pytest.fixture
def drawn() -> list[str]:
    return []


@pytest.fixture
def draw(drawn: list[str]) -> Callable[[str], Callable[[], None]]:
    return lambda what: lambda: drawn.append(what)


async def _turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_of_what_is_kept_the_newest_is_drawn_once(
    drawn: list[str], draw: Callable[[str], Callable[[], None]]
) -> None:
    news = News()
    news.hold()
    for what in ("older", "newer"):
        news.hear("row", draw(what))
    news.hear("gone", draw("gone"))
    news.forget("gone")
    assert drawn == []
    news.release()
    assert drawn == ["newer"]
    news.hear("row", draw("now"))
    assert drawn == ["newer", "now"]


async def test_a_finger_holds_news_up_until_its_touch_is_answered(
    drawn: list[str], draw: Callable[[str], Callable[[], None]]
) -> None:
    time = Time()
    hand = Hand(time.sleep)
    hand.touches(glass=True)
    hand.news.hear("row", draw("moved"))
    await _turns()
    assert drawn == []
    hand.touches(glass=False)
    hand.news.hear("button", draw("what the touch has done"))
    await _turns()
    assert drawn == ["what the touch has done"]
    await time.passes()
    assert drawn == ["what the touch has done", "moved"]


async def test_a_hand_that_lies_on_the_glass_holds_nothing_up_for_ever(
    drawn: list[str], draw: Callable[[str], Callable[[], None]]
) -> None:
    time = Time()
    hand = Hand(time.sleep)
    hand.touches(glass=True)
    hand.news.hear("row", draw("moved"))
    await time.passes()
    assert drawn == ["moved"]
    hand.news.hear("row", draw("again"))
    assert drawn == ["moved", "again"]


async def test_a_row_stays_under_the_finger_while_a_transfer_brings_another_one_before_it(
    open_app: OpenApp, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, here = await open_app("/customers")
    time = Time()
    monkeypatch.setattr(here.hand, "_sleep", time.sleep)
    here.hand.touches(glass=True)
    rows = _rows(page)
    server.publish(Entity.CUSTOMER, name("Albers"), customer("Albers"))
    await synchronized(here.tablet)
    await page.settle()
    assert _rows(page) == rows

    here.hand.touches(glass=False)
    await page.tap(f"customer-{name('Käsmayr')}")
    assert page.find("capture-here")
    await time.passes()
    await page.tap("back")
    assert _rows(page) == [f"customer-{name('Albers')}", *rows]


async def test_what_the_person_does_with_one_hand_is_seen_while_the_other_one_rests(
    open_app: OpenApp,
) -> None:
    page, here = await open_app("/customers")
    here.hand.touches(glass=True)
    await page.type("customer-search", "Müller")
    assert _rows(page) == [f"customer-{name('Müller')}"]


def _rows(page: HeadlessPage) -> list[str]:
    return [one for one in page.identifiers() if one.startswith("customer-") and one != "customer-search"]
