"""Starts the tablet: one page, one platform, one launch. The home screen is drawn before the network is asked."""

import asyncio
import contextvars
import sys
from functools import partial

import flet as ft

from app.device.platform import Platform
from app.early import Opening, begun, opening
from app.ui.app import App
from app.ui.guard import watch
from app.ui.sparse_walk import walk_sparsely
from app.ui.surroundings import Surroundings

_PATIENCE = 2.0
"""Seconds that the splash may stay while the stores open or another tab is waited for."""


_HERE = "surroundings"
"""Where the page's session keeps what `before_main` has prepared."""


def before_main(page: ft.Page) -> None:
    """Dress the page before Flutter hears of it: a look that came later would be animated, frame by frame."""
    page.session.store.set(_HERE, arrange(page, begun() or opening(_platform())))


async def main(page: ft.Page) -> None:
    """Draw the page and bring the tablet up."""
    here, opened = page.session.store.get(_HERE)
    await show(here, opened)


def arrange(page: ft.Page, opened: Opening) -> tuple[Surroundings, Opening]:
    """Give the page its title and look, and let the tablet that is being opened listen to it."""
    walk_sparsely()
    page.title = "Rundgang"
    page.padding = 0
    here = Surroundings(page, opened.launch)
    watch(page, here.report_text, here.report_drawing)
    page.on_route_change = lambda event: here.address.changed(event.route)
    page.on_view_pop = lambda _: here.back()
    page.on_resize = lambda _: here.resized()
    page.on_platform_brightness_change = lambda _: here.appearance.apply()
    page.on_app_lifecycle_state_change = here.lifecycle_changed
    here.appearance.apply()
    here.trail.arrive(here.route)
    here.arrive(here.route)
    return here, opened


async def show(here: Surroundings, opened: Opening) -> None:
    """Draw what there is to be seen: the home screen, or why the tablet cannot be used yet."""
    waited = here.spawn(_finish(opened))
    if here.launch.platform.is_web:
        # The first drawing shows the home screen itself: until then the page's own splash stays.
        await asyncio.wait([waited], timeout=_PATIENCE)
    # The opening may end outside of this page's context: take ours along.
    context = contextvars.copy_context()
    here.launch.subscribe(lambda: context.copy().run(here.tablet_changed))
    here.launch.platform.wishes.subscribe(lambda: context.copy().run(here.appearance.follow))
    here.launch.platform.on_key(lambda key: context.copy().run(here.pressed, key))
    here.launch.platform.on_touch(lambda glass: context.copy().run(partial(here.hand.touches, glass=glass)))
    here.tablet_changed()
    here.page.render_views(App, here)


async def _finish(opened: Opening) -> None:
    await asyncio.shield(opened.task)


def _platform() -> Platform:
    if sys.platform == "emscripten":
        from app.device.web import web_platform

        return web_platform()
    from app.device.native import native_platform

    return native_platform()


if __name__ == "__main__":
    ft.run(main, before_main=before_main)
