"""Where each line of a document stands: texts broken into lines, lines onto A4 pages. Pure.

Lengths are in points (1/72 inch), as in a PDF; pages are measured from their lower left corner.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.paper.typeface import EM, Typeface, bold, regular

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
"""A4 (ISO 216): 210 mm by 297 mm."""
LEFT, RIGHT, TOP, BOTTOM = 62.0, 56.0, 62.0, 68.0
"""Margins; the left one leaves room for a punch."""
ASIDE = 44.0
"""The column for times, left of the text."""


class Role(StrEnum):
    """What a block is, in the names of PDF's structure (ISO 32000-1, 14.8.4)."""

    TITLE = "H1"
    HEADING = "H2"
    TEXT = "P"


@dataclass(frozen=True)
class Run:
    """A part of a text in one weight."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph.

    Attributes:
        aside: what stands beside its first line, such as a time.
        indented: whether it begins behind the column for that.
        small: whether it only explains.
    """

    role: Role
    runs: tuple[Run, ...]
    aside: str = ""
    indented: bool = False
    small: bool = False


@dataclass(frozen=True)
class Piece:
    """Text of one weight at one place."""

    text: str
    face: Typeface
    size: float
    x: float
    y: float
    small: bool = False


@dataclass(frozen=True)
class Line:
    """The pieces of one line, and the block that it belongs to by its number."""

    block: int
    pieces: tuple[Piece, ...]


@dataclass
class Page:
    """One page: its lines in reading order."""

    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class _Style:
    size: float
    leading: float
    before: float


_STYLES = {
    Role.TITLE: _Style(20, 26, 0),
    Role.HEADING: _Style(13, 18, 14),
    Role.TEXT: _Style(10.5, 15, 3),
}
_SMALL = _Style(9, 12.5, 3)
_KEPT_TOGETHER = 3
"""Lines that must fit below a heading, or it goes to the next page."""


def laid_out(blocks: Sequence[Block]) -> list[Page]:
    """The blocks on as many pages as they need, at least one."""
    pages, y = [Page()], PAGE_HEIGHT - TOP
    for number, block in enumerate(blocks):
        style = _style(block)
        needed = style.leading * (1 + _KEPT_TOGETHER if block.role is not Role.TEXT else 1)
        if pages[-1].lines:
            y -= style.before
            if y - needed < BOTTOM:
                pages.append(Page())
                y = PAGE_HEIGHT - TOP
        for index, words in enumerate(broken(block)):
            if y - style.leading < BOTTOM:
                pages.append(Page())
                y = PAGE_HEIGHT - TOP
            y -= style.leading
            pages[-1].lines.append(Line(number, tuple(_placed(block, words, y, first=index == 0))))
    return pages


def broken(block: Block) -> Iterator[list[Run]]:
    """The lines of a block, each as its runs. A word that is longer than a line is cut."""
    size = _style(block).size
    room = (PAGE_WIDTH - LEFT - RIGHT - (ASIDE if _is_indented(block) else 0)) * EM / size
    line: list[Run] = []
    used = 0.0
    for word in _words(block.runs):
        if word.text == "\n":
            yield line
            line, used = [], 0.0
            continue
        width = _face(block, word).width(word.text.rstrip())
        if line and used + width > room:
            yield line
            line, used = [], 0.0
        for part in _cut(word, _face(block, word), room):
            if line and used + _face(block, word).width(part.text.rstrip()) > room:
                yield line
                line, used = [], 0.0
            line.append(part)
            used += _face(block, word).width(part.text)
    yield line


def _words(runs: Iterable[Run]) -> Iterator[Run]:
    for run in runs:
        for text in re.findall(r"\n|[^\s\n]+[^\S\n]*|[^\S\n]+", run.text):
            yield Run(text.replace("\t", " "), run.strong)


def _cut(word: Run, face: Typeface, room: float) -> Iterator[Run]:
    rest = word.text
    while face.width(rest.rstrip()) > room:
        end = next(end for end in range(1, len(rest) + 1) if face.width(rest[: end + 1]) > room)
        yield Run(rest[:end], word.strong)
        rest = rest[end:]
    yield Run(rest, word.strong)


def _placed(block: Block, words: Sequence[Run], y: float, *, first: bool) -> Iterator[Piece]:
    style = _style(block)
    if first and block.aside:
        yield Piece(block.aside, bold(), style.size, LEFT, y)
    x = LEFT + (ASIDE if _is_indented(block) else 0)
    for run in _joined(words):
        face = _face(block, run)
        yield Piece(run.text, face, style.size, x, y, block.small)
        x += face.width(run.text) * style.size / EM


def _joined(words: Iterable[Run]) -> list[Run]:
    found: list[Run] = []
    for word in words:
        if found and found[-1].strong is word.strong:
            found[-1] = Run(found[-1].text + word.text, word.strong)
        else:
            found.append(word)
    return found


def _style(block: Block) -> _Style:
    return _SMALL if block.small else _STYLES[block.role]


def _face(block: Block, run: Run) -> Typeface:
    return bold() if run.strong or block.role is not Role.TEXT else regular()


def _is_indented(block: Block) -> bool:
    return block.indented or bool(block.aside)
