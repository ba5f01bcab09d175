"""Text up to 200 %: nothing is shortened, heights give way, what the device wishes is followed until chosen otherwise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import flet as ft
import pytest

from app.device.wishes import Wishes
from app.early import opening
from app.main import arrange, show
from app.ui.surroundings import Surroundings
from app.ui.text_size import heading, read_at
from app.ui.theme import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, look
from tests.app.a_tablet import Shelf, paired, platform, synchronized
from tests.app.scripted_server import ScriptedServer
from tests.app.ui.conftest import never
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

PHONE: dict[str, Any] = {"width": 390, "height": 844}


@dataclass
class TestDevice:
    """A device that was told something, and notes which size of text the app asks of it."""

    __test__ = False
    told: Wishes = field(default_factory=Wishes)
    asked: list[float | None] = field(default_factory=list)
    listeners: list[Callable[[], None]] = field(default_factory=list)
    can_scale_text: bool = True

    def now(self) -> Wishes:
        return self.told

    def subscribe(self, listener: Callable[[], None]) -> None:
        self.listeners.append(listener)

    def scale_text(self, scale: float | None) -> None:
        self.asked.append(scale)

    def tell(self, wishes: Wishes) -> None:
        self.told = wishes
        for listener in self.listeners:
            listener()


@pytest.fixture(autouse=True)
def text_as_drawn() -> Iterator[None]:
    """How large is read is of the process; every other test reads at 100 %."""
    yield
    read_at(1.0, 820)


async def opened(
    shelf: Shelf, server: ScriptedServer, device: TestDevice, **size: Any
) -> tuple[HeadlessPage, Surroundings]:
    tablet, _ = await paired(shelf, server)
    await synchronized(tablet)
    await tablet.close()
    page = HeadlessPage(**size)
    told = replace(platform(shelf, server.transport, sleep=never, language="de-DE"), wishes=device)
    here, opening_tablet = arrange(page.page, opening(told))
    await show(here, opening_tablet)
    await page.settle()
    return page, here


async def test_what_the_device_was_told_holds_from_the_first_screen_on(
    shelf: Shelf, server: ScriptedServer
) -> None:
    device = TestDevice(Wishes(text_scale=2.0, more_contrast=True))
    page, here = await opened(shelf, server, device, **PHONE)
    assert look() is HIGH_CONTRAST_LIGHT
    shortened = [
        control
        for control in page.controls()
        if isinstance(control, ft.Text) and control.max_lines is not None
    ]
    assert shortened == []
    await here.close()


async def test_large_text_needs_a_second_row_of_places_on_a_phone_only(
    shelf: Shelf, server: ScriptedServer
) -> None:
    device = TestDevice(Wishes(text_scale=2.0))
    page, here = await opened(shelf, server, device, **PHONE)
    assert {"nav-today", "nav-customers", "nav-capture", "nav-observations", "nav-me"} <= set(
        page.identifiers()
    )
    phone = _bar(page)
    page.session.apply_page_patch({"width": 820, "height": 1180})
    here.resized()
    await page.settle()
    assert _bar(page) < phone
    await here.close()


async def test_a_chosen_size_is_asked_of_the_page_and_remembered(
    shelf: Shelf, server: ScriptedServer
) -> None:
    device = TestDevice()
    page, here = await opened(shelf, server, device, **PHONE)
    await page.tap("nav-me")
    await page.tap("text-1.6")
    assert device.asked[-1] == 1.6
    await page.tap("contrast-high")
    assert look() is HIGH_CONTRAST_LIGHT
    await here.close()

    again = TestDevice()
    page, here = await opened_again(shelf, server, again)
    assert again.asked[-1] == 1.6
    assert look() is HIGH_CONTRAST_LIGHT
    here.dress("text", "system")
    assert again.asked[-1] is None
    await page.settle()
    await here.close()


async def opened_again(
    shelf: Shelf, server: ScriptedServer, device: TestDevice
) -> tuple[HeadlessPage, Surroundings]:
    page = HeadlessPage(**PHONE)
    told = replace(platform(shelf, server.transport, sleep=never, language="de-DE"), wishes=device)
    here, opening_tablet = arrange(page.page, opening(told))
    await show(here, opening_tablet)
    await page.settle()
    return page, here


async def test_a_device_that_is_told_something_else_is_followed_while_the_app_runs(
    shelf: Shelf, server: ScriptedServer
) -> None:
    device = TestDevice()
    page, here = await opened(shelf, server, device, dark=True)
    assert look() is DARK
    device.tell(Wishes(more_contrast=True))
    await page.settle()
    assert look() is HIGH_CONTRAST_DARK
    here.dress("contrast", "normal")
    here.dress("theme", "light")
    assert look() is LIGHT
    await page.settle()
    await here.close()


def test_headings_grow_less_where_their_words_would_break() -> None:
    read_at(2.0, 390)
    assert heading(20) * 2.0 == 36
    assert heading(30) * 2.0 == 36
    read_at(2.0, 820)
    assert heading(30) == 30
    read_at(1.0, 390)
    assert heading(30) == 30


def _bar(page: HeadlessPage) -> float:
    heights = [
        control.height
        for control in page.controls()
        if isinstance(control, ft.Container) and control.height and control.height >= 92
        and isinstance(control.content, ft.Row | ft.Column)
    ]  # fmt: skip
    return float(heights[-1])
