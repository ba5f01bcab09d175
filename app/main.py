"""Starts the tablet: one page, one platform, one launch. The home screen is drawn before the network is asked."""

import asyncio
import sys

import flet as ft

from app.device.platform import Platform
from app.device.web import web_platform
from app.state.launch import Launch
from app.ui.app import App
from app.ui.guard import watch
from app.ui.surroundings import Surroundings


async def main(page: ft.Page) -> None:
    """Draw the page and bring the tablet up."""
    page.title = "Rundgang"
    page.padding = 0
    await open_on(page, _platform())


async def open_on(page: ft.Page, platform: Platform) -> Surroundings:
    """Bring the tablet up on this page; returns once it is ready or says why not."""
    launch = Launch(platform)
    here = Surroundings(page, launch)
    watch(page, here.report_text, here.report_drawing)
    page.on_route_change = lambda event: here.arrive(event.route)
    page.on_view_pop = lambda _: here.back()
    page.on_resize = lambda _: here.resized()
    page.on_platform_brightness_change = lambda _: here.apply_look()
    page.on_app_lifecycle_state_change = here.lifecycle_changed
    here.apply_look()
    here.trail.arrive(here.route)
    here.arrive(here.route)
    if platform.is_web:
        # The first drawing shows the home screen itself: until then the page's own splash stays.
        await asyncio.wait([here.spawn(launch.run())], timeout=_PATIENCE)
    else:
        here.spawn(launch.run())
    launch.subscribe(here.tablet_changed)
    here.tablet_changed()
    page.render_views(App, here)
    return here


_PATIENCE = 2.0
"""Seconds that the splash may stay while the stores open or another tab is waited for."""


def _platform() -> Platform:
    if sys.platform == "emscripten":
        return web_platform()
    from app.device.native import native_platform

    return native_platform()


if __name__ == "__main__":
    ft.run(main)
