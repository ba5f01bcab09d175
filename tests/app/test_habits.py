"""The last answers: what comes again is remembered, numbers and people are not, and nothing broken is in the way."""

import pytest

from app.state.habits import SHOWN, comes_again, habits_text, read_habits, with_answers
from app.store.drafts import DraftAnswer
from protocol.first_template import first_template

ASKED = first_template()


@pytest.mark.parametrize(
    ("question", "value", "again"),
    [
        ("rival_maker", "Boge", True),
        ("rival_maker", "  ", False),
        ("rival_maker", "Der Hersteller war nicht zu lesen, das Schild fehlt", False),
        ("rival_model", "GA 37 VSD", True),
        ("rival_serial", "4711", False),
        ("rival_serial", "PX22K4711", False),
        ("rival_serial", "12-34-5", False),
        ("rival_year", "2014", False),
        ("plan_budget", "50000", False),
        ("plan_decides", "Thomas Bauer", False),
        ("complaint_severity", "danger", False),
        ("nobody_asks", "Boge", False),
    ],
)
def test_what_comes_again_is_a_short_text_and_no_number(question: str, value: str, again: bool) -> None:
    assert comes_again(ASKED.question(question), value) is again


def test_the_newest_stands_first_once_and_only_a_few_are_kept() -> None:
    habits = with_answers({}, [], ASKED)
    for maker in ("Boge", "Kaeser", "Atlas", "boge", "Hofacker"):
        habits = with_answers(habits, [DraftAnswer("rival_maker", maker)], ASKED)
    assert habits == {"rival_maker": ("Hofacker", "boge", "Atlas")}
    assert len(habits["rival_maker"]) == SHOWN
    assert read_habits(habits_text(habits)) == habits


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"rival_maker": "Boge"}'])
def test_what_cannot_be_read_is_no_habit(text: str) -> None:
    assert read_habits(text) == {}
