"""Writes the same document as plain text, for messengers, mails and whoever wants to go on typing."""

import textwrap
from collections.abc import Iterator, Sequence

from app.paper.layout import Block, Role

_ASIDE = 7
"""Columns for a time and the space behind it."""
_WIDTH = 78
"""Columns of a line, as mails are written (RFC 5322, 2.1.1)."""


def as_text(blocks: Sequence[Block]) -> str:
    """The document; ends with a line feed."""
    return "\n".join([line for block in blocks for line in _lines(block)]) + "\n"


def _lines(block: Block) -> Iterator[str]:
    text = "".join(run.text for run in block.runs)
    if block.role is Role.TITLE:
        yield from (text, "=" * len(text))
    elif block.role is Role.HEADING:
        yield from ("", text, "-" * len(text))
    else:
        yield from _paragraph(block, text)


def _paragraph(block: Block, text: str) -> Iterator[str]:
    room = " " * _ASIDE if block.aside or block.indented else ""
    beginning = block.aside.ljust(_ASIDE) if block.aside else room
    for line in text.split("\n"):
        yield (
            textwrap.fill(
                line, _WIDTH, initial_indent=beginning, subsequent_indent=room, break_long_words=False
            )
            or beginning.rstrip()
        )
        beginning = room
