"""A TCP proxy that breaks what goes through it, at a byte that was chosen before."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_PIECE = 65_536
_SLOW_PIECE = 7
"""Bytes: a header's name or a number is never received in one go."""

_DELAY = 0.1
"""Seconds that a delay lasts: what lies behind it has long arrived."""

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with which a close is a reset (socket(7))."""

_PORTAL_PAGE = b"<h1>Willkommen im WLAN</h1>"
_PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    % len(_PORTAL_PAGE)
) + _PORTAL_PAGE
_REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Way(StrEnum):
    """Which bytes are counted."""

    UP = "to the server"
    DOWN = "to the tablet"


class Kind(StrEnum):
    """What happens at that byte."""

    CUT = "cut"
    """Both sides get a reset."""
    HALF_CLOSED = "half closed"
    """The receiver is told that nothing more will come; the other way stays open."""
    SILENT = "silent"
    """Nothing arrives any more, and nobody is told."""
    DELAYED = "delayed"
    THROTTLED = "throttled"
    """From there on a few bytes at a time."""
    PORTAL = "portal's page"
    """From there on a captive portal answers the tablet's requests."""
    REDIRECT = "portal's redirect"
    CALLED = "called"
    """`Mishap.call` is called: it kills somebody."""


@dataclass(frozen=True)
class Mishap:
    """One fault: it happens once, when so many bytes have gone this way since the one before.

    Attributes:
        behind: when given, only bytes that follow these are counted: for example the beginning of a request.
    """

    kind: Kind
    way: Way
    bytes: int
    call: Callable[[], None] = lambda: None
    behind: str = ""

    def __str__(self) -> str:
        return f"{self.kind} after {self.bytes} bytes {self.way}"


