"""The catalogue of problems: every way in which a request can fail, once, in both languages (RFC 9457).

A new kind of problem is one entry here. The server answers with it as `application/problem+json`;
the tablet and the inbox show its sentence in the person's language.
"""

from enum import StrEnum
from typing import NamedTuple

from protocol.fields import Document

MEDIA_TYPE = "application/problem+json"


class Advice(StrEnum):
    """What the asking side should do about a problem, for machines."""

    RETRY = "retry"
    """The same request may succeed later: wait and try again."""
    CORRECT = "correct"
    """A person must change what was sent."""
    PAIR = "pair"
    """The tablet must be paired again; its outbox stays."""
    SEAL = "seal"
    """The tablet was blocked: stop, show why, keep what is unsent."""
    READ_ANEW = "read_anew"
    """Throw the reference data away and read it from the start; the outbox is not touched (rule S11)."""
    UPDATE = "update"
    """The app is older or newer than the server: update one of them."""
    GIVE_UP = "give_up"
    """Nothing the asking side can do."""


class _Entry(NamedTuple):
    status: int
    advice: Advice
    de: str
    en: str


class Code(StrEnum):
    """The problem's stable name; part of the protocol."""

    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    TOO_MANY_CHANGES = "too_many_changes"
    INVALID_REQUEST = "invalid_request"
    INVALID_CHANGE = "invalid_change"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_CHANGE_TYPE = "unknown_change_type"
    TEXT_TOO_LONG = "text_too_long"
    CONTROL_CHARACTER = "control_character"
    IMPLAUSIBLE_DATE = "implausible_date"
    EMPTY_OBSERVATION = "empty_observation"
    INVALID_ANSWER = "invalid_answer"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_OBSERVATION = "unknown_observation"
    ID_TAKEN = "id_taken"
    PROTOCOL_TOO_NEW = "protocol_too_new"
    PROTOCOL_TOO_OLD = "protocol_too_old"
    TOKEN_MISSING = "token_missing"  # noqa: S105  a name, no secret
    TOKEN_UNKNOWN = "token_unknown"  # noqa: S105  a name, no secret
    TOKEN_EXPIRED = "token_expired"  # noqa: S105  a name, no secret
    TOKEN_BLOCKED = "token_blocked"  # noqa: S105  a name, no secret
    FORBIDDEN = "forbidden"
    PAIRING_CODE_WRONG = "pairing_code_wrong"
    PAIRING_CODE_USED = "pairing_code_used"
    PAIRING_CODE_EXPIRED = "pairing_code_expired"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    CURSOR_UNREADABLE = "cursor_unreadable"
    CURSOR_TOO_OLD = "cursor_too_old"
    CURSOR_OTHER_EPOCH = "cursor_other_epoch"
    CURSOR_OTHER_SCOPE = "cursor_other_scope"
    EPOCH_CHANGED = "epoch_changed"
    MEDIA_UNKNOWN = "media_unknown"
    MEDIA_TOO_LARGE = "media_too_large"
    MEDIA_NOT_A_PHOTO = "media_not_a_photo"
    MEDIA_NOT_A_VOICE_NOTE = "media_not_a_voice_note"
    MEDIA_CHECKSUM = "media_checksum"
    UPLOAD_UNKNOWN = "upload_unknown"
    UPLOAD_OFFSET = "upload_offset"
    UPLOAD_LOCKED = "upload_locked"
    UPLOAD_VERSION = "upload_version"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BUSY = "busy"
    STORAGE_FULL = "storage_full"
    INTERNAL = "internal"


