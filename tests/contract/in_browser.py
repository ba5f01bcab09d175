"""The browser's side of the store tests: runs inside Pyodide, called by test_indexeddb.py."""

import traceback
from collections.abc import Sequence
from os import urandom

from app.store.backing import Backing, Write
from app.store.documents import Documents, Put
from app.store.errors import StorageFull, StoreError
from app.store.indexeddb import IndexedDBBacking
from tests.contract.backing_contract import CASES


class _Place:
    def __init__(self, name: str) -> None:
        self._name = name

    async def open(self) -> Backing:
        return await IndexedDBBacking.open(self._name)


async def run_contract() -> dict[str, str]:
    """Every case by its name with "" or its traceback."""
    results = {}
    for case in CASES:
        try:
            await case(_Place(f"contract-{case.__name__}"))
            results[case.__name__] = ""
        except Exception:
            results[case.__name__] = traceback.format_exc()
    return results


_held: dict[str, IndexedDBBacking] = {}


async def hold(name: str) -> None:
    """Open a store and keep it open."""
    _held[name] = await IndexedDBBacking.open(name)


async def commit(name: str, key: str) -> str:
    """Commit one document to a held store; "" or the name of the failure."""
    try:
        await _held[name].commit([Write("drafts", key, "{}"), Write("outbox", key, "{}")])
    except StoreError as failure:
        return type(failure).__name__
    return ""


async def commit_for_ever(name: str) -> None:
    """Commit pairs of documents until the browser is killed."""
    number = 0
    while True:
        await commit(name, f"{number:06}")
        number += 1


async def keys(name: str) -> list[list[str]]:
    """What a fresh connection finds: [table, key] of every document."""
    backing = await IndexedDBBacking.open(name)
    found = [[stored.table, key] async for stored in backing.read() for key in stored.keys]
    await backing.close()
    return found


async def fill(name: str, megabytes: int) -> str:
    """Put files of one (incompressible) megabyte until the storage is full; the name of the failure."""
    for number in range(megabytes):
        try:
            await _held[name].put_file(f"{number}", urandom(1_000_000))
        except StorageFull as failure:
            return type(failure).__name__
    return ""


async def delete_from_outside(name: str) -> None:
    """Clear the site's data as a person does in the browser's settings."""
    import asyncio

    import js
    from pyodide.ffi import create_once_callable

    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    request = js.indexedDB.deleteDatabase(name)
    request.onsuccess = create_once_callable(lambda _: done.set_result(None))
    await done


async def empty_half(name: str) -> str:
    """Remove every other file of a held store; "" or the name of the failure."""
    try:
        for key in list(await _held[name].file_keys())[::2]:
            await _held[name].remove_file(key)
    except StoreError as failure:
        return type(failure).__name__
    return ""


async def seed_first_version(name: str, count: int) -> None:
    """A store as version 1 of the app wrote it."""
    backing = await IndexedDBBacking.open(name)
    texts = [
        Write("outbox", f"{number:05}", f'{{"n":{number},"text":"{"x" * 500}"}}') for number in range(count)
    ]
    await backing.commit([*texts, Write("_about", "schema", '{"version":1}')])
    await backing.close()


class _Watched(IndexedDBBacking):
    """Tells when a commit has begun and is not over."""

    committing = False

    async def commit(self, writes: Sequence[Write]) -> None:
        _Watched.committing = True
        await super().commit(writes)
        _Watched.committing = False


async def bring_up_to_date(name: str) -> None:
    """Open a store with this version of the app."""
    documents = await Documents.open(await _Watched.open(name), name=name, schema=2, counted=True)
    await documents.close()


async def is_committing() -> bool:
    """Whether a commit is under way just now."""
    return _Watched.committing


async def beginnings(name: str) -> dict[str, int]:
    """How many stored texts begin with a brace (first version) and how many with a seal, without the version."""
    backing = await IndexedDBBacking.open(name)
    found = {"plain": 0, "sealed": 0}
    async for stored in backing.read():
        for text in stored.documents if stored.table != "_about" else ():
            found["plain" if text.startswith("{") else "sealed"] += 1
    await backing.close()
    return found


async def write_documents(name: str, sizes: dict[str, int]) -> None:
    """Documents of these sizes in the drafts."""
    documents = await Documents.open(await IndexedDBBacking.open(name), name=name, schema=2, counted=True)
    for key, size in sizes.items():
        text = urandom(size // 2).hex()
        await documents.change(lambda key=key, text=text: [Put("drafts", key, {"text": text})])  # type: ignore[misc]
    await documents.close()


async def read_documents(name: str) -> dict[str, list[str]]:
    """Keys of the drafts that can be read, and what is said to be damaged."""
    documents = await Documents.open(await IndexedDBBacking.open(name), name=name, schema=2, counted=True)
    result = {
        "drafts": sorted(documents.all("drafts")),
        "damage": sorted(f"{damage.table}/{damage.key}: {damage.reason}" for damage in documents.damage),
    }
    await documents.close()
    return result
