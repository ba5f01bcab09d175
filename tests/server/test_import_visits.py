"""`rundgang import visits`: a calendar becomes visits, once; what cannot be one is told in words."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from protocol.ids import new_id
from protocol.reference import Entity, Visit
from protocol.rules.search import fold
from sync_server.cli import main
from sync_server.crm import documents
from sync_server.crm.whereabouts import Ambiguous, Found, Somebody, Somewhere, Whereabouts
from sync_server.store import schema as t
from sync_server.taking_in.calendar import MAX_ENTRIES, NotACalendar, Why, read_calendar
from tests.server.firm import NOW, SOUTH, Firm, Tablet

BERLIN = ZoneInfo("Europe/Berlin")
NEXT_YEAR = datetime.now(UTC).year + 1


def event(uid: str = "1@firm", day: str = f"{NEXT_YEAR}0312", **fields: str) -> str:
    known = {
        "UID": uid,
        "DTSTART;TZID=Europe/Berlin": f"{day}T080000",
        "SUMMARY": "Wartung Brändle Maschinenbau",
    }
    lines = [f"{name}:{value}" for name, value in (known | fields).items() if value]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", *events, "END:VCALENDAR", ""]
    ).encode()


Import = Callable[..., Result]


@pytest.fixture
def take(firm: Firm, tmp_path: Path) -> Import:
    """Takes a calendar in for Anna, as an administrator types it."""

    def it(content: bytes, *more: str, login: str = "anna", language: str = "C") -> Result:
        file = tmp_path / "besuche.ics"
        file.write_bytes(content)
        data = firm.app.state.settings.data
        return CliRunner().invoke(
            main,
            ["import", "visits", str(file), f"--for={login}", f"--data={data}", *more],
            env={"LANG": language, "LC_ALL": "", "LC_MESSAGES": ""},
        )

    return it


def visits(tablet: Tablet) -> list[Visit]:
    tablet.pull()
    found = [
        Visit.model_validate(item.body) for (kind, _), item in tablet.held.items() if kind == Entity.VISIT
    ]
    return sorted(found, key=lambda visit: visit.starts_at)


def test_an_appointment_reaches_the_tablet_as_a_visit(firm: Firm, anna: Tablet, take: Import) -> None:
    result = take(calendar(event(DURATION="PT90M")))
    assert result.exit_code == 0, result.output
    assert "Visits of Anna Wieland: 1 new" in result.output
    (visit,) = visits(anna)
    starts = datetime(NEXT_YEAR, 3, 12, 8, tzinfo=BERLIN)
    assert (visit.customer_id, visit.starts_at) == (firm.brandl, starts)
    assert (visit.ends_at, visit.purpose) == (starts + timedelta(minutes=90), "Wartung Brändle Maschinenbau")


def test_taken_in_again_nothing_is_doubled_and_what_was_moved_moves(anna: Tablet, take: Import) -> None:
    take(calendar(event("1"), event("2", f"{NEXT_YEAR}0401")))
    again = take(calendar(event("1"), event("2", f"{NEXT_YEAR}0402")))
    assert "0 new, 1 changed, 0 cancelled, 1 unchanged" in again.output
    assert [visit.starts_at.date() for visit in visits(anna)] == [
        date(NEXT_YEAR, 3, 12),
        date(NEXT_YEAR, 4, 2),
    ]


def test_what_was_called_off_goes_and_what_is_merely_absent_stays(anna: Tablet, take: Import) -> None:
    take(calendar(event("1"), event("2", f"{NEXT_YEAR}0401")))
    result = take(calendar(event("1", STATUS="CANCELLED")))
    assert "1 cancelled" in result.output
    assert [visit.starts_at.month for visit in visits(anna)] == [4]


def test_what_is_no_visit_is_listed_with_its_reason_and_the_others_are_taken(
    anna: Tablet, take: Import
) -> None:
    result = take(
        calendar(
            event("1"),
            event(
                "2",
                **{
                    "DTSTART;TZID=Europe/Berlin": "",
                    "DTSTART;VALUE=DATE": f"{NEXT_YEAR}0312",
                    "SUMMARY": "Urlaub",
                },
            ),
            event("3", RRULE="FREQ=DAILY"),
            event("4", SUMMARY="Zahnarzt"),
            event("5", **{"DTSTART;TZID=Europe/Berlin": "übermorgen"}),
            event("", SUMMARY="Brändle"),
            event("7", "20191101"),
        ),
        language="de_DE.UTF-8",
    )
    assert result.exit_code == 3
    for reason in (
        "ganztägig",
        "Serientermin",
        "kein Kunde des Gebiets",
        "Beginn nicht lesbar",
        "ohne Kennung",
    ):
        assert reason in result.output
    assert "1 neu" in result.output
    assert "1 lagen in der Vergangenheit" in result.output
    assert len(visits(anna)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"\xff\xfe\x00\x01", b"PK\x03\x04", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1",
        b"BEGIN:VTODO\r\nEND:VTODO\r\n", b"<html><body>Anmeldung</body></html>",
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_said_so_and_nothing_changes(
    anna: Tablet, take: Import, content: bytes
) -> None:
    result = take(content, language="de_DE.UTF-8")
    assert result.exit_code == 1
    assert (
        "ist keine Kalenderdatei (.ics), oder sie ist beschädigt. Es wurde nichts verändert." in result.output
    )
    assert "Traceback" not in result.output
    assert visits(anna) == []


def test_ten_thousand_entries_are_answered_in_words(anna: Tablet, take: Import) -> None:
    result = take(calendar(*[event(str(number)) for number in range(10_000)]))
    assert result.exit_code == 1
    assert (
        f"has 10000 entries, at most {MAX_ENTRIES} are taken; please export a shorter time" in result.output
    )
    assert visits(anna) == []


@pytest.mark.parametrize("count", [MAX_ENTRIES + 1, 10_000])
def test_too_many_entries_are_refused_before_any_is_read(count: int) -> None:
    content = calendar(*[event(str(number)) for number in range(count)])
    tracemalloc.start()
    try:
        with pytest.raises(NotACalendar) as refused:
            read_calendar(content, ZoneInfo("Europe/Berlin"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.value.count == count
    assert peak < 2 * len(content), "no more than a copy of the file: parsing takes a hundred times as much"


def test_who_has_no_tablet_has_no_visits(take: Import) -> None:
    result = take(calendar(event()), login="nora")
    assert result.exit_code == 1
    assert "has no tablet" in result.output


def test_a_customer_of_another_territory_is_not_guessed(firm: Firm, anna: Tablet, take: Import) -> None:
    result = take(calendar(event(SUMMARY="Wartung Werft Nord")))
    assert result.exit_code == 3
    assert visits(anna) == []


def test_the_site_is_the_one_whose_address_is_named(firm: Firm, anna: Tablet, take: Import) -> None:
    works = [new_id(), new_id()]
    with firm.database.writing() as connection:
        for key, street in zip(works, ("Industriestraße 14", "Gasse 1"), strict=True):
            row = {"id": key, "customer_id": firm.brandl, "name": "Werk", "street": street, "city": "Ulm"}
            connection.execute(insert(t.sites), row)
        documents.publish_customer(connection, firm.brandl, NOW)
    take(calendar(event(LOCATION="Industriestrasse 14\\, 89073 Ulm")))
    assert visits(anna)[0].site_id == works[0]


def test_two_firms_of_one_name_are_told_apart_by_number_only(firm: Firm, anna: Tablet, take: Import) -> None:
    with firm.database.writing() as connection:
        row = {
            "id": new_id(), "number": "K77", "name": "Brändle Maschinenbau GmbH", "territory": SOUTH,
            "folded_name": fold("Brändle Maschinenbau GmbH"), "changed_at": NOW,
        }  # fmt: skip
        connection.execute(insert(t.customers), row)
        documents.publish_customer(connection, row["id"], NOW)  # type: ignore[arg-type]
    result = take(calendar(event("1")))
    assert result.exit_code == 3
    assert "several customers fit" in result.output
    take(calendar(event("1", SUMMARY="Wartung K77")))
    with firm.database.reading() as connection:
        assert list(connection.execute(select(t.visits.c.customer_id)).scalars()) == [row["id"]]


ULM = Somewhere(new_id(), "Gasse 1", "Ulm")
KERN = Somebody(new_id(), "K1", "Kern GmbH & Co. KG", (ULM,))
KERN_TECHNIK = Somebody(new_id(), "K12", "Kern Technik AG")
TWINS = (Somebody(new_id(), "K3", "Ott", (ULM,)), Somebody(new_id(), "K4", "Ott GmbH"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wartung bei Kern", Found(KERN.id, ULM.id)),
        ("Inspektion KERN Technik, Halle 2", Found(KERN_TECHNIK.id, None)),
        ("Auftrag für K12", Found(KERN_TECHNIK.id, None)),
        ("Gasse 1, 89073 Ulm", Ambiguous),
        ("Ott", Ambiguous),
        ("Ott, Gasse 1, Ulm", Found(TWINS[0].id, ULM.id)),
        ("Kernspintomographie", None),
        ("", None),
    ],
)
def test_whom_an_appointment_means(text: str, expected: Found | type[Ambiguous] | None) -> None:
    places = Whereabouts([KERN, KERN_TECHNIK, *TWINS])
    if expected is Ambiguous:
        with pytest.raises(Ambiguous):
            places.find(text)
    else:
        assert places.find(text) == expected


def test_times_without_a_zone_are_the_firms() -> None:
    read = read_calendar(
        calendar(event(**{"DTSTART;TZID=Europe/Berlin": "", "DTSTART": "20270712T080000"})), BERLIN
    )
    assert read.appointments[0].starts_at == datetime(2027, 7, 12, 6, tzinfo=UTC)


def test_one_day_of_a_series_that_was_moved_is_an_appointment_of_its_own() -> None:
    one, other = (event("1", **{"RECURRENCE-ID": f"2027071{day}T080000Z"}) for day in (2, 3))
    read = read_calendar(calendar(one, other), BERLIN)
    assert len({appointment.uid for appointment in read.appointments}) == 2


def test_an_impossible_year_is_no_visit() -> None:
    read = read_calendar(calendar(event(day="25000101")), BERLIN)
    assert [left.why for left in read.left_out] == [Why.IMPLAUSIBLE]


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: calendar(f"BEGIN:VEVENT\r\n{text}\r\nEND:VEVENT"))
)
def test_whatever_the_file_holds_the_answer_is_a_calendar_or_words(content: bytes) -> None:
    with suppress(NotACalendar):
        read = read_calendar(content, BERLIN)
        assert len(read.appointments) + len(read.left_out) <= content.upper().count(b"BEGIN:VEVENT")
