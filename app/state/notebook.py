"""Everything a technician can do with the tablet, with or without network."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from app.device.platform import StorageUse
from app.state.views import (
    CustomerPage,
    CustomerRow,
    Draft,
    Identity,
    ObservationPage,
    ObservationRow,
    Today,
    Transfer,
)
from protocol.observation import Kind, Photo


class Notebook:
    """One technician's notebook. Reads are synchronous (in memory); writes return after the durable commit."""

    @property
    def identity(self) -> Identity:
        """Who writes here."""
        raise NotImplementedError

    def today(self, now: datetime) -> Today:
        """The visits of the local day of `now` and the news from inside sales."""
        raise NotImplementedError

    def search_customers(self, query: str, limit: int = 60) -> tuple[CustomerRow, ...]:
        """Customers that match, best first; with an empty query by name."""
        raise NotImplementedError

    def count_customers(self) -> int:
        """How many customers are on this tablet."""
        raise NotImplementedError

    def customer(self, customer_id: UUID) -> CustomerPage | None:
        """A customer's page, None if he is not on this tablet (any more)."""
        raise NotImplementedError

    def observations(self) -> tuple[ObservationRow, ...]:
        """The technician's observations, drafts included, newest first."""
        raise NotImplementedError

    def observation(self, observation_id: UUID) -> ObservationPage | None:
        """One observation with all that belongs to it."""
        raise NotImplementedError

    def drafts(self) -> tuple[Draft, ...]:
        """All drafts, the one last written first."""
        raise NotImplementedError

    def draft(self, draft_id: UUID) -> Draft | None:
        """One draft."""
        raise NotImplementedError

    def new_draft(
        self,
        *,
        customer_id: UUID | None = None,
        site_id: UUID | None = None,
        visit_id: UUID | None = None,
        kind: Kind | None = None,
    ) -> Draft:
        """A fresh draft, not stored yet."""
        raise NotImplementedError

    def correction(self, observation_id: UUID) -> Draft:
        """The draft of the next revision (an existing one if begun). Raises KeyError if there is no such observation."""
        raise NotImplementedError

    async def keep_draft(self, draft: Draft) -> None:
        """Keep a draft durably. Raises StorageFull."""
        raise NotImplementedError

    async def discard_draft(self, draft_id: UUID) -> Draft:
        """Remove a draft and return it, so that `keep_draft` can bring it back. Raises KeyError."""
        raise NotImplementedError

    async def save(self, draft: Draft) -> None:
        """Draft gone, observation in the outbox: one durable commit. Raises InvalidDraft, StorageFull."""
        raise NotImplementedError

    async def answer(self, observation_id: UUID, text: str) -> None:
        """Contribute to the thread with inside sales. Raises InvalidDraft, StorageFull."""
        raise NotImplementedError

    async def add_photo(self, draft_id: UUID, data: bytes, caption: str = "") -> Photo:
        """Keep a photo's bytes; the caller adds it to the draft.

        Raises UnreadablePhoto, PhotoTooLarge, TooManyPhotos, StorageFull.
        """
        raise NotImplementedError

    async def photo(self, sha256: str) -> bytes | None:
        """A photo's bytes, None if they are not on this tablet (any more)."""
        raise NotImplementedError

    async def mark_read(self, observation_id: UUID) -> None:
        """The person has seen what inside sales said."""
        raise NotImplementedError

    async def reopen_refused(self, change_id: UUID) -> Draft:
        """Make a refused change a draft again. Raises KeyError."""
        raise NotImplementedError

    def transfer(self) -> Transfer:
        """What waits, what was transferred, what hinders it."""
        raise NotImplementedError

    def preference(self, name: str, default: str) -> str:
        """A setting of this person on this tablet."""
        raise NotImplementedError

    async def prefer(self, name: str, value: str) -> None:
        """Keep a setting of this person on this tablet."""
        raise NotImplementedError

    async def export_outbox(self) -> bytes:
        """A zip of everything unconfirmed: readable JSON and the photos."""
        raise NotImplementedError

    async def storage(self) -> StorageUse:
        """How much of the tablet's storage is used."""
        raise NotImplementedError

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change of what can be read here; returns how to stop that."""
        raise NotImplementedError
