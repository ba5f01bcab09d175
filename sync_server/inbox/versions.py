"""Marks in versions that were made apart what only one of them says: nobody should have to compare by eye."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from protocol.observation import ObservationContent

_SENTENCE = re.compile(r".+?(?:[.!?…][“”\"')]*(?=\s)|(?=\n)|\Z)", re.DOTALL)


def marked(content: ObservationContent, part: str, others: Sequence[ObservationContent]) -> Markup:
    """One part of a version as HTML, with every sentence in <mark> that another version lacks.

    Args:
        part: `heard`, `seen` or `concluded`.
        others: the versions to compare with; without any nothing is marked.
    """
    rivals = [set(_sentences(getattr(other, part))) for other in others]
    html = Markup()
    for found in _SENTENCE.finditer(getattr(content, part).strip()):
        sentence = found[0]
        said = sentence.strip()
        if said and any(said not in rival for rival in rivals):
            before, after = sentence[: sentence.index(said)], sentence[sentence.index(said) + len(said) :]
            html += Markup("{}<mark>{}</mark>{}").format(before, said, after)
        else:
            html += sentence
    return html


def _sentences(text: str) -> list[str]:
    return [found[0].strip() for found in _SENTENCE.finditer(text.strip())]
