"""Writes a document as PDF: A4, text that can be selected and searched, tagged for screen readers, with its language.

pydyf writes the objects; what stands where comes from `app.paper.layout`. Tags by ISO 32000-1, 14.7 and 14.8.
"""

import io
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import pydyf

from app.paper.layout import (
    BOTTOM,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    Block,
    Page,
    Piece,
    Run,
    laid_out,
)  # fmt: skip
from app.paper.typeface import EM, Typeface, bold, regular

_INK, _QUIET = (0.06, 0.15, 0.16), (0.30, 0.40, 0.42)
_FOOT_SIZE = 8.5
_FACES = {"F1": regular, "F2": bold}
_BFCHAR_AT_MOST = 100
"""Entries in one section of a character map (Adobe Technical Note 5014)."""


def as_pdf(
    blocks: Sequence[Block],
    *,
    title: str,
    author: str,
    language: str,
    made_at: datetime,
    foot: Callable[[int, int], str],
) -> bytes:
    """The document.

    Args:
        title: what a reader shows above it.
        language: of its texts, for example "de".
        made_at: with zone.
        foot: the line at the bottom of a page, from its number and how many there are.
    """
    pages = laid_out([_composed(block) for block in blocks])
    writer = _Writer(blocks)
    for number, page in enumerate(pages, start=1):
        writer.add(page, foot(number, len(pages)))
    return writer.finish(
        {
            "Title": pydyf.String(title),
            "Author": pydyf.String(author),
            "Creator": pydyf.String("Rundgang"),
            "CreationDate": pydyf.String(f"D:{made_at:%Y%m%d%H%M%S}{_zone(made_at)}"),
        },
        language,
    )


def _composed(block: Block) -> Block:
    # A name that was typed as "o" and two dots is one character of the font.
    runs = tuple(Run(unicodedata.normalize("NFC", run.text), run.strong) for run in block.runs)
    return Block(block.role, runs, block.aside, block.indented, block.small)


def _zone(moment: datetime) -> str:
    offset = f"{moment:%z}"
    return f"{offset[:3]}'{offset[3:5]}'" if offset else "Z"


