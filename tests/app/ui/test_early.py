"""What is loaded while Flutter loads is all that the first screen needs of Flet, and little else."""

import subprocess
import sys

# In a process of its own: here everything is loaded already.
_PROGRAM = """
import asyncio, importlib, sys
from app import early
from app.main import arrange, show
for module in early._FIRST_SCREEN:
    importlib.import_module(module)
from tests.app.a_tablet import Shelf, customer, paired, platform, synchronized
from tests.app.scripted_server import NOW, ScriptedServer, name
from tests.app.ui.headless import HeadlessPage
from protocol.reference import Entity

loaded = set(sys.modules)

async def start():
    server, shelf = ScriptedServer(), Shelf()
    server.publish(Entity.CUSTOMER, name("one"), customer("one", customer_class="A"))
    visit = {"id": str(name("visit")), "customer_id": str(name("one")), "starts_at": NOW.isoformat(), "purpose": "x"}
    server.publish(Entity.VISIT, name("visit"), visit)
    tablet, _ = await paired(shelf, server)
    await synchronized(tablet)
    await tablet.close()

    async def never(_):
        await asyncio.Event().wait()

    page = HeadlessPage(route="/")
    here, opened = arrange(page.page, early.opening(platform(shelf, server.transport, sleep=never)))
    await opened.task
    await show(here, opened)
    print(*sorted(name for name in set(sys.modules) - loaded if name.startswith("flet.")))
    await here.close()

asyncio.run(start())
"""


def test_drawing_home_loads_nothing_more_of_flet() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout.split(), f"to be named in app/early.py: {done.stdout}"


_FOR_LATER = {
    "app.device.files": "the device's file dialogs",
    "app.paper": "papers",
    "app.photo": "editing photos",
    "app.state.begun_text": "typing",
    "app.state.drafting": "writing an observation",
    "app.state.roll": "the camera",
    "app.state.scanning": "scanning",
    "app.state.speaking": "voice notes",
    "app.state.taking_out": "the copy of what waits",
    "app.sync.server": "the network",
    "app.sync.uploads": "the network",
    "app.ui.screens.capture": "writing an observation",
    "app.ui.screens.customer": "the brief",
    "app.ui.screens.customers": "looking for customers",
    "httpx": "the network",
}
"""What no first screen needs, and what it is for; every module within counts, too."""


def test_a_start_loads_nothing_of_what_is_for_later() -> None:
    program = "import importlib, sys, app.main; from app import early; list(map(importlib.import_module, early._FIRST_SCREEN)); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = done.stdout.split()
    early = {
        module: purpose
        for module, purpose in _FOR_LATER.items()
        if any(name == module or name.startswith(f"{module}.") for name in loaded)
    }
    assert not early, "loaded at every start, for what comes later: import it where it is used"
