"""A bare page with the web app's Python in a worker: runs coroutines of this checkout inside a real browser."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from playwright.sync_api import BrowserContext, Page

from webapp.layout import ROOT
from webapp.packages import web_client, web_packages

_SOURCES = ("app", "protocol", "tests/contract")
_WITHOUT = frozenset({"__pycache__", "ui", "i18n"})
# What the tablet's core imports; Flet stays out, so that nothing here can depend on it.
_PACKAGES = (
    "annotated_types", "anyio", "certifi", "h11", "httpcore", "httpx", "idna", "pydantic", "pydantic_core",
    "tinydb", "typing_extensions.py", "typing_inspection",
)  # fmt: skip

_PAGE = """<!doctype html><meta charset="utf-8"><title>laboratory</title><script>
const worker = new Worker("/worker.mjs", { type: "module" });
const waiting = new Map();
let last = 0;
worker.onmessage = ({ data }) => { const { resolve, reject } = waiting.get(data.id); waiting.delete(data.id);
  data.error ? reject(new Error(data.error)) : resolve(data.value); };
worker.onerror = (event) => { for (const { reject } of waiting.values()) reject(new Error(event.message)); };
window.call = (module, name, args) => new Promise((resolve, reject) => {
  last += 1; waiting.set(last, { resolve, reject }); worker.postMessage({ id: last, module, name, args });
});
window.told = [];
</script>"""

_WORKER = """
import { loadPyodide } from "/pyodide/pyodide.mjs";
const ready = (async () => {
  const pyodide = await loadPyodide({ indexURL: "/pyodide/", env: { PYDANTIC_DISABLE_PLUGINS: "1", HOME: "/home/pyodide" } });
  pyodide.unpackArchive(await (await fetch("/archive.zip")).arrayBuffer(), "zip", { extractDir: "/home/pyodide" });
  pyodide.runPython(`
import importlib, json, sys
sys.path.insert(0, "/home/pyodide")
async def call(module, name, arguments):
    found = importlib.import_module(module)
    return json.dumps(await getattr(found, name)(*json.loads(arguments)))
`);
  return pyodide;
})();
self.onmessage = async ({ data }) => {
  try {
    const pyodide = await ready;
    self.postMessage({ id: data.id, value: await pyodide.globals.get("call")(data.module, data.name, data.args) });
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error.message || error) });
  }
};
"""


@dataclass
class Laboratory:
    """A server of the page; each page opened from it has its own interpreter."""

    url: str

    def enter(self, context: BrowserContext) -> Page:
        """Open the page. The interpreter starts in the background."""
        page = context.new_page()
        page.goto(self.url)
        return page


def call(page: Page, module: str, name: str, *arguments: Any) -> Any:
    """The result of a coroutine function that runs in the page's worker. Raises with Python's traceback."""
    text = page.evaluate("([m, n, a]) => window.call(m, n, a)", [module, name, json.dumps(arguments)])
    return json.loads(text)


def begin(page: Page, module: str, name: str, *arguments: Any) -> None:
    """Start a coroutine function in the page's worker and do not wait for it."""
    page.evaluate(
        "([m, n, a]) => { window.call(m, n, a).catch(() => {}); }", [module, name, json.dumps(arguments)]
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @cached_property
    def _files(self) -> dict[str, tuple[bytes, str]]:
        files: dict[str, tuple[bytes, str]] = self.server.files  # type: ignore[attr-defined]
        return files

    def do_GET(self) -> None:
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/portal")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/silence":
            self.server.patience.wait()  # type: ignore[attr-defined]
            self.close_connection = True
            return
        if self.path == "/cut-off":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"type":')
            self.close_connection = True
            return
        if self.path not in self._files:
            self.send_error(404)
            return
        body, media_type = self._files[self.path]
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Say what arrived."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = {
            "length": len(body),
            "sha256": sha256(body).hexdigest(),
            "headers": dict(self.headers.items()),
        }
        answer = json.dumps(said).encode()
        packed = gzip.compress(answer)
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the test's output is the test's."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A browser that was killed in the middle of a request is what some tests are about."""


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """A server of the page on a free port of 127.0.0.1."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.files = _site()  # type: ignore[attr-defined]
    server.patience = Event()  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Laboratory(f"http://127.0.0.1:{server.server_address[1]}/")
    finally:
        server.patience.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()


def _site() -> dict[str, tuple[bytes, str]]:
    types = {
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".json": "application/json",
    }
    (pyodide,) = web_client().glob("**/web/pyodide")
    files = {
        f"/pyodide/{path.name}": (path.read_bytes(), types.get(path.suffix, "application/octet-stream"))
        for path in pyodide.iterdir()
        if path.is_file()
    }
    return files | {
        "/": (_PAGE.encode(), "text/html; charset=utf-8"),
        "/worker.mjs": (_WORKER.encode(), "text/javascript"),
        "/archive.zip": (_archive(), "application/zip"),
    }


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("tests/__init__.py", "")
        for source in _SOURCES:
            _add(archive, ROOT / source, ROOT)
        packages = web_packages()
        for name in _PACKAGES:
            _add(archive, packages / name, packages)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, source: Path, base: Path) -> None:
    for path in [source] if source.is_file() else sorted(source.rglob("*")):
        if path.is_file() and _WITHOUT.isdisjoint(path.relative_to(base).parts):
            archive.write(path, path.relative_to(base).as_posix())
