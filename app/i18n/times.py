"""Says moments, days and amounts as people do: "vor 2 Std. 10 Min.", "Mittwoch, 25. November", "1,4 MB"."""

from datetime import date, datetime, timedelta

from app.i18n.texts import language, t, tn

_MINUTE = 60
_HOUR = 60 * _MINUTE


def weekday(day: date) -> str:
    """The day of the week: "Mittwoch"."""
    return (
        t("Montag"), t("Dienstag"), t("Mittwoch"), t("Donnerstag"), t("Freitag"), t("Samstag"), t("Sonntag")
    )[day.weekday()]  # fmt: skip


def weekday_short(day: date) -> str:
    """The day of the week in two or three letters: "Mi"."""
    return (t("Mo"), t("Di"), t("Mi"), t("Do"), t("Fr"), t("Sa"), t("So"))[day.weekday()]


def month(day: date) -> str:
    """The month: "November"."""
    return (
        t("Januar"), t("Februar"), t("März"), t("April"), t("Mai"), t("Juni"),
        t("Juli"), t("August"), t("September"), t("Oktober"), t("November"), t("Dezember"),
    )[day.month - 1]  # fmt: skip


def long_day(day: date) -> str:
    """With weekday and month: "Mittwoch, 25. November"."""
    return t("{weekday}, {day}. {month}", weekday=weekday(day), day=day.day, month=month(day))


def plain_day(day: date, today: date) -> str:
    """Without weekday, with the year if it is another one: "3. September", "3. September 2024"."""
    if day.year == today.year:
        return t("{day}. {month}", day=day.day, month=month(day))
    return t("{day}. {month} {year}", day=day.day, month=month(day), year=day.year)


def near_day(day: date, today: date) -> str:
    """A day as people say it: "heute", "gestern", "morgen", "Fr 20.11.", "3. September"."""
    distance = (day - today).days
    if distance in (-1, 0, 1):
        return (t("gestern"), t("heute"), t("morgen"))[distance + 1]
    if abs(distance) <= 10:
        return short_day(day)
    return plain_day(day, today)


def short_day(day: date) -> str:
    """In figures with the weekday: "Fr 27.11."."""
    return t("{weekday} {day}.{month}.", weekday=weekday_short(day), day=day.day, month=f"{day.month:02}")


def clock(moment: datetime) -> str:
    """The time of day where the tablet is: "10:30"."""
    return f"{moment.astimezone():%H:%M}"


def when(moment: datetime, now: datetime) -> str:
    """A moment in a list: "heute 10:52", "gestern", "Mo 23.11.", "3. September"."""
    local, today = moment.astimezone(), now.astimezone().date()
    if local.date() == today:
        return t("heute {time}", time=clock(moment))
    return near_day(local.date(), today)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, to be said after a comma: "gerade eben", "vor 20 Min.", "vor 2 Std. 10 Min.", "gestern"."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < _MINUTE:
        return t("gerade eben")
    if seconds < _HOUR:
        return t("vor {minutes} Min.", minutes=seconds // _MINUTE)
    local, today = moment.astimezone().date(), now.astimezone().date()
    hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
    if local == today or hours < 6:
        return _hours_ago(hours, minutes)
    days = (today - local).days
    if days == 1:
        return t("gestern")
    return tn("vor {count} Tag", "vor {count} Tagen", days) if days < 8 else plain_day(local, today)


def _hours_ago(hours: int, minutes: int) -> str:
    if minutes and hours < 10:
        return t("vor {hours} Std. {minutes} Min.", hours=hours, minutes=minutes)
    return t("vor {hours} Std.", hours=hours)


def since(moment: datetime, now: datetime) -> str:
    """How long already: "seit 2 Std.", "seit 5 Min.", "seit gestern", "seit 3 Tagen"."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < _MINUTE:
        return t("seit eben")
    if seconds < _HOUR:
        return t("seit {minutes} Min.", minutes=seconds // _MINUTE)
    if seconds < 24 * _HOUR:
        return t("seit {hours} Std.", hours=seconds // _HOUR)
    return tn("seit {count} Tag", "seit {count} Tagen", seconds // (24 * _HOUR))


def tomorrow(today: date) -> date:
    """The day after."""
    return today + timedelta(days=1)


def bytes_in_words(size: int) -> str:
    """An amount of bytes: "812 kB", "1,4 MB", "2,0 GB"."""
    value, unit = float(size), "kB"
    value /= 1000
    for unit in ("kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    figures = f"{value:.0f}" if unit == "kB" or value >= 100 else f"{value:.1f}"
    return f"{figures.replace('.', ',') if language() == 'de' else figures} {unit}"
