"""The words and pictures for what the protocol names: kinds, states, reasons, sides, flags, failures."""

import flet as ft

from app.i18n import language, t, tn
from app.state.errors import (
    DraftFault,
    DraftProblem,
    NewerStore,
    Offline,
    OfflineReason,
    PhotoNotEdited,
    PhotoTooLarge,
    StorageFull,
    StoreError,
    SyncProblem,
    TooManyPhotos,
    TooManyPixels,
    UnreadablePhoto,
)
from app.state.views import ObservationRow, Progress
from app.ui.theme import Tone
from protocol.limits import MAX_PHOTOS, MAX_VOICE_NOTES
from protocol.observation import FlagKind, Kind, Side
from protocol.problems import Problem, sentence
from protocol.reference import Channel, CustomerClass
from protocol.review import RejectionReason
from protocol.rules.kind_words import called
from protocol.template import Template


def kind(value: Kind | None, template: Template) -> str:
    """What sort of observation, as the firm calls it in this version of its template."""
    return called(template, value).name.spoken(language()) if value else t("Art noch offen")


def kind_icon(value: Kind | None) -> ft.IconData:
    """The picture of a kind."""
    icons = {
        Kind.PLAN: ft.Icons.ARCHITECTURE,
        Kind.NEED: ft.Icons.LIGHTBULB_OUTLINED,
        Kind.NEXT_STEP: ft.Icons.EVENT_AVAILABLE_OUTLINED,
        Kind.COMPETITOR: ft.Icons.COMPARE_ARROWS,
        Kind.COMPLAINT: ft.Icons.REPORT_OUTLINED,
        Kind.CONTACT_CHANGE: ft.Icons.PERSON_ADD_ALT_OUTLINED,
        Kind.NOTE: ft.Icons.EDIT_NOTE,
    }
    return icons[value] if value else ft.Icons.HELP_OUTLINE


def kind_question(value: Kind | None, template: Template) -> tuple[str, str, str]:
    """What to write into the three parts for a kind: heard, seen, concluded."""
    words = called(template, value or Kind.NOTE)
    return words.heard.spoken(language()), words.seen.spoken(language()), t("Was schließt du daraus?")


def progress(row: ObservationRow) -> str:
    """How far an observation has come."""
    if row.progress is Progress.PHOTOS:
        if row.voices or row.signatures:
            return t(
                "Empfangen · Anhang {done} von {total}", done=row.photos_received, total=row.photos_total
            )
        return t("Empfangen · Foto {done} von {total}", done=row.photos_received, total=row.photos_total)
    if row.progress is Progress.REJECTED and row.reason:
        return t("Abgelehnt: {reason}", reason=reason(row.reason))
    return {
        Progress.DRAFT: t("Entwurf"),
        Progress.WAITING: t("Wartet auf Netz"),
        Progress.SENDING: t("Wird übertragen"),
        Progress.RECEIVED: t("Empfangen"),
        Progress.PHOTOS: t("Empfangen"),
        Progress.IN_REVIEW: t("Beim Innendienst"),
        Progress.QUESTION: t("Rückfrage"),
        Progress.ACCEPTED: t("Angenommen"),
        Progress.REJECTED: t("Abgelehnt"),
        Progress.DUPLICATE: t("Schon gemeldet"),
        Progress.HANDED_OVER: t("An den Vertrieb übergeben"),
        Progress.OFFERED: t("Angebot gemacht"),
        Progress.WON: t("Auftrag"),
        Progress.LOST: t("Kein Auftrag"),
        Progress.REFUSED: t("Nicht angenommen"),
    }[row.progress]


def progress_tone(value: Progress) -> Tone:
    """The colour that goes with the words."""
    return {
        Progress.DRAFT: Tone.NEUTRAL,
        Progress.WAITING: Tone.WAITING,
        Progress.SENDING: Tone.WAITING,
        Progress.RECEIVED: Tone.CONTAINER,
        Progress.PHOTOS: Tone.CONTAINER,
        Progress.IN_REVIEW: Tone.CONTAINER,
        Progress.QUESTION: Tone.HINT,
        Progress.ACCEPTED: Tone.GOOD,
        Progress.REJECTED: Tone.NEUTRAL,
        Progress.DUPLICATE: Tone.NEUTRAL,
        Progress.HANDED_OVER: Tone.GOOD,
        Progress.OFFERED: Tone.GOOD,
        Progress.WON: Tone.GOOD,
        Progress.LOST: Tone.NEUTRAL,
        Progress.REFUSED: Tone.BAD,
    }[value]


