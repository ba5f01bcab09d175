"""Typing a serial number: the way that is always there, with the machines that fit already listed."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.i18n import t
from app.state.machines import MachineRow
from app.ui.components.buttons import outlined, primary
from app.ui.components.cards import notice
from app.ui.components.fields import text_field
from app.ui.components.frame import bottom, head, scrolled, stack
from app.ui.components.scan_answer import machine_lines
from app.ui.components.type import secondary
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone
from protocol.rules.nameplate import LONGEST_SERIAL


@dataclass(frozen=True)
class Typing:
    """What is typed, and what can be done."""

    number: str
    change: Callable[[str], None]
    look_up: Callable[[], None]
    take: Callable[[MachineRow], None]
    camera: Callable[[], None]
    choose_photo: ft.PickFiles
    back: Callable[[], None]
    hindrance: str
    """Why the camera does not read; "" if it does."""


def scan_typing(here: Surroundings, typing: Typing) -> ft.Control:
    """The screen on which a number is typed."""
    begun = bool(typing.number.strip())
    found = here.notebook.machines.search(typing.number)
    return ft.Column(
        [
            scrolled(
                here.page,
                head(t("Seriennummer"), on_back=typing.back),
                notice(Tone.WAITING, ft.Icons.NO_PHOTOGRAPHY_OUTLINED, typing.hindrance, live=True)
                if typing.hindrance
                else None,
                text_field(
                    typing.number,
                    lambda text: typing.change(text[:LONGEST_SERIAL]),
                    label=t("Nummer vom Typenschild"),
                    identifier="scan-number",
                    on_submit=typing.look_up,
                    autofocus=True,
                    size=24,
                    capitalization=ft.TextCapitalization.CHARACTERS,
                ),
                machine_lines(found, typing.take) if found else None,
                secondary(t("Keine Anlage passt. Ganz tippen, dann „Nachsehen“: so lässt sie sich melden."))
                if begun and not found
                else None,
                stack(*_ways(here, typing), spacing=12),
                key="scan-typing",
            ),
            bottom(
                here.page,
                primary(
                    t("Nachsehen"),
                    typing.look_up if begun else None,
                    icon=ft.Icons.SEARCH,
                    identifier="scan-look-up",
                    expand=True,
                ),
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _ways(here: Surroundings, typing: Typing) -> list[ft.Control]:
    if not here.launch.platform.reads_codes:
        return []
    # A camera that was refused or taken may be free by now.
    return [
        outlined(
            t("Mit der Kamera lesen"), typing.camera, icon=ft.Icons.QR_CODE_SCANNER, identifier="scan-camera"
        ),
        outlined(
            t("Aus Foto lesen"),
            None,
            action=typing.choose_photo,
            icon=ft.Icons.PHOTO_LIBRARY_OUTLINED,
            identifier="scan-photo",
        ),
    ]
