"""httpx over the browser's fetch: Pyodide has no sockets, so `httpx.AsyncClient` is given this transport."""

import json
from typing import Any

import httpx

_SLOWEST = 10_000
"""Bytes per second that an upload may be as slow as; fetch knows one limit for all of it, not per read and write."""

# Everything in one crossing. Redirects are not followed: a portal's are not ours to follow (rule S3); fetch hides
# their target. Nothing is taken from or left in the HTTP cache, and no cookie travels: the token is all there is.
_SCRIPT = r"""
async (method, url, headers, body, milliseconds) => {
  const control = new AbortController();
  let late = false;
  const timer = setTimeout(() => { late = true; control.abort(); }, milliseconds);
  try {
    const response = await fetch(url, {
      method, headers: JSON.parse(headers), body: body ? body.slice() : undefined,
      redirect: "manual", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", signal: control.signal,
    });
    if (response.type === "opaqueredirect") return { error: "", status: 307, headers: "[]", body: new Uint8Array(0) };
    const data = new Uint8Array(await response.arrayBuffer());
    return { error: "", status: response.status, headers: JSON.stringify([...response.headers]), body: data };
  } catch (error) {
    return { error: late ? "timeout" : "unreachable", detail: String((error && error.message) || error) };
  } finally {
    clearTimeout(timer);
  }
}
"""

_NOT_OURS = frozenset({"host", "user-agent", "accept-encoding", "connection", "content-length"})
"""Headers that the browser sets itself and refuses from a program."""

_DONE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers about a form of the body in which it no longer is: the browser has decoded it."""


class FetchTransport(httpx.AsyncBaseTransport):
    """Sends requests with the browser's fetch. Failures become httpx's own."""

    def __init__(self) -> None:
        self._fetch: Any = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request. Raises httpx.ConnectError, httpx.ReadTimeout."""
        from pyodide.code import run_js
        from pyodide.ffi import to_js

        if self._fetch is None:
            self._fetch = run_js(_SCRIPT)
        body = await request.aread()
        headers = {name: value for name, value in request.headers.items() if name not in _NOT_OURS}
        answer = await self._fetch(
            request.method,
            str(request.url),
            json.dumps(headers),
            to_js(body) if body else None,
            1000 * _seconds(request, len(body)),
        )
        if answer.error == "timeout":
            raise httpx.ReadTimeout(str(answer.detail), request=request)
        if answer.error:
            raise httpx.ConnectError(str(answer.detail), request=request)
        return httpx.Response(
            int(answer.status),
            headers=[
                (name, value) for name, value in json.loads(answer.headers) if name.lower() not in _DONE
            ],
            content=bytes(answer.body.to_py()),
            request=request,
        )


def _seconds(request: httpx.Request, size: int) -> float:
    limits = request.extensions.get("timeout", {})
    return sum(limits.get(name) or 0.0 for name in ("connect", "read")) + size / _SLOWEST or 60.0
