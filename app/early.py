"""What is done while Flutter is still loading: the stores are opened, and what the first screen is made of is loaded.

In the browser Python runs before Flutter asks for it, and for a while has nothing else to do.
"""

import asyncio
import importlib
import logging
from dataclasses import dataclass

from app.device.platform import Platform
from app.i18n import use
from app.state.launch import Launch

_FIRST_SCREEN = (
    "flet.components.component",
    "flet.components.hooks.use_effect",
    "flet.components.hooks.use_ref",
    "flet.components.hooks.use_state",
    "flet.controls.core.column",
    "flet.controls.core.icon",
    "flet.controls.core.list_view",
    "flet.controls.core.merge_semantics",
    "flet.controls.core.row",
    "flet.controls.core.safe_area",
    "flet.controls.core.semantics",
    "flet.controls.core.stack",
    "flet.controls.core.text",
    "flet.controls.material.container",
    "flet.controls.material.icons",
)
"""Flet loads a control's module when it is first named, which would be while the first screen is drawn."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opening:
    """A launch, and the task that ends when the tablet is open or cannot be opened."""

    launch: Launch
    task: asyncio.Task[None]


_begun: list[Opening] = []


def while_flutter_loads() -> None:
    """Begin to open this tablet. The Python worker calls it, once (webapp/page/python_worker.js)."""
    from app.device.web import web_platform

    _begun.append(opening(web_platform()))
    for module in _FIRST_SCREEN:
        importlib.import_module(module)


def begun() -> Opening | None:
    """What has begun already, for the page that comes first."""
    return _begun.pop() if _begun else None


def opening(platform: Platform) -> Opening:
    """Begin to open the tablet on this platform, in the device's language until the person's own is known."""
    use(platform.language[:2].lower())
    launch = Launch(platform)
    return Opening(launch, asyncio.get_running_loop().create_task(_open(launch)))


async def _open(launch: Launch) -> None:
    await launch.run()
    notebook = launch.tablet.notebook if launch.tablet else None
    if notebook is None:
        return
    try:
        # What the first screen asks for is remembered: drawing it will find it there.
        notebook.today(launch.platform.clock())
        notebook.transfer()
    except Exception:
        log.exception("the first screen could not be prepared")  # drawing it will say so to the person
