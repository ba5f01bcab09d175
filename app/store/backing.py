"""The small interface to a transactional store: documents as JSON text by table and key, and files apart."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Write(NamedTuple):
    """One document to be written, or removed when `json` is None."""

    table: str
    key: str
    json: str | None


class Backing(Protocol):
    """A store that keeps what it said it kept.

    Every method may raise StorageFull, StoreLost or StoreDamaged of `app.store.errors`.
    """

    async def read(self) -> Sequence[tuple[str, str, str]]:
        """Every document as (table, key, json)."""

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
