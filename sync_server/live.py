"""Tells open inboxes that something changed: from any thread into the event loop of each listener."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

READY = "ready"
"""First event of every stream: from here on nothing is missed; what was before has to be counted."""

RELOAD = "reload"
"""Event for a listener that fell behind: it has missed some and must count anew."""

_QUEUE_LENGTH = 64
"""Events that may wait for one listener. A page fetches what changed and needs no single event, so a
listener that is this far behind is better served by one `reload` than by growing memory."""


@dataclass(frozen=True)
class Event:
    """What is announced: a name and ids, never personal data, because it goes to every open inbox."""

    name: str
    data: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """The data as it is sent."""
        return json.dumps(self.data)


class _Listener:
    """One open page: a bounded queue that belongs to one event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._behind = False

    def put(self, event: Event | None) -> None:
        """Queue an event (None ends the stream). Called in the listener's own loop only."""
        if event is None:
            self._queue.put_nowait(None)
        elif self._queue.qsize() < _QUEUE_LENGTH:
            self._queue.put_nowait(event)
        elif not self._behind:
            self._behind = True
            self._queue.put_nowait(Event(RELOAD))

    async def get(self) -> Event | None:
        """The next event, or None at the end."""
        event = await self._queue.get()
        if event is not None and event.name == RELOAD:
            self._behind = False
        return event


class Live:
    """The hub between those who change something and those who look at it.

    Works within one server process; between several on one database `live_bridge` carries what is announced.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._carry: Callable[[Event], None] | None = None
        self._listeners: set[_Listener] = set()
        self._closed = False

    def announce(self, event: str, data: dict[str, str]) -> None:
        """Tell every listener, here and in other processes. Safe from any thread; never waits and never fails."""
        if not self._listeners and self._carry is None:
            return
        told = Event(event, data)
        self._to_all(told)
        if self._carry is not None:
            self._carry(told)

    def hear(self, event: Event) -> None:
        """Tell every listener in this process what was announced in another one."""
        self._to_all(event)

    def carry_on(self, carry: Callable[[Event], None] | None) -> None:
        """Hand what is announced here to a bridge to other processes as well; None ends that.

        Args:
            carry: called from any thread; must neither wait nor fail.
        """
        self._carry = carry

    async def subscribe(self) -> AsyncGenerator[Event, None]:
        """READY, then every event from there on, until the hub is closed or the listener leaves."""
        listener = _Listener()
        with self._lock:
            if self._closed:
                return
            self._listeners.add(listener)
        try:
            yield Event(READY)
            while (event := await listener.get()) is not None:
                yield event
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def close(self) -> None:
        """End every stream: a server that stops must not wait for pages that stay open."""
        with self._lock:
            self._closed = True
        self._to_all(None)

    @property
    def listeners(self) -> int:
        """How many pages listen."""
        with self._lock:
            return len(self._listeners)

    def _to_all(self, event: Event | None) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener.loop.call_soon_threadsafe(listener.put, event)
            except RuntimeError:
                # The loop has ended between the look and the call: nobody is left to tell.
                with self._lock:
                    self._listeners.discard(listener)
