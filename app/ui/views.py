"""The views that lie one above the other: a deck of cards of which Flutter never gets one more and never one less.

Flutter draws a view that it gets for one picture where nobody sees it (its HeroController measures it), and keeps a view
that is taken away in sight for 300 ms, even where nothing moves. A card that lay below and comes on top is there in the
next picture, on the way to a screen as on the way back. What lies below stays as it is, with all that was opened and moved
in it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import flet as ft

from app.ui.news import SIGHT, Hand, Sight
from app.ui.routes import KEPT_BELOW
from app.ui.theme import look

_CARDS = KEPT_BELOW + 2
"""A main screen, what was passed on the way, and where it has led."""


class Shown(NamedTuple):
    """What is to be seen of an address."""

    route: str
    draw: Callable[[], ft.Control]
    follows: bool = False
    """Whether it is drawn again also while another one lies above it."""


def use_deck(page: ft.Page, shown: Sequence[Shown], hand: Hand, *, goes_by_keys: bool) -> list[ft.View]:
    """The screens, the topmost one last, on cards; what is not used lies empty below them.

    Where a person wipes a view away, each screen is a view of its own, and moves as it always does there. So it is for
    a person who goes by keys: Flutter gives the focus to a view that is new, and not to a card that comes on top.
    """
    cards: ft.MutableRef[dict[str, int]] = ft.use_ref(dict)
    sights: ft.MutableRef[dict[str, Sight]] = ft.use_ref(dict)
    sights.current = {each.route: sights.current.get(each.route) or Sight(hand) for each in shown}
    for each in shown[:-1]:
        if not each.follows:
            sights.current[each.route].hold()
    # After the picture in which it comes on top.
    ft.use_effect(sights.current[shown[-1].route].release)

    def view(name: str, each: Shown) -> ft.View:
        return _view(name, each.route, SIGHT(sights.current[each.route], each.draw))

    if goes_by_keys or _are_wiped_away(page):
        return [view(each.route, each) for each in shown]
    kept = {each.route: cards.current[each.route] for each in shown if each.route in cards.current}
    free = [card for card in range(max(_CARDS, len(shown))) if card not in kept.values()]
    for each in shown:
        if each.route not in kept:
            kept[each.route] = free.pop()
    cards.current = kept
    return [
        *(_view(f"card-{card}") for card in free),
        *(view(f"card-{kept[each.route]}", each) for each in shown),
    ]


def _are_wiped_away(page: ft.Page) -> bool:
    """Whether the system's own gesture takes views away: in iOS, and in an Android app that is no web app."""
    return page.platform is ft.PagePlatform.IOS or (page.platform is ft.PagePlatform.ANDROID and not page.web)


def _view(name: str, route: str | None = None, content: ft.Control | None = None) -> ft.View:
    safe = (
        ft.SafeArea(content=content, expand=True, avoid_intrusions_bottom=False, key=route)
        if content
        else None
    )
    return ft.View(
        route=name,
        controls=[safe] if safe else [],
        padding=0,
        spacing=0,
        bgcolor=look().page,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        key=name,
    )
