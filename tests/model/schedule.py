"""What happens in which order: a schedule drawn from a seed, and the shortest one that still fails."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

STEPS = {
    # What people do with their tablets.
    "saves": 16,
    "corrects": 8,
    "answers": 6,
    "begins_an_answer": 3,
    "writes_a_draft": 5,
    "finishes_a_draft": 4,
    "discards_a_draft": 1,
    "mends_what_was_refused": 2,
    "reads_the_news": 1,
    "hands_the_tablet_over": 5,
    "synchronizes": 32,
    # What tablets do to people.
    "will_fail": 8,
    "restarts": 5,
    "clock_jumps": 3,
    "a_tablet_is_updated": 4,
    # The office and its server.
    "inside_sales_decides": 12,
    "a_customer_moves": 4,
    "a_technician_moves": 2,
    "an_appointment_changes": 3,
    "a_tablet_is_blocked_or_not": 3,
    "late_requests_arrive": 6,
    "the_server_restarts": 2,
    "the_server_tidies_up": 1,
    "the_server_clock_jumps": 2,
    "the_server_is_updated": 3,
    "a_backup_is_made": 4,
    "a_backup_is_restored": 4,
    # What people promise, do and take back.
    "does_a_task": 7,
    # What they plan and prepare.
    "plans_a_visit": 7,
    "prepares_a_visit": 4,
}
"""How often each step is drawn, relative to the others."""

_LENGTHS = (8, 25, 60, 90)
"""Short schedules find the plain mistakes fast, long ones the entangled ones."""


class Step(NamedTuple):
    """One thing that happens. All that it chooses is drawn from its own seed, whatever other steps there are."""

    name: str
    seed: str

    @property
    def chance(self) -> random.Random:
        """The chance of this step, from its beginning."""
        return random.Random(self.seed)


def drawn(seed: int, only: Sequence[str] = ()) -> list[Step]:
    """The schedule of a seed: the same one on every machine.

    Args:
        only: the names of steps from which it is made, where not all of them matter.
    """
    chance = random.Random(f"schedule {seed}")
    possible = {name: weight for name, weight in STEPS.items() if name in only or not only}
    names = chance.choices(list(possible), list(possible.values()), k=chance.choice(_LENGTHS))
    return [Step(name, f"{seed} {number}") for number, name in enumerate(names)]


def shortened(
    steps: Sequence[Step], fails: Callable[[Sequence[Step]], bool], *, attempts: int = 200
) -> list[Step]:
    """The same schedule without the steps that the failure does not need: halves first, then single ones.

    Args:
        fails: plays a schedule; whether it still fails in the same way.
        attempts: how often it may be asked.
    """
    kept = list(steps)
    size = max(1, len(kept) // 2)
    while True:
        place = 0
        while place < len(kept):
            if attempts <= 0:
                return kept
            attempts -= 1
            candidate = kept[:place] + kept[place + size :]
            if fails(candidate):
                kept = candidate
            else:
                place += size
        if size == 1:
            return kept
        size = max(1, size // 2)
