"""One text that a person has begun to type and not sent: kept like a draft, at most a quarter of a second behind."""

import asyncio
from collections.abc import Awaitable, Callable

from app.state.drafting import BEHIND, Kept
from app.state.errors import StorageFull, StoreError


class BegunText:
    """A text while a person types it.

    Args:
        keep: makes this text durable; "" when there is nothing to keep any more.
        text: what was kept before.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        keep: Callable[[str], Awaitable[None]],
        text: str = "",
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.text = text
        self.kept = Kept.KEPT if text else Kept.UNTOUCHED
        self._keep = keep
        self._sleep = sleep
        self._durable = text
        self._committing = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when the text, or what may be said about it, changes; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def change(self, text: str) -> None:
        """Take over what stands in the field now; it is durable soon after."""
        if text == self.text:
            return
        self.text = text
        self.kept = Kept.KEEPING
        if self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._keep_soon())
        self._announce()

    async def flush(self) -> None:
        """Make what was typed so far durable now; failures are told by `kept`."""
        async with self._committing:
            await self._commit()

    async def send(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Give the text to `send`, which makes it durable elsewhere; then it is empty and no longer kept.

        What is typed meanwhile stays. Raises whatever `send` raises; the text is kept then.
        """
        async with self._committing:
            sent = self.text
            await send(sent)
            if self.text == sent:
                self.text = ""
            await self._commit()
        self._announce()

    async def _keep_soon(self) -> None:
        await self._sleep(BEHIND)
        await self.flush()

    async def _commit(self) -> None:
        while self._durable != self.text:
            text = self.text
            try:
                await self._keep(text)
            except StoreError as failure:
                # An empty text that could not be forgotten is nothing that a person could lose.
                lost = Kept.FULL if isinstance(failure, StorageFull) else Kept.FAILED
                self._say(lost if text else Kept.UNTOUCHED)
                return
            self._durable = text
        self._say(Kept.KEPT if self.text else Kept.UNTOUCHED)

    def _say(self, kept: Kept) -> None:
        if kept is not self.kept:
            self.kept = kept
            self._announce()

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
