"""Finding machines by serial number: every number of the territory in memory, made when one is first looked for."""

from collections.abc import Mapping
from typing import NamedTuple

from app.store.documents import Json
from protocol.rules.nameplate import folded


class Machine(NamedTuple):
    """Where a machine stands in what the server told."""

    customer: str
    asset: str


class SerialIndex:
    """Machines by folded serial number."""

    def __init__(self) -> None:
        self._machines: dict[str, list[Machine]] = {}
        self._of_customer: dict[str, list[str]] = {}

    @property
    def known(self) -> Mapping[str, list[Machine]]:
        """Every number with its machines. Not to be changed in place."""
        return self._machines

    def put(self, key: str, body: Json) -> None:
        """Take in a customer's machines, or their new state."""
        self.remove(key)
        numbers = []
        for asset in body.get("assets") or ():
            number = folded(str(asset.get("serial_number") or "")) if isinstance(asset, dict) else ""
            if number:
                self._machines.setdefault(number, []).append(Machine(key, str(asset.get("id"))))
                numbers.append(number)
        if numbers:
            self._of_customer[key] = numbers

    def remove(self, key: str) -> None:
        """Forget a customer's machines."""
        for number in self._of_customer.pop(key, ()):
            left = [machine for machine in self._machines.get(number, ()) if machine.customer != key]
            if left:
                self._machines[number] = left
            else:
                self._machines.pop(number, None)

    def containing(self, typed: str, limit: int) -> list[Machine]:
        """Machines whose number has this in it, those that begin with it first, the shorter number first."""
        part = folded(typed)
        if not part:
            return []
        numbers = [number for number in self._machines if part in number]
        numbers.sort(key=lambda number: (not number.startswith(part), len(number), number))
        return [machine for number in numbers[:limit] for machine in self._machines[number]][:limit]
