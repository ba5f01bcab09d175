"""How many documents each table holds and which, kept in every commit: so that a vanished one is noticed.

A document without its checksum is damaged; a document that is gone says nothing. SQLite and IndexedDB cannot tell a
row that was never there from one that a flipped bit took out of its index.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from app.store.backing import Write
from app.store.errors import Damage
from app.store.sealed import LENGTH

UNCOUNTED = frozenset({"_about", "_damaged"})
"""Tables about the store itself."""

Place = tuple[str, str]
"""Table and key."""


class Plan(NamedTuple):
    """What will be true once a commit is durable."""

    totals: Mapping[str, tuple[int, int]]
    seals: Mapping[Place, int | None]

    def as_document(self) -> dict[str, Any]:
        """The form in which it is stored."""
        return {"tables": {table: list(total) for table, total in sorted(self.totals.items()) if total[0]}}


class Inventory:
    """Count and checksum of each table."""

    def __init__(self) -> None:
        self._totals: dict[str, tuple[int, int]] = {}
        self._seals: dict[Place, int] = {}

    def begin(self, seals: Mapping[Place, int]) -> None:
        """Take in what was found."""
        self._seals = {place: seal for place, seal in seals.items() if place[0] not in UNCOUNTED}
        for (table, _), seal in self._seals.items():
            count, checksum = self._totals.get(table, (0, 0))
            self._totals[table] = (count + 1, checksum ^ seal)

    def plan(self, writes: Iterable[Write]) -> Plan:
        """What these writes, whose texts are sealed, will make of it."""
        totals, seals = dict(self._totals), dict[Place, int | None]()
        for write in writes:
            if write.table in UNCOUNTED:
                continue
            place = (write.table, write.key)
            before = seals[place] if place in seals else self._seals.get(place)
            after = None if write.json is None else int(write.json[:LENGTH], 16)
            count, checksum = totals.get(write.table, (0, 0))
            if before is not None:
                count, checksum = count - 1, checksum ^ before
            if after is not None:
                count, checksum = count + 1, checksum ^ after
            totals[write.table], seals[place] = (count, checksum), after
        return Plan(totals, seals)

    def settle(self, plan: Plan) -> None:
        """The commit is durable."""
        self._totals = dict(plan.totals)
        for place, seal in plan.seals.items():
            if seal is None:
                self._seals.pop(place, None)
            else:
                self._seals[place] = seal

    def differences(self, stored: Mapping[str, Any], damaged: Iterable[str]) -> list[Damage]:
        """What is missing of what was stored.

        Args:
            stored: the inventory of the last commit.
            damaged: the table of each document that was found, but could not be read.
        """
        unreadable = list(damaged)
        found: list[Damage] = []
        for table, (count, checksum) in stored["tables"].items():
            held, held_checksum = self._totals.get(table, (0, 0))
            missing = count - held - unreadable.count(table)
            if missing > 0:
                found.append(Damage(table, "", "missing", count=missing))
            elif table not in unreadable and (held, held_checksum) != (count, checksum):
                found.append(Damage(table, "", "not as stored", count=0))
        return found


def is_inventory(document: Mapping[str, Any] | None) -> bool:
    """Whether a document is one of an inventory at all."""
    tables = document.get("tables") if document else None
    return isinstance(tables, dict) and all(
        isinstance(total, list) and len(total) == 2 and all(isinstance(number, int) for number in total)
        for total in tables.values()
    )


__all__ = ["UNCOUNTED", "Inventory", "Place", "Plan", "is_inventory"]
