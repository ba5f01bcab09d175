"""How a component follows what it shows: drawn again at each change, or only when what it reads has changed."""

import asyncio
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
    """What `read` gives; the component is drawn again only when that is no longer what was drawn."""
    value = read()
    _, bump = ft.use_state(0)
    # The newest `read` is asked: an older one may close over what is no longer shown.
    drawn: ft.MutableRef[tuple[Callable[[], Value], Value]] = ft.use_ref(None)
    drawn.current = (read, value)
    stop: ft.MutableRef[Callable[[], None]] = ft.use_ref(None)

    def compare() -> None:
        if drawn.current is not None and drawn.current[0]() != drawn.current[1]:
            bump(_next)

    def listen() -> None:
        silence()
        surrounding = contextvars.copy_context()
        stop.current = source.subscribe(lambda: surrounding.copy().run(compare))

    def silence() -> None:
        if stop.current is not None:
            stop.current()
            stop.current = None

    ft.use_effect(listen, [id(source)], cleanup=silence)
    return value


def use_later() -> bool:
    """False while a component is drawn for the first time, True from a later turn of the event loop on.

    What stands at the top of a screen is then on its way to the glass, and whoever taps has been heard, before what
    stands further down is drawn.
    """
    is_later, set_later = ft.use_state(False)

    async def come() -> None:
        await asyncio.sleep(0)
        set_later(True)

    ft.use_effect(come, [])
    return is_later


def _next(count: int) -> int:
    return count + 1
