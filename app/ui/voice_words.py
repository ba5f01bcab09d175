"""Words about speaking: what stands where a recording could not begin, or ended by itself. What is safe goes first."""

import flet as ft

from app.i18n import t
from app.state.speaking import Phase, Trouble
from app.ui.theme import Tone


def phase(value: Phase) -> str:
    """Where a recording stands."""
    return {
        Phase.IDLE: "",
        Phase.ASKING: t("Mikrofon wird eingeschaltet …"),
        Phase.RECORDING: t("Aufnahme läuft"),
        Phase.PAUSED: t("Aufnahme hält an"),
        Phase.ENDING: t("Wird gesichert …"),
    }[value]


def trouble(value: Trouble) -> tuple[str, str]:
    """What happened, and what is safe or to be done."""
    again = t("Du kannst schreiben statt sprechen, oder es noch einmal versuchen.")
    return {
        Trouble.REFUSED: (
            t("Das Mikrofon ist nicht erlaubt."),
            t("Bitte in den Einstellungen des Browsers für diese Seite erlauben. Schreiben geht immer."),
        ),
        Trouble.MISSING: (t("Dieses Gerät hat kein Mikrofon."), t("Schreiben geht immer.")),
        Trouble.TAKEN: (
            t("Das Mikrofon ist belegt."),
            t("Eine andere App benutzt es (ein Anruf?). Bitte dort beenden und noch einmal versuchen."),
        ),
        Trouble.UNSUPPORTED: (
            t("Dieses Gerät kann hier nicht aufnehmen."),
            t("Schreiben geht immer."),
        ),
        Trouble.OTHER: (t("Die Aufnahme konnte nicht beginnen."), again),
        Trouble.FULL: (
            t("Der Speicher ist voll: Die Aufnahme endet hier."),
            t("Bis dahin ist alles gesichert. Bitte Platz schaffen, bevor du weitersprichst."),
        ),
        Trouble.NO_ROOM: (
            t("Kein Platz für eine Aufnahme."),
            t("Was schon gesprochen war, bleibt. Bitte Platz schaffen und die App neu laden."),
        ),
        Trouble.LOST: (
            t("Das Mikrofon war plötzlich weg."),
            t("Bis dahin ist alles gesichert."),
        ),
        Trouble.MUTED: (
            t("Das Gerät hat den Ton weggenommen, die Aufnahme hält an."),
            t("Bis hierher ist alles gesichert. Mit „Weiter“ sprichst du weiter."),
        ),
        Trouble.LIMIT: (
            t("Fünf Minuten sind voll."),
            t("Die Aufnahme ist gesichert. Für mehr: eine zweite Sprachnotiz."),
        ),
        Trouble.EMPTY: (t("Es wurde nichts aufgenommen."), again),
        Trouble.FAILED: (
            t("Das Tablet konnte die Aufnahme nicht sichern."),
            t("Was schon gesichert war, bleibt. Bitte die App neu laden."),
        ),
    }[value]


def tone(value: Trouble) -> Tone:
    """How much it matters: five minutes are no failure."""
    return Tone.WAITING if value in (Trouble.LIMIT, Trouble.EMPTY, Trouble.MUTED) else Tone.BAD


def icon(value: Trouble) -> ft.IconData:
    """The picture beside it."""
    if value in (Trouble.REFUSED, Trouble.MISSING, Trouble.TAKEN, Trouble.UNSUPPORTED, Trouble.OTHER):
        return ft.Icons.MIC_OFF_OUTLINED
    return ft.Icons.TIMER_OUTLINED if value is Trouble.LIMIT else ft.Icons.ERROR_OUTLINED