class Proxy:
    """Listens on a port of its own and passes on to one of several servers.

    Attributes:
        happened: the faults that have happened.
    """

    def __init__(self, upstream: Sequence[int]) -> None:
        self.happened: list[str] = []
        self._upstream = list(upstream)
        self._next = 0
        self._mishaps: list[Mishap] = []
        self._counted = 0
        self._is_behind, self._tail = False, b""
        self._portal: bytes | None = None
        self._slow = False
        self._lock = threading.Lock()
        self._calls = 0
        self._no_calls = threading.Condition(self._lock)
        self._pairs: set[_Pair] = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port of 127.0.0.1 that it listens on."""
        return int(self._listening.getsockname()[1])

    @property
    def url(self) -> str:
        """Where a tablet finds its server."""
        return f"http://127.0.0.1:{self.port}"

    def plan(self, mishaps: Sequence[Mishap]) -> None:
        """What happens from now on, one after the other; what was planned before is forgotten."""
        with self._lock:
            self._mishaps = list(mishaps)
            self._counted, self._portal, self._slow = 0, None, False
            self._is_behind, self._tail = False, b""
            pairs = tuple(self._pairs)
        for pair in pairs:
            pair.end()  # a connection that a fault has silenced must not be used again

    def settle(self) -> None:
        """Return when nobody is being killed or started by a mishap any more."""
        with self._no_calls:
            self._no_calls.wait_for(lambda: self._calls == 0)

    def called(self) -> None:
        """A mishap has killed whom it had to."""
        with self._no_calls:
            self._calls -= 1
            self._no_calls.notify_all()

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._closed.set()
        with contextlib.suppress(OSError):
            # Wakes the thread that waits for connections.
            socket.create_connection(self._listening.getsockname(), timeout=1).close()
        self._thread.join(10)
        self._listening.close()
        with self._lock:
            pairs = tuple(self._pairs)
        for pair in pairs:
            pair.end()
        for pair in pairs:
            pair.join()

    def _accept(self) -> None:
        while True:
            try:
                tablet, _ = self._listening.accept()
            except OSError:
                return
            if self._closed.is_set():
                tablet.close()
                return
            self._connect(tablet)

    def _connect(self, tablet: socket.socket) -> None:
        if self._portal is not None:
            _answer_as_portal(tablet, self._portal)
            return
        port = self._upstream[self._next % len(self._upstream)]
        self._next += 1
        try:
            server = socket.create_connection(("127.0.0.1", port), timeout=5)
        except OSError:
            _reset(tablet)
            return
        server.settimeout(None)
        pair = _Pair(tablet, server, self)
        with self._lock:
            self._pairs.add(pair)
        pair.start()

    def gone(self, pair: "_Pair") -> None:
        """A connection has ended."""
        with self._lock:
            self._pairs.discard(pair)

    def due(self, way: Way, data: bytes) -> tuple[int, Mishap | None]:
        """How many of these bytes may pass, and what happens then."""
        length = len(data)
        with self._lock:
            if not self._mishaps or self._mishaps[0].way is not way:
                return length, None
            mishap = self._mishaps[0]
            if not self._counts(mishap, data):
                return length, None
            if self._counted + length < mishap.bytes:
                self._counted += length
                return length, None
            del self._mishaps[0]
            passing = max(0, mishap.bytes - self._counted)
            self._counted, self._is_behind, self._tail = 0, False, b""
            self.happened.append(str(mishap))
            if mishap.kind is Kind.CALLED:
                self._calls += 1
            elif mishap.kind is Kind.THROTTLED:
                self._slow = True
            elif mishap.kind in (Kind.PORTAL, Kind.REDIRECT):
                self._portal = _PORTAL if mishap.kind is Kind.PORTAL else _REDIRECT
            return passing, mishap

    def _counts(self, mishap: Mishap, data: bytes) -> bool:
        """Whether bytes are counted by now."""
        if self._is_behind or not mishap.behind:
            return True
        sought = mishap.behind.encode()
        known = self._tail + data  # what is sought may have been cut in two on its way
        at = known.find(sought)
        if at < 0:
            self._tail = known[-len(sought) :]
            return False
        self._is_behind = True
        self._counted = len(self._tail) - at - len(sought)  # below zero: what goes before does not count
        return True

    @property
    def piece(self) -> int:
        """How many bytes are passed on at a time."""
        return _SLOW_PIECE if self._slow else _PIECE


class _Pair:
    """One connection of a tablet and the one to its server."""

    def __init__(self, tablet: socket.socket, server: socket.socket, proxy: Proxy) -> None:
        self._tablet = tablet
        self._server = server
        self._proxy = proxy
        self._silent = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._ways = 2
        self._threads = [
            threading.Thread(target=self._pump, args=(tablet, server, Way.UP), daemon=True),
            threading.Thread(target=self._pump, args=(server, tablet, Way.DOWN), daemon=True),
        ]

    def start(self) -> None:
        for side in (self._tablet, self._server):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Reset both sides."""
        self._ended.set()
        for side in (self._tablet, self._server):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(10)

    def _pump(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        try:
            while data := source.recv(_PIECE):
                if not self._pass_on(data, target, way):
                    break
            else:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            self.end()
        self._one_way_is_over()

    def _pass_on(self, data: bytes, target: socket.socket, way: Way) -> bool:
        """Whether the connection goes on after these bytes."""
        while data:
            passing, mishap = self._proxy.due(way, data)
            if not self._silent.is_set():
                with contextlib.suppress(OSError) if mishap else contextlib.nullcontext():
                    for start in range(0, passing, self._proxy.piece):
                        target.sendall(data[start : min(passing, start + self._proxy.piece)])
            data = data[passing:]
            if mishap is None:
                return True
            if not self._go_on_after(mishap, target):
                return False
        return True

    def _go_on_after(self, mishap: Mishap, target: socket.socket) -> bool:
        if mishap.kind is Kind.CUT:
            _lingerless(self._tablet)
            _lingerless(self._server)
            self.end()
            return False
        if mishap.kind is Kind.HALF_CLOSED:
            target.shutdown(socket.SHUT_WR)
            return False
        if mishap.kind is Kind.SILENT:
            self._silent.set()
        elif mishap.kind is Kind.DELAYED:
            self._ended.wait(_DELAY)
        elif mishap.kind in (Kind.PORTAL, Kind.REDIRECT):
            self.end()  # the next connection is the portal's
            return False
        elif mishap.kind is Kind.CALLED:
            try:
                mishap.call()
            finally:
                self._proxy.called()
        return True

    def _one_way_is_over(self) -> None:
        with self._lock:
            self._ways -= 1
            last = self._ways == 0
        if last:
            self._tablet.close()
            self._server.close()
            self._proxy.gone(self)


def _answer_as_portal(tablet: socket.socket, answer: bytes) -> None:
    with contextlib.suppress(OSError), tablet:
        tablet.settimeout(1)
        tablet.recv(_PIECE)
        tablet.sendall(answer)


def _lingerless(side: socket.socket) -> None:
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def _reset(side: socket.socket) -> None:
    _lingerless(side)
    side.close()
