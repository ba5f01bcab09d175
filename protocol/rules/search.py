"""Searching names as people type them: without umlauts, in any order, as beginnings of words."""

import re
import unicodedata

_DIGRAPH = re.compile(r"(?<![aeq])([aou])e")
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """A text in the form in which names are compared.

    Müller, Mueller, Muller and MÜLLER fold to the same text: umlauts are written out and the
    written-out form is reduced to its vowel, accents fall away, punctuation becomes a space.
    """
    lowered = unicodedata.normalize("NFC", text).casefold()
    written_out = lowered.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    reduced = _DIGRAPH.sub(r"\1", _without_accents(written_out))
    return _NOT_A_WORD.sub(" ", reduced).strip()


def _without_accents(text: str) -> str:
    if text.isascii():  # nearly every German text by now; the general way is many times slower
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def matches(folded_query: str, folded_text: str) -> bool:
    """Whether every word of the query begins some word of the text, in whatever order."""
    padded = f" {folded_text}"
    return all(f" {word}" in padded for word in folded_query.split())


def rank(folded_query: str, folded_name: str) -> int:
    """How good a match is, smaller is better: the whole name, its beginning, a beginning of words."""
    if folded_name == folded_query:
        return 0
    if folded_name.startswith(folded_query):
        return 1
    return 2
