"""The browser's side of the store tests: runs inside Pyodide, called by test_indexeddb.py."""

import traceback
from os import urandom

from app.store.backing import Backing, Write
from app.store.errors import StorageFull, StoreLost
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
    except (StorageFull, StoreLost) as failure:
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

    import js  # type: ignore[import-not-found]
    from pyodide.ffi import create_once_callable  # type: ignore[import-not-found]

    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    request = js.indexedDB.deleteDatabase(name)
    request.onsuccess = create_once_callable(lambda _: done.set_result(None))
    await done
