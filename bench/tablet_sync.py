"""`first_sync` and `ui_block_max`: a large territory comes onto a fresh tablet; a full outbox leaves it.

The whole built app in Chromium against a real server process. `first_sync` counts from the tap on "Koppeln" until
the screen says that all is transferred; limit: the same pages fetched and put into IndexedDB by the browser alone.
`ui_block_max` is the longest that Python does not get to answer a tap while that goes on, and while a full outbox is
sent; limit: the same heartbeat while nothing is transferred.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, Worker

from app.sync.synchronize import PAGE
from bench.firm import BenchFirm
from bench.heartbeat import Beats, longest
from bench.longest_step import traced
from bench.results import Result, compare
from bench.territory import LOGIN, settled, with_more_to_send
from sync_server.settings import Settings
from tests.browser import playwright_driver
from tests.running import RunningServer, pairing_code, running_server
from tests.tablet import Tablet, tablet
from webapp.build import build
from webapp.layout import OUTPUT, RUNDGANG

CUSTOMERS, OBSERVATIONS = 2_000, 5_000
"""A large territory, and ten years of a busy technician."""
WAITING = 300
"""Observations in a full outbox: weeks in a basement."""
QUIET = 5_000
"""Milliseconds of the limit's heartbeat."""
RUNS = 3
MOVES = 10
"""Different words of progress that a person must be able to read at least, or the bar does not move."""

# In the page: when a finger touches, every step of the progress that can be read, when all is transferred.
_WATCH = """
(() => {
  const seen = window.seen = { touchedAt: 0, doneAt: 0, steps: [] };
  addEventListener('pointerdown', () => { seen.touchedAt = performance.timeOrigin + performance.now(); }, true);
  const read = (node) => (node.getAttribute('aria-label') || '') + node.textContent;
  const host = () => [...document.querySelectorAll('flt-semantics-host *')];
  new MutationObserver(() => {
    const reading = document.querySelector('[flt-semantics-identifier="first-reading"]');
    const step = reading ? read(reading) : '';
    if (step && step !== seen.steps.at(-1)) seen.steps.push(step);
    if (!seen.doneAt && !reading && host().some((node) => read(node).includes('Alles übertragen')))
      seen.doneAt = performance.timeOrigin + performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})();
"""

# The limit: the same pages, each put durably by one transaction, with nothing around it.
_BARE = """async ([token, limit]) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open('bench', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('documents');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const start = performance.now();
  let cursor = '', count = 0;
  for (;;) {
    const question = new URLSearchParams({ limit, ...(cursor && { cursor }) });
    const headers = { Authorization: `Bearer ${token}`, 'Rundgang-Protocol': '1' };
    const page = await (await fetch(`/sync/v1/pull?${question}`, { headers, cache: 'no-store' })).json();
    await new Promise((resolve, reject) => {
      const transaction = db.transaction('documents', 'readwrite', { durability: 'strict' });
      const documents = transaction.objectStore('documents');
      for (const item of page.items) documents.put(JSON.stringify(item), [item.entity, item.id]);
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    count += page.items.length;
    cursor = page.cursor;
    if (!page.more) break;
  }
  const seconds = (performance.now() - start) / 1000;
  db.close();
  indexedDB.deleteDatabase('bench');
  return [seconds, count];
}"""

_STORED = """async (name) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const documents = db.transaction('documents').objectStore('documents');
  const all = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = await Promise.all([all(documents.getAllKeys()), all(documents.getAll())]);
  db.close();
  return found;
}"""

_STORE = """async ([name, documents]) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  await new Promise((resolve, reject) => {
    const transaction = db.transaction('documents', 'readwrite', { durability: 'strict' });
    for (const [key, text] of documents) transaction.objectStore('documents').put(text, key);
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  db.close();
}"""


@dataclass(frozen=True)
class Transfer:
    """One transfer as the person felt it: how long, and the longest wait (ms) for Python and for a picture."""

    seconds: float
    python: float
    pictures: float
    processor: float
    """Milliseconds of processor time of Python's longest step."""
    steps: int = 0


def measure_first_sync() -> Result:
    """Seconds from the tap on "Koppeln" until all is transferred."""
    values, limits, steps = [], [], []
    with _territory() as (driver, server, firm, folder):
        for run in range(RUNS):
            with tablet(driver, folder / f"tablet-{run}", server.url) as shown:
                first = _first_sync(shown, server, _beats(shown))
                values.append(first.seconds)
                steps.append(first.steps)
                seconds, count = shown.page.evaluate(_BARE, [firm.tablets[0].token, str(PAGE)])
                assert count == CUSTOMERS + OBSERVATIONS
                limits.append(seconds)
    return compare("first_sync", values, limits, "s", steps_of_the_bar=min(steps))


