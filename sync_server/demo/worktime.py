"""Working days and hours in Germany, and dates in German words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")

OFFICE_OPENS = time(7, 30)
OFFICE_CLOSES = time(17, 0)


def local(day: date, at: time) -> datetime:
    """A local time of day as a moment in UTC."""
    return datetime.combine(day, at, BERLIN).astimezone(UTC)


def day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return moment.astimezone(BERLIN).date()


def is_holiday(day: date) -> bool:
    """Whether firms are closed: weekends, fixed holidays, and the days between Christmas and Epiphany."""
    fixed = {(5, 1), (10, 3), (11, 1)}
    between_years = (day.month == 12 and day.day >= 24) or (day.month == 1 and day.day <= 6)
    return day.weekday() >= 5 or between_years or (day.month, day.day) in fixed


def workday(day: date, steps: int) -> date:
    """The working day so many working days after (or before) a day; 0 gives the day itself or the next one."""
    if steps == 0:
        while is_holiday(day):
            day += timedelta(days=1)
        return day
    step = timedelta(days=1 if steps > 0 else -1)
    for _ in range(abs(steps)):
        day += step
        while is_holiday(day):
            day += step
    return day


def in_office(moment: datetime) -> datetime:
    """The moment itself when inside sales works then, else the next opening plus the minutes past the hour."""
    here = moment.astimezone(BERLIN)
    if not is_holiday(here.date()) and OFFICE_OPENS <= here.time() < OFFICE_CLOSES:
        return moment
    day = here.date() if here.time() < OFFICE_OPENS else here.date() + timedelta(days=1)
    return local(workday(day, 0), OFFICE_OPENS) + timedelta(minutes=here.minute, seconds=here.second)


def awake(moment: datetime) -> datetime:
    """The moment itself when a technician is up, else some time early on the next working day."""
    here = moment.astimezone(BERLIN)
    if not is_holiday(here.date()) and time(6, 15) <= here.time() < time(18, 45):
        return moment
    day = here.date() if here.time() < time(6, 15) else here.date() + timedelta(days=1)
    return local(workday(day, 0), time(6, 20)) + timedelta(minutes=here.minute, seconds=here.second)


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def month_name(day: date) -> str:
    """'März 2027'."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def season_name(day: date) -> str:
    """'Frühjahr 2027'."""
    seasons = ("Anfang", "Frühjahr", "Frühjahr", "Sommer", "Herbst", "Ende")
    return f"{seasons[(day.month - 1) // 2]} {day.year}"


def quarter_name(day: date) -> str:
    """'Q2 2027'."""
    return f"Q{(day.month - 1) // 3 + 1} {day.year}"


def short_date(day: date) -> str:
    """'27.11.'."""
    return f"{day.day}.{day.month}."
