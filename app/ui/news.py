"""News that may not be drawn yet: of a screen that lies below another one, and of all while a finger is on the glass."""

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

_RESTS_AT_MOST = 30.0
"""Seconds after which a hand that lies on the glass holds up nothing any more."""
_IS_ANSWERED = 0.05
"""Seconds after a finger was lifted until what was held up is drawn: what was touched comes first."""


class News:
    """What is to be drawn, now or once it may be."""

    def __init__(self) -> None:
        self._is_held = False
        self._held: dict[object, Callable[[], None]] = {}

    def hold(self) -> None:
        """Keep what comes from now on."""
        self._is_held = True

    def let_through(self) -> None:
        """Draw what comes from now on; what was kept goes on waiting."""
        self._is_held = False

    def release(self) -> None:
        """Draw what was kept, and what comes from now on."""
        self._is_held = False
        held, self._held = self._held, {}
        for draw in held.values():
            draw()

    def hear(self, who: object, draw: Callable[[], None]) -> None:
        """Something that `who` shows has changed."""
        if self._is_held:
            self._held[who] = draw
        else:
            self._held.pop(who, None)
            draw()

    def forget(self, who: object) -> None:
        """`who` is not there any more."""
        self._held.pop(who, None)


class Hand:
    """The person's hand: nothing moves by itself under a finger.

    Flutter finds what was touched by its place among its neighbours. What stands elsewhere when the finger is lifted is
    answered by nobody.

    Args:
        sleep: waits that many seconds.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.news = News()
        """Of what changes by itself: of a transfer."""
        self._sleep = sleep
        self._waiting: asyncio.Task[None] | None = None

    def touches(self, *, glass: bool) -> None:
        """A finger was laid on the glass, or lifted."""
        if self._waiting is not None:
            self._waiting.cancel()
        if glass:
            self.news.hold()
        else:
            self.news.let_through()
        self._waiting = asyncio.get_running_loop().create_task(
            self._release(_RESTS_AT_MOST if glass else _IS_ANSWERED)
        )

    async def _release(self, seconds: float) -> None:
        await self._sleep(seconds)
        self.news.release()


class Sight(News):
    """One screen: while it is covered by another one nothing of it is drawn."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self.hand = hand


SIGHT = ft.create_context(Sight(Hand()))
"""That of the screen to which a component belongs; what belongs to none is always in sight."""
