"""The small interface to a transactional store: documents as JSON text by table and key, and files apart."""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol

READ_SLICE = 2_000
"""Documents read at a time: about 2 MB, taken in unparsed in some 20 ms in the browser, so that the screen keeps moving."""


class Write(NamedTuple):
    """One document to be written, or removed when `json` is None. Neither key nor JSON contains a line feed."""

    table: str
    key: str
    json: str | None


class Stored(NamedTuple):
    """A slice of what is stored in one table: keys and JSON texts in the same order."""

    table: str
    keys: Sequence[str]
    documents: Sequence[str]


class Backing(Protocol):
    """A store that keeps what it said it kept.

    Every method may raise StorageFull, StoreLost or StoreDamaged of `app.store.errors`.
    """

    def read(self) -> AsyncIterator[Stored]:
        """Every document, in slices of at most READ_SLICE."""

    async def commit(self, writes: Sequence[Write]) -> None:
        """Write all or nothing; when this returns, it survives a power cut."""

    async def put_file(self, key: str, data: bytes) -> None:
        """Keep a file durably under this key."""

    async def file(self, key: str) -> bytes | None:
        """The file's bytes."""

    async def remove_file(self, key: str) -> None:
        """Forget a file; nothing happens if there is none."""

    async def file_keys(self) -> Sequence[str]:
        """The keys of all kept files."""

    async def close(self) -> None:
        """Let go of the store; nothing may be called afterwards."""
