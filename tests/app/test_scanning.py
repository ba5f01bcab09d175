"""From codes to an answer: which machine is meant, when an unknown number is believed, what a draft gets of it."""

from uuid import UUID

import pytest

from app.device.platform import ReadCode
from app.state.machines import MachineRow
from app.state.scanning import Answer, Verdict, Watcher, judge, with_plate
from app.state.views import Draft
from app.store.drafts import DraftAnswer
from app.store.serial_index import Machine, SerialIndex
from protocol.observation import Kind
from protocol.reference import Asset
from protocol.rules.nameplate import Nameplate, folded, matching, read, typed
from tests.app.scripted_server import NOW, name

HERE, THERE = name("Käsmayr"), name("Müller")


def row(serial: str, customer: UUID = HERE) -> MachineRow:
    asset = Asset(id=name(serial + str(customer)), maker="Albwerk", model="RV 75", serial_number=serial)
    return MachineRow(asset, customer, "Käsmayr", "Halle B")


def watcher(*known: MachineRow, expected: UUID | None = None) -> Watcher:
    numbers: dict[str, list[MachineRow]] = {}
    for one in known:
        numbers.setdefault(folded(one.asset.serial_number or ""), []).append(one)
    return Watcher(lambda plate: matching(plate, numbers), lambda: expected)


def verdict(answer: Answer | None) -> Verdict | None:
    return answer.verdict if answer else None


def test_a_known_number_is_certain_at_once() -> None:
    answer = watcher(row("4711-08")).see([ReadCode("4711-08", "Code128")])
    assert answer is not None
    assert (answer.verdict, answer.machines) == (Verdict.FOUND, (row("4711-08"),))


def test_an_unknown_number_is_believed_only_when_two_pictures_in_a_row_say_the_same() -> None:
    watching = watcher()
    assert watching.see([ReadCode("99-1", "Code39")]) is None
    assert watching.see([ReadCode("99-7", "Code39")]) is None, "one of the two was read wrongly"
    assert watching.see([]) is None
    assert watching.see([ReadCode("99-7", "Code39")]) is None
    assert verdict(watching.see([ReadCode("99-7", "Code39")])) is Verdict.UNKNOWN


def test_a_photo_has_no_second_picture() -> None:
    assert verdict(watcher().see([ReadCode("99-7", "Code39")], once=True)) is Verdict.UNKNOWN


def test_of_several_codes_on_a_plate_the_one_counts_that_says_more() -> None:
    codes = [ReadCode("4006381333931", "EAN13"), ReadCode("Wartung", "QRCode"), ReadCode("4711", "Code128")]
    assert verdict(watcher(row("4711")).see(codes)) is Verdict.FOUND
    assert verdict(watcher().see(codes, once=True)) is Verdict.UNKNOWN
    assert verdict(watcher().see(codes[:2], once=True)) is Verdict.ARTICLE
    assert verdict(watcher().see(codes[1:2], once=True)) is Verdict.NO_NUMBER


def test_pictures_without_a_code_are_counted_until_one_shows_something() -> None:
    watching = watcher()
    for _ in range(3):
        assert watching.see([]) is None
    assert watching.tries == 3
    watching.see([ReadCode("99-7", "Code39")])
    assert watching.tries == 0


@pytest.mark.parametrize(
    ("found", "expected", "wanted", "machines"),
    [
        ((row("1"),), None, Verdict.FOUND, 1),
        ((row("1"),), HERE, Verdict.FOUND, 1),
        ((row("1"), row("1", THERE)), HERE, Verdict.FOUND, 1),
        ((row("1"), row("1", THERE)), None, Verdict.SEVERAL, 2),
        ((row("1", THERE),), HERE, Verdict.ELSEWHERE, 1),
        ((), HERE, Verdict.UNKNOWN, 0),
    ],
)
def test_the_customers_own_machines_come_before_those_of_others(
    found: tuple[MachineRow, ...], expected: UUID | None, wanted: Verdict, machines: int
) -> None:
    answer = judge(typed("1"), found, expected)
    assert (answer.verdict, len(answer.machines)) == (wanted, machines)


def test_a_draft_gets_what_the_plate_says_as_far_as_it_was_not_answered() -> None:
    plate = read("Hersteller: Boge; Typ: C 30; SN: 4711; Bj. 2009")
    draft = Draft(name("d"), NOW, NOW, answers=(DraftAnswer("rival_maker", "BOGE Kompressoren"),))
    filled = with_plate(draft, plate)
    assert filled.kind is Kind.COMPETITOR
    assert {answer.question: answer.value for answer in filled.answers} == {
        "rival_maker": "BOGE Kompressoren",
        "rival_model": "C 30",
        "rival_serial": "4711",
        "rival_year": "2009",
    }


def test_a_draft_keeps_its_kind_and_nothing_empty_is_answered() -> None:
    filled = with_plate(Draft(name("d"), NOW, NOW, kind=Kind.NEED), Nameplate("x", ("x1",)))
    assert filled.kind is Kind.NEED
    assert filled.answers == (DraftAnswer("rival_serial", "x1"),)


def machines(*serials: str | None) -> dict[str, object]:
    return {"assets": [{"id": f"asset-{serial}", "serial_number": serial} for serial in serials]}


def test_machines_follow_their_customers_new_state() -> None:
    index = SerialIndex()
    index.put("one", machines("4711", None, "77-1"))
    index.put("two", machines("4711"))
    assert index.known["4711"] == [Machine("one", "asset-4711"), Machine("two", "asset-4711")]
    index.put("one", machines("77-2"))
    assert index.known["4711"] == [Machine("two", "asset-4711")]
    assert "771" not in index.known
    index.remove("two")
    index.remove("nobody")
    assert dict(index.known) == {"772": [Machine("one", "asset-77-2")]}


def test_while_a_number_is_typed_those_that_begin_with_it_come_first() -> None:
    index = SerialIndex()
    index.put("one", machines("A-120", "12-34", "99-12", "1200"))
    found = [machine.asset for machine in index.containing("12", 8)]
    assert found == ["asset-1200", "asset-12-34", "asset-99-12", "asset-A-120"]
    assert len(index.containing("12", 2)) == 2
    assert index.containing("-", 8) == []


@pytest.mark.parametrize(
    "body", [{}, {"assets": None}, {"assets": ["nonsense", {"id": "x"}, {"serial_number": 5}]}]
)
def test_a_malformed_customer_costs_no_other(body: dict[str, object]) -> None:
    index = SerialIndex()
    index.put("bad", body)
    index.put("good", machines("4711"))
    assert index.known["4711"] == [Machine("good", "asset-4711")]
