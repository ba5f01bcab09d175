"""TinyDB tables in memory over a transactional backing: one user action is one atomic, durable commit.

TinyDB answers the questions; it never writes. TinyDB's own writing copies the whole table for each change and
its stock storage rewrites the whole file; here a change is first committed to the backing and only then shown
in memory, at the cost of what changed.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from app.store.backing import Backing, Write
from app.store.errors import Damage, NewerStore, StorageFull
from app.store.inventory import Inventory
from app.store.opening import (
    ABOUT,
    DAMAGED,
    INVENTORY,
    NO_STEPS,
    SCHEMA,
    Found,
    Step,
    Tables,
    aside_document,
    aside_key,
    find,
    version_document,
)
from app.store.sealed import seal
from app.store.tables import DocumentsOfTable, Json


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

_SLICE = 25
"""Documents built or written between two breaths of the screen."""


class DocumentTable(Table):
    """A TinyDB table whose ids are strings (UUIDs, hashes, names)."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB allows it but types it as int


class _Mirror(Storage):
    """What is durable, in memory. TinyDB reads from here; only `Documents` writes."""

    def __init__(self) -> None:
        self.tables: dict[str, DocumentsOfTable] = {}

    def read(self) -> dict[str, DocumentsOfTable]:  # type: ignore[override]  # a mapping serves TinyDB as well
        return self.tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        raise TypeError("tables are read-only: use Documents.change, which commits before it shows")


class _Database(TinyDB):
    table_class = DocumentTable


