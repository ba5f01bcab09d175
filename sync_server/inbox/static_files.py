"""What pages load besides themselves: style, scripts, fonts, icons, under names that change with the content."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from sync_server.inbox.calls import Call

_OWN = Path(__file__).parent / "static"
_ASSETS = Path(__file__).parents[2] / "assets"

FILES = {
    "inbox.css": _OWN / "inbox.css",
    "detail.css": _OWN / "detail.css",
    "tokens.css": _OWN / "tokens.css",
    "inbox.js": _OWN / "inbox.js",
    "drafts.js": _OWN / "drafts.js",
    "photos.js": _OWN / "photos.js",
    "keys.js": _OWN / "keys.js",
    "live.js": _OWN / "live.js",
    "htmx.js": _ASSETS / "vendor" / "htmx-2.0.11.min.js",
    "inter-latin.woff2": _ASSETS / "fonts" / "inter-latin.woff2",
    "inter-latin-ext.woff2": _ASSETS / "fonts" / "inter-latin-ext.woff2",
    "icon.svg": _ASSETS / "icons" / "rundgang.svg",
    "favicon.png": _ASSETS / "icons" / "favicon.png",
}
"""The only files that can be asked for."""

_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def static_file(call: Call) -> Response:
    """One of FILES. With the right version in its address it may be kept for ever."""
    name = call.request.path_params["name"]
    path = FILES.get(name)
    if path is None or not path.is_file():
        raise HTTPException(404)
    # A font is asked for by the style sheet, without a version; a new one gets a new name.
    current = path.suffix == ".woff2" or call.request.query_params.get("v") == version(name)
    kept = "public, max-age=31536000, immutable" if current else "no-cache"
    return FileResponse(path, media_type=_MEDIA_TYPES[path.suffix], headers={"Cache-Control": kept})


def address(name: str) -> str:
    """The address of a file, with its version."""
    return f"/static/{name}?v={version(name)}"


@cache
def version(name: str) -> str:
    """The beginning of the SHA-256 of a file's content."""
    return sha256(FILES[name].read_bytes()).hexdigest()[:12]
