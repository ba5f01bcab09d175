"""What could not be read on this tablet: what is safe, what is missing, and what to do. Shown once, before the rest."""

from collections import Counter
from collections.abc import Sequence

import flet as ft

from app.i18n import t, tn
from app.state.errors import Damage
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
def Damaged(here: Surroundings) -> ft.Control:
    """The report, until the person has read it."""
    use_changes(here.notebook)
    notebook = here.notebook
    transfer = notebook.transfer()
    safe = tn(
        "{count} Meldung wartet lesbar auf die Übertragung.",
        "{count} Meldungen warten lesbar auf die Übertragung.",
        transfer.waiting + transfer.refused,
    )
    drafts = tn("{count} Entwurf ist lesbar.", "{count} Entwürfe sind lesbar.", len(notebook.drafts()))

    async def understood() -> None:
        await here.tablet.damage_seen()
        here.announce()

    return framed_page(
        here,
        brand(),
        card(
            [
                ft.Row([ft.Icon(ft.Icons.REPORT_OUTLINED, size=40, color=look().bad_strong)]),
                title(t("Ein Teil des Speichers war beschädigt"), size=26),
                body(t("Sicher ist: {drafts} {safe}", drafts=drafts, safe=safe), bold=True),
                body(t("Nicht lesbar war:")),
                *(body(f"• {sentence}") for sentence in sentences(here.tablet.damage)),
                secondary(
                    t(
                        "Das Beschädigte ist beiseitegelegt und nicht gelöscht. Bitte sichere jetzt eine Kopie "
                        "und sag dem Innendienst Bescheid; was fehlt, bitte neu erfassen."
                    )
                ),
                outlined(
                    t("Als Datei sichern"),
                    lambda: here.spawn(take_out(here)),
                    icon=ft.Icons.DOWNLOAD_OUTLINED,
                    identifier="export-outbox",
                ),
                primary(
                    t("Verstanden, weiter"),
                    lambda: here.spawn(understood()),
                    icon=ft.Icons.CHECK,
                    identifier="damage-understood",
                ),
            ],
            padding=28,
            spacing=18,
        ),
    )


def sentences(damage: Sequence[Damage]) -> list[str]:
    """What was damaged, in words; what the person wrote first."""
    counts = Counter[str]()
    for one in damage:
        counts[one.table] += one.count
    said = [_counted(table, counts[table]) for table in ("outbox", "drafts", "files") if counts[table]]
    reasons = {one.reason for one in damage}
    tables = {one.table for one in damage}
    if "dropped" in reasons:
        said.append(
            t("Der Browser hat den Speicher verworfen. Was noch nicht übertragen war, ist nicht mehr da.")
        )
    elif "inventory" in reasons or "not as stored" in reasons or "version" in reasons:
        said.append(
            t("Ob sonst etwas fehlt, lässt sich nicht mehr feststellen.")
            if said
            else t("Was fehlt, lässt sich nicht mehr feststellen: Auch das Verzeichnis war unlesbar.")
        )
    if tables & {"photos", "contact", "read_marks", "preferences", "log", "pairing"}:
        said.append(t("Angaben über Fotos, Abgleich oder Einstellungen."))
    if not said:
        said.append(t("Stellen ohne Inhalt. Alles, was gezählt war, ist da."))
    return said


def _counted(table: str, count: int) -> str:
    if table == "outbox":
        return tn("{count} Meldung oder Antwort", "{count} Meldungen oder Antworten", count)
    if table == "drafts":
        return tn("{count} Entwurf", "{count} Entwürfe", count)
    return tn("{count} Foto", "{count} Fotos", count)


__all__ = ["Damaged", "sentences"]
