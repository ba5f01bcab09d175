"""What a synchronisation is made of, loaded piece by piece: in one go it keeps whoever taps waiting.

The HTTP library and what it needs took half a second in the browser at the first start, and longer on a busy one.
"""

import asyncio
import gc
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.util import find_spec
from types import ModuleType

from protocol.fields import Document

_BEFORE = (
    "importlib.resources.readers",
    "email.charset",
    "email.header",
    "email._parseaddr",
    "email.utils",
    "email._policybase",
    "email.feedparser",
    "email.parser",
    "email.message",
    "http.client",
    "urllib.error",
    "urllib.request",
    "calendar",
    "http.cookiejar",
    "mimetypes",
    "idna",
)
"""What httpx imports, the innermost first: each import then costs only itself. A name too few costs a longer wait."""

_OF_HTTPX = (
    "_exceptions",
    "_types",
    "_utils",
    "_multipart",
    "_content",
    "_decoders",
    "_status_codes",
    "_urlparse",
    "_urls",
    "_models",
    "_auth",
    "_config",
    "_transports",
    "_client",
    "_api",
)


_MANY = 100
"""Documents in a page from which on it is set apart: half of what a page holds (`PAGE`)."""


async def load() -> None:
    """Load what the first request would load otherwise. Fast when it is loaded already."""
    if "app.sync.server" in sys.modules:
        return
    for piece in _pieces():
        piece()
        await asyncio.sleep(0)
    # What is loaded stays. Python looks through all that it holds for garbage again and again while documents
    # arrive, and does so in one go: of everything that was loaded that took 90 ms in the browser.
    gc.freeze()


def set_apart(arrived: int) -> None:
    """So many documents have arrived and stay: looking for garbage, Python need not walk through them again and again.

    Only for many at once, as in a first reading: what is garbage at that moment stays, too.
    """
    if arrived >= _MANY:
        gc.freeze()


def _pieces() -> Iterator[Callable[[], object]]:
    yield from (partial(_load, name) for name in _BEFORE)
    yield from (partial(_load_of, "httpx", name) for name in _OF_HTTPX)
    yield partial(_complete, "httpx", _OF_HTTPX)
    yield partial(_load, "app.sync.server")
    yield from (partial(model.model_rebuild) for model in _models())


def _models() -> Iterator[type[Document]]:
    """The documents of the protocol: in the browser their validators are built when they are first used."""
    from app.store.outbox import OutboxEntry
    from protocol.changes import PushAnswer, PushRequest
    from protocol.pairing import Hello, PairAnswer, PairRequest
    from protocol.reading import PullPage

    yield from (PairRequest, PairAnswer, Hello, PullPage, OutboxEntry, PushRequest, PushAnswer)


def _load(name: str) -> None:
    importlib.import_module(name)


def _load_of(package: str, name: str) -> None:
    """One module of a package that imports all of its modules when it is imported itself.

    A stand-in takes the package's place for that moment; the package finds its modules there when its turn comes.
    """
    spec = find_spec(package) if package not in sys.modules else None
    if spec is None or spec.submodule_search_locations is None:
        return
    stand_in = ModuleType(package)
    stand_in.__path__ = list(spec.submodule_search_locations)
    sys.modules[package] = stand_in
    try:
        importlib.import_module(f"{package}.{name}")
    except ImportError:
        return  # another version of it has other modules: then they are loaded with it
    finally:
        del sys.modules[package]


def _complete(package: str, names: Iterable[str]) -> None:
    """The package itself, whose modules are there already."""
    loaded = importlib.import_module(package)
    for name in names:
        if f"{package}.{name}" in sys.modules:
            setattr(loaded, name, sys.modules[f"{package}.{name}"])


__all__ = ["load", "set_apart"]
