"""The days that are offered for a follow-up with one click."""

from datetime import date, timedelta

_SATURDAY = 5


def quick_days(today: date) -> dict[str, date]:
    """Tomorrow, in three days and next Monday, each moved off the weekend."""
    return {
        "tomorrow": _workday(today + timedelta(days=1)),
        "three_days": _workday(today + timedelta(days=3)),
        "next_week": today + timedelta(days=7 - today.weekday()),
    }


def _workday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day
