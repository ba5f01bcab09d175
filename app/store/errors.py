"""Every way in which keeping something on the tablet can fail."""

from dataclasses import dataclass

__all__ = ["Damage", "NewerStore", "StorageFull", "StoreDamaged", "StoreError", "StoreLost"]


class StoreError(Exception):
    """Something could not be kept or read on this tablet."""


class StorageFull(StoreError):
    """The platform refuses more bytes; what was committed before is untouched."""


class StoreLost(StoreError):
    """The connection to the store was closed by the platform (another version, memory pressure, eviction)."""


class StoreDamaged(StoreError):
    """The store cannot be opened or read at all."""


class NewerStore(StoreError):
    """A newer version of the app wrote this store; it is left alone, so that nothing is damaged.

    Attributes:
        found: the schema version in the store.
        known: the newest one that this app can read.
    """

    def __init__(self, name: str, found: int, known: int) -> None:
        super().__init__(f"{name} has schema {found}, this app knows up to {known}")
        self.found = found
        self.known = known


@dataclass(frozen=True)
class Damage:
    """A stored document that could not be read. It stays in the store, untouched, for an expert."""

    table: str
    key: str
    reason: str
