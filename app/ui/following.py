"""How a component follows what it shows: drawn again at each change, or only when what it reads has changed."""

import contextvars
from collections.abc import Callable
from typing import Protocol, TypeVar

import flet as ft

Value = TypeVar("Value")


class Subscribable(Protocol):
    """Anything that tells of its changes."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each change; returns how to stop that."""


def use_changes(source: Subscribable | None) -> None:
    """Draw the component again whenever `source` changes."""
    _, bump = ft.use_state(0)
    stop: ft.MutableRef[Callable[[], None]] = ft.use_ref(None)

    def listen() -> None:
        silence()
        if source is not None:
            # Whoever announces may run outside of any page (a callback from the browser): take ours along.
            surrounding = contextvars.copy_context()
            stop.current = source.subscribe(lambda: surrounding.copy().run(bump, _next))

    def silence() -> None:
        if stop.current is not None:
            stop.current()
            stop.current = None

    # The clean-up is passed, not returned: Flet forgets a returned one at the next render.
    ft.use_effect(listen, [id(source)], cleanup=silence)


def use_reading(source: Subscribable, read: Callable[[], Value]) -> Value:
    """What `read` gives; the component is drawn again only when that changes."""
    _, remember = ft.use_state(read())
    stop: ft.MutableRef[Callable[[], None]] = ft.use_ref(None)

    def listen() -> None:
        silence()
        surrounding = contextvars.copy_context()
        stop.current = source.subscribe(lambda: surrounding.copy().run(remember, lambda _: read()))

    def silence() -> None:
        if stop.current is not None:
            stop.current()
            stop.current = None

    ft.use_effect(listen, [id(source)], cleanup=silence)
    return read()


def _next(count: int) -> int:
    return count + 1
