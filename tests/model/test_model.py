"""Nothing is lost and nothing is doubled, for schedules of a fixed list of seeds; and the model finds what is spoilt.

`make soak SECONDS=n` tries new seeds for as long as told. docs/proof.md says what is played and how to replay it.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import chain

import pytest

from tests.model.play import Violation, play
from tests.model.schedule import STEPS, Step, drawn, shortened
from tests.model.spoiling import SPOILED, Spoiled

SEEDS = range(12)
"""As many as fit into some ten seconds of a quiet machine."""

TRIED = 40
"""Schedules within which a spoilt product must be found out, beginning with one that did so."""


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_saved_arrives_once_and_all_tablets_agree(seed: int) -> None:
    asyncio.run(play(drawn(seed), str(seed)))


def test_a_seed_is_the_same_day_each_time() -> None:
    first, second = (asyncio.run(play(drawn(7), "7")) for _ in range(2))
    assert first == second
    assert len(first) > len(drawn(7))


@pytest.mark.parametrize("spoiled", SPOILED, ids=lambda spoiled: spoiled.how.__name__)
def test_the_model_finds_a_spoilt_product(spoiled: Spoiled) -> None:
    found = next(_violations(spoiled), None)
    assert found is not None, f"{TRIED} schedules, and nobody noticed"
    assert spoiled.shows in found


def test_a_failing_schedule_is_shortened_to_what_it_needs() -> None:
    steps = drawn(1)
    needed = [steps[2], steps[-2]]
    kept = shortened(steps, lambda some: all(step in some for step in needed))
    assert kept == needed


def test_every_kind_of_step_is_played() -> None:
    played = {step.name for seed in SEEDS for step in drawn(seed)}
    assert played == set(STEPS)


def _violations(spoiled: Spoiled) -> Iterator[str]:
    for seed in chain([spoiled.seed], range(TRIED)):
        found = _violation(spoiled.how, drawn(seed, spoiled.steps), str(seed))
        if found is not None:
            yield found


def _violation(how: Callable[[], AbstractContextManager[None]], steps: list[Step], seed: str) -> str | None:
    try:
        with how():
            asyncio.run(play(steps, seed))
    except Violation as violation:
        return str(violation.args[0])
    return None
