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
    """Something stored that could not be read. What was found of it is set aside, for an expert.

    Attributes:
        table: where it lay; "_store" for the whole file or database.
        key: its key; "" when it is not known which documents are missing.
        reason: one technical word or two, without content.
        text: what was found in its place.
        count: how many documents this stands for; 0 when that cannot be told.
        kept_as: the name under which a damaged file was set aside.
    """

    table: str
    key: str
    reason: str
    text: str = ""
    count: int = 1
    kept_as: str = ""
