"""How the tablet feels, held to what is promised: few taps, large targets, names, contrast, text at 200 % uncut."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from app.ui.routes import Screen
from tests.usability.hand import Count
from tests.usability.measuring import Walked, measure, rounds
from tests.usability.session import paired

# Walking through every screen seven times takes minutes: with `make soak`, and by `make usability`.
pytestmark = pytest.mark.soak

MOST_TAPS = 5
"""For the common case, from the first screen to "saved"."""


@pytest.fixture(scope="module")
def measured(
    driver: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Count], list[Walked]]]:
    """Everything, in one start of the browser."""
    with paired(driver, tmp_path_factory.mktemp("usability")) as shown:
        yield measure(shown)


def test_a_need_is_captured_with_five_taps_and_one_sentence(
    measured: tuple[list[Count], list[Walked]],
) -> None:
    need = measured[0][0]
    assert need.taps <= MOST_TAPS
    assert need.sentences == 1


def test_no_other_common_task_needs_more_than_a_photo_more(
    measured: tuple[list[Count], list[Walked]],
) -> None:
    assert {count.task: count.taps for count in measured[0] if count.taps > MOST_TAPS + 1} == {}


@pytest.mark.parametrize("index", range(len(rounds())), ids=[one.name for one in rounds()])
def test_no_screen_falls_short(index: int, measured: tuple[list[Count], list[Walked]]) -> None:
    found = measured[1][index]
    assert found.screens == len(Screen)
    assert found.texts > found.screens
    assert found.shortfalls == {}
