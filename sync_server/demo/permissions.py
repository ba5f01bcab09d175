"""Advertising permissions with their evidence: who said yes or no to which channel, where and when."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from protocol.reference import Channel
from sync_server.demo.chance import Chance
from sync_server.demo.customers import Account
from sync_server.demo.worktime import local, workday

_YES = (
    "Doppelte Bestätigung per Mail, Protokoll im Archiv",
    "Auf dem Servicebericht angekreuzt und unterschrieben",
    "Formular der Hausmesse, unterschrieben",
    "Wartungsvertrag § 9, unterschrieben",
    "Im Kundenportal selbst eingestellt",
)
_NO = (
    "Abmeldelink im Rundschreiben benutzt",
    "Am Telefon widersprochen, Gesprächsnotiz liegt vor",
    "Schreiben des Kunden, im Archiv abgelegt",
    "Beim Technikerbesuch widersprochen, Servicebericht",
)
_PURPOSES = ("Angebote und Aktionen", "Einladungen zu Veranstaltungen", "Wartungshinweise")


def draw_consents(chance: Chance, accounts: list[Account], today: date) -> Iterator[dict[str, Any]]:
    """Rows of `consents`; some contacts have changed their mind, then both rows are there."""
    for account in accounts:
        for someone in account.people:
            if someone.person.name == "Thomas Bauer" and account is accounts[0]:
                yield from _bauers(chance, someone.id, today)
                continue
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


def _bauers(chance: Chance, contact_id: UUID, today: date) -> Iterator[dict[str, Any]]:
    """Of whom the showcase speaks: call him, do not write to him."""
    day = workday(today - timedelta(days=410), 0)
    yield _row(chance, contact_id, Channel.PHONE, _PURPOSES[0], granted=True, day=day)
    yield _row(chance, contact_id, Channel.EMAIL, _PURPOSES[0], granted=False, day=day)


def _row(
    chance: Chance, contact_id: UUID, channel: Channel, purpose: str, *, granted: bool, day: date
) -> dict[str, Any]:
    at = local(day, time(chance.number(8, 16), chance.number(0, 59)))
    evidence = chance.pick(_YES if granted else _NO)
    return {
        "id": chance.id_at(at),
        "contact_id": contact_id,
        "channel": channel.value,
        "purpose": purpose,
        "granted": granted,
        "evidence": evidence,
        "at": at,
    }
