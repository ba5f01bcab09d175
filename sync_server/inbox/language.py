"""The inbox's languages: gettext catalogues read from their .po files, and times, dates and numbers in words."""

from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("de", "en")
_LOCALES = Path(__file__).parent / "locales"
_DOMAIN = "inbox"


class Language:
    """One language as pages and words need it. Message ids are the German sentences.

    Args:
        code: one of LANGUAGES.
        zone: the firm's time zone, in which all times are shown.
    """

    def __init__(self, code: str, zone: ZoneInfo) -> None:
        self.code = code
        self.zone = zone
        self.locale = Locale.parse("en_GB" if code == "en" else code)
        self.translations = _catalogue(code)

    def gettext(self, message: str) -> str:
        """The sentence in this language."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The sentence for this number, its %(n)s filled in."""
        return self.translations.ngettext(one, many, number) % {"n": self.number(number)}

    def number(self, value: int) -> str:
        """A number with its thousands marked: 1.043 in German, 1,043 in English."""
        return numbers.format_decimal(value, locale=self.locale)

    def day(self, value: date) -> str:
        """A day: Fr., 27.11.2026."""
        return dates.format_date(value, "EEE, d.M.y" if self.code == "de" else "EEE d MMM y", self.locale)

    def short_day(self, value: date, today: date) -> str:
        """A day as near as it is: heute, morgen, gestern, Fr 27.11., 27.11.2027."""
        _ = self.gettext
        near = {0: _("heute"), 1: _("morgen"), -1: _("gestern")}
        distance = (value - today).days
        if distance in near:
            return near[distance]
        if abs(distance) < 180:
            return self.weekday_and_day(value)
        return dates.format_date(value, "d.M.y" if self.code == "de" else "d MMM y", self.locale)

    def moment(self, value: datetime, now: datetime) -> str:
        """A moment in full: heute 10:52, gestern 10:52, Mo 16.11. 10:52, 16.11.2025 10:52."""
        local = value.astimezone(self.zone)
        return self.short_day(local.date(), self.today(now)) + " " + self.clock(value)

    def clock(self, value: datetime) -> str:
        """The time of day in the firm's zone: 10:52."""
        return dates.format_time(value.astimezone(self.zone), "HH:mm", locale=self.locale)

    def ago(self, value: datetime, now: datetime) -> str:
        """How long ago, in as few words as a list has room for: vor 6 Min., 09:12, gestern, Mo, 12.11."""
        _ = self.gettext
        age = now - value
        if timedelta(0) <= age < timedelta(minutes=1):
            return _("gerade eben")
        if timedelta(0) <= age < timedelta(hours=1):
            return _("vor %(n)s Min.") % {"n": int(age.total_seconds() // 60)}
        if value.astimezone(self.zone).date() == self.today(now):
            return self.clock(value)
        return self._past_day(value.astimezone(self.zone).date(), self.today(now))

    def _past_day(self, day: date, today: date) -> str:
        if day == today - timedelta(days=1):
            return self.gettext("gestern")
        if timedelta(0) < today - day < timedelta(days=7):
            return self._weekday(day)
        if day.year == today.year:
            return self._day_and_month(day)
        return dates.format_date(day, "d.M.yy" if self.code == "de" else "d MMM yy", self.locale)

    def today(self, now: datetime) -> date:
        """The firm's calendar day at this moment."""
        return now.astimezone(self.zone).date()

    def weekday_and_day(self, value: date) -> str:
        """A day that is near, without naming it today or tomorrow: Mo 23.11."""
        return self._weekday(value) + " " + self._day_and_month(value)

    def iso_day(self, value: str) -> str:
        """A day that was kept as text (2026-11-27); the text itself when it is none."""
        try:
            return self.day(date.fromisoformat(value))
        except ValueError:
            return value

    def _weekday(self, value: date) -> str:
        return dates.format_date(value, "EEE", self.locale).rstrip(".")

    def _day_and_month(self, value: date) -> str:
        return dates.format_date(value, "d.M." if self.code == "de" else "d MMM", self.locale)


@cache
def get_language(code: str, zone: str) -> Language:
    """The language of this code in this time zone; German when the code is unknown.

    Raises:
        LookupError: there is no such time zone, or no time zone data.
    """
    return Language(code if code in LANGUAGES else LANGUAGES[0], _zone(zone))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise LookupError(f"The time zone {name!r} is not known here.") from error


def _catalogue(code: str) -> NullTranslations:
    source = _LOCALES / code / "LC_MESSAGES" / f"{_DOMAIN}.po"
    if not source.exists():
        return NullTranslations()  # the language that the source is written in
    # Compiled in memory at the start (a few milliseconds): no build step, and no stale .mo file.
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
