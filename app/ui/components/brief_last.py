"""One past contact with a customer in a line: what it was about, when, over which channel, by whom."""

from datetime import datetime

import flet as ft

from app.i18n.times import plain_day, when
from app.ui import words
from app.ui.brief_words import occasion, occasion_icon
from app.ui.components.cards import line
from app.ui.components.type import body, led
from protocol.reference import HistoryEntry
from protocol.rules.brief import occasion_of
from protocol.template import Template


def last_row(entry: HistoryEntry, now: datetime, template: Template) -> ft.Control:
    """One entry of the history; kinds are called as in this version of the template."""
    about = occasion_of(entry)
    local, today = entry.at.astimezone().date(), now.astimezone().date()
    day = when(entry.at, now) if local.year == today.year else plain_day(local, today)
    lead = words.kind(entry.kind, template) if entry.kind else occasion(about) if about else None
    begins_with_it = lead is not None and entry.summary.casefold().startswith(lead.casefold())
    text = led(f"{lead}:", entry.summary, max_lines=3) if lead and not begins_with_it else None
    return line(
        text or body(entry.summary, max_lines=3),
        " · ".join(fact for fact in (words.channel(entry.channel), day, entry.by_name) if fact),
        icon=occasion_icon(about) if about else words.channel_icon(entry.channel),
        key=str(entry.id),
    )
