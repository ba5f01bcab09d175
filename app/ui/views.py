"""The views that lie one above the other, and how one leads back to the one below: at once."""

from collections.abc import Sequence

import flet as ft

from app.ui.surroundings import Surroundings
from app.ui.theme import look

_GONE_AFTER = 0.5
"""Seconds after which a view that was left is taken away: Flutter has drawn the one below on top of it by then."""


def view(route: str, content: ft.Control | None) -> ft.View:
    """A screen of an address; nothing is on it once it was left."""
    shown: list[ft.BaseControl] = (
        [ft.SafeArea(content=content, expand=True, avoid_intrusions_bottom=False)] if content else []
    )
    return ft.View(
        route=route,
        controls=shown,
        padding=0,
        spacing=0,
        bgcolor=look().page,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        key=route,
    )


def use_quick_return(here: Surroundings, views: Sequence[ft.View]) -> list[ft.View]:
    """The views, and below them, empty, for a moment those that were left.

    Flutter takes the topmost view away in 300 ms, in which it stays in sight, even where nothing moves. What lies below
    another one is taken away at once: so the view that one comes back to is put on top first. In iOS, where a finger
    wipes the view away, it moves as it always does there.
    """
    shown = [each.route for each in views]
    before: ft.MutableRef[list[str]] = ft.use_ref([])
    left: ft.MutableRef[list[str]] = ft.use_ref([])
    _, bump = ft.use_state(0)
    has_come_back = before.current[: len(shown)] == shown and here.page.platform is not ft.PagePlatform.IOS
    if has_come_back:
        left.current = [*left.current, *before.current[len(shown) :]]
    left.current = [route for route in left.current if route not in shown]
    before.current = shown

    async def take_away() -> None:
        await here.launch.platform.sleep(_GONE_AFTER)
        if left.current:
            left.current = []
            bump(lambda count: count + 1)

    ft.use_effect(lambda: here.spawn(take_away()) if left.current else None, [tuple(left.current)])
    return [*(view(route, None) for route in left.current), *views]
