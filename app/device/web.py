"""The platform in the browser: everything that is asked of JavaScript, in one place.

Runs in the worker in which Flet starts Python; `js` and `pyodide` exist there only, hence the late imports.
"""

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.device.javascript import script
from app.device.platform import Connection, Platform, ReadCode, ScaledPhoto, StorageUse
from app.device.voice import Voice
from app.device.wishes import WebWishes
from app.store.backing import Backing
from app.store.indexeddb import IndexedDBBacking

if TYPE_CHECKING:
    import httpx

    from app.photo.edits import Edits

_DRAWN_WITHIN = 10.0
"""Seconds after which the first screen counts as drawn."""

# Waits for the lock and holds it until the tab is gone: the promise given to `request` never settles.
_LOCK = r"""
(name, waiting) => new Promise((granted, failed) => {
  const hold = () => { granted(true); return new Promise(() => {}); };
  if (!self.navigator.locks) { granted(false); return; }
  navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock) return hold();
    waiting();
    navigator.locks.request(name, hold).catch(failed);
  }).catch(failed);
})
"""

_ESTIMATE = r"""
async () => {
  const storage = navigator.storage;
  const estimate = storage && storage.estimate ? await storage.estimate() : {};
  const persistent = storage && storage.persisted ? await storage.persisted() : false;
  return JSON.stringify({ usage: estimate.usage || 0, quota: estimate.quota || 0, persistent });
}
"""

# Only Chromium on Android and ChromeOS tells `type`; `saveData` is the person's own wish (Network Information API).
_CONNECTION = r"""
() => {
  const connection = navigator.connection;
  if (!connection) return "unknown";
  if (connection.saveData || connection.type === "cellular" || connection.type === "wimax") return "mobile";
  return connection.type === "wifi" || connection.type === "ethernet" ? "wifi" : "unknown";
}
"""

_PERSIST = r"""
async () => {
  const storage = navigator.storage;
  if (!storage || !storage.persisted) return false;
  if (await storage.persisted()) return true;
  return storage.persist ? await storage.persist() : false;
}
"""


def web_platform(default_server: str | None = None) -> Platform:
    """The platform of the browser in which this runs.

    Args:
        default_server: the server to pair with; the page's own origin unless given.
    """
    import js

    return Platform(
        is_web=True,
        is_secure=bool(js.self.isSecureContext),
        default_server=default_server or str(js.self.location.origin),
        open_backing=_open_backing,
        open_transport=_open_transport,
        scale_photo=scale_photo,
        read_codes=_read_codes,
        edit_photo=edit_photo,
        storage_estimate=storage_estimate,
        ask_persistent=ask_persistent,
        on_reconnect=on_reconnect,
        acquire_tab=acquire_tab,
        first_drawing=first_drawing,
        connection=connection,
        language=str(js.self.navigator.language),
        device_name=device_name(str(js.self.navigator.userAgent)),
        open_voice=_open_voice,
        updates=WebUpdates(),
        wishes=WebWishes(),
        on_key=on_key,
        on_touch=on_touch,
    )


def device_name(user_agent: str) -> str:
    """The sort of device behind a browser's words about itself; "" if they name none that we know."""
    if "Android" in user_agent:
        return "Android-Handy" if "Mobile" in user_agent else "Android-Tablet"
    # An iPad calls itself a Macintosh, and a worker cannot tell the two apart.
    names = {"iPhone": "iPhone", "Windows": "Windows", "Macintosh": "iPad/Mac", "Linux": "Linux"}
    return next((name for sign, name in names.items() if sign in user_agent), "")


async def _open_backing(name: str) -> Backing:
    return await IndexedDBBacking.open(name)


def _open_transport() -> "httpx.AsyncBaseTransport":
    from app.sync.fetch import FetchTransport

    return FetchTransport()


_voices: list[Voice] = []


def _open_voice() -> Voice:
    from app.device.voice_web import WebVoice

    if not _voices:
        _voices.append(WebVoice())
    return _voices[0]


