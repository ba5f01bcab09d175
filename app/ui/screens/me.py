"""Ich: who and where, language and look, the transfer, the storage, taking work out, the version."""

import flet as ft

from app.i18n import t
from app.i18n.times import plain_day, when
from app.state.views import Identity
from app.ui import words
from app.ui.components.appearance_choice import appearance_choice
from app.ui.components.buttons import outlined, primary
from app.ui.components.cards import card, line, lines
from app.ui.components.frame import columns, head, is_wide, part, scrolled, stack
from app.ui.components.photo_choice import photo_choice
from app.ui.components.storage import RoomNotice, storage_card
from app.ui.components.transfer_banner import TransferBanner
from app.ui.components.type import body, secondary, section
from app.ui.components.update_notice import update_notice
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.log_words import log_line
from app.ui.screens.taking_out import take_out
from app.ui.surroundings import Surroundings
from app.ui.text_size import is_crowded, is_large
from app.ui.theme import GAP
from app.version import VERSION
from protocol.version import PROTOCOL

_LOG_LINES = 4


@component
def Me(here: Surroundings) -> ft.Control:
    """The technician's own page."""
    use_changes(here)
    use_changes(here.notebook)
    storage, set_storage = ft.use_state(None)
    transfer = here.notebook.transfer()
    identity = here.notebook.identity

    async def look_at_storage() -> None:
        found = await here.notebook.storage()
        set_storage(lambda _: found)

    def begin() -> None:
        here.spawn(look_at_storage())

    ft.use_effect(begin, [transfer.waiting, transfer.photos_waiting, transfer.running])
    transferring = part(section(t("Übertragung")), TransferBanner(here), _transfer(here))
    appearance = part(section(t("Sprache und Aussehen")), appearance_choice(here))
    rest = [
        part(section(t("Sicherungskopie")), _taking_out(here)),
        part(section(t("Fotos")), photo_choice(here)),
        part(
            section(t("Speicher auf diesem Tablet")),
            RoomNotice(here) if here.notebook.room.is_short else None,
            storage_card(storage),
        ),
        part(section(t("Protokoll")), _log(here)),
    ]
    last = [part(section(t("App")), _version(here)), part(section(t("Kopplung")), _pairing(here, identity))]
    wide = is_wide(here.page)
    left = [transferring, *rest] if wide else [transferring, appearance, *rest]
    right = [appearance, *last] if wide else last
    return scrolled(
        here.page,
        head(identity.user_name, " · ".join(text for text in (identity.company, identity.territory) if text)),
        columns(here.page, left, right),
        wide=is_wide(here.page),
        key="me",
    )


def _transfer(here: Surroundings) -> ft.Control:
    transfer = here.notebook.transfer()
    now = here.now()
    facts = [
        (t("Meldungen und Antworten warten"), str(transfer.waiting)),
        (t("Fotos warten"), str(transfer.photos_waiting)),
        (t("Nicht angenommen"), str(transfer.refused)),
        (
            t("Letzter Abgleich"),
            when(transfer.last_contact, now) if transfer.last_contact else t("noch nie"),
        ),
    ]
    if transfer.next_attempt is not None and not transfer.running:
        facts.append((t("Nächster Versuch von selbst"), when(transfer.next_attempt, now)))
    rows: list[ft.Control] = [_fact(name, value) for name, value in facts]
    if transfer.problem is not None:
        rows.append(
            line(body(words.hindrance(transfer.problem)), t("Letztes Hindernis"), icon=ft.Icons.INFO_OUTLINED)
        )
    return lines(rows)


def _log(here: Surroundings) -> ft.Control:
    now = here.now()
    recent = here.notebook.transfer_log()[:_LOG_LINES]
    return lines(
        [
            *(_fact(log_line(entry), when(entry.at, now)) for entry in recent),
            line(
                t("Ganzes Protokoll"),
                t("lesen oder als Textdatei für den Support sichern"),
                icon=ft.Icons.RECEIPT_LONG_OUTLINED,
                on_click=lambda: here.go("/log"),
                identifier="see-log",
                chevron=True,
            ),
        ]
    )


def _taking_out(here: Surroundings) -> ft.Control:
    transfer = here.notebook.transfer()
    return card(
        [
            body(
                t(
                    "Alles, was noch nicht beim Server ist, als eine Datei: lesbarer Text und Fotos. "
                    "Auf dem Tablet bleibt es trotzdem."
                )
            ),
            secondary(t("Wartend: {count}", count=transfer.waiting + transfer.refused)),
            ft.Row(
                [
                    outlined(
                        t("Als Datei sichern"),
                        lambda: here.spawn(take_out(here)),
                        icon=ft.Icons.DOWNLOAD_OUTLINED,
                        identifier="export-outbox",
                    )
                ]
            ),
        ]
    )


def _version(here: Surroundings) -> ft.Control:
    rows: list[ft.Control] = []
    if here.launch.update_ready:
        rows.append(update_notice(here))
    rows.append(body(t("Rundgang {version}", version=VERSION)))
    rows.append(secondary(t("Protokoll {number}", number=PROTOCOL)))
    if here.last_failure:
        rows.append(secondary(t("Letzter Fehler: {details}", details=here.last_failure)))
    return card(rows)


def _pairing(here: Surroundings, identity: Identity) -> ft.Control:
    today = here.now().astimezone().date()

    def ask() -> None:
        waiting = here.notebook.transfer().waiting + here.notebook.transfer().refused
        here.page.show_dialog(
            ft.AlertDialog(
                title=t("Tablet abmelden?"),
                content=ft.Container(
                    stack(
                        body(
                            t(
                                "Kundendaten werden von diesem Tablet entfernt. Deine Meldungen und Entwürfe "
                                "bleiben hier und sind wieder da, wenn du dich hier neu koppelst."
                            )
                        ),
                        body(t("Noch nicht übertragen: {count}", count=waiting), bold=True)
                        if waiting
                        else None,
                    ),
                    width=460,
                ),
                actions=[
                    outlined(t("Abbrechen"), here.page.pop_dialog, identifier="unpair-cancel"),
                    primary(t("Abmelden"), sure, identifier="unpair-sure", danger=True),
                ],
            )
        )

    def sure() -> None:
        here.page.pop_dialog()
        here.spawn(here.unpair())

    return stack(
        lines(
            [
                _fact(t("Server"), identity.server),
                _fact(t("Gekoppelt am"), plain_day(identity.paired_at.astimezone().date(), today)),
                _fact(t("Gebiet"), identity.territory or t("alle")),
            ]
        ),
        ft.Row(
            [outlined(t("Tablet abmelden …"), ask, icon=ft.Icons.LINK_OFF, identifier="unpair", danger=True)]
        ),
        spacing=GAP,
    )


def _fact(name: str, value: str) -> ft.Control:
    return ft.Container(
        stack(secondary(name), body(value), spacing=2)
        if is_large()
        else ft.Row([secondary(name, expand=True), body(value)], spacing=14),
        padding=ft.Padding.symmetric(horizontal=16 if is_crowded() else 24, vertical=12),
    )
