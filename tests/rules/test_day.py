"""The day's review: what is handed in and what is left out, which steps want a word, when it is time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.observation import Flag, FlagKind, Kind, ObservationContent, Side
from protocol.review import LeadState
from protocol.rules.day import Recorded, can_be_confirmed, is_time, to_hand_in, wants_a_word
from protocol.rules.steps import Step

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BERLIN = timezone(timedelta(hours=1))


def local(moment: datetime) -> datetime:
    return moment.astimezone(BERLIN)


def recorded(number: int, at: datetime = NOON, flag: FlagKind | None = None) -> Recorded:
    content = ObservationContent(
        kind=Kind.NOTE,
        customer_id=UUID(int=1),
        observed_at=at,
        seen=f"Notiz {number}",
        flag=Flag(kind=flag, purpose="Rückruf") if flag else None,
    )
    return Recorded(UUID(int=number), content, with_server=True)


def test_the_list_is_of_one_local_day_in_the_order_of_time() -> None:
    late, early = recorded(1, NOON + timedelta(hours=2)), recorded(2, NOON - timedelta(hours=3))
    past_midnight = recorded(3, datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    just_begun = recorded(4, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    handed = to_hand_in([late, early, past_midnight, just_begun], DAY, local)
    assert [one.id.int for one in handed.entries] == [4, 2, 1]
    assert handed.left_out == {}


def test_what_is_marked_under_the_gdpr_is_counted_and_not_told() -> None:
    handed = to_hand_in(
        [
            recorded(1),
            recorded(2, flag=FlagKind.SPECIAL_CATEGORY),
            recorded(3, flag=FlagKind.PERSONAL),
            recorded(4, flag=FlagKind.PERSONAL),
            recorded(5, NOON - timedelta(days=2), flag=FlagKind.THIRD_PARTY),
        ],
        DAY,
        local,
    )
    assert [one.id.int for one in handed.entries] == [1]
    assert handed.left_out == {FlagKind.PERSONAL: 2, FlagKind.SPECIAL_CATEGORY: 1}


@given(st.lists(st.tuples(st.integers(-48, 48), st.sampled_from([None, *FlagKind])), max_size=12))
def test_every_observation_of_the_day_is_either_told_or_counted(
    matter: list[tuple[int, FlagKind | None]],
) -> None:
    made = [recorded(n, NOON + timedelta(hours=hours), flag) for n, (hours, flag) in enumerate(matter, 1)]
    handed = to_hand_in(made, DAY, local)
    of_day = [one for one in made if local(one.content.observed_at).date() == DAY]
    assert len(handed.entries) + sum(handed.left_out.values()) == len(of_day)
    assert all(one.content.flag is None for one in handed.entries)


STEP = Step(UUID(int=1), UUID(int=2), "Angebot", Side.INSIDE_SALES, None, NOON)
MINE = replace(STEP, responsible=Side.TECHNICIAN, said_at=NOON - timedelta(days=9))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (STEP, True),
        (replace(STEP, said_at=NOON - timedelta(days=1)), False),
        (replace(STEP, state=LeadState.REJECTED), False),
        (MINE, False),
        (replace(MINE, due_on=DAY), True),
        (replace(MINE, due_on=DAY - timedelta(days=3)), True),
        (replace(MINE, due_on=DAY + timedelta(days=1)), False),
        (replace(MINE, done_at=NOON), True),
        (replace(MINE, done_at=NOON - timedelta(days=1)), False),
        (replace(STEP, done_at=NOON), False),
        (replace(MINE, by_name="Kollege", due_on=DAY), False),
    ],
)
def test_steps_named_today_and_ones_own_that_are_due_want_a_word(step: Step, expected: bool) -> None:
    assert wants_a_word(step, DAY, local) is expected


def test_what_one_should_have_done_oneself_cannot_simply_be_confirmed() -> None:
    assert can_be_confirmed(STEP, DAY)
    assert can_be_confirmed(replace(MINE, due_on=DAY + timedelta(days=1)), DAY)
    assert not can_be_confirmed(replace(MINE, due_on=DAY), DAY)


@pytest.mark.parametrize(
    ("hour", "ends", "expected"),
    [(9, [], False), (15, [], True), (12, [11], True), (12, [11, 16], False), (15, [16], True)],
)
def test_it_is_time_after_the_last_visit_or_at_three(hour: int, ends: list[int], expected: bool) -> None:
    def at(value: int) -> datetime:
        return datetime(2026, 11, 23, value, tzinfo=BERLIN)

    assert is_time(at(hour), [at(end) for end in ends]) is expected
