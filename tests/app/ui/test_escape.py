"""Escape on a keyboard leads back from a screen, closes nothing that is open above it, and stays on the main screens."""

import pytest

from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio


async def test_escape_leads_back_from_a_screen(open_app: OpenApp) -> None:
    page, here = await open_app()
    here.go("/visits")
    await page.settle()
    assert here.route == "/visits"
    here.pressed("Escape")
    await page.settle()
    assert here.route == "/"


async def test_escape_stays_on_a_main_screen(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("nav-me")
    here.pressed("Escape")
    await page.settle()
    assert here.route == "/me"


async def test_escape_leaves_the_screen_below_a_question_alone(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("nav-me")
    here.go("/log")
    await page.settle()
    here.go("/me")
    await page.settle()
    await page.tap("unpair")
    here.pressed("Escape")
    await page.settle()
    assert here.route == "/me"
    assert "unpair-sure" in page.identifiers()
