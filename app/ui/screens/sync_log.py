"""Protokoll: what was transferred when, how much, how long, with what result; to read, and to send to support."""

import flet as ft

from app.i18n import t
from app.i18n.times import when
from app.ui.components.buttons import outlined
from app.ui.components.cards import empty, framed, line
from app.ui.components.frame import head, scrolled, stack
from app.ui.components.type import secondary
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.log_words import as_text, how_much, log_line
from app.ui.surroundings import Surroundings


@component
def SyncLogScreen(here: Surroundings) -> ft.Control:
    """The synchronisation log of this person on this tablet."""
    use_changes(here.notebook)
    now = here.now()
    entries = here.notebook.transfer_log()
    rows = [
        framed(
            line(
                log_line(entry),
                " · ".join(filter(None, (when(entry.at, now), how_much(entry)))),
                wrap_second=True,
            ),
            first=number == 0,
            last=number == len(entries) - 1,
            key=f"log-{number}",
        )
        for number, entry in enumerate(entries)
    ]
    return scrolled(
        here.page,
        head(t("Protokoll"), t("Was wann übertragen wurde"), on_back=lambda: here.back("/me")),
        secondary(
            t(
                "Hier stehen keine Namen, keine Texte und keine Kundennummern. "
                "Die Datei kannst du dem Support schicken; du kannst sie vorher lesen."
            )
        ),
        ft.Row(
            [
                outlined(
                    t("Als Textdatei sichern"),
                    lambda: here.spawn(_save(here)),
                    icon=ft.Icons.DOWNLOAD_OUTLINED,
                    identifier="log-save",
                )
            ]
        ),
        ft.Column(rows, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        if rows
        else stack(empty(ft.Icons.SYNC, t("Noch nichts übertragen."))),
        key="sync-log",
    )


async def _save(here: Surroundings) -> None:
    """Offer the log as a text file."""
    now = here.now()
    text = as_text(here.notebook.transfer_log(), now, await here.notebook.storage())
    # With a mark for the editors of Windows, which would guess the encoding otherwise.
    await here.files.save(
        f"rundgang-protokoll-{now.astimezone():%Y-%m-%d-%H%M}.txt", text.encode("utf-8-sig")
    )
    here.say(t("Protokoll gesichert. Es enthält keine Namen und keine Texte."))
