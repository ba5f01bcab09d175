"""`rundgang import visits`: appointments from a calendar file become visits on a technician's tablet."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from protocol.rules.access import TABLET_ROLES
from sync_server.commands.backup_words import more
from sync_server.commands.speaking import data_option, failed, opened, say
from sync_server.commands.user import the_user
from sync_server.crm import planning
from sync_server.crm.planning import Plan, Planned
from sync_server.crm.users import User
from sync_server.crm.whereabouts import Ambiguous, Whereabouts
from sync_server.settings import Settings
from sync_server.store import Database
from sync_server.taking_in.calendar import (
    MAX_BYTES,
    MAX_ENTRIES,
    Appointment,
    Flaw,
    LeftOut,
    NotACalendar,
    Read,
    Why,
    read_calendar,
)

INCOMPLETE = 3
"""Exit code: some entries are no visits; they are listed with the reason."""


@click.command(
    help=say(
        "Termine aus einer Kalenderdatei (.ics) als Besuche übernehmen; beliebig oft, nichts wird doppelt.",
        "Take appointments of a calendar file (.ics) as visits; as often as you like, nothing is doubled.",
    )
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar=say("DATEI", "FILE")
)
@click.option(
    "--for",
    "login",
    metavar="LOGIN",
    required=True,
    help=say("Wessen Besuche es sind.", "Whose visits they are."),
)
@click.option(
    "--timezone",
    default=Settings.timezone,
    help=say("Zeitzone von Terminen, die keine nennen.", "Time zone of appointments that name none."),
)
@data_option
def visits(file: Path, login: str, timezone: str, data: Path) -> None:
    """Take in a calendar. Exit code 0: all of it; 1: nothing was changed; 3: some entries are no visits."""
    read = _read(file, _zone(timezone))
    with opened(data) as database:
        technician, known = _technician(database, login)
        now = datetime.now(UTC)
        coming = [one for one in read.appointments if (one.ends_at or one.starts_at) >= now or one.cancelled]
        plans, unknown = _plans(coming, known)
        with database.writing() as connection:
            cancelled = [one.uid for one in coming if one.cancelled]
            planned = planning.plan_visits(connection, technician.id, plans, cancelled, now)
    _tell(technician, planned, len(read.appointments) - len(coming), [*read.left_out, *unknown])


def _read(file: Path, zone: ZoneInfo) -> Read:
    try:
        with file.open("rb") as opened_file:
            return read_calendar(opened_file.read(MAX_BYTES + 1), zone)
    except NotACalendar as error:
        _refuse(file, error)
    except OSError as error:
        raise failed(
            f"{file} lässt sich nicht lesen. Es wurde nichts verändert.",
            f"{file} cannot be read. Nothing was changed.",
        ) from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise failed(
            f"Die Zeitzone {name!r} ist nicht bekannt. Es wurde nichts verändert.",
            f"The time zone {name!r} is not known. Nothing was changed.",
        ) from error


def _technician(database: Database, login: str) -> tuple[User, Whereabouts]:
    with database.reading() as connection:
        user = the_user(connection, login)
        if user.role not in TABLET_ROLES or not user.active or user.territory is None:
            raise failed(
                f"{user.name} ({user.login}) hat kein Tablet: nur offene Konten mit Gebiet aus Technik und "
                "Außendienst haben Besuche. Es wurde nichts verändert.",
                f"{user.name} ({user.login}) has no tablet: only open accounts of technicians and field sales with a "
                "territory have visits. Nothing was changed.",
            )
        return user, planning.whereabouts(connection, user.territory)


def _plans(appointments: Iterable[Appointment], known: Whereabouts) -> tuple[list[Plan], list[LeftOut]]:
    plans: list[Plan] = []
    unknown: list[LeftOut] = []
    for one in appointments:
        if one.cancelled:
            continue
        line = f"{one.starts_at:%Y-%m-%d %H:%M}  {one.summary[:80] or '-'}"
        try:
            found = known.find(one.summary, one.place, one.about)
        except Ambiguous:
            unknown.append(LeftOut(line, Why.SEVERAL_CUSTOMERS))
            continue
        if found is None:
            unknown.append(LeftOut(line, Why.NO_CUSTOMER))
            continue
        plans.append(Plan(one.uid, found.customer_id, found.site_id, one.starts_at, one.ends_at, one.summary))
    return plans, unknown


def _tell(technician: User, planned: Planned, over: int, left_out: list[LeftOut]) -> None:
    click.echo(
        say(
            f"Besuche von {technician.name}: {planned.new} neu, {planned.changed} geändert, {planned.cancelled} abgesagt, "
            f"{planned.same} unverändert; {over} lagen in der Vergangenheit.",
            f"Visits of {technician.name}: {planned.new} new, {planned.changed} changed, {planned.cancelled} cancelled, "
            f"{planned.same} unchanged; {over} lay in the past.",
        )
    )
    if left_out:
        click.echo(say("Nicht übernommen:", "Not taken in:"), err=True)
        for line in more([f"{_printable(one.line)}: {_reason(one.why)}" for one in left_out]):
            click.echo(f"  {line}", err=True)
        raise SystemExit(INCOMPLETE)


def _reason(why: Why) -> str:
    return say(
        *{
            Why.UNREADABLE: ("Beginn nicht lesbar", "its beginning cannot be read"),
            Why.NO_ID: ("ohne Kennung (UID)", "without an id (UID)"),
            Why.ALL_DAY: ("ganztägig; ein Besuch braucht eine Uhrzeit", "all day; a visit needs a time"),
            Why.SERIES: (
                "Serientermin; bitte als einzelne Termine ausgeben",
                "a series; please export it as single appointments",
            ),
            Why.IMPLAUSIBLE: ("liegt nicht zwischen 2000 und 2100", "not between 2000 and 2100"),
            Why.NO_CUSTOMER: (
                "kein Kunde des Gebiets mit dieser Nummer, diesem Namen oder dieser Adresse",
                "no customer of the territory with this number, name or address",
            ),
            Why.SEVERAL_CUSTOMERS: (
                "mehrere Kunden passen; bitte die Kundennummer dazuschreiben",
                "several customers fit; please add the customer's number",
            ),
        }[why]
    )


def _refuse(file: Path, error: NotACalendar) -> NoReturn:
    de, en = {
        Flaw.NO_CALENDAR: (
            "ist keine Kalenderdatei (.ics), oder sie ist beschädigt",
            "is no calendar file (.ics), or is damaged",
        ),
        Flaw.TOO_LARGE: (
            f"ist zu groß (höchstens {MAX_BYTES // 1024 // 1024} MB)",
            f"is too large (at most {MAX_BYTES // 1024 // 1024} MB)",
        ),
        Flaw.TOO_MANY: (
            f"hat {error.count} Termine, höchstens {MAX_ENTRIES} werden angenommen; bitte einen kürzeren Zeitraum ausgeben",
            f"has {error.count} entries, at most {MAX_ENTRIES} are taken; please export a shorter time",
        ),
    }[error.flaw]
    raise failed(f"{file} {de}. Es wurde nichts verändert.", f"{file} {en}. Nothing was changed.") from error


def _printable(text: str) -> str:
    """What a stranger wrote, as one line that cannot steer the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
