"""What became of an observation, in a sentence: said to a colleague, with a quiet word of thanks where it led to an order."""

from datetime import datetime

import flet as ft

from app.i18n import t
from app.i18n.times import when
from app.state.views import ObservationPage, ObservationRow, Progress
from app.ui import words
from app.ui.components.cards import notice
from app.ui.components.type import body, led
from app.ui.theme import look


def thanks(name: str) -> str:
    """The quiet thank-you; to him alone, and without a number."""
    return t("Danke, {name}.", name=name.split(maxsplit=1)[0] if name.split() else name)


def outcome(shown: ObservationPage, me: str, now: datetime) -> ft.Control | None:
    """What inside sales made of it, with what it wrote to that; None while it has decided nothing.

    Args:
        me: the technician's name.
    """
    row = shown.row
    said = sentence(row, me)
    if said is None and not shown.note:
        return None
    tone = words.progress_tone(row.progress)
    ink = look().area(tone).text
    parts: list[ft.Control] = [body(said, bold=True, color=ink)] if said else []
    if row.progress is Progress.OFFERED and shown.offered_at is not None:
        parts.append(body(t("vermerkt {when}", when=when(shown.offered_at, now)), color=ink))
    if shown.note:
        by = shown.decided_by_name or t("Innendienst")
        parts.append(led(f"{by}:", shown.note, color=ink))
    return notice(
        tone,
        words.progress_icon(row.progress) if said else ft.Icons.FORUM_OUTLINED,
        ft.Column(parts, spacing=4, tight=True),
        identifier="outcome",
    )


def sentence(row: ObservationRow, me: str) -> str | None:
    """What became of it; None while nothing has."""
    if row.progress is Progress.REJECTED:
        return t("Abgelehnt: {reason}", reason=words.reason(row.reason)) if row.reason else t("Abgelehnt")
    if row.progress is Progress.WON:
        thank_you = thanks(me)
        return t("Daraus ist ein Auftrag geworden. {thanks}", thanks=thank_you)
    return {
        Progress.ACCEPTED: t("Der Innendienst geht der Sache nach."),
        Progress.DUPLICATE: t("Das hatte schon jemand gemeldet."),
        Progress.HANDED_OVER: t("Der Vertrieb hat übernommen."),
        Progress.OFFERED: t("Der Kunde hat ein Angebot bekommen."),
        Progress.LOST: t("Daraus ist kein Auftrag geworden."),
    }.get(row.progress)