def progress_icon(value: Progress) -> ft.IconData:
    """The picture that goes with the words."""
    icons = {
        Progress.DRAFT: ft.Icons.EDIT_OUTLINED,
        Progress.WAITING: ft.Icons.CLOUD_OFF_OUTLINED,
        Progress.SENDING: ft.Icons.CLOUD_UPLOAD_OUTLINED,
        Progress.QUESTION: ft.Icons.HELP_OUTLINE,
        Progress.ACCEPTED: ft.Icons.CHECK_CIRCLE_OUTLINE,
        Progress.HANDED_OVER: ft.Icons.HANDSHAKE_OUTLINED,
        Progress.OFFERED: ft.Icons.REQUEST_QUOTE_OUTLINED,
        Progress.WON: ft.Icons.EMOJI_EVENTS_OUTLINED,
        Progress.REJECTED: ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
        Progress.LOST: ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
        Progress.DUPLICATE: ft.Icons.CONTENT_COPY_OUTLINED,
        Progress.REFUSED: ft.Icons.ERROR_OUTLINED,
    }
    return icons.get(value, ft.Icons.MARK_EMAIL_READ_OUTLINED)


def reason(value: RejectionReason) -> str:
    """Why inside sales rejected, to be said after "Abgelehnt: "."""
    return {
        RejectionReason.NO_RELATION: t("kein Bezug zu uns"),
        RejectionReason.ALREADY_KNOWN: t("schon bekannt"),
        RejectionReason.NO_POTENTIAL: t("kein Potenzial"),
        RejectionReason.TOO_VAGUE: t("zu ungenau"),
        RejectionReason.CUSTOMER_DECLINES: t("Kunde möchte nicht"),
        RejectionReason.PRIVACY: t("Datenschutz"),
        RejectionReason.OTHER: t("anderer Grund"),
    }[value]


def side(value: Side) -> str:
    """Who does the next step."""
    return {
        Side.TECHNICIAN: t("Ich"),
        Side.INSIDE_SALES: t("Innendienst"),
        Side.FIELD_SALES: t("Außendienst"),
        Side.CUSTOMER: t("Kunde"),
    }[value]


def flag(value: FlagKind) -> str:
    """Why a note needs care under the GDPR."""
    return {
        FlagKind.PERSONAL: t("Persönliches"),
        FlagKind.THIRD_PARTY: t("Über Dritte"),
        FlagKind.SPECIAL_CATEGORY: t("Besonders geschützt (Art. 9)"),
    }[value]


def flag_readers(value: FlagKind) -> str:
    """Who may read a note with this flag; what `protocol/rules/access.py` allows, in words."""
    return {
        FlagKind.PERSONAL: t("Lesen dürfen es der Vertrieb und die Technik des Gebiets."),
        FlagKind.THIRD_PARTY: t("Lesen darf es nur der Vertrieb, von der Technik nur du."),
        FlagKind.SPECIAL_CATEGORY: t(
            "Lesen dürfen es nur die, die darüber entscheiden, und der Datenschutz; von der Technik nur du."
        ),
    }[value]


def purposes() -> tuple[str, ...]:
    """Purposes to choose from, so that nobody has to invent one with gloves on."""
    return (
        t("Rückruf durch den Innendienst"),
        t("Angebot vorbereiten"),
        t("Ansprechpartner pflegen"),
        t("Reklamation bearbeiten"),
    )


def channel(value: Channel) -> str:
    """How a contact took place."""
    return {
        Channel.VISIT: t("Besuch"),
        Channel.PHONE: t("Telefon"),
        Channel.EMAIL: t("E-Mail"),
        Channel.LETTER: t("Brief"),
        Channel.PORTAL: t("Portal"),
        Channel.TRADE_FAIR: t("Messe"),
        Channel.OBSERVATION: t("Beobachtung"),
    }[value]


def channel_icon(value: Channel) -> ft.IconData:
    """The picture of a channel."""
    return {
        Channel.VISIT: ft.Icons.PLACE_OUTLINED,
        Channel.PHONE: ft.Icons.CALL_OUTLINED,
        Channel.EMAIL: ft.Icons.MAIL_OUTLINED,
        Channel.LETTER: ft.Icons.DESCRIPTION_OUTLINED,
        Channel.PORTAL: ft.Icons.LANGUAGE,
        Channel.TRADE_FAIR: ft.Icons.FESTIVAL_OUTLINED,
        Channel.OBSERVATION: ft.Icons.VISIBILITY_OUTLINED,
    }[value]


def customer_class(value: CustomerClass) -> tuple[str, Tone]:
    """A customer's class with its colour."""
    tones = {CustomerClass.A: Tone.PRIMARY, CustomerClass.B: Tone.CONTAINER, CustomerClass.C: Tone.NEUTRAL}
    return t("{letter}-Kunde", letter=value.value), tones[value]


