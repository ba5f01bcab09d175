"""What a tap is answered with must not wait for the browser, nor for drawing what nobody sees."""

import asyncio
from datetime import datetime

import flet as ft
import pytest

from app.state.views import CustomerPage, CustomerRow
from app.ui.components.touch import Handler
from app.ui.screens import customer as brief_screen
from app.ui.screens import customers, today
from app.ui.surroundings import Surroundings
from protocol.reference import Entity
from tests.app.a_tablet import customer, synchronized
from tests.app.scripted_server import ScriptedServer, name
from tests.app.ui.conftest import OpenApp
from tests.app.ui.headless import HeadlessPage

pytestmark = pytest.mark.anyio

MANY = 70


@pytest.fixture
def territory(server: ScriptedServer) -> ScriptedServer:
    """A server with more customers than a list holds."""
    for number in range(MANY):
        called = f"Hofer {number:02}"
        server.publish(Entity.CUSTOMER, name(called), customer(called))
    return server


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the customers in the order in which their lines are drawn, again and again."""
    names: list[str] = []
    draw = customers.customer_line

    def noted(row: CustomerRow, on_click: Handler) -> ft.Control:
        names.append(row.name)
        return draw(row, on_click)

    monkeypatch.setattr(customers, "customer_line", noted)
    return names


def _route(here: Surroundings) -> str:
    return here.route


async def test_a_screen_is_shown_before_the_browser_has_taken_its_address(open_app: OpenApp) -> None:
    page, here = await open_app("/customers")
    page.connection.takes_addresses.clear()

    await page.tap(f"customer-{name('Käsmayr')}")
    assert page.find("capture-here")

    page.connection.takes_addresses.set()
    await page.settle()
    assert page.page.route == _route(here) == f"/customers/{name('Käsmayr')}"
    assert page.find("capture-here")


async def test_two_quick_taps_end_where_the_second_leads(open_app: OpenApp) -> None:
    page, here = await open_app("/customers")
    page.connection.takes_addresses.clear()
    await page.tap(f"customer-{name('Käsmayr')}")
    await page.tap("capture-here")

    page.connection.takes_addresses.set()
    await page.settle()
    assert _route(here).startswith("/capture/")
    assert page.page.route == _route(here)
    await page.tap("back")
    assert page.find("capture-here")


async def test_the_browsers_own_button_is_obeyed_although_an_address_is_under_way(open_app: OpenApp) -> None:
    page, here = await open_app("/")
    await page.tap("nav-customers")
    page.connection.takes_addresses.clear()
    await page.tap(f"customer-{name('Käsmayr')}")
    page.connection.takes_addresses.set()
    await page.connection.browse("/me")
    await page.settle()
    # The address that was asked for came last: the browser stands there, and so do we.
    assert page.page.route == _route(here)

    await page.connection.browse("/customers")
    await page.settle()
    assert _route(here) == "/customers"
    assert page.find("customer-search")


async def test_what_stands_at_the_top_is_drawn_before_what_stands_below(open_app: OpenApp) -> None:
    page, here = await open_app("/customers")
    here.go(f"/customers/{name('Käsmayr')}")
    for _ in range(60):
        await asyncio.sleep(0)
        if "capture-here" in page.identifiers():
            break
    assert "Menschen" not in page.text()
    await page.settle()
    assert "Menschen" in page.text()


async def test_a_transfer_that_changes_nothing_on_the_first_screen_does_not_draw_it(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, here = await open_app()
    greeted = []
    greeting = today._greeting

    def noted(of: str, now: datetime) -> str:
        greeted.append(of)
        return greeting(of, now)

    monkeypatch.setattr(today, "_greeting", noted)
    await synchronized(here.tablet)
    await page.settle()
    assert greeted == []
    here.announce()
    await page.settle()
    assert greeted == ["Jonas Weber"]


async def test_what_another_screen_comes_to_lie_over_is_not_drawn_again(
    open_app: OpenApp, drawn: list[str]
) -> None:
    page, _ = await open_app("/customers")
    drawn.clear()
    await page.tap(f"customer-{name('Käsmayr')}")
    assert page.find("capture-here")
    assert drawn == []

    await page.tap("back")
    assert page.find("customer-search")
    assert drawn == []


async def test_what_changed_below_another_screen_is_there_on_the_way_back(
    open_app: OpenApp, server: ScriptedServer
) -> None:
    page, here = await open_app("/customers")
    await page.tap(f"customer-{name('Käsmayr')}")
    server.publish(Entity.CUSTOMER, name("Huber"), customer("Huber"))
    await synchronized(here.tablet)
    await page.settle()
    await page.tap("back")
    assert "Huber GmbH & Co. KG" in page.text()


async def _captured(page: HeadlessPage) -> None:
    await page.tap(f"customer-{name('Käsmayr')}")
    await page.tap("capture-here")
    await page.tap("kind-need")
    await page.type("capture-text", "Trockner fehlt")


async def test_what_is_said_comes_after_the_screen_that_it_is_said_over(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await open_app("/customers")
    await _captured(page)
    stood: list[list[str]] = []
    show = ft.Page.show_dialog

    def noted(self: ft.Page, dialog: ft.DialogControl) -> None:
        stood.append(page.identifiers())
        show(self, dialog)

    monkeypatch.setattr(ft.Page, "show_dialog", noted)
    await page.tap("capture-save")
    (when_said,) = stood
    assert "capture-here" in when_said, "the screen would wait for a picture of the words"
    assert "capture-save" not in when_said
    assert "Gespeichert" in page.text()


async def test_a_second_tap_on_done_leads_back_once(open_app: OpenApp) -> None:
    page, here = await open_app("/customers")
    await _captured(page)
    await asyncio.gather(page.tap("capture-save"), page.tap("capture-save"))
    assert _route(here) == f"/customers/{name('Käsmayr')}"
    assert len(here.notebook.observations()) == 1


async def test_a_look_that_changes_reaches_what_lies_below_when_it_is_in_sight_again(
    open_app: OpenApp, drawn: list[str]
) -> None:
    page, here = await open_app("/customers")
    await page.tap(f"customer-{name('Käsmayr')}")
    drawn.clear()
    here.announce()
    here.announce()
    await page.settle()
    assert drawn == []
    await page.tap("back")
    assert len(drawn) == len(set(drawn)) > 0, "once for all that was missed"


async def test_the_brief_below_a_form_is_drawn_once_after_it_and_with_what_was_captured(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = await open_app("/customers")
    heads = []
    head = brief_screen._head

    def noted(here: Surroundings, shown: CustomerPage, now: datetime) -> ft.Control:
        heads.append(shown.customer.name)
        return head(here, shown, now)

    monkeypatch.setattr(brief_screen, "_head", noted)
    await _captured(page)
    heads.clear()
    await page.type("capture-text", "Trockner fehlt, wohl ab März")
    assert heads == []
    await page.tap("capture-save")
    assert len(heads) == 1
    assert "Trockner fehlt, wohl ab März" in page.text()


async def test_a_letter_draws_the_customers_once(
    open_app: OpenApp, territory: ScriptedServer, drawn: list[str]
) -> None:
    page, _ = await open_app("/customers")
    drawn.clear()
    await page.type("customer-search", "hofer 01")
    # What is being searched for is kept, which the notebook tells everybody: that changes no row.
    assert drawn == ["Hofer 01 GmbH & Co. KG"]


async def test_rows_come_before_the_list_is_at_its_end(open_app: OpenApp, territory: ScriptedServer) -> None:
    page, _ = await open_app("/customers")
    first = _rows(page)
    assert 12 <= len(first) < 60
    await page.scroll(extent_after=2000)
    assert _rows(page) == first, "nobody is near the end"
    await page.scroll(extent_after=500)
    assert _rows(page)[: len(first)] == first
    assert len(_rows(page)) > len(first)
    for _ in range(3):
        if "Es gibt mehr" not in page.text():
            await page.scroll(extent_after=0)
    assert len(_rows(page)) == 60
    assert "Es gibt mehr" in page.text()


async def test_other_letters_begin_at_the_first_rows(open_app: OpenApp, territory: ScriptedServer) -> None:
    page, _ = await open_app("/customers")
    first = len(_rows(page))
    await page.scroll(extent_after=0)
    await page.type("customer-search", "hofer")
    assert len(_rows(page)) == first


def _rows(page: HeadlessPage) -> list[str]:
    return [
        found for found in page.identifiers() if found.startswith("customer-") and found != "customer-search"
    ]


async def test_flutter_never_gets_a_view_more_and_never_one_less(open_app: OpenApp) -> None:
    page, _ = await open_app("/customers")
    cards, brief = page.cards(), f"/customers/{name('Käsmayr')}"
    assert page.views()[-1:] == ["/"]
    assert len(cards) == 4

    await page.tap(f"customer-{name('Käsmayr')}")
    assert page.views() == ["", "", "/", brief], "what lies below stays as it is"
    assert sorted(page.cards()) == cards, "a view that is new is drawn for one picture where nobody sees it"

    await page.tap("capture-here")
    form = page.views()[-1]
    await page.tap("choose-customer" if "choose-customer" in page.identifiers() else "capture-customer")
    assert page.views() == ["/", brief, form, f"{form}/customer"]
    assert sorted(page.cards()) == cards
    await page.tap("back")
    await page.tap("back")
    assert page.views() == ["", "", "/", brief]
    await page.tap("back")
    assert page.views() == ["", "", "", "/"]
    assert sorted(page.cards()) == cards, "a view that is taken away stays in sight for 300 ms"


async def test_in_ios_a_screen_is_a_view_of_its_own_which_is_wiped_away(open_app: OpenApp) -> None:
    page, _ = await open_app("/customers")
    page.session.apply_page_patch({"platform": "ios"})
    brief = f"/customers/{name('Käsmayr')}"
    await page.tap(f"customer-{name('Käsmayr')}")
    assert page.cards() == page.views() == ["/", brief]
    await page.tap("back")
    assert page.cards() == page.views() == ["/"]


async def test_whoever_goes_by_keys_gets_views_that_are_new_which_flutter_gives_the_focus(
    open_app: OpenApp,
) -> None:
    page, here = await open_app("/customers")
    brief = f"/customers/{name('Käsmayr')}"
    await page.tap(f"customer-{name('Käsmayr')}")
    page.moved = ("",)  # everything, once: the hands are on the keyboard
    here.pressed("Tab")
    await page.settle()
    assert page.cards() == page.views() == ["/", brief]
    here.pressed("Escape")
    await page.settle()
    assert page.cards() == page.views() == ["/"]
