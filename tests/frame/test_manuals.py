"""The manuals are true: what they quote stands on the tablet's screens, the pictures and pages they name exist."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from protocol.rules.kind_words import usual_words
from tests.running import ROOT

DOCS = ROOT / "docs"
CATALOGUE = ROOT / "app" / "i18n" / "locales" / "en" / "LC_MESSAGES" / "app.po"

# Words of others: browsers, which differ, and where quoting means something else.
NOT_OURS = {"Zum Startbildschirm hinzufügen", "Add to home screen"}


def _texts() -> dict[str, set[str]]:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    german: set[str] = set()
    english: set[str] = set()
    for message in messages:
        german.update(message.id if isinstance(message.id, list | tuple) else [message.id])
        english.update(message.string if isinstance(message.string, list | tuple) else [message.string or ""])
    for words in usual_words().values():
        german |= {words.name.de, words.heard.de, words.seen.de}
        english |= {words.name.en, words.heard.en, words.seen.en}
    return {"handbuch.md": german, "manual.md": english}


@pytest.mark.parametrize(("name", "quotation"), [("handbuch.md", "„([^“]+)“"), ("manual.md", "“([^”]+)”")])
def test_what_a_manual_quotes_stands_on_the_screen(name: str, quotation: str) -> None:
    said = {" ".join(words.split()) for words in re.findall(quotation, (DOCS / name).read_text())}
    assert len(said) > 40
    assert said - NOT_OURS - _texts()[name] == set()


@pytest.mark.parametrize("name", ["handbuch.md", "manual.md"])
def test_a_manuals_pictures_and_pages_exist(name: str) -> None:
    text = (DOCS / name).read_text()
    named = re.findall(r'src="([^"]+)"', text) + re.findall(r"\]\(([^)#]+)\)", text)
    assert named
    assert [one for one in named if not Path(DOCS / one).exists()] == []


def test_both_manuals_have_the_same_parts() -> None:
    assert _outline("handbuch.md") == _outline("manual.md")


def _outline(name: str) -> list[str]:
    beginnings = (
        re.match(r"#+ |<img|\||\d\.|- |\*\*", line) for line in (DOCS / name).read_text().splitlines()
    )
    return [beginning[0] for beginning in beginnings if beginning]
