"""Opening a store: which version wrote it, whether it is whole, and what has to be written before it is used.

Reads only. What it finds to be done (a migration, damaged documents to be set aside) is one list of operations, so
that the caller can make it one commit: killed in the middle, the store is the old one or the new one.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any
from zlib import crc32

from app.store.backing import Backing, Write
from app.store.errors import Damage, NewerStore
from app.store.inventory import Place, is_inventory
from app.store.sealed import LENGTH, is_sealed, seal
from app.store.tables import Json, read_plain, read_sealed

ABOUT, SCHEMA, INVENTORY = "_about", "schema", "inventory"
"""The table with the store's own data: which version wrote it, and how many documents there are."""
DAMAGED = "_damaged"
"""The table in which lies what could not be read, until a person has seen it."""

_ASIDE_CHARACTERS = 100_000
"""Of a text that cannot be read, at most this is set aside: no document of the app is as long."""

SEALED_SINCE = 2
"""The first version whose documents have checksums."""

Tables = MutableMapping[str, dict[str, Json]]
"""Every document by table and key."""

Step = Callable[[Tables], None]
"""Turns the documents of one version into those of the next, in place. Pure: no clock, no network, no chance."""

NO_STEPS: Mapping[int, Step] = MappingProxyType({})


@dataclass
class Found:
    """What a store holds.

    Attributes:
        version: of the app's documents that wrote it; 0: a new store.
        texts: documents under their seals that were not read, by table and key.
        documents: documents that were read and brought up to this app's version.
        damage: what could not be read.
        rewritten: documents that have to be written because they changed, or because they had no seal.
        gone: documents of an older version that this one no longer has.
        seals: of the documents that were read, as they are stored.
        inventory: what the last commit said there is.
    """

    version: int
    texts: dict[str, dict[str, str]]
    documents: dict[str, dict[str, Json]] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    rewritten: list[tuple[str, str]] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    seals: dict[Place, int] = field(default_factory=dict)
    inventory: Json | None = None


def version_document(version: int) -> Json:
    """How a store says which version wrote it.

    It stands without a seal, in a form that no version changes: the oldest app must understand the newest store
    well enough to leave it alone.
    """
    return {"version": version, "check": crc32(f"schema {version}".encode())}


def aside_key(damage: Damage, name: str = "") -> str:
    """The key under which damage is noted: the same each time the same damage is found."""
    where = name or f"{damage.table}/{damage.key or damage.reason}"
    return where.encode("unicode_escape").decode("ascii")


def aside_document(damage: Damage) -> Json:
    """A note of damage."""
    return asdict(replace(damage, text=damage.text[:_ASIDE_CHARACTERS]))


def set_aside(damage: Damage, name: str) -> Write:
    """A note of damage as it is stored, for what is found below the documents."""
    key = aside_key(damage, name)
    return Write(DAMAGED, key, seal(DAMAGED, key, json.dumps(aside_document(damage), separators=(",", ":"))))


def dropped_store(reason: str) -> Write:
    """The note that the platform has thrown away everything that was in a store."""
    return set_aside(Damage("_store", "", "dropped", reason, count=0), "_store/dropped")


async def find(
    backing: Backing, *, name: str, schema: int, steps: Mapping[int, Step], lazily: bool, counted: bool
) -> Found:
    """Read a store.

    Raises:
        NewerStore: a newer app wrote it.
        StoreError: the backing cannot be read.
    """
    texts: dict[str, dict[str, str]] = {}
    async for stored in backing.read():
        texts.setdefault(stored.table, {}).update(zip(stored.keys, stored.documents, strict=True))
        await asyncio.sleep(0)
    about = texts.pop(ABOUT, {})
    damage: list[Damage] = []
    version = _version(about.get(SCHEMA))
    if version is None and texts.keys() - {DAMAGED}:
        damage.append(Damage(ABOUT, SCHEMA, "version", about.get(SCHEMA, ""), count=0))
        sealed = any(is_sealed(text) for table in texts.values() for text in table.values())
        version = schema if sealed else 1
    found = Found(version or 0, texts, damage=damage)
    if found.version > schema:
        raise NewerStore(name, found.version, schema)
    if found.version == schema and lazily:
        return found
    await _read(found)
    if counted and found.version >= SEALED_SINCE:
        _take_inventory(found, about.get(INVENTORY))
    if found.version < schema:
        _migrate(found, schema, steps)
    return found


def _version(text: str | None) -> int | None:
    """The version that a store says it has; None if it does not say so believably."""
    documents, _ = read_plain(ABOUT, {SCHEMA: text} if text else {})
    document: Mapping[str, Any] = documents.get(SCHEMA, {})
    version = document.get("version")
    if type(version) is not int or version < 1:
        return None
    # The first version wrote no check.
    return version if version == 1 or document == version_document(version) else None


async def _read(found: Found) -> None:
    """Read every document."""
    for table, texts in found.texts.items():
        # What an older app set aside or a rescue wrote is sealed in any version.
        is_plain = found.version < SEALED_SINCE and table != DAMAGED
        documents, damage = (read_plain if is_plain else read_sealed)(table, texts)
        found.documents[table] = documents
        found.damage += damage
        if not is_plain:
            found.seals |= {(table, key): int(texts[key][:LENGTH], 16) for key in documents}
        await asyncio.sleep(0)
    found.texts = {}


def _take_inventory(found: Found, text: str | None) -> None:
    documents, _ = read_sealed(ABOUT, {INVENTORY: text} if text else {})
    inventory = documents.get(INVENTORY)
    if is_inventory(inventory):
        found.inventory = inventory
    else:
        found.damage.append(Damage(ABOUT, INVENTORY, "inventory", text or "", count=0))


def _migrate(found: Found, schema: int, steps: Mapping[int, Step]) -> None:
    before = {table: dict(documents) for table, documents in found.documents.items()}
    after: dict[str, dict[str, Json]] = {table: dict(documents) for table, documents in before.items()}
    if found.version:
        for version in range(found.version, schema):
            steps.get(version, _unchanged)(after)
    unsealed = found.version < SEALED_SINCE
    for table, documents in after.items():
        known = before.get(table, {})
        found.rewritten += [
            (table, key) for key, document in documents.items() if unsealed or known.get(key) is not document
        ]
    for table, documents in before.items():
        kept = after.get(table, {})
        found.gone += [(table, key) for key in documents if key not in kept]
    found.documents = after


def _unchanged(_: Tables) -> None:
    """A version that changed nothing in the documents themselves."""


__all__ = [
    "ABOUT",
    "DAMAGED",
    "INVENTORY",
    "NO_STEPS",
    "SCHEMA",
    "Found",
    "Step",
    "Tables",
    "aside_document",
    "aside_key",
    "dropped_store",
    "find",
    "set_aside",
    "version_document",
]
