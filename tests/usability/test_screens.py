"""The walk misses no screen: every one of the app's address table has an address that the walk finds by itself."""

from app.ui.routes import Screen, place
from tests.usability.screens import address

_ID = "01a20680-4896-7680-8929-3f1921e4c645"


def test_every_screen_of_the_address_table_is_walked_through() -> None:
    ids = dict.fromkeys(("customers", "observations", "capture", "visits"), _ID)
    assert [place(address(screen, ids)).screen for screen in Screen] == list(Screen)


def test_a_draft_is_looked_at_by_its_own_address() -> None:
    assert address(Screen.CAPTURE, {"capture": _ID}) == f"/capture/{_ID}"
