"""Texts: times as people say them, both catalogues forms read the same, the version is the distribution's."""

import tomllib
from datetime import date, datetime, timedelta
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po as babel_read_po

from app.i18n import language, t, tn, use
from app.i18n.po import read_po
from app.i18n.times import ago, bytes_in_words, long_day, near_day, since
from app.version import VERSION

ROOT = Path(__file__).resolve().parents[3]
ENGLISH = ROOT / "app" / "i18n" / "locales" / "en" / "LC_MESSAGES" / "app.po"
NOON = datetime(2026, 11, 25, 12, 0).astimezone()  # where the test runs


@pytest.mark.parametrize(
    ("before", "german", "english"),
    [
        (timedelta(seconds=20), "gerade eben", "just now"),
        (timedelta(minutes=20), "vor 20 Min.", "20 min ago"),
        (timedelta(hours=2, minutes=10), "vor 2 Std. 10 Min.", "2 h 10 min ago"),
        (timedelta(hours=11), "vor 11 Std.", "11 h ago"),
        (timedelta(days=1), "gestern", "yesterday"),
        (timedelta(days=3), "vor 3 Tagen", "3 days ago"),
        (timedelta(days=83), "3. September", "3 September"),
    ],
)
def test_how_long_ago(before: timedelta, german: str, english: str) -> None:
    use("de")
    assert ago(NOON - before, NOON) == german
    use("en")
    assert ago(NOON - before, NOON) == english


def test_a_clock_that_runs_ahead_says_just_now() -> None:
    assert ago(NOON + timedelta(minutes=3), NOON) == "gerade eben"


def test_days() -> None:
    day = date(2026, 11, 25)
    assert long_day(day) == "Mittwoch, 25. November"
    assert near_day(day + timedelta(days=1), day) == "morgen"
    assert near_day(day + timedelta(days=2), day) == "Fr 27.11."
    assert near_day(date(2024, 9, 3), day) == "3. September 2024"
    assert since(NOON - timedelta(hours=2), NOON) == "seit 2 Std."
    assert bytes_in_words(1_400_000) == "1,4 MB"


def test_an_unknown_language_is_german() -> None:
    use("fr")
    assert language() == "de"


def test_the_source_form_reads_like_the_compiled_one() -> None:
    text = ENGLISH.read_text(encoding="utf-8")
    compiled = BytesIO()
    write_mo(compiled, babel_read_po(BytesIO(text.encode()), locale="en"))
    compiled.seek(0)
    gnu, own = GNUTranslations(compiled), read_po(text)
    messages = [message for message in babel_read_po(BytesIO(text.encode()), locale="en") if message.id]
    assert len(messages) > 300
    for message in messages:
        if isinstance(message.id, str):
            assert own.gettext(message.id) == gnu.gettext(message.id)
        else:
            for count in (0, 1, 2):
                one, many = message.id
                assert own.ngettext(one, many, count) == gnu.ngettext(one, many, count)


def test_plural_forms_and_values() -> None:
    use("en")
    assert tn("{count} Besuch", "{count} Besuche", 1) == "1 visit"
    assert tn("{count} Besuch", "{count} Besuche", 0) == "0 visits"
    assert t("Guten Tag, {name}", name="Ö") == "Hello, Ö"


def test_the_version_is_the_distributions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
