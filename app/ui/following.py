"""How a component follows what it shows: drawn again at each change, or only when what it reads has changed."""

import asyncio
import contextvars
from collections.abc import Callable
from typing import Protocol, TypeVar

import flet as ft

from app.state.notebook import Notebook
from app.ui.news import SIGHT, Sight

Value = TypeVar("Value")


class Subscribable(Protocol):
    """Anything that tells of its changes."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` at each change; returns how to stop that."""


def use_changes(source: Subscribable | None) -> None:
    """Draw the component again whenever `source` changes."""
    _, bump = ft.use_state(0)
    _use_news(source, lambda: bump(_next))


def use_reading(source: Subscribable, read: Callable[[], Value]) -> Value:
    """What `read` gives; the component is drawn again only when that is no longer what was drawn."""
    value = read()
    _, bump = ft.use_state(0)
    # The newest `read` is asked: an older one may close over what is no longer shown.
    drawn: ft.MutableRef[tuple[Callable[[], Value], Value]] = ft.use_ref(None)
    drawn.current = (read, value)

    def compare() -> None:
        if drawn.current is not None and drawn.current[0]() != drawn.current[1]:
            bump(_next)

    _use_news(source, compare)
    return value


def _use_news(source: Subscribable | None, take: Callable[[], None]) -> None:
    """Call `take` at each change of `source`; once for all of them that come while it may not be drawn."""
    # As it was at the beginning: Flet finds it by the components above, which it replaces while this one stays.
    sight: ft.MutableRef[Sight] = ft.use_ref(ft.use_context(SIGHT))
    who: ft.MutableRef[object] = ft.use_ref(object)
    stop: ft.MutableRef[Callable[[], None]] = ft.use_ref(None)

    def listen() -> None:
        silence()
        if source is None:
            return
        # Whoever announces may run outside of any page (a callback from the browser): take ours along.
        surrounding = contextvars.copy_context()

        def draw() -> None:
            surrounding.copy().run(take)

        def draw_beside_finger() -> None:
            sight.current.hand.news.hear(who.current, draw)

        # What else can be followed changes by what the person does, and is to be seen under the finger.
        allowed = draw_beside_finger if isinstance(source, Notebook) else draw
        stop.current = source.subscribe(lambda: sight.current.hear(who.current, allowed))

    def silence() -> None:
        if stop.current is not None:
            stop.current()
            stop.current = None
            sight.current.forget(who.current)
            sight.current.hand.news.forget(who.current)

    # The clean-up is passed, not returned: Flet forgets a returned one at the next render.
    ft.use_effect(listen, [id(source)], cleanup=silence)


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
