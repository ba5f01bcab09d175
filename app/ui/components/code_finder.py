"""The camera's picture in which codes are looked for, one picture after the other, until something reliable is read."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.device.camera import NoCamera, Viewfinder
from app.device.errors import CodesUnavailable, UnreadablePhoto
from app.device.platform import Platform, ReadCode
from app.i18n import t
from app.state.scanning import TRIES_BEFORE_ADVICE, Answer, Watcher
from app.ui.components.buttons import outlined
from app.ui.components.frame import is_phone, stack
from app.ui.components.over_camera import INK, panel, way_back
from app.ui.components.touch import named
from app.ui.guard import component
from app.ui.surroundings import Surroundings

_BREATH = 0.05
"""Seconds between two pictures, in which everything else has its turn."""


@dataclass(frozen=True)
class Finding:
    """What is looked for, and what comes of it."""

    watcher: Watcher
    read: Callable[[Answer], None]
    """Called once, with what is certain."""
    fail: Callable[[Exception], None]
    """There is no camera (NoCamera), or no reader (CodesUnavailable)."""
    type_it: Callable[[], None]
    choose_photo: ft.PickFiles
    back: Callable[[], None]


@component
def CodeFinder(here: Surroundings, finding: Finding) -> ft.Control:
    """The full-screen picture."""
    viewfinder = ft.use_memo(lambda: Viewfinder(web=here.page.web), [])
    # Kept with its frame: drawn anew around it, the camera would lose its place on the page.
    picture = ft.use_memo(
        lambda: ft.Container(viewfinder.control, bgcolor="#000000", left=0, right=0, top=0, bottom=0), []
    )
    ready, set_ready = ft.use_state(False)
    in_vain, set_in_vain = ft.use_state(False)
    gone: ft.MutableRef[bool] = ft.use_ref(False)

    async def look() -> None:
        watcher, platform = finding.watcher, here.launch.platform
        try:
            await here.notebook.machines.prepare()
            await viewfinder.start()
            set_ready(True)
            while not gone.current:
                answer = watcher.see(await _codes(platform, await viewfinder.take()))
                if answer is not None and not gone.current:
                    finding.read(answer)
                    return
                if watcher.tries == TRIES_BEFORE_ADVICE:
                    set_in_vain(True)
                await platform.sleep(_BREATH)
        except (NoCamera, CodesUnavailable) as error:
            if not gone.current:
                here.last_failure = str(error)
                finding.fail(error)

    def begin() -> None:
        gone.current = False
        here.spawn(look())

    def end() -> None:
        gone.current = True

    ft.use_effect(begin, [], cleanup=end)
    return ft.Stack(
        [
            picture,
            _aim(),
            way_back(finding.back, identifier="scan-back"),
            panel(
                named(_said(ready, in_vain), identifier="scan-said", live=True),
                _ways(here, finding),
                spacing=14,
            ),
        ],
        expand=True,
    )


async def _codes(platform: Platform, data: bytes) -> tuple[ReadCode, ...]:
    try:
        return await platform.read_codes(data)
    except UnreadablePhoto:
        return ()  # the camera gave half a picture; the next one will do


def _said(ready: bool, in_vain: bool) -> ft.Control:
    if not ready:
        words, more = t("Die Kamera geht an …"), ""
    elif in_vain:
        words = t("Noch kein Code erkannt.")
        more = t("Näher heran, gerade halten, Schmutz und Spiegelung weg. Oder die Nummer eintippen.")
    else:
        words, more = (
            t("Typenschild ins Bild halten"),
            t("Strichcode, QR oder Data Matrix: wird von allein gelesen."),
        )
    rows: list[ft.Control] = [ft.Text(words, size=20, weight=ft.FontWeight.BOLD, color=INK)]
    if more:
        rows.append(ft.Text(more, size=16, color=INK))
    return ft.Column(rows, spacing=2, tight=True)


def _aim() -> ft.Control:
    """Where the code is expected. The whole picture is read; this keeps it at the right distance."""
    return ft.Container(
        ft.Container(
            width=300, height=200, border=ft.Border.all(4, INK), border_radius=24, ignore_interactions=True
        ),
        alignment=ft.Alignment(0, -0.25),
        left=0,
        right=0,
        top=0,
        bottom=0,
        ignore_interactions=True,
    )


def _ways(here: Surroundings, finding: Finding) -> ft.Control:
    """What is always possible besides the camera."""
    stacked = is_phone(here.page)
    ways = [
        outlined(
            t("Nummer eintippen"),
            finding.type_it,
            icon=ft.Icons.KEYBOARD_OUTLINED,
            identifier="scan-type",
            expand=None if stacked else True,
        ),
        outlined(
            t("Aus Foto lesen"),
            None,
            action=finding.choose_photo,
            icon=ft.Icons.PHOTO_LIBRARY_OUTLINED,
            identifier="scan-photo",
            expand=None if stacked else True,
        ),
    ]
    return stack(*ways, spacing=10) if stacked else ft.Row(ways, spacing=12)
