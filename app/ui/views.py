"""The views that lie one above the other: a deck of cards of which Flutter never gets one more and never one less.

Flutter draws a view that it gets for one picture where nobody sees it (its HeroController measures it), and keeps a view
that is taken away in sight for 300 ms, even where nothing moves. A card that lay below and comes on top is there in the
next picture, on the way to a screen as on the way back.
"""

from collections.abc import Sequence
from typing import NamedTuple

import flet as ft

from app.ui.theme import look

_CARDS = 4
"""A main screen, the form, what lies over the form, and one more."""


class Shown(NamedTuple):
    """What is to be seen of an address."""

    route: str
    content: ft.Control


def use_deck(page: ft.Page, shown: Sequence[Shown], *, goes_by_keys: bool) -> list[ft.View]:
    """The screens, the topmost one last, on cards; what is not used lies empty below them.

    Where a person wipes a view away, each screen is a view of its own, and moves as it always does there. So it is for
    a person who goes by keys: Flutter gives the focus to a view that is new, and not to a card that comes on top.
    """
    cards: ft.MutableRef[dict[str, int]] = ft.use_ref(dict)
    if goes_by_keys or _are_wiped_away(page):
        return [_view(each.route, each) for each in shown]
    kept = {each.route: cards.current[each.route] for each in shown if each.route in cards.current}
    free = [card for card in range(max(_CARDS, len(shown))) if card not in kept.values()]
    for each in shown:
        if each.route not in kept:
            kept[each.route] = free.pop()
    cards.current = kept
    return [
        *(_view(f"card-{card}", None) for card in free),
        *(_view(f"card-{kept[each.route]}", each) for each in shown),
    ]


def _are_wiped_away(page: ft.Page) -> bool:
    """Whether the system's own gesture takes views away: in iOS, and in an app that is no web app."""
    return page.platform is ft.PagePlatform.IOS or (page.platform is ft.PagePlatform.ANDROID and not page.web)


def _view(name: str, shown: Shown | None) -> ft.View:
    content: list[ft.BaseControl] = []
    if shown is not None:
        safe = ft.SafeArea(content=shown.content, expand=True, avoid_intrusions_bottom=False, key=shown.route)
        content.append(safe)
    return ft.View(
        route=name,
        controls=content,
        padding=0,
        spacing=0,
        bgcolor=look().page,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        key=name,
    )
