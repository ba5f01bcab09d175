"""The machines of the territory, found by serial number: what was read off a plate or is being typed."""

from dataclasses import dataclass
from uuid import UUID

from app.state.places import place_of
from app.store.reference import Reference
from app.store.serial_index import Machine
from protocol.reference import Asset, Customer
from protocol.rules.nameplate import Nameplate, matching

_OFFERED = 8
"""Machines offered while a number is typed; another digit leaves fewer."""


@dataclass(frozen=True)
class MachineRow:
    """A machine and where it stands."""

    asset: Asset
    customer_id: UUID
    customer_name: str
    place: str

    @property
    def name(self) -> str:
        """Maker and model."""
        return f"{self.asset.maker} {self.asset.model}".strip()


class Machines:
    """Machines by serial number."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    async def prepare(self) -> None:
        """Have everything ready before the first number comes."""
        await self._reference.prepare_serials()

    def find(self, plate: Nameplate) -> tuple[MachineRow, ...]:
        """The machines that a plate means; none if its number is not known on this tablet."""
        return self._rows(matching(plate, self._reference.serials.known))

    def search(self, typed: str) -> tuple[MachineRow, ...]:
        """Machines whose number has this in it, best first."""
        return self._rows(tuple(self._reference.serials.containing(typed, _OFFERED)))

    def _rows(self, found: tuple[Machine, ...]) -> tuple[MachineRow, ...]:
        rows = (self._row(machine) for machine in found)
        return tuple(row for row in rows if row is not None)

    def _row(self, machine: Machine) -> MachineRow | None:
        customer: Customer | None = self._reference.customer(UUID(machine.customer))
        if customer is None:
            return None
        asset = next((asset for asset in customer.assets if str(asset.id) == machine.asset), None)
        if asset is None:
            return None
        return MachineRow(asset, customer.id, customer.name, place_of(customer, asset.site_id))
