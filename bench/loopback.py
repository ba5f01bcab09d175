"""HTTP/1.1 over loopback for the benches: requests are made before the clock starts, answers read as bytes.

A client library would take longer for a request than the server, and the two would share the machine.
"""

import asyncio
import gzip
import re
from dataclasses import dataclass

_LENGTH = re.compile(rb"(?i)content-length: (\d+)")


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is unpacked when it is asked for."""

    status: int
    head: bytes
    raw: bytes

    @property
    def body(self) -> bytes:
        """The body without compression."""
        return gzip.decompress(self.raw) if b"gzip" in self.head else self.raw


class Wire:
    """One connection that stays open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> "Wire":
        """Open a connection to a server of this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 24))

    async def ask(self, request: bytes) -> Answer:
        """Send a request and read its answer.

        Raises:
            OSError, asyncio.IncompleteReadError: the connection broke.
        """
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        raw = await self._reader.readexactly(int(length[1]) if length else 0)
        return Answer(int(head[9:12]), head, raw)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


def get(path: str, token: str = "") -> bytes:
    """A GET that accepts gzip."""
    return _head("GET", path, token) + b"Accept-Encoding: gzip\r\n\r\n"


def post(path: str, body: bytes, token: str = "") -> bytes:
    """A POST of JSON."""
    sent = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return _head("POST", path, token) + sent.encode() + body


def _head(method: str, path: str, token: str) -> bytes:
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{authorization}".encode()
