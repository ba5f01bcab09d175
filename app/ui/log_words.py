"""The synchronisation log in words: line by line for the screen, and whole as a text file for support.

Nothing of it is about people or customers: a line has no place for that (app/store/sync_log.py).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from app.device.platform import StorageUse
from app.i18n import language, t, tn
from app.i18n.times import bytes_in_words
from app.store.sync_log import LogLine
from app.sync.errors import OfflineReason
from app.version import VERSION
from protocol.problems import Code, sentence
from protocol.version import PROTOCOL

_WIDE = 72
"""Characters of a ruled line in the file."""


def log_line(line: LogLine) -> str:
    """What happened, in one sentence."""
    count = line.count
    if line.what == "attempt":
        return _attempt(line)
    said = {
        "push": tn("{count} Meldung gesendet", "{count} Meldungen gesendet", count),
        "pull": tn("{count} Neuigkeit gelesen", "{count} Neuigkeiten gelesen", count),
        "media": t("Anhang gesendet"),
        "restored": t("Der Server wurde wiederhergestellt; alles wird neu angeboten"),
        "read anew": t("Kundendaten neu gelesen"),
        "drift": t("Abweichung bemerkt, Kundendaten neu gelesen"),
        "missing": t("Dem Server gesagt, welche Anhänge fehlen"),
        "thinned": t("Platz geschaffen: bestätigte Anhänge vom Tablet entfernt"),
        "damage": tn(
            "Beschädigung im Speicher bemerkt ({count} Stelle)",
            "Beschädigung im Speicher bemerkt ({count} Stellen)",
            count,
        ),
        "mended": tn(
            "{count} Eintrag der Kundendaten war unlesbar; alle werden neu gelesen",
            "{count} Einträge der Kundendaten waren unlesbar; alle werden neu gelesen",
            count,
        ),
    }.get(line.what, line.what)
    if line.result == "ok" or line.what in ("drift", "read anew"):
        return said
    if line.what == "media":
        said = t("Anhang nicht gesendet")
    return f"{said}: {_reason(line.result)}"


def how_much(line: LogLine) -> str:
    """Amount and duration, "" if there is nothing to say: "1,4 MB · 2,5 s"."""
    parts = [bytes_in_words(line.bytes)] if line.bytes else []
    if line.seconds >= 0.05:
        seconds = f"{line.seconds:.1f}"
        parts.append(f"{seconds.replace('.', ',') if language() == 'de' else seconds} s")
    return " · ".join(parts)


def as_text(
    lines: Sequence[LogLine],
    now: datetime,
    use: StorageUse | None,
    local: Callable[[datetime], datetime] = datetime.astimezone,
) -> str:
    """The whole log as a text that a person can read before sending it, newest first.

    Args:
        lines: newest first.
        now: when the text is made.
        use: storage of the tablet, None if not known.
        local: turns a moment into the time of the place where the tablet is.
    """
    rows = [
        t("Rundgang: Protokoll der Übertragung"),
        t("Ohne Namen, Texte und Kundennummern. Erstellt {time}.", time=f"{local(now):%Y-%m-%d %H:%M %z}"),
        t("App {version}, Protokoll {number}", version=VERSION, number=PROTOCOL),
    ]
    if use is not None and use.quota:
        rows.append(
            t(
                "Speicher: {usage} von {quota}, dauerhaft zugesagt: {answer}",
                usage=bytes_in_words(use.usage),
                quota=bytes_in_words(use.quota),
                answer=t("ja") if use.persistent else t("nein"),
            )
        )
    rows += ["-" * _WIDE]
    for line in lines:
        amount = how_much(line)
        code = f"{line.what}/{line.result}"
        rows.append(
            f"{local(line.at):%Y-%m-%d %H:%M:%S}  {log_line(line)}{f' ({amount})' if amount else ''}  [{code}]"
        )
    return "\n".join(rows) + "\n"


def _attempt(line: LogLine) -> str:
    reason = _reason(line.result)
    if line.count > 1:
        return t("{count} Versuche: {reason}", count=line.count, reason=reason)
    return t("Versuch: {reason}", reason=reason)


def _reason(result: str) -> str:
    if result in set(Code):
        return sentence(Code(result), language())
    return {
        OfflineReason.UNREACHABLE.value: t("kein Netz oder Server nicht erreichbar"),
        OfflineReason.TIMEOUT.value: t("der Server hat nicht rechtzeitig geantwortet"),
        OfflineReason.NOT_OUR_SERVER.value: t("eine fremde Seite hat geantwortet (Anmeldung im WLAN?)"),
        "StorageFull": t("der Speicher des Tablets ist voll"),
        "StoreLost": t("der Browser hat den Speicher geschlossen"),
        "StoreDamaged": t("der Speicher lässt sich nicht lesen"),
        "missing": t("das Bild ist auf diesem Tablet nicht mehr lesbar"),
    }.get(result, result)


__all__ = ["as_text", "how_much", "log_line"]