def problem(value: Problem) -> str:
    """What the server had against it, in the language spoken now."""
    return sentence(value.code, language())


def offline(value: Offline) -> str:
    """Why there was no answer that counts."""
    return {
        OfflineReason.UNREACHABLE: t("Kein Netz oder Server nicht erreichbar."),
        OfflineReason.TIMEOUT: t("Der Server hat nicht rechtzeitig geantwortet."),
        OfflineReason.NOT_OUR_SERVER: t(
            "Im WLAN antwortet eine Anmeldeseite statt unseres Servers. Bitte im Browser anmelden."
        ),
    }[value.reason]


def hindrance(value: Problem | BaseException) -> str:
    """What hinders the transfer."""
    return problem(value) if isinstance(value, Problem) else failure(value)


def failure(error: BaseException) -> str:  # noqa: PLR0911  one return per failure
    """What happened, what is safe and what to do."""
    if isinstance(error, SyncProblem):
        return problem(error.problem)
    if isinstance(error, Offline):
        return offline(error)
    if isinstance(error, StorageFull):
        return t(
            "Der Speicher des Tablets ist voll. Nichts Gespeichertes ist verloren. "
            "Bitte Platz schaffen (Fotos oder Apps löschen) und noch einmal versuchen."
        )
    if isinstance(error, NewerStore):
        return t("Eine neuere Version der App hat hier geschrieben. Bitte die App neu laden.")
    if isinstance(error, StoreError):
        return t("Das Tablet konnte nicht speichern. Bitte die App neu laden; Gespeichertes bleibt.")
    if isinstance(error, PhotoTooLarge):
        return t("Das Foto ist zu groß (höchstens 25 MB).")
    if isinstance(error, PhotoNotEdited):
        return t(
            "Die Änderung am Foto hat nicht geklappt. Das Foto ist unverändert hier auf dem Tablet und nicht gesendet. "
            "Bitte noch einmal versuchen."
        )
    if isinstance(error, TooManyPixels):
        return t(
            "Das Foto hat {count} Megapixel, dieses Gerät kann höchstens {limit} verkleinern. Alles andere ist da. "
            "Bitte mit kleinerer Auflösung fotografieren.",
            count=error.megapixels,
            limit=error.limit,
        )
    if isinstance(error, TooManyPhotos):
        return t("Mehr als {count} Fotos passen nicht zu einer Beobachtung.", count=MAX_PHOTOS)
    if isinstance(error, UnreadablePhoto):
        return t("Diese Datei ist kein lesbares Foto (JPEG, PNG oder WebP).")
    return t("Das hat nicht geklappt. Was gesichert war, ist sicher. Bitte noch einmal versuchen.")


def draft_problem(value: DraftProblem) -> str:  # noqa: PLR0911  one return per fault
    """What to correct, to be shown beside the field."""
    if value.code is DraftFault.EMPTY:
        return t("Noch leer: Schreib oder sprich etwas, mach ein Foto oder nenne einen nächsten Schritt.")
    if value.code is DraftFault.MISSING:
        return {
            "kind": t("Bitte wähle, was für eine Beobachtung es ist."),
            "customer_id": t("Bitte wähle den Kunden."),
            "flag_purpose": t("Bitte nenne, wofür das gebraucht wird."),
            "next_step": t("Bitte schreib, was der nächste Schritt ist."),
        }.get(value.field, t("Bitte ausfüllen."))
    if value.code is DraftFault.TOO_LONG:
        if value.count is not None and value.limit is not None:
            return t("Zu lang: {count} von höchstens {limit} Zeichen.", count=value.count, limit=value.limit)
        return t("Zu lang. Bitte kürzen oder teilen.")
    if value.code is DraftFault.TOO_MANY and value.field == "voice":
        return t("Mehr als {count} Sprachnotizen passen nicht zu einer Beobachtung.", count=MAX_VOICE_NOTES)
    if value.code is DraftFault.TOO_MANY:
        return t("Mehr als {count} Fotos passen nicht zu einer Beobachtung.", count=MAX_PHOTOS)
    if value.code is DraftFault.UNFINISHED:
        return t("Die Unterschrift ist noch nicht fertig. Bitte dort „Fertig“ tippen oder sie verwerfen.")
    if value.code is DraftFault.IMPLAUSIBLE_DATE:
        return t("Das Datum muss zwischen 2000 und 2100 liegen.")
    return t("Das passt so nicht. Bitte prüfen.")


def waiting(count: int) -> str:
    """How many changes wait: "3 Beobachtungen warten auf Netz"."""
    return tn("{count} Meldung wartet auf Netz", "{count} Meldungen warten auf Netz", count)
