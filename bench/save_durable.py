"""`save_durable_p95`: from the finger on "Fertig" to the durable commit; limit: the bare commit of the same size."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Worker, expect

from bench.results import Result, compare, percentile_95
from tests.browser import playwright_driver
from tests.running import demo_data, pairing_code, running_server
from tests.tablet import Tablet, tablet
from webapp.build import build
from webapp.layout import OUTPUT, RUNDGANG

ROUNDS = 3
SAVES = 6
"""Observations in one round. Each is captured through the screens, which takes seconds; the tap is what is measured."""

# In the page: when a finger touches, in milliseconds that the worker's clock understands too.
_TOUCHES = """
addEventListener('pointerdown', () => { window.touchedAt = performance.timeOrigin + performance.now(); }, true);
"""

# In the worker: when a transaction that puts something into the outbox is complete.
_COMMITS = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (Array.isArray(key) && key[0] === 'outbox') {
      self.lastSize = String(value).length;
      this.transaction.addEventListener('complete', () => {
        self.committedAt = performance.timeOrigin + performance.now();
      });
    }
    return put.apply(this, arguments);
  };
}"""

# The limit: the same number of characters, durably, with nothing around it.
_BARE = """async ([size, count]) => {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open('bench', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('documents');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await new Promise((resolve, reject) => {
      const transaction = db.transaction('documents', 'readwrite', { durability: 'strict' });
      transaction.objectStore('documents').put('x'.repeat(size), ['outbox', String(i)]);
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    times.push(performance.now() - start);
  }
  db.close();
  return times;
}"""


def measure() -> Result:
    """Milliseconds; value and limit are medians of the rounds' 95th percentiles, offline."""
    build(RUNDGANG, OUTPUT)
    values, limits = [], []
    with tempfile.TemporaryDirectory() as folder, playwright_driver() as driver:
        data = demo_data(Path(folder) / "data")
        with running_server(data) as server, tablet(driver, Path(folder) / "tablet", server.url) as shown:
            shown.context.add_init_script(_TOUCHES)
            shown.start(f"#/pair?code={pairing_code(server)}")
            shown.sees("Alles übertragen")
            shown.go_offline()
            shown.tap("nav-customers")
            shown.type("customer-search", "kasmayr")
            expect(shown.all_controls("customer-")).to_have_count(2)  # the field and one line
            shown.tap_text(re.compile("Käsmayr"))
            python = _python_worker(shown)
            python.evaluate(_COMMITS)
            for _ in range(ROUNDS):
                values.append(percentile_95([_save(shown, python, number) for number in range(SAVES)]))
                size = python.evaluate("self.lastSize")
                limits.append(percentile_95(python.evaluate(_BARE, [size, SAVES])))
    return compare("save_durable_p95", values, limits, "ms")


def _python_worker(shown: Tablet) -> Worker:
    return next(worker for worker in shown.page.workers if re.search(r"python_worker", worker.url))


def _save(shown: Tablet, python: Worker, number: int) -> float:
    shown.tap("capture-here")
    shown.tap("kind-need")
    shown.type("capture-text", f"Trockner {number}")
    shown.sees("Entwurf gesichert")
    shown.tap("capture-save")
    shown.control("capture-here").wait_for()
    touched, committed = shown.page.evaluate("window.touchedAt"), python.evaluate("self.committedAt")
    return float(committed) - float(touched)
