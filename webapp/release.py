"""Turns an assembled folder into one version: its name, the service worker's list, headers, compressed siblings."""

import base64
import gzip
import hashlib
import json
import mimetypes
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from webapp import fingerprint
from webapp.csp import page_policy, worker_policy
from webapp.layout import BUILD_RECORD, PAGE

SERVICE_WORKER = "service_worker.js"
PYTHON_WORKERS = frozenset({"python_worker.js", "bytecode_worker.js"})
HEADERS = "headers.json"

# Served, but not kept on the tablet: the licence notices of the libraries (1.5 MB), read by people on a desktop.
NOT_PRECACHED = frozenset({"assets/NOTICES", "zxing/LICENSE", "zxing/zxing-cpp-LICENSE"})

# Flutter's program and its renderer, of which a browser uses one: Dart compiled to WebAssembly or to JavaScript.
CLIENTS = {
    "wasm": frozenset({"main.dart.wasm", "main.dart.mjs", "canvaskit/skwasm.js", "canvaskit/skwasm.wasm"}),
    "js": frozenset({"main.dart.js", "canvaskit/canvaskit.js", "canvaskit/canvaskit.wasm"}),
}

# Below this a compressed answer saves no network packet.
GZIP_FROM_BYTES = 1024
ALREADY_COMPRESSED = frozenset({".gz", ".zip", ".png", ".woff2", ".jpg"})

_TEXTS = frozenset({"NOTICES", "LICENSE", "zxing-cpp-LICENSE"})

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".py": "text/x-python; charset=utf-8",
    ".wasm": "application/wasm",
    ".gz": "application/gzip",
    ".zip": "application/zip",
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".frag": "application/octet-stream",
    ".bin": "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What `build.json` says about a build. Sizes are bytes as they travel, compressed where a .gz sibling is."""

    version: str
    inputs: str
    install_bytes: int
    install_bytes_javascript: int
    files: dict[str, dict[str, int | str]]


def release(folder: Path, inputs: str) -> BuildRecord:
    """Finish the assembled `folder` in place."""
    version = fingerprint.of_listing(
        {**_listing(folder), SERVICE_WORKER: fingerprint.of_file(PAGE / SERVICE_WORKER)}
    )
    version = version[:16]
    index = folder / "index.html"
    index.write_text(index.read_text(encoding="utf-8").replace("{{version}}", version), encoding="utf-8")

    _write_service_worker(folder, version)
    (folder / HEADERS).write_text(json.dumps(_headers(folder), indent=1) + "\n", encoding="utf-8")
    _compress(folder)
    record = _record(folder, version, inputs)
    (folder / BUILD_RECORD).write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")
    return record


def _files(folder: Path) -> dict[str, Path]:
    """The files that are served, by path."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    own = {HEADERS, BUILD_RECORD}
    return {
        name: path
        for name, path in sorted(found.items())
        if name not in own and not (name.endswith(".gz") and name.removesuffix(".gz") in found)
    }


def _listing(folder: Path) -> dict[str, str]:
    return {name: fingerprint.of_file(path) for name, path in _files(folder).items()}


def _write_service_worker(folder: Path, version: str) -> None:
    listing = {name: digest for name, digest in _listing(folder).items() if name not in NOT_PRECACHED}
    script = (PAGE / SERVICE_WORKER).read_text(encoding="utf-8")
    clients = {client: sorted(names) for client, names in CLIENTS.items()}
    script = script.replace("{{version}}", version).replace("{{files}}", json.dumps(listing, indent=1))
    script = script.replace("{{clients}}", json.dumps(clients, indent=1))
    (folder / SERVICE_WORKER).write_text(script, encoding="utf-8")


def _headers(folder: Path) -> dict[str, dict[str, str]]:
    """Path to response headers, for the server that serves the folder."""
    html = (folder / "index.html").read_text(encoding="utf-8")
    policy = page_policy(_inline_script_hashes(html))
    headers: dict[str, dict[str, str]] = {}
    for name, path in _files(folder).items():
        headers[name] = {
            "Content-Type": _content_type(path),
            # No address carries a version: the browser asks each time and mostly hears "not modified". The service
            # worker checks the content itself.
            "Cache-Control": "no-cache",
            "ETag": f'"{fingerprint.of_file(path)[:32]}"',
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if name == "index.html":
            headers[name] |= {
                "Content-Security-Policy": policy,
                "Referrer-Policy": "no-referrer",
                "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
                "X-Frame-Options": "DENY",
            }
        elif name in {*PYTHON_WORKERS, SERVICE_WORKER}:
            # A worker obeys the policy that its own script was served with.
            headers[name]["Content-Security-Policy"] = worker_policy(python=name in PYTHON_WORKERS)
    return headers


def _inline_script_hashes(html: str) -> list[str]:
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    return [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]


def _content_type(path: Path) -> str:
    guessed = CONTENT_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return guessed or ("text/plain; charset=utf-8" if path.name in _TEXTS else "application/octet-stream")


def _compress(folder: Path) -> None:
    for path in _files(folder).values():
        if path.suffix in ALREADY_COMPRESSED or path.stat().st_size <= GZIP_FROM_BYTES:
            continue
        compressed = gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
        if len(compressed) < path.stat().st_size:
            path.with_name(path.name + ".gz").write_bytes(compressed)


def _record(folder: Path, version: str, inputs: str) -> BuildRecord:
    files: dict[str, dict[str, int | str]] = {}
    for name, path in _files(folder).items():
        compressed = path.with_name(path.name + ".gz")
        travels = compressed if compressed.is_file() else path
        files[name] = {
            "sha256": fingerprint.of_file(path),
            "bytes": path.stat().st_size,
            "transfer_bytes": travels.stat().st_size,
        }
    return BuildRecord(
        version=version,
        inputs=inputs,
        install_bytes=_install_bytes(files, without=CLIENTS["js"]),
        install_bytes_javascript=_install_bytes(files, without=CLIENTS["wasm"]),
        files=files,
    )


def _install_bytes(files: dict[str, dict[str, int | str]], *, without: frozenset[str]) -> int:
    """What the first install transfers: everything precached and the service worker, with one of the two clients."""
    return sum(
        int(facts["transfer_bytes"])
        for name, facts in files.items()
        if name not in NOT_PRECACHED and name not in without
    )
