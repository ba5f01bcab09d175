"""Two real server processes on one PostgreSQL and one folder of photos, and tablets that speak to either of them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from sync_server.application import build
from sync_server.settings import Settings
from tests.running import RunningServer, running_server
from tests.server import firm as firms
from tests.server.calling import calling
from tests.server.firm import Firm


class Wire:
    """A server at an address, called as `tests.server.calling.Caller` is."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=60)

    def get(self, path: str, **options: object) -> httpx.Response:
        """The answer to a GET."""
        return self._client.get(path, **options)  # type: ignore[arg-type]

    def post(self, path: str, **options: object) -> httpx.Response:
        """The answer to a POST."""
        return self._client.post(path, **options)  # type: ignore[arg-type]

    def close(self) -> None:
        """End the connections."""
        self._client.close()


@dataclass
class TwoServers:
    """The processes, and the firm whose database they share."""

    a: RunningServer
    b: RunningServer
    firm: Firm


@contextmanager
def two_servers(data: Path, database_url: str) -> Iterator[TwoServers]:
    """Both running, with the firm in their database. The firm itself calls a third one within this process."""
    app = build(Settings(data=data, database_url=database_url))
    with calling(app) as http, ExitStack() as running:
        firm = firms.found(app, http)
        option = f"--database-url={database_url}"
        a = running.enter_context(running_server(data, option))
        b = running.enter_context(running_server(data, option))
        yield TwoServers(a, b, firm)
