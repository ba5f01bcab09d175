"""Serves the built web app of the tablet at /app/, as its `headers.json` says; or says that it is missing."""

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from protocol.problems import Code
from sync_server.answers import problem_response

_MISSING = """<!doctype html>
<html lang="de"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Rundgang</title>
<style>body{font:17px/1.5 Roboto,system-ui,sans-serif;background:#F4F7F7;color:#10262A;max-width:36em;
margin:12vh auto;padding:0 28px}code{background:#D8EDEF;padding:2px 6px;border-radius:6px}
@media(prefers-color-scheme:dark){body{background:#0F1A1C;color:#DDE7E8}code{background:#0B4A54}}</style>
<main>
<h1>Die Tablet-App fehlt auf diesem Server</h1>
<p>Sie wurde noch nicht gebaut. <code>make web</code> baut sie; danach den Server neu starten.</p>
<section lang="en">
<h1>This server does not have the tablet app</h1>
<p>It has not been built yet. <code>make web</code> builds it; then restart the server.</p>
</section>
</main>
</html>
"""


class WebApp:
    """The folder that `webapp/build.py` wrote. A path that is not in its `headers.json` does not exist."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._headers: dict[str, dict[str, str]] = {}
        self._read_at: int | None = None

    def routes(self) -> list[Route]:
        """The routes below /app."""
        return [
            Route("/app", lambda request: RedirectResponse("/app/", 308), methods=["GET"]),
            Route("/app/{path:path}", self.serve, methods=["GET"]),
        ]

    def serve(self, request: Request) -> Response:
        """One file, compressed where the asking side accepts it and a compressed sibling is there."""
        path = request.path_params["path"] or "index.html"
        known = self._current_headers()
        if not known:
            if path != "index.html":
                return problem_response(request, Code.NOT_FOUND)
            return Response(_MISSING, 503, {"Cache-Control": "no-store"}, "text/html")
        if path not in known or self._folder is None:
            return problem_response(request, Code.NOT_FOUND)
        headers = {"Vary": "Accept-Encoding", **known[path]}
        etag = headers.get("ETag")
        if etag and _mentions(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=_without_content(headers))
        return self._file(request, self._folder / path, headers)

    def _file(self, request: Request, file: Path, headers: dict[str, str]) -> Response:
        packed = file.with_name(file.name + ".gz")
        if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
            return FileResponse(packed, headers={**headers, "Content-Encoding": "gzip"})
        return FileResponse(file, headers=headers)

    def _current_headers(self) -> dict[str, dict[str, str]]:
        """What `headers.json` says now: a new build beside a running server is served at once."""
        if self._folder is None:
            return {}
        listing = self._folder / "headers.json"
        try:
            written_at = listing.stat().st_mtime_ns
            if written_at != self._read_at:
                self._headers = json.loads(listing.read_text(encoding="utf-8"))
                self._read_at = written_at
        except (OSError, ValueError):
            self._headers, self._read_at = {}, None
        return self._headers


def _mentions(if_none_match: str, etag: str) -> bool:
    offered = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return etag in offered or "*" in offered


def _without_content(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.startswith("Content-Type")}
