"""The server stops when it is asked to, even with inboxes open that listen for ever."""

import signal
import subprocess
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from protocol.pairing import Role
from sync_server.crm import users
from sync_server.inbox import sessions
from sync_server.settings import Settings
from sync_server.store import Database
from tests.running import running_server


def test_open_live_streams_end_and_the_server_stops(settings: Settings, tmp_path: Path) -> None:
    database = Database(settings.url)
    now = datetime.now(UTC)
    with database.writing() as connection:
        nora = users.create(connection, login="nora", name="Nora Kern", role=Role.INSIDE_SALES, now=now)
        token = sessions.begin(connection, nora.id, now)
    database.close()

    with running_server(settings.data, web=tmp_path) as server:
        listening = HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        listening.request("GET", "/events", headers={"Cookie": f"rundgang-session={token}"})
        stream = listening.getresponse()
        assert stream.status == 200
        assert stream.readline().startswith(b"event: ready")

        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)

        stream.read()  # returns only when the server has ended the stream
        assert _exit_code(server.process) == 0
        listening.close()


def _exit_code(process: subprocess.Popen[bytes]) -> int:
    return process.wait(timeout=30)
