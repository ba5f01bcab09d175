"""Chance that repeats itself: one seeded source of draws and of ids, so that a seed always gives the same company."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import TypeVar
from uuid import UUID, uuid5

T = TypeVar("T")

_NAMESPACE = UUID("6f1c1a5e-5d0b-5b58-9d4e-2a7c41b0d9e3")
"""Ids of master data are made from their names in here (UUIDv5, RFC 9562, section 5.5)."""


class Chance:
    """Draws that depend on the seed alone."""

    def __init__(self, seed: int | str) -> None:
        self._seed = seed
        self._random = Random(f"rundgang/{seed}")  # noqa: S311  nothing here protects anything

    def apart(self, name: str) -> "Chance":
        """An independent source, so that drawing more in one place changes nothing in another."""
        return Chance(f"{self._seed}/{name}")

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        # Half a million of these make a company: `randrange` would take three times as long.
        return options[int(self._random.random() * len(options))]

    def weighted(self, weights: dict[T, float]) -> T:
        """One of the keys, likely in proportion to its weight."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """So many different options, in drawn order; all of them when there are fewer."""
        return self._random.sample(list(options), min(count, len(options)))

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All options in drawn order."""
        return self.some(options, len(options))

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """A number between the two."""
        return self._random.uniform(low, high)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self._random.random() < probability

    def bits(self, count: int) -> bytes:
        """So many drawn bytes."""
        return self._random.randbytes(count)

    def id_of(self, name: str) -> UUID:
        """The id of a named thing: the same for the same seed, however much was drawn before."""
        return uuid5(_NAMESPACE, f"{self._seed}/{name}")

    def id_at(self, moment: datetime) -> UUID:
        """A UUIDv7 as a tablet would have made it at that moment."""
        noise = self._random.getrandbits(74)
        milliseconds = int(moment.timestamp() * 1000)
        return UUID(
            int=milliseconds << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | (noise & ((1 << 62) - 1))
        )
