"""The store in the browser: one IndexedDB database, durable ("strict") at each commit.

The JavaScript side is one small object. Texts cross the border as single strings joined by line feeds, because each
crossing costs more than the work behind it; documents are ASCII JSON on one line, so nothing needs escaping.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Self

from app.store.backing import READ_SLICE, Stored, Write
from app.store.errors import NewerStore, StorageFull, StoreDamaged, StoreError, StoreLost
from app.store.opening import dropped_store

_LAYOUT = 1
"""IndexedDB's own version: of the object stores below, not of the documents in them."""

_SLOW_SLICE = 100
"""Documents read one by one between two breaths of the screen."""

# Every promise resolves to {error, detail, value}: names of DOMExceptions, not Python's wrapping of them, decide.
_SCRIPT = r"""
(() => {
  const settle = (work) => work.then(
    (value) => ({ error: "", detail: "", value }),
    (error) => ({ error: (error && error.name) || "UnknownError", detail: String((error && error.message) || error), value: null }),
  );
  const lost = (message) => Object.assign(new Error(message), { name: "LostError" });

  class Store {
    constructor(name, layout) {
      this.name = name; this.layout = layout; this.db = null; this.gone = ""; this.known = false; this.dropped = "";
      this.ahead = null;
    }

    connect() {
      return new Promise((resolve, reject) => {
        const request = indexedDB.open(this.name, this.layout);
        request.onupgradeneeded = (event) => {
          // Chromium empties a damaged database by itself, and tells so here and nowhere else.
          if (event.dataLoss === "total") this.dropped = String(event.dataLossMessage || "data loss");
          request.result.createObjectStore("documents");
          request.result.createObjectStore("files");
        };
        request.onblocked = () => reject(lost("another tab holds the store"));
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const db = request.result;
          // Another tab wants a newer layout, or the person clears the site's data: give way, and say so.
          db.onversionchange = () => { db.close(); this.db = null; this.gone = "the store is being replaced"; };
          // The browser closed it (Safari does in the background): connect again at the next use.
          db.onclose = () => { this.db = null; };
          this.db = db;
          resolve(db);
        };
      });
    }

    async ready() {
      if (this.gone) throw lost(this.gone);
      if (this.db) return this.db;
      const db = await this.connect();
      // An empty store where there was a filled one was evicted: memory and disk no longer tell the same story.
      if (this.known && await this.count(db) === 0) {
        db.close(); this.db = null; this.gone = "the store was emptied from outside";
        throw lost(this.gone);
      }
      return db;
    }

    count(db) {
      return new Promise((resolve, reject) => {
        const request = db.transaction("documents", "readonly").objectStore("documents").count();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    }

    async writing(name, work) {
      this.ahead = null;
      const db = await this.ready();
      await new Promise((resolve, reject) => {
        const transaction = db.transaction(name, "readwrite", { durability: "strict" });
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error || lost("aborted"));
        try {
          work(transaction.objectStore(name));
        } catch (error) {
          try { transaction.abort(); } catch (_) { /* it is over already */ }
          reject(error);
        }
      });
      this.known = true;
    }

    async reading(name, work) {
      const db = await this.ready();
      return await new Promise((resolve, reject) => {
        const transaction = db.transaction(name, "readonly");
        const result = work(transaction.objectStore(name));
        transaction.oncomplete = () => resolve(result());
        transaction.onabort = () => reject(transaction.error || lost("aborted"));
      });
    }

    open() { return settle(this.ready().then(() => undefined)); }

    // A slice after a key: tables, keys and documents, each joined by line feeds; null at the end. The next one is
    // fetched while Python works on this one: the browser reads its files in another process.
    slice(table, key, count) {
      const ahead = this.ahead;
      this.ahead = null;
      const work = ahead && ahead.table === table && ahead.key === key ? ahead.work : this.fetch(table, key, count);
      work.then((part) => {
        if (!part) return;
        const [lastTable, lastKey] = part.last;
        this.ahead = { table: lastTable, key: lastKey, work: this.fetch(lastTable, lastKey, count) };
        this.ahead.work.catch(() => {});
      }, () => {});
      return settle(work);
    }

    fetch(table, key, count) {
      return this.reading("documents", (documents) => {
        const range = table ? IDBKeyRange.lowerBound([table, key], true) : null;
        const keys = documents.getAllKeys(range, count);
        const values = documents.getAll(range, count);
        return () => (keys.result.length ? this.part(keys.result, values.result) : null);
      });
    }

    // As bytes: Python copies them at once, where it would look at each character of a string.
    part(keys, values) {
      this.known = true;
      return {
        last: keys[keys.length - 1],
        tables: keys.map((pair) => pair[0]).join("\n"),
        keys: keys.map((pair) => pair[1]).join("\n"),
        documents: new TextEncoder().encode(values.map((text) => String(text).replaceAll("\n", " ")).join("\n")),
      };
    }

    // The same, one by one, when a value among them cannot be read: an empty text stands for it.
    slowSlice(table, key, count) {
      return settle((async () => {
        const range = table ? IDBKeyRange.lowerBound([table, key], true) : null;
        const keys = await this.reading("documents", (documents) => {
          const found = documents.getAllKeys(range, count);
          return () => found.result;
        });
        if (!keys.length) return null;
        const texts = [];
        for (const one of keys) {
          const text = await this.reading("documents", (documents) => {
            const found = documents.get(one);
            return () => found.result;
          }).catch(() => "");
          texts.push(text);
        }
        return this.part(keys, texts);
      })());
    }

    commit(tables, keys, documents) {
      return settle(this.writing("documents", (store) => {
        const names = tables.split("\n"), ids = keys.split("\n"), texts = documents.split("\n");
        for (let i = 0; i < names.length; i++) {
          if (texts[i]) store.put(texts[i], [names[i], ids[i]]); else store.delete([names[i], ids[i]]);
        }
      }));
    }

    putFile(key, data) {
      // A copy: the buffer is a window into Python's memory, which moves.
      const copy = data.slice();
      return settle(this.writing("files", (files) => files.put(copy, key)));
    }

    file(key) {
      return settle(this.reading("files", (files) => { const found = files.get(key); return () => found.result ?? null; }));
    }

    removeFile(key) { return settle(this.writing("files", (files) => files.delete(key))); }

    fileKeys() {
      return settle(this.reading("files", (files) => { const keys = files.getAllKeys(); return () => keys.result.join("\n"); }));
    }

    close() {
      if (this.db) this.db.close();
      this.db = null;
      this.gone = "closed";
    }
  }
  return (name, layout) => new Store(name, layout);
})()
"""

