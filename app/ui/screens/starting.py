"""The pages before the notebook opens: what hinders the start, in words, and what to do; the first reading."""

import flet as ft

from app.i18n import t
from app.state.launch import Stage
from app.ui import words
from app.ui.components.buttons import outlined, primary
from app.ui.components.cards import card
from app.ui.components.type import body, secondary, title
from app.ui.following import use_changes
from app.ui.guard import component
from app.ui.screens.pairing import brand, framed_page
from app.ui.screens.taking_out import take_out
from app.ui.surroundings import Surroundings
from app.ui.theme import look


@component
def Hindered(here: Surroundings, stage: Stage) -> ft.Control:
    """What hinders the start."""
    texts = {
        Stage.INSECURE: (
            ft.Icons.NO_ENCRYPTION_OUTLINED,
            t("So kann das Tablet nichts sicher aufheben"),
            t(
                "Diese Seite wurde ohne https geöffnet. Der Browser erlaubt dann keinen dauerhaften Speicher "
                "und keine Kamera. Bitte die Adresse mit https:// öffnen; der Innendienst kennt sie."
            ),
        ),
        Stage.OTHER_TAB: (
            ft.Icons.TAB_UNSELECTED,
            t("Rundgang ist schon in einem anderen Tab offen"),
            t(
                "Damit nichts doppelt geschrieben wird, läuft die App nur einmal. "
                "Schließ den anderen Tab: Hier geht es dann von selbst weiter."
            ),
        ),
        Stage.NEWER_STORE: (
            ft.Icons.UPDATE,
            t("Diese App ist älter als ihre Daten"),
            t(
                "Eine neuere Version hat hier geschrieben. Deine Daten sind unberührt. "
                "Bitte mit Netz neu laden, damit die neue Version kommt."
            ),
        ),
        Stage.DAMAGED: (
            ft.Icons.REPORT_OUTLINED,
            t("Der Speicher dieses Tablets ist beschädigt"),
            t(
                "Die App rührt ihn nicht an, damit nichts verloren geht. "
                "Bitte nichts löschen und die Administration anrufen."
            ),
        ),
        Stage.FULL: (
            ft.Icons.STORAGE_OUTLINED,
            t("Der Speicher des Tablets ist voll"),
            t(
                "Was gespeichert war, ist sicher. Bitte Platz schaffen (Fotos oder Apps löschen) und neu versuchen."
            ),
        ),
        Stage.BROKEN: (
            ft.Icons.REPORT_OUTLINED,
            t("Der Speicher des Tablets lässt sich nicht öffnen"),
            t(
                "Vielleicht ist ein privates Fenster offen. Bitte im normalen Fenster öffnen oder neu versuchen."
            ),
        ),
    }
    icon, heading, more = texts.get(stage, texts[Stage.BROKEN])
    retry = stage in (Stage.NEWER_STORE, Stage.FULL, Stage.BROKEN)
    waiting = stage is Stage.OTHER_TAB
    return framed_page(
        here,
        brand(),
        card(
            [
                ft.Row([ft.Icon(icon, size=40, color=look().primary.ground)]),
                title(heading, size=26),
                body(more),
                *(
                    [ft.Row([ft.ProgressRing(width=28, height=28), secondary(t("wartet …"))], spacing=14)]
                    if waiting
                    else []
                ),
                *(
                    [
                        primary(
                            t("Erneut versuchen"),
                            lambda: here.spawn(here.launch.open()),
                            icon=ft.Icons.RESTART_ALT,
                            identifier="start-retry",
                        )
                    ]
                    if retry
                    else []
                ),
            ],
            padding=28,
            spacing=18,
        ),
    )


@component
def FirstReading(here: Surroundings) -> ft.Control:
    """The first synchronisation: a bar that moves and words; what hinders it, too."""
    use_changes(here.notebook)
    transfer = here.notebook.transfer()
    known = here.notebook.count_customers()
    share = min(1.0, transfer.done / transfer.total) if transfer.total else None
    hindrance = ""
    if not transfer.running and transfer.problem is not None:
        hindrance = words.hindrance(transfer.problem)
    name = here.notebook.identity.user_name.split()[0]
    rows: list[ft.Control] = [
        title(t("Willkommen, {name}", name=name), size=28),
        body(
            t("Kunden, Besuche und Antworten werden auf dieses Tablet geholt. Danach geht alles ohne Netz.")
        ),
        ft.ProgressBar(
            value=share,
            bar_height=12,
            border_radius=6,
            color=look().primary.ground,
            bgcolor=look().neutral.ground,
            semantics_label=t("Erster Abgleich"),
        ),
        ft.Semantics(
            content=body(
                t(
                    "{done} von {total} · {customers} Kunden",
                    done=transfer.done,
                    total=transfer.total,
                    customers=known,
                )
                if transfer.total
                else t("Verbinde mit {server} …", server=here.notebook.identity.server),
                bold=True,
            ),
            live_region=True,
            identifier="first-reading",
        ),
    ]
    if hindrance:
        rows += [
            body(hindrance, color=look().bad_strong),
            secondary(t("Es wird von selbst wieder versucht und geht weiter, wo es aufgehört hat.")),
            primary(
                t("Erneut versuchen"),
                here.tablet.synchronizer.request,
                icon=ft.Icons.RESTART_ALT,
                identifier="sync-now",
            ),
        ]
    return framed_page(here, brand(), card(rows, padding=28, spacing=18))


@component
def Sealed(here: Surroundings) -> ft.Control:
    """A blocked tablet: shows nothing of customers, keeps what is unsent, lets it be taken out."""
    use_changes(here.notebook)
    transfer = here.notebook.transfer()
    return framed_page(
        here,
        brand(),
        card(
            [
                ft.Row([ft.Icon(ft.Icons.LOCK_OUTLINED, size=40, color=look().bad_strong)]),
                title(t("Dieses Tablet wurde gesperrt"), size=26),
                body(
                    t(
                        "Kundendaten werden nicht mehr gezeigt. Bitte den Innendienst anrufen. "
                        "Was noch nicht übertragen ist, bleibt hier und geht nicht verloren."
                    )
                ),
                body(t("Wartend: {count}", count=transfer.waiting + transfer.refused), bold=True),
                outlined(
                    t("Wartendes als Datei sichern"),
                    lambda: here.spawn(take_out(here)),
                    icon=ft.Icons.DOWNLOAD_OUTLINED,
                    identifier="export-outbox",
                ),
                primary(
                    t("Erneut prüfen"),
                    here.tablet.synchronizer.request,
                    icon=ft.Icons.RESTART_ALT,
                    identifier="sync-now",
                ),
                outlined(
                    t("Neu koppeln"), lambda: here.go("/pair"), icon=ft.Icons.LINK, identifier="pair-again"
                ),
            ],
            padding=28,
            spacing=18,
        ),
    )
