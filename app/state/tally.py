"""What of own work waits, counted once per change of it: screens ask for it at every step of a transfer."""

from datetime import datetime
from typing import NamedTuple

from app.store.outbox import EntryState, waiting_since
from app.store.own_work import OwnWork
from protocol.observation import Photo


class Count(NamedTuple):
    """What waits and what was refused.

    Attributes:
        since: since when something waits, by the tablet's clock; None: nothing does.
        others: how many of the photos are no photos, but voice notes or signatures.
        contact: when the server last answered, by the tablet's clock.
    """

    waiting: int
    since: datetime | None
    refused: int
    photos: int
    others: int
    contact: datetime | None


class Tally:
    """Counts what is in own work."""

    def __init__(self, own: OwnWork) -> None:
        self._own = own
        self._counted: tuple[int, Count] | None = None

    def count(self) -> Count:
        """What is there now."""
        version = self._own.documents.version
        if self._counted is None or self._counted[0] != version:
            self._counted = (version, self._count())
        return self._counted[1]

    def _count(self) -> Count:
        waiting, contact = self._own.waiting(), self._own.contact
        unsent = self._own.photos_unsent()
        entries = self._own.entries()
        named = (medium for entry in entries for medium in entry.media) if unsent else ()
        others = {medium.sha256 for medium in named if not isinstance(medium, Photo)}
        refused = sum(entry.state == EntryState.REFUSED for entry in entries)
        return Count(
            waiting=len(waiting),
            since=waiting_since(waiting, contact.at if contact else None),
            refused=refused + len(self._own.photos_refused()),
            photos=len(unsent),
            others=sum(record.sha256 in others for record in unsent),
            contact=contact.at if contact else None,
        )
