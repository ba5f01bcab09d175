"""A calendar file (.ics, RFC 5545) from whatever program, read as appointments; what cannot be one says why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from protocol.fields import clean_text
from protocol.limits import EARLIEST_DATE, LATEST_DATE

MAX_BYTES = 16 * 1024 * 1024
"""A calendar of a technician's whole working life is smaller."""

MAX_ENTRIES = 5_000
"""Entries of one file: thirteen visits a day for a year. Reading as many takes two seconds."""

MAX_PURPOSE = 200
"""Characters of `visits.purpose`."""

_BEGIN = b"BEGIN:VEVENT"

_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What icalendar raises for a value that is none (tried with 7.3)."""


class Flaw(StrEnum):
    """Why a file is not read at all."""

    NO_CALENDAR = "no_calendar"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


class NotACalendar(ValueError):
    """Nothing of the file was read.

    Attributes:
        flaw: what is wrong.
        count: how large or how many, where that is what is wrong.
    """

    def __init__(self, flaw: Flaw, count: int = 0) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
        self.count = count


class Why(StrEnum):
    """Why an entry is no visit."""

    UNREADABLE = "unreadable"
    NO_ID = "no_id"
    ALL_DAY = "all_day"
    SERIES = "series"
    IMPLAUSIBLE = "implausible"
    NO_CUSTOMER = "no_customer"
    SEVERAL_CUSTOMERS = "several_customers"


@dataclass(frozen=True)
class Appointment:
    """One entry of the calendar that can become a visit."""

    uid: str
    starts_at: datetime
    ends_at: datetime | None
    summary: str
    place: str
    about: str
    cancelled: bool = False


@dataclass(frozen=True)
class LeftOut:
    """One entry that cannot: what it says of itself, and why."""

    line: str
    why: Why


@dataclass
class Read:
    """What stands in a file."""

    appointments: list[Appointment] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read_calendar(content: bytes, zone: ZoneInfo) -> Read:
    """The entries of a calendar file.

    Args:
        zone: of times without one ("floating", section 3.3.5 of the RFC).

    Raises:
        NotACalendar: it is none, is broken, or holds too much.
    """
    if len(content) > MAX_BYTES:
        raise NotACalendar(Flaw.TOO_LARGE, len(content))
    # Counted before anything is parsed: a file made to keep the server busy must not do so.
    if (count := content.upper().count(_BEGIN)) > MAX_ENTRIES:
        raise NotACalendar(Flaw.TOO_MANY, count)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, KeyError, RecursionError) as error:
        raise NotACalendar(Flaw.NO_CALENDAR) from error
    if not any(calendar.name == "VCALENDAR" for calendar in calendars):
        raise NotACalendar(Flaw.NO_CALENDAR)
    read = Read()
    for event in _events(calendars):
        found = _appointment(event, zone)
        if isinstance(found, Appointment):
            read.appointments.append(found)
        else:
            read.left_out.append(LeftOut(_line(event), found))
    return read


def _events(calendars: list[Any]) -> Iterator[Any]:
    for calendar in calendars:
        yield from calendar.walk("VEVENT")


def _appointment(event: Any, zone: ZoneInfo) -> Appointment | Why:  # noqa: PLR0911  one return per reason
    try:
        starts = event.decoded("DTSTART", None)
        ends = event.decoded("DTEND", None)
        length = event.decoded("DURATION", None)
    except _UNREADABLE:
        return Why.UNREADABLE
    if isinstance(starts, date) and not isinstance(starts, datetime):
        return Why.ALL_DAY
    if not isinstance(starts, datetime):
        return Why.UNREADABLE
    if event.get("RRULE") or event.get("RDATE"):
        return Why.SERIES
    uid = _text(event, "UID")
    if not uid:
        return Why.NO_ID
    if not isinstance(ends, datetime):
        ends = starts + length if isinstance(length, timedelta) else None
    begin, end = _moment(starts, zone), _moment(ends, zone) if ends else None
    if begin is None or not EARLIEST_DATE <= begin.date() < LATEST_DATE:
        return Why.IMPLAUSIBLE
    repeated = event.get("RECURRENCE-ID")
    return Appointment(
        # One day of a series that was moved has the id of the series and its own day.
        uid=f"{uid}/{repeated.to_ical().decode()}" if repeated else uid,
        starts_at=begin,
        ends_at=end if end and end > begin else None,
        summary=_text(event, "SUMMARY")[:MAX_PURPOSE],
        place=_text(event, "LOCATION"),
        about=_text(event, "DESCRIPTION"),
        cancelled=_text(event, "STATUS").upper() == "CANCELLED",
    )


def _moment(value: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _text(event: Any, name: str) -> str:
    """The text of a property on one line; of several of the same name the first."""
    value = event.get(name, "")
    if isinstance(value, list):
        value = value[0] if value else ""
    return " ".join(clean_text(str(value)).split())


def _line(event: Any) -> str:
    try:
        day = str(event.decoded("DTSTART", ""))[:16]
    except _UNREADABLE:
        day = ""
    return f"{day or '-'}  {_text(event, 'SUMMARY')[:80] or '-'}"
