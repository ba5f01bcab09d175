"""Reading the server's changes: the pages of a pull and their cursor (rules S8 to S11)."""

from typing import Any, Literal
from uuid import UUID

from protocol.fields import Document, Moment
from protocol.reference import Entity
from protocol.version import PROTOCOL


class Item(Document):
    """The newest state of one thing; `body` None is a tombstone: the tablet must no longer hold it."""

    entity: Entity
    id: UUID
    version: int
    """Grows with every change of the thing; part of the scope's checksum."""
    body: dict[str, Any] | None = None


class Totals(Document):
    """What the tablet must hold after the last page, so that drift is noticed (rule S9a)."""

    count: int
    checksum: int


class PullPage(Document):
    """One page of changes since a cursor."""

    type: Literal["rundgang.pull"] = "rundgang.pull"
    protocol: int = PROTOCOL
    epoch: UUID
    server_time: Moment
    items: tuple[Item, ...]
    cursor: str
    """Opaque to the tablet, which stores it in the same transaction as the items."""
    more: bool
    remaining: int | None = None
    """About how many items are still to come, for a progress bar."""
    totals: Totals | None = None
    """Only with the last page."""