CATALOGUE: dict[Code, _Entry] = {
    Code.NOT_JSON: _Entry(
        400, Advice.GIVE_UP, "Die Anfrage war kein gültiges JSON.", "The request was not valid JSON."
    ),
    Code.TOO_LARGE: _Entry(
        413,
        Advice.CORRECT,
        "Die Anfrage ist zu groß. Der Inhalt bleibt auf dem Tablet.",
        "The request is too large. Its content stays on the tablet.",
    ),
    Code.TOO_MANY_CHANGES: _Entry(
        413,
        Advice.CORRECT,
        "Zu viele Änderungen auf einmal. Bitte in kleineren Teilen senden.",
        "Too many changes at once. Please send them in smaller parts.",
    ),
    Code.INVALID_REQUEST: _Entry(
        422,
        Advice.GIVE_UP,
        "Die Anfrage hat nicht die vereinbarte Form.",
        "The request does not have the agreed form.",
    ),
    Code.INVALID_CHANGE: _Entry(
        422,
        Advice.CORRECT,
        "Die Beobachtung hat einen ungültigen Wert und wurde nicht angenommen.",
        "The observation has an invalid value and was not taken.",
    ),
    Code.UNKNOWN_KIND: _Entry(
        422,
        Advice.CORRECT,
        "Diese Art von Beobachtung kennt der Server nicht.",
        "The server does not know this kind of observation.",
    ),
    Code.UNKNOWN_CHANGE_TYPE: _Entry(
        422,
        Advice.UPDATE,
        "Diese Art von Änderung kennt der Server noch nicht. Sie bleibt auf dem Tablet.",
        "The server does not know this kind of change yet. It stays on the tablet.",
    ),
    Code.TEXT_TOO_LONG: _Entry(
        422,
        Advice.CORRECT,
        "Der Text ist zu lang (höchstens 20.000 Zeichen). Bitte kürzen oder teilen.",
        "The text is too long (at most 20,000 characters). Please shorten or split it.",
    ),
    Code.CONTROL_CHARACTER: _Entry(
        422,
        Advice.CORRECT,
        "Der Text enthält unsichtbare Steuerzeichen. Bitte den Text neu eingeben.",
        "The text contains invisible control characters. Please enter it again.",
    ),
    Code.IMPLAUSIBLE_DATE: _Entry(
        422,
        Advice.CORRECT,
        "Ein Datum liegt nicht zwischen 2000 und 2100. Bitte Datum und Uhr des Tablets prüfen.",
        "A date is not between 2000 and 2100. Please check the date and the tablet's clock.",
    ),
    Code.EMPTY_OBSERVATION: _Entry(
        422,
        Advice.CORRECT,
        "Die Beobachtung ist leer: Es fehlt ein Text, ein Foto, ein nächster Schritt oder eine Antwort.",
        "The observation is empty: it needs a text, a photo, a next step or an answer.",
    ),
    Code.INVALID_ANSWER: _Entry(
        422,
        Advice.CORRECT,
        "Eine Antwort ist leer, doppelt oder länger als 500 Zeichen. Bitte die Fragen zur Art prüfen.",
        "An answer is empty, given twice or longer than 500 characters. Please check the questions of this kind.",
    ),
    Code.UNKNOWN_CUSTOMER: _Entry(
        422,
        Advice.CORRECT,
        "Diesen Kunden gibt es auf dem Server nicht (mehr). Bitte einen anderen Kunden wählen.",
        "This customer does not exist on the server (any more). Please choose another one.",
    ),
    Code.UNKNOWN_OBSERVATION: _Entry(
        422,
        Advice.RETRY,
        "Zu dieser Änderung fehlt dem Server die Beobachtung.",
        "The server does not have the observation that this change belongs to.",
    ),
    Code.ID_TAKEN: _Entry(
        409,
        Advice.CORRECT,
        "Diese Kennung gehört schon zu etwas anderem. Bitte neu speichern.",
        "This identifier already belongs to something else. Please save again.",
    ),
    Code.PROTOCOL_TOO_NEW: _Entry(
        400,
        Advice.UPDATE,
        "Die App ist neuer als der Server. Alles bleibt auf dem Tablet, bis der Server aktualisiert ist.",
        "The app is newer than the server. Everything stays on the tablet until the server is updated.",
    ),
    Code.PROTOCOL_TOO_OLD: _Entry(
        426,
        Advice.UPDATE,
        "Die App ist zu alt zum Lesen. Senden geht noch; bitte die App aktualisieren.",
        "The app is too old to read. Sending still works; please update the app.",
    ),
    Code.TOKEN_MISSING: _Entry(
        401, Advice.PAIR, "Das Tablet ist nicht angemeldet.", "The tablet is not signed in."
    ),
    Code.TOKEN_UNKNOWN: _Entry(
        401,
        Advice.PAIR,
        "Der Server kennt dieses Tablet nicht. Bitte neu koppeln; nichts geht verloren.",
        "The server does not know this tablet. Please pair it again; nothing is lost.",
    ),
    Code.TOKEN_EXPIRED: _Entry(
        401,
        Advice.PAIR,
        "Die Kopplung ist abgelaufen. Bitte neu koppeln; nichts geht verloren.",
        "The pairing has expired. Please pair again; nothing is lost.",
    ),
    Code.TOKEN_BLOCKED: _Entry(
        403,
        Advice.SEAL,
        "Dieses Tablet wurde gesperrt. Bitte an den Innendienst wenden.",
        "This tablet was blocked. Please contact inside sales.",
    ),
    Code.FORBIDDEN: _Entry(
        403, Advice.CORRECT, "Dafür fehlt die Berechtigung.", "The permission for this is missing."
    ),
    Code.PAIRING_CODE_WRONG: _Entry(
        404,
        Advice.CORRECT,
        "Diesen Code gibt es nicht. Bitte noch einmal ablesen.",
        "There is no such code. Please read it again.",
    ),
    Code.PAIRING_CODE_USED: _Entry(
        409,
        Advice.CORRECT,
        "Dieser Code wurde schon benutzt. Bitte einen neuen geben lassen.",
        "This code was already used. Please ask for a new one.",
    ),
    Code.PAIRING_CODE_EXPIRED: _Entry(
        410,
        Advice.CORRECT,
        "Dieser Code ist abgelaufen (15 Minuten). Bitte einen neuen geben lassen.",
        "This code has expired (15 minutes). Please ask for a new one.",
    ),
    Code.TOO_MANY_ATTEMPTS: _Entry(
        429,
        Advice.RETRY,
        "Zu viele Versuche. Bitte in ein paar Minuten noch einmal.",
        "Too many attempts. Please try again in a few minutes.",
    ),
    Code.CURSOR_UNREADABLE: _Entry(
        400, Advice.READ_ANEW, "Die Lesemarke ist nicht lesbar.", "The cursor cannot be read."
    ),
    Code.CURSOR_TOO_OLD: _Entry(
        410,
        Advice.READ_ANEW,
        "Das Tablet war sehr lange fort; die Kundendaten werden neu gelesen.",
        "The tablet was away for very long; customer data is read anew.",
    ),
    Code.CURSOR_OTHER_EPOCH: _Entry(
        409,
        Advice.READ_ANEW,
        "Der Server wurde wiederhergestellt; die Kundendaten werden neu gelesen.",
        "The server was restored; customer data is read anew.",
    ),
    Code.CURSOR_OTHER_SCOPE: _Entry(
        409,
        Advice.READ_ANEW,
        "Die Zuständigkeit hat sich geändert; die Kundendaten werden neu gelesen.",
        "The responsibility has changed; customer data is read anew.",
    ),
    Code.EPOCH_CHANGED: _Entry(
        409,
        Advice.READ_ANEW,
        "Der Server wurde wiederhergestellt; das Tablet gleicht sich neu ab.",
        "The server was restored; the tablet matches itself anew.",
    ),
    Code.MEDIA_UNKNOWN: _Entry(
        404,
        Advice.RETRY,
        "Zu diesem Foto fehlt dem Server die Beobachtung.",
        "The server does not have the observation that this photo belongs to.",
    ),
    Code.MEDIA_TOO_LARGE: _Entry(
        413,
        Advice.CORRECT,
        "Das Foto ist zu groß (höchstens 25 MB).",
        "The photo is too large (at most 25 MB).",
    ),
    Code.MEDIA_NOT_A_PHOTO: _Entry(
        422,
        Advice.CORRECT,
        "Diese Datei ist kein lesbares Foto (JPEG, PNG oder WebP).",
        "This file is not a readable photo (JPEG, PNG or WebP).",
    ),
    Code.MEDIA_NOT_A_VOICE_NOTE: _Entry(
        422,
        Advice.CORRECT,
        "Diese Datei ist keine lesbare Sprachnotiz (Opus oder AAC in WebM, Ogg oder MP4).",
        "This file is not a readable voice note (Opus or AAC in WebM, Ogg or MP4).",
    ),
    Code.MEDIA_CHECKSUM: _Entry(
        460,
        Advice.RETRY,
        "Das Foto kam beschädigt an und wird noch einmal übertragen.",
        "The photo arrived damaged and is sent again.",
    ),
    Code.UPLOAD_UNKNOWN: _Entry(
        404,
        Advice.RETRY,
        "Diese Übertragung kennt der Server nicht mehr; sie beginnt neu.",
        "The server no longer knows this upload; it starts anew.",
    ),
    Code.UPLOAD_OFFSET: _Entry(
        409,
        Advice.RETRY,
        "Die Übertragung setzt an der falschen Stelle an.",
        "The upload continues at the wrong place.",
    ),
    Code.UPLOAD_LOCKED: _Entry(
        423,
        Advice.RETRY,
        "Dieses Foto wird gerade schon übertragen. Es wird gleich noch einmal versucht.",
        "This photo is being sent already. It will be tried again shortly.",
    ),
    Code.UPLOAD_VERSION: _Entry(
        412, Advice.UPDATE, "Nur tus 1.0.0 wird verstanden.", "Only tus 1.0.0 is understood."
    ),
    Code.UNSUPPORTED_MEDIA_TYPE: _Entry(
        415,
        Advice.GIVE_UP,
        "Dieser Inhaltstyp wird hier nicht angenommen.",
        "This content type is not taken here.",
    ),
    Code.NOT_FOUND: _Entry(404, Advice.GIVE_UP, "Das gibt es hier nicht.", "There is no such thing here."),
    Code.METHOD_NOT_ALLOWED: _Entry(
        405, Advice.GIVE_UP, "Diese Methode gibt es hier nicht.", "This method is not available here."
    ),
    Code.BUSY: _Entry(
        503,
        Advice.RETRY,
        "Der Server ist gerade beschäftigt. Es wird gleich noch einmal versucht.",
        "The server is busy. It will be tried again shortly.",
    ),
    Code.STORAGE_FULL: _Entry(
        507,
        Advice.RETRY,
        "Der Speicher des Servers ist voll. Alles bleibt auf dem Tablet; die Administration ist gefragt.",
        "The server's storage is full. Everything stays on the tablet; an administrator is needed.",
    ),
    Code.INTERNAL: _Entry(
        500,
        Advice.RETRY,
        "Auf dem Server ist ein Fehler aufgetreten. Nichts ist verloren; es wird noch einmal versucht.",
        "Something went wrong on the server. Nothing is lost; it will be tried again.",
    ),
}


class FieldError(Document):
    """Where in the sent document something is wrong."""

    pointer: str
    """JSON pointer (RFC 6901)."""
    message: str


class Problem(Document):
    """A problem as it travels (RFC 9457), with the stable `code` and machine-readable `advice`."""

    type: str
    code: Code
    status: int
    title: str
    advice: Advice
    detail: str = ""
    errors: tuple[FieldError, ...] = ()


def problem(
    code: Code, *, language: str = "de", detail: str = "", errors: tuple[FieldError, ...] = ()
) -> Problem:
    """The problem of this code with its sentence in `language` ("de" or "en")."""
    entry = CATALOGUE[code]
    return Problem(
        type=f"urn:rundgang:problem:{code}",
        code=code,
        status=entry.status,
        title=sentence(code, language),
        advice=entry.advice,
        detail=detail,
        errors=errors,
    )


def sentence(code: Code, language: str) -> str:
    """The sentence of a problem for a person, in "de" or (any other tag) English."""
    entry = CATALOGUE[code]
    return entry.de if language.startswith("de") else entry.en
