"""A tablet's storage that dies, is full or gets lost at any of its steps, before or after the step is durable."""

import random
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from app.store.backing import Backing, Stored, Write
from app.store.errors import StorageFull, StoreLost
from app.store.memory import Crash, MemoryBacking, MemoryDisk
from app.store.outbox import OutboxEntry
from app.store.sqlite import SQLiteBacking


class Harm(StrEnum):
    """What a storage does to the app."""

    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"
    FULL = "full"
    LOST = "lost"


@dataclass
class Trouble:
    """At which step of all the storage of one tablet what happens; None: nothing.

    A lost store stays lost until the app starts again; everything else happens once.
    """

    harm: Harm | None = None
    countdown: int = 0
    _lost: bool = False

    def arm(self, harm: Harm, countdown: int) -> None:
        """The harm happens at the step with this number from now, the next one being 1."""
        self.harm, self.countdown, self._lost = harm, countdown, False

    def disarm(self) -> None:
        """Everything works again."""
        self.harm, self._lost = None, False

    def recover(self) -> None:
        """The app starts again: what was lost can be opened."""
        self._lost = False

    def before(self, *, writes: bool) -> None:
        """A step begins. Raises Crash, StorageFull, StoreLost."""
        if self._lost:
            raise StoreLost("closed by the platform")
        if self.harm is None:
            return
        self.countdown -= 1
        if self.countdown > 0 or self.harm is Harm.DIES_AFTER:
            return
        if self.harm is Harm.DIES_BEFORE:
            self.disarm()
            raise Crash
        if self.harm is Harm.LOST:
            self.harm, self._lost = None, True
            raise StoreLost("closed by the platform")
        if writes:
            self.disarm()
            raise StorageFull("no room")

    def after(self) -> None:
        """A step is durable. Raises Crash."""
        if self.harm is Harm.DIES_AFTER and self.countdown <= 0:
            self.disarm()
            raise Crash


class ShakyBacking:
    """A real backing under which the ground shakes."""

    def __init__(self, inner: Backing, trouble: Trouble) -> None:
        self.inner = inner
        self._trouble = trouble

    async def read(self) -> AsyncIterator[Stored]:
        """See `Backing`."""
        self._trouble.before(writes=False)
        async for stored in self.inner.read():
            yield stored
        self._trouble.after()

    async def commit(self, writes: Sequence[Write]) -> None:
        """See `Backing`."""
        self._trouble.before(writes=True)
        await self.inner.commit(writes)
        self._trouble.after()

    async def put_file(self, key: str, data: bytes) -> None:
        """See `Backing`."""
        self._trouble.before(writes=True)
        await self.inner.put_file(key, data)
        self._trouble.after()

    async def file(self, key: str) -> bytes | None:
        """See `Backing`."""
        self._trouble.before(writes=False)
        return await self.inner.file(key)

    async def remove_file(self, key: str) -> None:
        """See `Backing`."""
        self._trouble.before(writes=True)
        await self.inner.remove_file(key)
        self._trouble.after()

    async def file_keys(self) -> Sequence[str]:
        """See `Backing`."""
        self._trouble.before(writes=False)
        return await self.inner.file_keys()

    async def close(self) -> None:
        """See `Backing`."""
        await self.inner.close()


@dataclass
class Disks:
    """All that survives of one tablet, by the name of the store: in memory, or as SQLite files in a folder."""

    folder: Path | None = None
    trouble: Trouble = field(default_factory=Trouble)
    memory: dict[str, MemoryDisk] = field(default_factory=dict)
    _open: list[Backing] = field(default_factory=list)

    async def open(self, store: str) -> Backing:
        """Open a store. Raises Crash, StoreLost, StorageFull."""
        inner: Backing
        if self.folder is None:
            inner = MemoryBacking(self.memory.setdefault(store, MemoryDisk()))
        else:
            inner = await SQLiteBacking.open(self.folder / f"{store}.sqlite3")
        self._open.append(inner)
        return ShakyBacking(inner, self.trouble)

    async def abandon(self) -> None:
        """The process is gone: nothing is open any more, and nothing is told to anybody."""
        for backing in self._open:
            await backing.close()
        self._open.clear()
        self.trouble.recover()

    def stores(self) -> list[str]:
        """The names of all stores that were ever opened."""
        if self.folder is None:
            return sorted(self.memory)
        return sorted(file.stem for file in self.folder.glob("*.sqlite3"))

    def texts(self, store: str) -> dict[tuple[str, str], str]:
        """Everything that is durable in a store, as it is stored."""
        if self.folder is None:
            return dict(self.memory[store].documents)
        rows = self._select(store, 'SELECT "table", key, json FROM documents')
        return {(table, key): text for table, key, text in rows}

    def documents(self, store: str, table: str) -> dict[str, str]:
        """What is durable in one table, by key: JSON as it was written. Asks no code of the app."""
        rows: Sequence[tuple[str, ...]]
        if self.folder is None:
            disk = self.memory.get(store, MemoryDisk())
            rows = [(key, text) for (name, key), text in disk.documents.items() if name == table]
        else:
            rows = self._select(store, 'SELECT key, json FROM documents WHERE "table" = ?', table)
        # Before the document stands the checksum with which the app notices damage.
        return {key: text[text.index("{") :] for key, text in rows}

    def file_keys(self, store: str) -> set[str]:
        """The keys of the files that are durable in a store."""
        if self.folder is None:
            return set(self.memory.get(store, MemoryDisk()).files)
        return {row[0] for row in self._select(store, "SELECT key FROM files")}

    def _select(self, store: str, statement: str, *values: str) -> list[tuple[str, ...]]:
        assert self.folder is not None
        file = self.folder / f"{store}.sqlite3"
        if not file.exists():
            return []
        database = sqlite3.connect(file)
        try:
            return database.execute(statement, values).fetchall()
        except sqlite3.OperationalError as failure:
            if "no such table" in str(failure):
                return []  # it died while it was made
            raise
        finally:
            database.close()


def storage_fails(chance: random.Random, disks: Disks, *, soon: bool = False) -> str:
    """Something will happen to the tablet's storage; says what."""
    harm = chance.choice(list(Harm))
    countdown = chance.choice((1, 2, 3, 4, 5, 6) if soon else (1, 1, 2, 3, 5, 8, 13, 20))
    disks.trouble.arm(harm, countdown)
    return f"{harm} at step {countdown}"


def own_store(person: UUID) -> str:
    """The name of the store of a person's own work."""
    return f"rundgang-own-{person}"


def reference_store(person: UUID) -> str:
    """The name of the store of what the server told this person."""
    return f"rundgang-reference-{person}"


def outbox(disks: Disks, person: UUID) -> dict[UUID, OutboxEntry]:
    """The durable outbox of one person."""
    found = disks.documents(own_store(person), "outbox")
    return {UUID(key): OutboxEntry.model_validate_json(text) for key, text in found.items()}
