"""Two real server processes on one PostgreSQL and one folder of photos, and tablets that speak to either of them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sync_server.application import build
from sync_server.crm.users import User
from sync_server.settings import Settings
from tests.running import RunningServer, running_server
from tests.server import firm as firms
from tests.server.calling import Caller, calling
from tests.server.firm import Firm, Tablet


class Wire(Caller):
    """Calls a server process over the network."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=60)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer to a request."""
        return self._http.request(method, path, **options)

    def close(self) -> None:
        """End the connections."""
        self._http.close()


@dataclass
class TwoServers:
    """The processes, and the firm whose database they share."""

    a: RunningServer
    b: RunningServer
    firm: Firm
    _closing: ExitStack = field(default_factory=ExitStack)

    def pair(self, user: User, server: RunningServer) -> Tablet:
        """A tablet of this user that speaks to this server."""
        tablet = self.firm.pair(user)
        wire = Wire(server.url)
        self._closing.callback(wire.close)
        tablet.http = wire
        return tablet


@contextmanager
def two_servers(data: Path, database_url: str) -> Iterator[TwoServers]:
    """Both running, with the firm in their database; the firm calls a third one, within this process."""
    app = build(Settings(data=data, database_url=database_url))
    option = f"--database-url={database_url}"
    with (
        calling(app) as http,
        running_server(data, option) as a,
        running_server(data, option) as b,
        ExitStack() as closing,
    ):
        yield TwoServers(a, b, firms.found(app, http), closing)
