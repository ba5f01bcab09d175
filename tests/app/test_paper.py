"""Documents that the tablet makes: read back with a PDF reader that is not ours."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from app.paper.layout import ASIDE, BOTTOM, LEFT, PAGE_WIDTH, RIGHT, Block, Role, Run, laid_out
from app.paper.pdf import as_pdf
from app.paper.plain import as_text
from app.paper.typeface import EM, Typeface, bold, regular

NAMES = "Müller & Söhne, Straße 5, 12.500 €, Łukasz Şahin, Čeněk, „Halle C“ – größer · ½ m²"


def text(*words: str, aside: str = "", small: bool = False) -> Block:
    return Block(Role.TEXT, tuple(Run(word) for word in words), aside=aside, small=small)


def heading(words: str, role: Role = Role.HEADING) -> Block:
    return Block(role, (Run(words),))


def written(*blocks: Block) -> PdfReader:
    made = as_pdf(
        blocks,
        title="Tagesliste für Jörg",
        author="Jörg Weiß",
        language="de",
        made_at=datetime(2026, 11, 25, 16, 42, tzinfo=UTC),
        foot=lambda page, pages: f"Seite {page} von {pages}",
    )
    return PdfReader(io.BytesIO(made), strict=True)


def flat(words: str) -> str:
    return " ".join(words.split())


def test_umlauts_the_euro_and_names_of_other_languages_can_be_selected() -> None:
    reader = written(heading("Größe", Role.TITLE), text(NAMES, aside="10:52"))
    read = flat(reader.pages[0].extract_text())
    assert NAMES in read
    assert "10:52" in read
    assert "Größe" in read


def test_it_says_its_title_its_author_and_its_language_and_is_a4() -> None:
    reader = written(heading("Liste", Role.TITLE))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Tagesliste für Jörg", "Jörg Weiß")
    root: Any = reader.root_object
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]


def test_every_heading_and_paragraph_is_tagged_in_reading_order() -> None:
    reader = written(heading("Liste", Role.TITLE), heading("Käsmayr"), text("Halle C"), text("Halle D"))
    root: Any = reader.root_object
    document = root["/StructTreeRoot"]["/K"]
    assert [kid.get_object()["/S"] for kid in document["/K"]] == ["/H1", "/H2", "/P", "/P"]
    content = reader.pages[0].get_contents()
    assert content is not None
    marks = re.findall(rb"/(H1|H2|P|Artifact)\s", content.get_data())
    assert marks == [b"H1", b"H2", b"P", b"P", b"Artifact"], "the line at the foot is read to nobody"


def test_a_paragraph_over_two_pages_is_one_paragraph() -> None:
    long = "Die Anlage läuft seit Montag am Anschlag. " * 200
    reader = written(heading("Liste", Role.TITLE), text(long))
    assert len(reader.pages) > 1
    assert flat(" ".join(page.extract_text() for page in reader.pages)).count("am Anschlag.") == 200
    root: Any = reader.root_object
    paragraph = root["/StructTreeRoot"]["/K"]["/K"][1].get_object()
    assert [mark["/Pg"].get_object() for mark in paragraph["/K"]] == list(reader.pages)
    assert f"Seite {len(reader.pages)} von {len(reader.pages)}" in flat(reader.pages[-1].extract_text())


def test_no_heading_stands_alone_at_the_end_of_a_page() -> None:
    blocks = [block for number in range(60) for block in (heading(f"Kunde {number}"), text("Wort " * 40))]
    for page in laid_out(blocks):
        assert blocks[page.lines[-1].block].role is Role.TEXT


def test_what_the_font_lacks_is_a_question_mark_on_paper_and_said_aloud_as_it_was_written() -> None:
    reader = written(text("Gruß 中"))
    content = reader.pages[0].get_contents()
    assert content is not None
    assert b"/ActualText <feff4e2d>" in content.get_data()


def test_a_letter_typed_in_two_parts_is_one() -> None:
    assert "Böge" in written(text("Bo\u0308ge")).pages[0].extract_text()


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=400), max_size=5)
)
def test_no_line_is_wider_than_the_page_and_no_word_is_lost(words: list[str]) -> None:
    blocks = [text(word, aside="10:52") for word in words]
    pages = laid_out(blocks)
    lines = [line for page in pages for line in page.lines]
    for line in lines:
        for piece in line.pieces:
            shown = piece.text.rstrip()
            assert piece.x + piece.face.width(shown) * piece.size / EM <= PAGE_WIDTH - RIGHT + 1
            assert piece.y >= BOTTOM
    shown = "".join(piece.text for line in lines for piece in line.pieces if piece.x >= LEFT + ASIDE)
    assert "".join(shown.split()) == "".join("".join(words).split())


@pytest.mark.parametrize("face", [regular(), bold()])
def test_the_fonts_know_the_letters_of_our_neighbours(face: Typeface) -> None:
    for letter in "äöüßÄÖÜẞ€éèçñøåłŁşŞčřžőğ„“–…·²°½ΔΩЖя":
        assert face.knows(letter), letter


def test_the_text_says_the_same_in_lines_that_a_mail_can_carry() -> None:
    blocks = [
        heading("Tagesliste", Role.TITLE),
        heading("Käsmayr"),
        text("Halle C geplant, " * 10, aside="10:52"),
        Block(Role.TEXT, (Run("Gesehen: ", strong=True), Run("Öl\nam Boden")), indented=True),
    ]
    said = as_text(blocks)
    assert said.splitlines()[:2] == ["Tagesliste", "=========="]
    assert "\n10:52  Halle C geplant," in said
    assert "\n       Gesehen: Öl\n       am Boden\n" in said
    assert max(map(len, said.splitlines())) <= 78
