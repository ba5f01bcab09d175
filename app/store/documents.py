"""TinyDB tables in memory over a transactional backing: one user action is one atomic, durable commit.

TinyDB answers the questions; it never writes. TinyDB's own writing copies the whole table for each change and
its stock storage rewrites the whole file; here a change is first committed to the backing and only then shown
in memory, at the cost of what changed.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Self

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from app.store.backing import Backing, Stored, Write
from app.store.errors import Damage, NewerStore

_ABOUT = "_about"
"""The table with the store's own data: its schema version."""
_SCHEMA = "schema"

Json = dict[str, Any]
"""A document as plain JSON values. Documents that were read are shared: never change them in place."""


class Put(NamedTuple):
    """A document to be kept under this key, replacing what was there."""

    table: str
    key: str
    document: Mapping[str, Any]


class Remove(NamedTuple):
    """A document to be forgotten; nothing happens if there is none."""

    table: str
    key: str


Operation = Put | Remove


class DocumentTable(Table):
    """A TinyDB table whose ids are strings (UUIDs, hashes, names)."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB allows it but types it as int


class _Mirror(Storage):
    """What is durable, in memory. TinyDB reads from here; only `Documents` writes."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Json]] = {}

    def read(self) -> dict[str, dict[str, Json]]:
        return self.tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        raise TypeError("tables are read-only: use Documents.change, which commits before it shows")


class _Database(TinyDB):
    table_class = DocumentTable


class Documents:
    """The documents of one store.

    Attributes:
        damage: stored documents that could not be read; they are left in the store as they are.
        version: grows with each change, so that what was computed from the documents can be kept.
    """

    def __init__(self, backing: Backing, mirror: _Mirror, damage: tuple[Damage, ...]) -> None:
        self.damage = damage
        self.version = 0
        self._backing = backing
        self._mirror = mirror
        self._database = _Database(storage=lambda: mirror)
        self._turn = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    async def open(cls, backing: Backing, *, name: str, schema: int) -> Self:
        """Read everything that is stored.

        Args:
            backing: where the documents are.
            name: of the store, for messages.
            schema: the version of the documents that this app writes and the newest that it reads.

        Raises:
            NewerStore: a newer app wrote this store. Nothing was changed in it.
            StoreError: the backing cannot be read.
        """
        mirror, damage = _Mirror(), []
        async for stored in backing.read():
            damage += _load(stored, mirror.tables.setdefault(stored.table, {}))
            await asyncio.sleep(0)
        found = mirror.tables.get(_ABOUT, {}).get(_SCHEMA, {}).get("version", 0)
        if found > schema:
            raise NewerStore(name, found, schema)
        documents = cls(backing, mirror, tuple(damage))
        if found < schema:
            await documents.change(lambda: [Put(_ABOUT, _SCHEMA, {"version": schema})])
        return documents

    def table(self, name: str) -> Table:
        """The documents of a table, for TinyDB's queries. Its writing methods raise TypeError."""
        return self._database.table(name)

    def get(self, table: str, key: str) -> Json | None:
        """One document. Not to be changed in place."""
        return self._mirror.tables.get(table, {}).get(key)

    def all(self, table: str) -> Mapping[str, Json]:
        """Every document of a table by its key. Not to be changed in place."""
        return self._mirror.tables.get(table, {})

    async def change(
        self, build: Callable[[], Iterable[Operation]], follow: Callable[[], None] = lambda: None
    ) -> None:
        """Commit what `build` asks for, all or nothing, then show it and call `follow`.

        `build` runs when no other change is under way, so what it reads is what it changes. Once begun, a change is
        finished even if the caller is cancelled: memory and store never part.

        Raises:
            StorageFull, StoreLost, StoreDamaged: nothing was changed.
        """
        await asyncio.shield(asyncio.ensure_future(self._change(build, follow)))

    async def put_file(self, key: str, data: bytes) -> None:
        """Keep a file durably, before the document that names it. Raises StorageFull, StoreLost."""
        await self._backing.put_file(key, data)

    async def file(self, key: str) -> bytes | None:
        """The bytes of a file."""
        return await self._backing.file(key)

    async def remove_file(self, key: str) -> None:
        """Forget a file, after the document that named it."""
        await self._backing.remove_file(key)

    async def file_keys(self) -> frozenset[str]:
        """The keys of all kept files."""
        return frozenset(await self._backing.file_keys())

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def close(self) -> None:
        """Let a change that is under way finish, then let go of the backing."""
        async with self._turn:
            await self._backing.close()

    async def _change(self, build: Callable[[], Iterable[Operation]], follow: Callable[[], None]) -> None:
        async with self._turn:
            operations = list(build())
            if not operations:
                return
            await self._backing.commit([_write(operation) for operation in operations])
            for operation in operations:
                self._show(operation)
            self.version += 1
            follow()
        for listener in tuple(self._listeners):
            listener()

    def _show(self, operation: Operation) -> None:
        table = self._mirror.tables.setdefault(operation.table, {})
        if isinstance(operation, Put):
            table[operation.key] = dict(operation.document)
        else:
            table.pop(operation.key, None)
        self._database.table(operation.table).clear_cache()


def _write(operation: Operation) -> Write:
    if isinstance(operation, Remove):
        return Write(operation.table, operation.key, None)
    # ASCII on one line: the cheapest text to hand between Python and JavaScript, and safe to join by line feeds.
    return Write(operation.table, operation.key, json.dumps(operation.document, separators=(",", ":")))


def _load(stored: Stored, into: dict[str, Json]) -> list[Damage]:
    """Parse a slice at once; only when that fails, one by one, to keep the readable part."""
    try:
        documents = json.loads("[" + ",".join(stored.documents) + "]")
    except ValueError:
        documents = []
    if len(documents) == len(stored.keys) and all(type(document) is dict for document in documents):
        into.update(zip(stored.keys, documents, strict=True))
        return []
    damage = []
    for key, text in zip(stored.keys, stored.documents, strict=True):
        try:
            document = json.loads(text)
        except ValueError as failure:
            damage.append(Damage(stored.table, key, str(failure)))
            continue
        if isinstance(document, dict):
            into[key] = document
        else:
            damage.append(Damage(stored.table, key, "is not an object"))
    return damage


__all__ = ["Document", "DocumentTable", "Documents", "Json", "Operation", "Put", "Remove"]
