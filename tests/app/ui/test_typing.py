"""Keystrokes that come faster than the app draws: none is taken back, and the app knows them all in the end."""

import pytest

from protocol.observation import Kind
from tests.app.ui.conftest import OpenApp

pytestmark = pytest.mark.anyio


async def test_a_drawing_that_is_behind_takes_no_letter_back_from_the_search(open_app: OpenApp) -> None:
    page, here = await open_app("/customers")
    await page.type_quickly("customer-search", "m", "mü", "mül")
    assert page.stands_in("customer-search") == "mül"
    assert here.search("customers").text == "mü"

    await page.type("customer-search", "müll")
    assert here.search("customers").text == "müll"
    assert "Müller" in page.text()


async def test_a_drawing_that_is_behind_takes_no_letter_back_from_an_observation(open_app: OpenApp) -> None:
    page, here = await open_app()
    await page.tap("capture-here")
    # The first letter has the segments drawn anew, a kind the whole form.
    await page.type_quickly("capture-text", "H", "Ha")
    assert page.stands_in("capture-text") == "Ha"
    (editor,) = here.editors.values()
    editor.change(kind=Kind.PLAN)
    await page.settle()
    assert page.stands_in("capture-text") == "Ha"

    await page.type("capture-text", "Halle C")
    assert editor.draft.heard == "Halle C"


async def test_the_app_can_still_empty_a_field_that_was_typed_in(open_app: OpenApp) -> None:
    page, here = await open_app("/customers")
    await page.type("customer-search", "müller")
    here.search("customers").change("")
    await page.settle()
    assert page.stands_in("customer-search") == ""
