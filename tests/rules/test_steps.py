"""Next steps: which are open, when they are due, in which order they are shown."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.observation import Side
from protocol.review import LeadState
from protocol.rules.steps import Due, Step, due, in_order, is_open

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STEP = Step(UUID(int=1), UUID(int=2), "Angebot", Side.INSIDE_SALES, None, NOW)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, Due.SOMETIME), (-1, Due.OVERDUE), (0, Due.TODAY), (1, Due.SOON), (7, Due.SOON), (8, Due.LATER),
    ],
)  # fmt: skip
def test_a_step_is_due_by_the_week(days: int | None, expected: Due) -> None:
    assert due(None if days is None else TODAY + timedelta(days=days), TODAY) is expected


@pytest.mark.parametrize(
    ("responsible", "state", "done", "expected"),
    [
        (Side.INSIDE_SALES, LeadState.NEW, False, True),
        (Side.INSIDE_SALES, LeadState.ACCEPTED, False, True),
        (Side.INSIDE_SALES, LeadState.REJECTED, False, False),
        (Side.FIELD_SALES, LeadState.WON, False, False),
        (Side.TECHNICIAN, LeadState.REJECTED, False, True),
        (Side.CUSTOMER, LeadState.LOST, False, True),
        (Side.TECHNICIAN, LeadState.NEW, True, False),
    ],
)
def test_what_a_technician_promised_he_owes_whatever_sales_thinks_of_it(
    responsible: Side, state: LeadState, done: bool, expected: bool
) -> None:
    step = replace(STEP, responsible=responsible, state=state, done_at=NOW if done else None)
    assert is_open(step) is expected


def test_only_what_one_has_taken_on_oneself_is_ones_own() -> None:
    mine = replace(STEP, responsible=Side.TECHNICIAN)
    assert mine.is_mine
    assert not replace(mine, by_name="Jonas Weber").is_mine
    assert not STEP.is_mine


def test_my_own_that_is_due_first_then_overdue_then_by_day_and_what_has_no_day_last() -> None:
    late, today, later = (
        replace(STEP, text=text, due_on=TODAY + timedelta(days=days))
        for text, days in (("late", -4), ("today", 0), ("later", 9))
    )
    mine_today = replace(today, text="mine", responsible=Side.TECHNICIAN)
    mine_late = replace(mine_today, text="mine late", due_on=TODAY - timedelta(days=1))
    mine_later = replace(mine_today, text="mine later", due_on=TODAY + timedelta(days=9))
    old, new = replace(STEP, text="old", said_at=NOW - timedelta(days=9)), replace(STEP, text="new")
    done = replace(late, text="done", done_at=NOW)
    shown = in_order([old, new, later, today, mine_later, mine_today, mine_late, done, late], TODAY)
    assert [step.text for step in shown] == [
        "mine late", "mine", "late", "today", "mine later", "later", "new", "old",
    ]  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.integers(-400, 400)), max_size=20))
def test_the_order_loses_nothing_and_never_puts_a_later_day_first(days: list[int | None]) -> None:
    steps = [replace(STEP, due_on=None if d is None else TODAY + timedelta(days=d)) for d in days]
    shown = in_order(steps, TODAY)
    assert sorted(map(id, shown)) == sorted(map(id, steps))
    dated = [step.due_on for step in shown if step.due_on is not None]
    assert dated == sorted(dated)
    assert all(step.due_on is not None for step in shown[: len(dated)])