def measure_ui_block() -> Result:
    """Milliseconds; value and limit are medians of the longest waits of each run."""
    values, limits = [], []
    details: dict[str, float] = {}
    with _territory() as (driver, server, firm, folder):
        for run in range(RUNS):
            profile = folder / f"tablet-{run}"
            with tablet(driver, profile, server.url) as shown:
                beats = _beats(shown)
                first = _first_sync(shown, server, beats)
                python, pictures = _quiet(shown, beats)
                _fill_outbox(shown, firm)
            with tablet(driver, profile, server.url) as shown:
                push = _push(shown)
            values.append(max(first.python, push.python))
            limits.append(python)
            found = {
                "first_sync_python": first.python, "first_sync_pictures": first.pictures,
                "first_sync_processor": first.processor, "push_processor": push.processor,
                "push_python": push.python, "push_pictures": push.pictures, "push_seconds": push.seconds,
                "quiet_pictures": pictures,
            }  # fmt: skip
            details = {name: round(max(value, details.get(name, 0.0)), 1) for name, value in found.items()}
    return compare("ui_block_max", values, limits, "ms", **details)


@dataclass(frozen=True)
class _Beating:
    python: Beats
    pictures: Beats

    def during(self, since: float, until: float) -> tuple[float, float]:
        """The longest waits for Python and for a picture between two moments."""
        return longest(self.python.late(since, until)), longest(self.pictures.late(since, until))


def _beats(shown: Tablet, path: str = "") -> _Beating:
    """Start the app; both hearts beat once it does."""
    shown.context.add_init_script(_WATCH)
    shown.start(path)
    return _Beating(Beats(_python_worker(shown)), Beats(shown.page))


def _first_sync(shown: Tablet, server: RunningServer, beats: _Beating) -> Transfer:
    shown.type("pair-code", pairing_code(server, LOGIN))
    with traced(shown.page, _python_worker(shown)) as step:
        shown.tap("pair-submit")
        shown.sees("Alles übertragen")
    seen: dict[str, Any] = shown.page.evaluate("window.seen")
    since, until, steps = seen["touchedAt"], seen["doneAt"], len(set(seen["steps"]))
    assert steps >= MOVES, f"the bar stood still: {seen['steps']}"
    python, pictures = beats.during(since, until)
    return Transfer((until - since) / 1000, python, pictures, step.longest, steps)


def _quiet(shown: Tablet, beats: _Beating) -> tuple[float, float]:
    since = shown.page.evaluate("performance.timeOrigin + performance.now()")
    shown.page.wait_for_timeout(QUIET)
    return beats.during(since, since + QUIET)


def _fill_outbox(shown: Tablet, firm: BenchFirm) -> None:
    """Put into the tablet's own work what a person would need days for, in the app's own form."""
    shown.page.goto(f"{shown.url}/healthz")  # the same origin, without the app
    name = f"rundgang-own-{firm.tablets[0].who.user_id}"
    keys, texts = shown.page.evaluate(_STORED, name)
    stored = {(table, key): text for (table, key), text in zip(keys, texts, strict=True)}
    # Playwright has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as elsewhere:
        more = with_more_to_send(stored, firm.customer_id, WAITING)
        filled = elsewhere.submit(asyncio.run, more).result()
    shown.page.evaluate(_STORE, [name, [[list(key), text] for key, text in filled.items()]])


def _push(shown: Tablet) -> Transfer:
    shown.go_offline()
    beats = _beats(shown)
    shown.sees(re.compile(rf"{WAITING}"))
    since = shown.page.evaluate("performance.timeOrigin + performance.now()")
    with traced(shown.page, _python_worker(shown)) as step:
        shown.go_online()
        shown.sees("Alles übertragen")
    seen = shown.page.evaluate("window.seen")
    python, pictures = beats.during(since, seen["doneAt"])
    return Transfer((seen["doneAt"] - since) / 1000, python, pictures, step.longest)


@contextmanager
def _territory() -> Iterator[tuple[Playwright, RunningServer, BenchFirm, Path]]:
    build(RUNDGANG, OUTPUT)
    with tempfile.TemporaryDirectory() as name, playwright_driver() as driver:
        folder = Path(name)
        firm = settled(Settings(data=folder / "data"), CUSTOMERS, OBSERVATIONS)
        with running_server(firm.settings.data) as server:
            yield driver, server, firm, folder


def _python_worker(shown: Tablet) -> Worker:
    return next(worker for worker in shown.page.workers if re.search(r"python_worker", worker.url))