_FULL = frozenset({"QuotaExceededError"})
_DAMAGED = frozenset({"DataError", "DataCloneError", "EncodingError", "NotFoundError", "NotReadableError"})
_NEWER = "VersionError"


class IndexedDBBacking:
    """A backing over one IndexedDB database of this origin."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @classmethod
    async def open(cls, name: str) -> Self:
        """Open the database, made if needed. Raises NewerStore, StorageFull, StoreDamaged, StoreLost."""
        from pyodide.code import run_js

        backing = cls(run_js(_SCRIPT)(name, _LAYOUT))
        _value(await backing._store.open())
        dropped = str(backing._store.dropped)
        if dropped:
            # In the form in which `Documents` finds what was set aside.
            await backing.commit([dropped_store(dropped)])
        return backing

    async def read(self) -> AsyncIterator[Stored]:
        """See `Backing`."""
        table, key = "", ""
        while (part := await self._slice(table, key)) is not None:
            tables, keys = str(part.tables).split("\n"), str(part.keys).split("\n")
            texts = part.documents.to_bytes().decode().split("\n")
            for name in dict.fromkeys(tables):
                # The slice is sorted by table, so a table's share is one run of it.
                start, length = tables.index(name), tables.count(name)
                yield Stored(name, keys[start : start + length], texts[start : start + length])
            table, key = tables[-1], keys[-1]
            await asyncio.sleep(0)

    async def _slice(self, table: str, key: str) -> Any:
        try:
            return _value(await self._store.slice(table, key, READ_SLICE))
        except StoreError:
            # One value that the browser cannot read fails all that are asked for together.
            return _value(await self._store.slowSlice(table, key, _SLOW_SLICE))

    async def commit(self, writes: Sequence[Write]) -> None:
        """See `Backing`."""
        if writes:
            _value(
                await self._store.commit(
                    "\n".join(write.table for write in writes),
                    "\n".join(write.key for write in writes),
                    "\n".join(write.json or "" for write in writes),
                )
            )

    async def put_file(self, key: str, data: bytes) -> None:
        """See `Backing`."""
        from pyodide.ffi import to_js

        _value(await self._store.putFile(key, to_js(data)))

    async def file(self, key: str) -> bytes | None:
        """See `Backing`."""
        try:
            found = _value(await self._store.file(key))
        except StoreDamaged:
            return None  # the browser has lost its bytes; whoever asks knows that there should be some
        return None if found is None else bytes(found.to_py())

    async def remove_file(self, key: str) -> None:
        """See `Backing`."""
        _value(await self._store.removeFile(key))

    async def file_keys(self) -> Sequence[str]:
        """See `Backing`."""
        joined = str(_value(await self._store.fileKeys()))
        return joined.split("\n") if joined else []

    async def close(self) -> None:
        """See `Backing`."""
        self._store.close()


def _value(answer: Any) -> Any:
    """The value of a settled promise. Raises the store's own error for a DOMException's name."""
    name = str(answer.error)
    if name:
        raise _error(name, str(answer.detail))
    value = answer.value
    # JavaScript's null is a value of its own in newer versions of Pyodide.
    return None if value is None or type(value).__name__ in ("JsNull", "JsUndefined") else value


def _error(name: str, detail: str) -> StoreError:
    message = f"{name}: {detail}"
    if name == _NEWER:
        return NewerStore("IndexedDB", _LAYOUT + 1, _LAYOUT)
    if name in _FULL:
        return StorageFull(message)
    if name in _DAMAGED:
        return StoreDamaged(message)
    return StoreLost(message)
