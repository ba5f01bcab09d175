"""A real server process with the demo company on a free port, for tests, benches and screenshots."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "build" / "web"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_answers(
    url: str,
    process: subprocess.Popen[bytes],
    log: Path,
    seconds: float = 60,
    trusting: ssl.SSLContext | None = None,
) -> None:
    """Return when `url` answers with success; `trusting` says whom to believe in over https.

    Raises:
        RuntimeError: the process ended or stayed silent; the message holds the end of its log.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5, context=trusting):
                return
        except (URLError, OSError):
            time.sleep(0.05)  # nobody tells when a port opens
    raise RuntimeError(f"{url} does not answer:\n{log.read_text(errors='replace')[-4000:]}")


@dataclass
class RunningServer:
    """One `rundgang serve` process that can be stopped, killed and started again on the same data."""

    data: Path
    port: int
    web: Path = WEB
    extra: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the process printed."""
        return self.data / "server.log"

    def start(self) -> None:
        """Start the process and return when it answers.

        Raises:
            RuntimeError: it ended or stayed silent; the message holds its log.
        """
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *rundgang(),
                    "serve",
                    f"--data={self.data}",
                    f"--port={self.port}",
                    f"--web={self.web}",
                    *self.extra,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        until_answers(f"{self.url}/healthz", self.process, self.log)

    def stop(self) -> int:
        """End the process as an administrator would, and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """End the process as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=30)

    def command(self, *arguments: str) -> str:
        """Run another `rundgang` command on the same data and return what it printed."""
        done = subprocess.run(
            [*rundgang(), *arguments, f"--data={self.data}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise RuntimeError(f"rundgang {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def rundgang() -> list[str]:
    """The command of this very environment."""
    return [sys.executable, "-m", "sync_server.cli"]


def demo_data(target: Path, template: Path | None = None) -> Path:
    """A folder with the demo company in it; copied from `template`, if there is one."""
    if template is not None:
        shutil.copytree(template, target)
        return target
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run([*rundgang(), "demo", f"--data={target}"], check=True, stdout=subprocess.DEVNULL)
    return target


@contextmanager
def running_server(data: Path, *extra: str, web: Path = WEB) -> Iterator[RunningServer]:
    """A server on this data for the length of a `with` block."""
    server = RunningServer(data=data, port=free_port(), web=web, extra=extra)
    server.start()
    try:
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            try:
                server.stop()
            except subprocess.TimeoutExpired:
                server.kill()
                raise


def pairing_code(server: RunningServer, login: str | None = None) -> str:
    """A fresh pairing code for a technician, as an administrator makes it in the shell."""
    printed = server.command("device", "pair", login or demo_technician(server.data))
    found = re.search(r"#/pair\?code=([0-9A-Z]+)", printed)
    if found is None:
        raise RuntimeError(f"no pairing link in:\n{printed}")
    return found.group(1)


def demo_technician(data: Path) -> str:
    """The login of the technician whom the demo shows."""
    with closing(sqlite3.connect(data / "rundgang.db")) as database:
        (value,) = database.execute("SELECT value FROM facts WHERE name = 'demo'").fetchone()
    return str(json.loads(value)["technician"])
