"""The forms of answers and how they are said: the same words on the tablet, in the inbox and in what search finds.

| type | form | example |
|---|---|---|
| short text, person | the text | Boge |
| choice, scale | the id of a possibility | standstill |
| period | day, month, quarter, half-year or year | 2027-05-14, 2027-05, 2027-Q2, 2027-H1, 2027 |
| amount | whole euros | 50000 |
| year | four digits, with ~ before it when it is a guess | 2014, ~2015 |
| photo | the photo's id | |
| signature | the signature's id; `said` names who has signed | |
"""

import re
from datetime import date

from protocol.answers import Answer
from protocol.limits import EARLIEST_DATE, LATEST_DATE
from protocol.template import Question, QuestionType

_PERIOD = re.compile(r"(?a:(\d{4})(?:-(?:([QH])([1-4])|(\d\d)(?:-(\d\d))?))?)")
_AMOUNT = re.compile(r"(?a:[1-9]\d{0,11})")
_YEAR = re.compile(r"(?a:(~?)(\d{4}))")

_MONTHS = {
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
           "November", "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_QUARTERS = {
    "de": ("Jan.–März", "Apr.–Juni", "Juli–Sept.", "Okt.–Dez."),
    "en": ("Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec"),
}


def say(question: Question | None, answer: Answer, language: str) -> str:
    """An answer in words. What does not have its question's form, or has no question here, is said as it was noted.

    Args:
        question: None when no template that is known here asks it.
    """
    if question is None:
        return answer.words
    return _said(question, answer.value, "en" if language.startswith("en") else "de") or answer.words


def _said(question: Question, value: str, language: str) -> str | None:
    if question.type is QuestionType.PERIOD:
        return say_period(value, language)
    if question.type is QuestionType.AMOUNT:
        return say_amount(value, language)
    if question.type is QuestionType.YEAR:
        return say_year(value, language)
    if question.type is QuestionType.PHOTO:
        return "auf einem der Fotos" if language == "de" else "in one of the photos"
    found = question.choice(value)
    return found.words.spoken(language) if found else None


def is_form_of(kind: QuestionType, value: str) -> bool:
    """Whether a value has the form that answers of this type have."""
    if kind is QuestionType.PERIOD:
        return say_period(value, "de") is not None
    if kind is QuestionType.AMOUNT:
        return say_amount(value, "de") is not None
    if kind is QuestionType.YEAR:
        return say_year(value, "de") is not None
    return bool(value.strip())


def say_period(value: str, language: str) -> str | None:
    """A period in words; None if it is none between EARLIEST_DATE and LATEST_DATE."""
    match = _PERIOD.fullmatch(value)
    if not match or not EARLIEST_DATE.year <= int(match[1]) < LATEST_DATE.year:
        return None
    year, part, number, month, day = match.groups()
    if part == "Q":
        return f"{_QUARTERS[language][int(number) - 1]} {year}"
    if part == "H":
        return _half(int(number), year, language)
    return year if month is None else _month_or_day(int(year), int(month), day, language)


def _month_or_day(year: int, month: int, day: str | None, language: str) -> str | None:
    try:
        first = date(year, month, int(day or 1))
    except ValueError:
        return None
    name = _MONTHS[language][first.month - 1]
    if day is None:
        return f"{name} {year}"
    return f"{first.day}. {name} {year}" if language == "de" else f"{first.day} {name} {year}"


def _half(number: int, year: str, language: str) -> str | None:
    if number > 2:
        return None
    if language == "de":
        return f"{number}. Halbjahr {year}"
    return f"{'first' if number == 1 else 'second'} half of {year}"


def say_amount(value: str, language: str) -> str | None:
    """An amount of euros in words; None if it is none."""
    if not _AMOUNT.fullmatch(value):
        return None
    figures = f"{int(value):,}"
    return f"{figures.replace(',', '.')} €" if language == "de" else f"€{figures}"


def say_year(value: str, language: str) -> str | None:
    """A year in words; None if it is none."""
    match = _YEAR.fullmatch(value)
    if not match or not 1850 <= int(match[2]) < LATEST_DATE.year:
        return None
    about, year = match.groups()
    if not about:
        return year
    return f"um {year}" if language == "de" else f"around {year}"


def coming_periods(today: date) -> tuple[str, ...]:
    """Periods that people speak of when they plan: this quarter and the next two, next year and the one after."""
    quarters = []
    for ahead in range(3):
        index = today.year * 4 + (today.month - 1) // 3 + ahead
        quarters.append(f"{index // 4}-Q{index % 4 + 1}")
    return (*quarters, str(today.year + 1), str(today.year + 2))


def past_years(today: date) -> tuple[str, ...]:
    """Years in which a machine may have been built, as guessed from its looks: steps of five."""
    latest = today.year - today.year % 5
    return tuple(f"~{year}" for year in range(latest, latest - 30, -5))
