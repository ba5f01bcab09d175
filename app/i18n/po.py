"""Reads a gettext catalogue in its source form, so that a checkout runs without a compile step.

Only what our catalogues contain: msgid, msgid_plural, msgstr, msgstr[n] and strings over several lines.
"""

import ast
import re
from gettext import NullTranslations

_LINE = re.compile(r'^(?:(msgid_plural|msgid|msgstr(?:\[(\d)\])?)\s+)?(".*")$')


class PoTranslations(NullTranslations):
    """A catalogue of a language whose plural differs from the singular for every count but one."""

    def __init__(self, singular: dict[str, str], plural: dict[str, tuple[str, str]]) -> None:
        super().__init__()
        self._singular = singular
        self._plural = plural

    def gettext(self, message: str) -> str:
        """The translation, or the message itself."""
        return self._singular.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The translation for this count, or the message itself."""
        one, many = self._plural.get(msgid1, (msgid1, msgid2))
        return one if n == 1 else many


def read_po(text: str) -> PoTranslations:
    """The catalogue in the text of a .po file."""
    singular: dict[str, str] = {}
    plural: dict[str, tuple[str, str]] = {}
    for block in re.split(r"\n\s*\n", text):
        entry = _entry(block)
        message = entry.get("msgid")
        if not message:
            continue
        if "msgid_plural" in entry:
            one, many = entry.get("msgstr[0]"), entry.get("msgstr[1]")
            plural[message] = (one or message, many or entry["msgid_plural"])
        else:
            singular[message] = entry.get("msgstr", "")
    return PoTranslations(singular, plural)


def _entry(block: str) -> dict[str, str]:
    if any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines()):
        return {}
    entry: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        match = _LINE.match(line.strip())
        if not match:
            continue
        if match[1]:
            keyword = match[1]
            entry[keyword] = ""
        entry[keyword] += ast.literal_eval(match[3])
    return entry
