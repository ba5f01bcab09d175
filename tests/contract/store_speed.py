"""The browser's side of bench/tablet_store.py: runs inside Pyodide."""

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.store.indexeddb import IndexedDBBacking
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.changes import ReviseObservation
from protocol.observation import Kind, ObservationContent
from protocol.reading import PullPage
from tests.contract.measuring import pages

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

# What the browser can do with the same bytes and nothing around it: every text of a database into one string.
_BARE_OPEN = """async (names) => {
  const start = performance.now();
  let bytes = 0;
  for (const name of names) {
    const db = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const texts = await new Promise((resolve, reject) => {
      const request = db.transaction("documents").objectStore("documents").getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    bytes += texts.join("\\n").length;
    db.close();
  }
  return JSON.stringify([performance.now() - start, bytes]);
}"""

# The same number of characters in the same number of documents, durably.
_BARE_COMMITS = """async (sizes, count) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open("bare", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("documents");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const texts = JSON.parse(sizes).map((size) => "x".repeat(size)), times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await new Promise((resolve, reject) => {
      const transaction = db.transaction("documents", "readwrite", { durability: "strict" });
      texts.forEach((text, n) => transaction.objectStore("documents").put(text, [String(n), String(i)]));
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    times.push(performance.now() - start);
  }
  db.close();
  return JSON.stringify(times);
}"""


async def fill(customers: int, observations: int) -> float:
    """Read pages of so many things into the stores, as the first synchronisation does; megabytes read."""
    own = await OwnWork.open(await IndexedDBBacking.open("own"))
    reference = await Reference.open(await IndexedDBBacking.open("reference"))
    size = 0
    for page in pages(customers, observations):
        size += len(page)
        await reference.apply(PullPage.model_validate_json(page))
    for number in range(50):
        await own.add(_change(number))
    await own.close()
    await reference.close()
    return size / 1e6


async def open_store() -> dict[str, float]:
    """Seconds from nothing to stores that can be used, and what comes after that in the background."""
    start = time.perf_counter()
    own = await OwnWork.open(await IndexedDBBacking.open("own"))
    reference = await Reference.open(await IndexedDBBacking.open("reference"))
    opened = time.perf_counter() - start
    start = time.perf_counter()
    await reference.prepare()
    prepared = time.perf_counter() - start
    start = time.perf_counter()
    found = len(list(reference.observation_bodies()))
    read = time.perf_counter() - start
    customers = reference.count_customers()
    await own.close()
    await reference.close()
    return {
        "opened": opened, "prepared": prepared, "read": read, "customers": customers, "observations": found
    }  # fmt: skip


async def bare_open() -> float:
    """Seconds that the browser needs for the same bytes."""
    from pyodide.code import run_js
    from pyodide.ffi import to_js

    milliseconds, size = json.loads(str(await run_js(_BARE_OPEN)(to_js(["own", "reference"]))))
    assert size > 1_000_000, "nothing was read"
    return float(milliseconds) / 1000


async def commits(count: int) -> list[float]:
    """Milliseconds of each of so many observations: from the finished change to the durable commit."""
    own = await OwnWork.open(await IndexedDBBacking.open("own"))
    times = []
    for number in range(count):
        change = _change(1000 + number + len(own.entries()))
        start = time.perf_counter()
        await own.add(change)
        times.append((time.perf_counter() - start) * 1000)
    await own.close()
    return times


async def bare_commits(count: int) -> list[float]:
    """The same for texts of the same length, without anything around it."""
    from pyodide.code import run_js

    body = len(json.dumps(_change(1).as_dict()))
    times: list[float] = json.loads(str(await run_js(_BARE_COMMITS)(json.dumps([body, 120]), count)))
    return times


def _change(number: int) -> ReviseObservation:
    content: dict[str, Any] = {
        "kind": Kind.PLAN, "customer_id": UUID(int=10**6), "observed_at": NOW,
        "seen": f"Beobachtung {number}: Der alte Verdichter läuft noch. " * 12,
    }  # fmt: skip
    return ReviseObservation(
        id=UUID(int=5 * 10**6 + number),
        observation_id=UUID(int=6 * 10**6 + number),
        revision_id=UUID(int=7 * 10**6 + number),
        content=ObservationContent(**content),
        recorded_at=NOW,
    )
