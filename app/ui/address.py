"""The browser's address follows what is shown: the browser needs a tenth of a second to take one, which nobody waits for."""

from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft


class Address:
    """What stands in the browser's address bar.

    Args:
        shown: the address of what is on the glass.
        arrive: shows what an address stands for.
    """

    def __init__(self, page: ft.Page, shown: Callable[[], str], arrive: Callable[[str], None]) -> None:
        self._page = page
        self._shown = shown
        self._arrive = arrive
        self._under_way = 0

    def take(self, route: str) -> Coroutine[Any, Any, None]:
        """Have the browser take the address of what is shown already."""
        self._under_way += 1
        return self._take(route)

    def changed(self, route: str) -> None:
        """The browser has another address: by its own buttons, or because it took ours, which is shown already."""
        if not self._under_way and route != self._shown():
            self._arrive(route)

    async def _take(self, route: str) -> None:
        before = self._page.route
        try:
            await self._page.push_route(route)
        finally:
            self._under_way -= 1
        # Somebody may have used the browser's own buttons meanwhile.
        if not self._under_way and self._page.route not in (before, self._shown()):
            self._arrive(self._page.route)
