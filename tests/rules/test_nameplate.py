"""What a code on a nameplate says, in every form that makers use, and which machine it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.nameplate import LONGEST_SERIAL, folded, matching, read, typed

GS, RS, EOT = "\x1d", "\x1e", "\x04"


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("AW-75-2014-0815", "AW-75-2014-0815"),
        ("  4711-08 \r\n", "4711-08"),
        # GS1, as the reader gives it (separators), with its symbology before it, and as it is printed (brackets).
        (f"{GS}010401234512345621AB-4711{GS}112403151012", "AB-4711"),
        (f"]d2010401234512345611240315{GS}21AB-4711", "AB-4711"),
        (f"]C100340123450000000018{GS}8004401234567890ASSET7", "401234567890ASSET7"),
        ("(01)04012345123456(21)AB-4711(240)GA 37", "AB-4711"),
        ("https://id.example.com/01/04012345123456/21/AB-4711?17=291231", "AB-4711"),
        # Data identifiers: ISO/IEC 15434 around them, or one alone in a bar code.
        (f"[)>{RS}06{GS}1PGA-37{GS}SAPI123456{GS}1VATLAS{RS}{EOT}", "API123456"),
        # Addresses.
        ("https://qr.example.com/m?type=GA37&sn=API123456", "API123456"),
        ("https://example.com/equipment/API123456/manual", "API123456"),
        ("HTTPS://EXAMPLE.COM/P/API123456", "API123456"),
        ("www.example.com/?Serial-No=77%2F12", "77/12"),
        # Words.
        ("Typ: GA 37\nS/N: API123456\nBaujahr 2011", "API123456"),
        ("Hersteller=Boge;Fabrik-Nr.: 0815-42;Bj=2009", "0815-42"),
        ("Seriennummer : 99001", "99001"),
        ("Masch.-Nr.=99001", "99001"),
    ],
)
def test_the_serial_number_is_found_in_every_form(text: str, serial: str) -> None:
    assert read(text).serial == serial


@pytest.mark.parametrize(
    ("text", "maker", "model", "year"),
    [
        (f"{GS}11110630{GS}240GA 37{GS}21X1", "", "GA 37", 2011),
        (f"[)>{RS}06{GS}1PGA-37{GS}S4711{GS}1VATLAS{RS}{EOT}", "ATLAS", "GA-37", None),
        ("https://example.com/?manufacturer=Boge&model=C%2030&year=2008&sn=12345", "Boge", "C 30", 2008),
        ("Hersteller: Atlas Copco; Typ: GA 37; Bj. 2011; SN: API123", "Atlas Copco", "GA 37", 2011),
    ],
)
def test_maker_model_and_year_come_along_where_the_code_has_them(
    text: str, maker: str, model: str, year: int | None
) -> None:
    found = read(text)
    assert (found.maker, found.model, found.built_in) == (maker, model, year)


@pytest.mark.parametrize(
    "text", ["", "   ", "https://www.example.com/", "Bitte nicht berühren", "Danke\nsehr"]
)
def test_what_names_no_machine_gives_no_number(text: str) -> None:
    assert read(text).serial == ""


def test_an_articles_number_is_none_of_a_machine_and_is_said_to_be_one() -> None:
    found = read("4006381333931", "EAN13")
    assert found.is_article
    assert found.serial == ""


def test_an_articles_number_that_somebody_has_entered_as_serial_number_still_finds_its_machine() -> None:
    assert matching(read("4006381333931", "EAN13"), {"4006381333931": ["it"]}) == ("it",)


@pytest.mark.parametrize("text", ["aw-75 2014.0815", "00AW7520140815", "AW/75/2014/0815"])
def test_numbers_are_compared_without_what_people_and_makers_write_differently(text: str) -> None:
    assert folded(text) == "AW7520140815"


def test_a_number_of_zeros_stays_a_number() -> None:
    assert folded("000") == "0"
    assert folded("-") == ""


def test_the_number_that_the_code_states_counts_before_any_other_word_of_it() -> None:
    known = {folded("GA37-2"): ["another"], folded("API123456"): ["right"]}
    assert matching(read("Typ: GA37-2; S/N: API123456"), known) == ("right",)


def test_a_known_number_is_found_within_a_form_that_nobody_knows() -> None:
    assert matching(read("XYZ|7|AW-75-2014-0815|ok"), {folded("AW-75-2014-0815"): ["it"]}) == ("it",)


def test_a_data_identifier_alone_before_the_number_is_understood_where_the_number_is_known() -> None:
    known = {"123456": ["it"]}
    assert matching(read("S123456"), known) == ("it",)
    assert matching(read("S123456"), {**known, "S123456": ["exactly this"]}) == ("exactly this",)
    assert read("S123456").serial == "S123456"


def test_a_short_word_of_a_text_is_no_number_but_a_short_number_that_was_typed_is() -> None:
    known = {"37": ["it"]}
    assert matching(read("GA 37"), known) == ()
    assert matching(typed(" 37 "), known) == ("it",)


def test_two_machines_with_one_number_are_both_found() -> None:
    assert matching(typed("4711"), {"4711": ["here", "there"]}) == ("here", "there")


@given(st.text(max_size=300), st.sampled_from(["", "EAN13", "QRCode", "DataMatrix"]), st.booleans())
def test_whatever_a_code_holds_it_is_read_and_the_number_is_short(
    text: str, symbology: str, gs1: bool
) -> None:
    found = read(text, symbology, is_gs1=gs1)
    assert len(found.serial) <= LONGEST_SERIAL
    assert matching(found, {}) == ()


@given(
    st.text(alphabet="ABCXYZ0123456789-./", min_size=3, max_size=20).filter(
        lambda s: any(c.isdigit() for c in s)
    )
)
def test_a_bare_number_is_its_own_serial_number_however_it_is_written(number: str) -> None:
    if folded(number) and not number.startswith("S"):
        assert matching(read(number), {folded(number): ["it"]}) == ("it",)
