"""Advertising permissions with their evidence: who said yes or no to which channel, where and when."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from protocol.reference import Channel
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account
from sync_server.demo.worktime import local, short_date, workday

_YES = (
    "Doppelte Bestätigung per Mail am {day}, Protokoll im Archiv",
    "Angekreuzt und unterschrieben auf dem Servicebericht vom {day}",
    "Formular der Hausmesse, unterschrieben am {day}",
    "Wartungsvertrag § 9, unterschrieben am {day}",
    "Im Kundenportal eingestellt am {day}",
)
_NO = (
    "Abmeldelink im Rundschreiben benutzt am {day}",
    "Am Telefon widersprochen am {day}, Gesprächsnotiz",
    "Schreiben des Kunden vom {day}",
    "Beim Technikerbesuch am {day} widersprochen",
)
_PURPOSES = ("Angebote und Aktionen", "Einladungen zu Veranstaltungen", "Wartungshinweise")


def draw_consents(chance: Chance, accounts: list[Account], today: date) -> Iterator[dict[str, Any]]:
    """Rows of `consents`; some contacts have changed their mind, then both rows are there."""
    for account in accounts:
        for someone in account.people:
            if not chance.happens(0.7):
                continue
            for channel in chance.some((Channel.EMAIL, Channel.PHONE, Channel.LETTER), chance.number(1, 2)):
                purpose = chance.pick(_PURPOSES)
                day = workday(today - timedelta(days=chance.number(200, 900)), 0)
                granted = chance.happens(0.72)
                yield _row(chance, someone.id, channel, purpose, granted=granted, day=day)
                if granted and chance.happens(0.12):
                    later = workday(day + timedelta(days=chance.number(30, 190)), 0)
                    yield _row(chance, someone.id, channel, purpose, granted=False, day=later)


def _row(
    chance: Chance, contact_id: object, channel: Channel, purpose: str, *, granted: bool, day: date
) -> dict[str, Any]:
    at = local(day, time(chance.number(8, 16), chance.number(0, 59)))
    evidence = chance.pick(_YES if granted else _NO).format(day=f"{short_date(day)}{day.year}")
    return {
        "id": chance.id_at(at),
        "contact_id": contact_id,
        "channel": channel.value,
        "purpose": purpose,
        "granted": granted,
        "evidence": evidence,
        "at": at,
    }