async def _read_codes(data: bytes) -> tuple[ReadCode, ...]:
    from app.device.web_codes import read_codes

    return await read_codes(data)


async def acquire_tab(waiting: Callable[[], None]) -> None:
    """Return once no other tab of this app is open; call `waiting` if there is one (Web Locks)."""
    from pyodide.ffi import create_proxy

    proxy = create_proxy(waiting)
    try:
        await script(_LOCK)("rundgang-tab", proxy)
    finally:
        proxy.destroy()


async def first_drawing() -> None:
    """Return once the splash has made way for the app's first screen (webapp/page/python_worker.js tells)."""
    from flet_js import drawn

    # A browser does not draw what nobody looks at: in a hidden tab the rest goes on all the same.
    await asyncio.wait([asyncio.ensure_future(drawn)], timeout=_DRAWN_WITHIN)


async def scale_photo(data: bytes) -> ScaledPhoto:
    """See `web_photos`, which is loaded with the first photo and not at the start."""
    from app.device.web_photos import scale_photo as scale

    return await scale(data)


async def edit_photo(data: bytes, edits: "Edits") -> ScaledPhoto:
    """See `web_photos`."""
    from app.device.web_photos import edit_photo as edit

    return await edit(data, edits)


async def storage_estimate() -> StorageUse:
    """What the browser says about the storage of this site; zeros where it says nothing."""
    values = json.loads(str(await script(_ESTIMATE)()))
    return StorageUse(int(values["usage"]), int(values["quota"]), bool(values["persistent"]))


async def ask_persistent() -> bool:
    """Whether the browser has promised not to evict what is stored; asks for it where a worker may.

    In today's browsers only a page may ask, and webapp/page/update.js does.
    """
    return bool(await script(_PERSIST)())


def connection() -> Connection:
    """Over what the tablet is connected, where the browser tells."""
    return Connection(str(script(_CONNECTION)()))


def on_reconnect(listener: Callable[[], None]) -> Callable[[], None]:
    """Call `listener` when the browser believes that the network is back. It may be wrong either way."""
    import js
    from pyodide.ffi import create_proxy

    proxy = create_proxy(lambda _: listener())
    js.self.addEventListener("online", proxy)

    def stop() -> None:
        js.self.removeEventListener("online", proxy)
        proxy.destroy()

    return stop


def on_key(listener: Callable[[str], None]) -> None:
    """Call `listener` with each "Escape" and "Tab" (webapp/page/python.js tells): every other key stays with Flutter."""
    import flet_js
    from pyodide.ffi import create_proxy

    flet_js.key_pressed = create_proxy(listener)


def on_touch(listener: Callable[[bool], None]) -> None:
    """Call `listener` when a finger is laid on the glass or lifted (webapp/page/python.js tells), before Flutter's word."""
    import flet_js
    from pyodide.ffi import create_proxy

    flet_js.touched = create_proxy(listener)


class WebUpdates:
    """News of the service worker, over the BroadcastChannel that webapp/README.md describes."""

    def __init__(self) -> None:
        import js
        from pyodide.ffi import create_proxy

        self._channel = js.BroadcastChannel.new("rundgang-update")
        self._listeners: list[Callable[[], None]] = []
        self._ready = False
        self._proxy = create_proxy(self._hear)
        self._channel.addEventListener("message", self._proxy)
        self._say({"type": "which"})

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """See `Updates`; called at once if a newer version is waiting already."""
        self._listeners.append(listener)
        if self._ready:
            listener()
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def apply(self) -> None:
        """See `Updates`."""
        import js

        self._say({"type": "apply-update", "page": str(getattr(js.self, "name", "") or "")})

    def _hear(self, event: Any) -> None:
        if getattr(event.data, "type", None) == "update-ready":
            self._ready = True
            for listener in tuple(self._listeners):
                listener()

    def _say(self, message: dict[str, str]) -> None:
        import js

        self._channel.postMessage(js.JSON.parse(json.dumps(message)))
