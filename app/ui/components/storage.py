"""Room on the tablet, in words: how much is used, whether it is promised to stay, and when it becomes short."""

import flet as ft

from app.device.platform import StorageUse
from app.i18n import t
from app.i18n.times import bytes_in_words
from app.state.room import is_short
from app.ui.components.cards import card, notice
from app.ui.components.chips import chip
from app.ui.components.type import body, secondary
from app.ui.following import use_reading
from app.ui.guard import component
from app.ui.surroundings import Surroundings
from app.ui.theme import Tone, look


def storage_card(use: StorageUse | None) -> ft.Control:
    """Usage and quota with a bar, and the browser's promise."""
    if use is None:
        return card([secondary(t("Wird gelesen …"))])
    rows: list[ft.Control] = []
    if use.quota:
        short = is_short(use)
        rows += [
            body(
                t(
                    "{usage} von {quota} belegt",
                    usage=bytes_in_words(use.usage),
                    quota=bytes_in_words(use.quota),
                ),
                bold=True,
            ),
            ft.ProgressBar(
                value=min(1.0, use.usage / use.quota),
                bar_height=10,
                border_radius=5,
                color=look().bad_strong if short else look().primary.ground,
                bgcolor=look().neutral.ground,
                semantics_label=t("Belegter Speicher"),
            ),
        ]
    else:
        rows.append(secondary(t("Wie viel Platz es gibt, verrät dieser Browser nicht.")))
    if use.persistent:
        promise = chip(t("Dauerhaft zugesagt"), Tone.GOOD, ft.Icons.CHECK)
    else:
        promise = chip(t("Vom Browser noch nicht dauerhaft zugesagt"), Tone.WAITING, ft.Icons.INFO_OUTLINED)
    rows.append(ft.Row([promise]))
    if not use.persistent:
        rows.append(
            secondary(
                t("Tipp: Installiere Rundgang auf dem Startbildschirm, dann räumt der Browser es nicht weg.")
            )
        )
    rows.append(
        secondary(
            t(
                "Wird der Platz knapp, gehen zuerst Fotos, die der Server schon hat. "
                "Was noch nicht übertragen ist, wird nie entfernt."
            )
        )
    )
    return card(rows)


@component
def RoomNotice(here: Surroundings) -> ft.Control:
    """A warning before the tablet is full; nothing while there is room."""
    room = here.notebook.room
    short = use_reading(room, lambda: room.is_short)
    if not short or room.use is None:
        return ft.Container(height=0)
    free = bytes_in_words(max(0, room.use.quota - room.use.usage))
    return notice(
        Tone.WAITING,
        ft.Icons.STORAGE_OUTLINED,
        t("Der Platz auf dem Tablet wird knapp: noch {free} frei", free=free),
        t(
            "Gespeichertes ist sicher. Bitte bald mit Netz abgleichen und Platz schaffen "
            "(Fotos oder Apps löschen)."
        ),
        identifier="room-short",
        live=True,
    )