class Documents:
    """The documents of one store.

    Attributes:
        version: grows with each change, so that what was computed from the documents can be kept.
    """

    def __init__(self, backing: Backing, *, counted: bool = False) -> None:
        self.version = 0
        self._backing = backing
        self._mirror = _Mirror()
        self._database = _Database(storage=lambda: self._mirror)
        self._inventory = Inventory() if counted else None
        self._unread: list[Damage] = []
        self._turn = asyncio.Lock()
        self._watchers: list[Callable[[Sequence[Operation]], None]] = []
        self._followers: list[Callable[[], Awaitable[None]]] = []
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    async def open(
        cls,
        backing: Backing,
        *,
        name: str,
        schema: int,
        steps: Mapping[int, Step] = NO_STEPS,
        counted: bool = False,
        lazily: bool = False,
    ) -> Self:
        """Read everything that is stored, bring it up to this app's version, set aside what cannot be read.

        Args:
            backing: where the documents are.
            name: of the store, for messages.
            schema: the version of the documents that this app writes and the newest that it reads.
            steps: from version n to n + 1, by n; a version without one changed nothing in the documents.
            counted: each commit says how many documents there are, so that a vanished one is noticed.
            lazily: texts are read when they are first asked for; damage is noticed then.

        Raises:
            NewerStore: a newer app wrote this store. Nothing was changed in it.
            StorageFull: there is no room for the migration. Nothing was changed.
            StoreError: the backing cannot be read.
        """
        documents = cls(backing, counted=counted)
        try:
            found = await find(backing, name=name, schema=schema, steps=steps, lazily=lazily, counted=counted)
            await documents._take(found, schema)
        except BaseException:
            await backing.close()
            raise
        return documents

    @property
    def damage(self) -> tuple[Damage, ...]:
        """What could not be read, now or at an earlier start."""
        return (*(Damage(**document) for document in self.all(DAMAGED).values()), *self._unread)

    @property
    def damage_count(self) -> int:
        """How many notes of damage there are; it only grows, so that a person is told of each once."""
        return len(self.all(DAMAGED)) + len(self._unread)

    async def set_aside(self, damage: Damage) -> None:
        """Keep a note of something that could not be read. Raises StoreError."""
        await self.change(lambda: [Put(DAMAGED, aside_key(damage), aside_document(damage))])

    async def clear_damage(self) -> None:
        """Forget what was set aside: a person has seen it, or it is read anew. Raises StoreError."""
        self._unread.clear()
        await self.change(lambda: [Remove(DAMAGED, key) for key in self.all(DAMAGED)])

    def table(self, name: str) -> Table:
        """The documents of a table, for TinyDB's queries. Its writing methods raise TypeError."""
        return self._database.table(name)

    def get(self, table: str, key: str) -> Json | None:
        """One document. Not to be changed in place."""
        documents = self._mirror.tables.get(table)
        return None if documents is None else documents.get(key)

    def all(self, table: str) -> Mapping[str, Json]:
        """Every document of a table by its key. Not to be changed in place."""
        return self._shown(table)

    async def change(
        self, build: Callable[[], Iterable[Operation]], follow: Callable[[], None] = lambda: None
    ) -> None:
        """Commit what `build` asks for, all or nothing, then show it and call `follow`.

        `build` runs when no other change is under way, so what it reads is what it changes. What it yields one by one
        is taken in slices, so that many documents do not keep the screen waiting. Once begun, a change is finished
        even if the caller is cancelled: memory and store never part.

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

    def watch(
        self, watcher: Callable[[Sequence[Operation]], None], follower: Callable[[], Awaitable[None]]
    ) -> None:
        """Keep what is computed from these documents up to date.

        Args:
            watcher: is told of what a change wrote at the moment in which it is shown.
            follower: is waited for after that, before those are called who subscribe. Must not fail.
        """
        self._watchers.append(watcher)
        self._followers.append(follower)

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
            operations: list[Operation] = []
            for operation in build():
                operations.append(operation)
                await _breathe(len(operations))
            if not operations:
                return
            await self._commit(operations)
            follow()
        for follower in self._followers:
            await follower()
        for listener in tuple(self._listeners):
            listener()

    async def _commit(self, operations: list[Operation], *, schema: int | None = None) -> None:
        writes = []
        for operation in operations:
            writes.append(_write(operation))
            await _breathe(len(writes))
        if schema is not None:
            writes.append(Write(ABOUT, SCHEMA, _as_json(version_document(schema))))
        plan = None
        if self._inventory is not None:
            plan = self._inventory.plan(writes)
            writes.append(_write(Put(ABOUT, INVENTORY, plan.as_document())))
        await self._backing.commit(writes)
        if self._inventory is not None and plan is not None:
            self._inventory.settle(plan)
        for operation in operations:
            self._show(operation)
        self.version += 1
        for watcher in self._watchers:
            watcher(operations)

    def _show(self, operation: Operation) -> None:
        table = self._shown(operation.table)
        if isinstance(operation, Put):
            table.put(operation.key, dict(operation.document))
        else:
            table.remove(operation.key)
        self._database.table(operation.table).clear_cache()

    def _shown(self, table: str) -> DocumentsOfTable:
        if table not in self._mirror.tables:
            self._mirror.tables[table] = DocumentsOfTable(table, self._unread.append)
        return self._mirror.tables[table]

    async def _take(self, found: Found, schema: int) -> None:
        """Show what was found, and write what has to be written, in one commit."""
        for table, texts in found.texts.items():
            self._shown(table).take(texts)
        for table, documents in found.documents.items():
            shown = self._shown(table)
            for key, document in documents.items():
                shown.put(key, document)
        if self._inventory is not None:
            self._inventory.begin(found.seals)
            if found.inventory is not None:
                damaged = [damage.table for damage in found.damage]
                found.damage += self._inventory.differences(found.inventory, damaged)
        operations: list[Operation] = [
            Put(table, key, found.documents[table][key]) for table, key in found.rewritten
        ]
        operations += [Remove(table, key) for table, key in found.gone]
        aside = [damage for damage in found.damage if aside_key(damage) not in self.all(DAMAGED)]
        for damage in aside:
            operations.append(Put(DAMAGED, aside_key(damage), aside_document(damage)))
            if damage.key and damage.table not in (ABOUT, DAMAGED):
                operations.append(Remove(damage.table, damage.key))
        if not operations and found.version == schema:
            return
        try:
            await self._commit(operations, schema=schema)
        except StorageFull:
            if found.version != schema:
                raise
            # Nothing can be set aside; what can be read is used all the same.
            self._unread += aside


async def _breathe(done: int) -> None:
    """Let others come in after each slice."""
    if done % _SLICE == 0:
        await asyncio.sleep(0)


def _as_json(document: Mapping[str, Any]) -> str:
    # ASCII on one line: the cheapest text to hand between Python and JavaScript, and safe to join by line feeds.
    return json.dumps(document, separators=(",", ":"))


def _write(operation: Operation) -> Write:
    if isinstance(operation, Remove):
        return Write(operation.table, operation.key, None)
    text = seal(operation.table, operation.key, _as_json(operation.document))
    return Write(operation.table, operation.key, text)


__all__ = [
    "Document",
    "DocumentTable",
    "Documents",
    "Json",
    "NewerStore",
    "Operation",
    "Put",
    "Remove",
    "Step",
    "Tables",
]