class _Writer:
    """One PDF under construction."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._pdf = pydyf.PDF()
        self._blocks = blocks
        self._used: dict[str, dict[int, str]] = {name: {} for name in _FACES}
        """Characters by glyph, of each font."""
        self._fonts = {name: pydyf.Dictionary() for name in _FACES}
        self._marks: dict[int, list[tuple[Any, int]]] = defaultdict(list)
        """Page and number of the marked content that belongs to a block."""
        self._of_page: list[list[int]] = []
        """Blocks by number of the marked content, of each page."""
        for font in self._fonts.values():
            self._pdf.add_object(font)

    def add(self, page: Page, foot: str) -> None:
        """Write one page."""
        stream = pydyf.Stream(compress=True)
        sheet = pydyf.Dictionary({
            "Type": "/Page",
            "Parent": self._pdf.pages.reference,
            "MediaBox": pydyf.Array([0, 0, PAGE_WIDTH, PAGE_HEIGHT]),
            "StructParents": len(self._of_page),
            "Tabs": "/S",
            "Resources": pydyf.Dictionary({
                "Font": pydyf.Dictionary({name: font.reference for name, font in self._fonts.items()})
            }),
        })  # fmt: skip
        blocks: list[int] = []
        for block, lines in groupby(page.lines, key=lambda line: line.block):
            number = len(blocks)
            blocks.append(block)
            self._marks[block].append((sheet, number))
            stream.begin_marked_content(self._blocks[block].role.value, f"<</MCID {number}>>".encode())
            for line in lines:
                for piece in line.pieces:
                    self._show(stream, piece)
            stream.end_marked_content()
        self._of_page.append(blocks)
        stream.begin_marked_content("Artifact")
        for piece in _foot(foot):
            self._show(stream, piece)
        stream.end_marked_content()
        self._pdf.add_object(stream)
        sheet["Contents"] = stream.reference
        self._pdf.add_page(sheet)

    def finish(self, about: dict[str, Any], language: str) -> bytes:
        """Write what the pages refer to; returns the file."""
        for name, face in _FACES.items():
            self._embed(self._fonts[name], face(), self._used[name])
        self._pdf.catalog.update({
            "Lang": pydyf.String(language),
            "MarkInfo": pydyf.Dictionary({"Marked": "true"}),
            "ViewerPreferences": pydyf.Dictionary({"DisplayDocTitle": "true"}),
            "StructTreeRoot": self._structure(),
        })  # fmt: skip
        self._pdf.info.update(about)
        buffer = io.BytesIO()
        self._pdf.write(buffer, identifier=True)
        return buffer.getvalue()

    def _show(self, stream: Any, piece: Piece) -> None:
        name = "F2" if piece.face.bold else "F1"
        stream.begin_text()
        stream.set_color_rgb(*(_QUIET if piece.small else _INK))
        stream.set_font_size(name, piece.size)
        stream.set_text_matrix(1, 0, 0, 1, round(piece.x, 2), round(piece.y, 2))
        for known, characters in groupby(piece.text, key=piece.face.knows):
            text = "".join(characters)
            glyphs = [piece.face.glyph(letter) for letter in text]
            shown = b"<" + b"".join(b"%04x" % glyph for glyph in glyphs) + b"> Tj"
            if known:
                self._used[name].update(zip(glyphs, text, strict=True))
                stream.stream.append(shown)
            else:
                # A question mark on paper; whoever has the text read aloud hears what was written.
                actual = ("\ufeff" + text).encode("utf-16-be").hex()
                stream.begin_marked_content("Span", f"<</ActualText <{actual}>>>".encode())
                stream.stream.append(shown)
                stream.end_marked_content()
        stream.end_text()

    def _embed(self, font: Any, face: Typeface, used: dict[int, str]) -> None:
        file = pydyf.Stream([face.data], {"Length1": len(face.data)}, compress=True)
        characters = pydyf.Stream([_to_unicode(used)], compress=True)
        descriptor = pydyf.Dictionary({
            "Type": "/FontDescriptor", "FontName": f"/{face.name}", "Flags": 32, "ItalicAngle": 0,
            "FontBBox": pydyf.Array(face.box), "Ascent": face.ascent, "Descent": face.descent,
            "CapHeight": face.cap_height, "StemV": 140 if face.bold else 88,
        })  # fmt: skip
        widths = pydyf.Array()
        for glyph in sorted({0, *used}):
            widths.extend([glyph, pydyf.Array([face.widths[glyph]])])
        descendant = pydyf.Dictionary({
            "Type": "/Font", "Subtype": "/CIDFontType2", "BaseFont": f"/{face.name}",
            "CIDSystemInfo": pydyf.Dictionary({
                "Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0,
            }),
            "CIDToGIDMap": "/Identity", "DW": EM // 2, "W": widths,
        })  # fmt: skip
        for part in (file, characters, descriptor, descendant):
            self._pdf.add_object(part)
        descriptor["FontFile2"] = file.reference
        descendant["FontDescriptor"] = descriptor.reference
        font.update({
            "Type": "/Font", "Subtype": "/Type0", "BaseFont": f"/{face.name}", "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([descendant.reference]), "ToUnicode": characters.reference,
        })  # fmt: skip

    def _structure(self) -> bytes:
        """The tree of headings and paragraphs, and for each page which block its content belongs to."""
        root, document, parents = pydyf.Dictionary(), pydyf.Dictionary(), pydyf.Dictionary()
        for part in (root, document, parents):
            self._pdf.add_object(part)
        elements = {}
        for block, marks in sorted(self._marks.items()):
            elements[block] = pydyf.Dictionary({
                "Type": "/StructElem",
                "S": f"/{self._blocks[block].role.value}",
                "P": document.reference,
                "K": pydyf.Array([
                    pydyf.Dictionary({"Type": "/MCR", "Pg": sheet.reference, "MCID": number})
                    for sheet, number in marks
                ]),
            })  # fmt: skip
            self._pdf.add_object(elements[block])
        kids = pydyf.Array([element.reference for element in elements.values()])
        document.update({"Type": "/StructElem", "S": "/Document", "P": root.reference, "K": kids})
        numbers = pydyf.Array()
        for page, blocks in enumerate(self._of_page):
            numbers.extend([page, pydyf.Array([elements[block].reference for block in blocks])])
        parents["Nums"] = numbers
        root.update({
            "Type": "/StructTreeRoot", "K": document.reference,
            "ParentTree": parents.reference, "ParentTreeNextKey": len(self._of_page),
        })  # fmt: skip
        reference: bytes = root.reference
        return reference


def _foot(text: str) -> Iterator[Piece]:
    face = regular()
    room = (PAGE_WIDTH - LEFT - RIGHT) * EM / _FOOT_SIZE
    while face.width(text) > room:
        text = text[:-2] + "…"
    yield Piece(text, face, _FOOT_SIZE, LEFT, BOTTOM / 2, small=True)


def _to_unicode(used: dict[int, str]) -> bytes:
    """Which characters the glyphs stand for, so that the text can be selected (ISO 32000-1, 9.10.3)."""
    pairs = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(used.items())]
    sections = [pairs[at : at + _BFCHAR_AT_MOST] for at in range(0, len(pairs), _BFCHAR_AT_MOST)]
    return "\n".join([
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
        "1 begincodespacerange", "<0000> <ffff>", "endcodespacerange",
        *(line for part in sections for line in (f"{len(part)} beginbfchar", *part, "endbfchar")),
        "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end",
    ]).encode("ascii")  # fmt: skip
