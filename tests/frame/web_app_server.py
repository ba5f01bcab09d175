"""A tiny server for a built web app, on a free port, whose answers a test may change."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

# Gets the path below /app/; None means: answer with the file.
Answer = Callable[[str], Response | None]


class WebAppServer:
    """Serves the folder `built` under /app/ as headers.json says. `answer` and `built` may be changed at any time."""

    def __init__(self, built: Path) -> None:
        self.built = built
        self.answer: Answer = lambda _path: None
        self.asked: list[str] = []
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()  # from here on a browser is answered, if only when the thread has started
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/app/"
        application = Starlette(
            routes=[Route("/app/{path:path}", self._serve), Route("/{path:path}", self._other)]
        )
        self._server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off"))

    @contextlib.contextmanager
    def running(self) -> Iterator["WebAppServer"]:
        """Serve in a thread until the block ends."""
        thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.should_exit = True
            thread.join()
            self._socket.close()

    def _serve(self, request: Request) -> Response:
        path = request.path_params["path"] or "index.html"
        self.asked.append(path)
        changed = self.answer(path)
        if changed is not None:
            return changed
        headers = json.loads((self.built / "headers.json").read_text(encoding="utf-8")).get(path)
        if headers is None:
            return Response(status_code=404)
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        compressed = self.built / f"{path}.gz"
        if compressed.is_file():
            return FileResponse(compressed, headers={**headers, "Content-Encoding": "gzip"})
        return FileResponse(self.built / path, headers=headers)

    def _other(self, request: Request) -> Response:
        path = "/" + request.path_params["path"]
        self.asked.append(path)
        return self.answer(path) or Response(status_code=404)
