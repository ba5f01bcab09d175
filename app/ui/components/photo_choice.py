"""The choice whether photos go over a mobile network, and the truth about what the browser tells of it."""

from functools import partial

import flet as ft

from app.device.platform import Connection
from app.i18n import t
from app.state.photo_sending import PhotosOver
from app.ui.components.buttons import outlined
from app.ui.components.cards import card
from app.ui.components.chips import choice
from app.ui.components.type import body, secondary
from app.ui.surroundings import Surroundings


def photo_choice(here: Surroundings) -> ft.Control:
    """The card with the choice, what it means on this device, and how to send all the same."""
    sending = here.notebook.photo_sending
    rows: list[ft.Control] = [
        body(t("Texte gehen immer. Fotos und Sprachnotizen sind groß:")),
        ft.Row(
            [
                choice(
                    name,
                    partial(_choose, here, value),
                    chosen=sending.choice is value,
                    identifier=f"photos-{value.value}",
                )
                for value, name in (
                    (PhotosOver.ANYTHING, t("Fotos immer senden")),
                    (PhotosOver.WIFI, t("Fotos nur im WLAN")),
                )
            ],
            spacing=10,
            run_spacing=10,
            wrap=True,
        ),
    ]
    if sending.choice is PhotosOver.WIFI:
        rows.append(secondary(_truth(sending.connection)))
    if here.notebook.transfer().photos_waiting and not sending.allowed():
        rows.append(
            ft.Row(
                [
                    outlined(
                        t("Fotos jetzt trotzdem senden"),
                        here.notebook.send_photos_now,
                        icon=ft.Icons.CLOUD_UPLOAD_OUTLINED,
                        identifier="photos-now",
                    )
                ]
            )
        )
    return card(rows, spacing=10)


def _truth(connection: Connection) -> str:
    """What the choice means with this connection."""
    return {
        Connection.WIFI: t("Gerade WLAN: Fotos werden gesendet."),
        Connection.MOBILE: t("Gerade Mobilfunk (oder Datensparen): Fotos warten sicher auf diesem Tablet."),
        Connection.UNKNOWN: t(
            "Dieses Gerät verrät der App nicht, ob es WLAN oder Mobilfunk benutzt. "
            "Fotos warten deshalb, bis du sie hier selbst sendest."
        ),
    }[connection]


def _choose(here: Surroundings, value: PhotosOver) -> None:
    async def keep() -> None:
        await here.notebook.photo_sending.choose(value)
        here.tablet.synchronizer.request()
        here.announce()

    here.spawn(keep())
