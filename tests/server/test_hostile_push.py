"""Pushes that no tablet sends: whatever stands in a change, it gets its receipt, and its neighbours are unharmed (S2)."""

import json
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from protocol.changes import Outcome, PushAnswer
from protocol.observation import Flag, FlagKind, NextStep
from sync_server.crm.observations import NO_ID
from sync_server.store import schema as t
from sync_server.sync_api import nesting
from tests.server.firm import NOW, Firm, Tablet, photo_of


@dataclass(frozen=True)
class Raw:
    """JSON exactly as it is written here, which no serialiser would write."""

    text: str


def nested(depth: int) -> Raw:
    """Lists in lists."""
    return Raw("[" * depth + "]" * depth)


NASTY: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, "", " ", "x", [], {}, [[]], [None], {"": None}, {"type": "observation.revise"},
    "\x00", "a\x00b", "\u202e", "\ufeff", "../../etc/passwd", "'; DROP TABLE observations; --", "𝔘" * 30_000, "9" * 5_000,
    "0001-01-01", "9999-12-31T23:59:59+14:00", "2026-02-30", "2026-11-20T09:30:00", "2026-11-20T24:00:00Z", "now", "1e400",
    "00000000-0000-0000-0000-000000000000", "{urn:uuid:}", [1] * 30_000, {str(n): n for n in range(3_000)},
    Raw('"\\ud800"'), Raw('"\\udfff\\ud800"'), Raw('{"\\ud800": 1}'), Raw("1e400"), Raw("-1e400"), Raw("1e-400"), Raw("-0"),
    Raw("1" * 4_000), Raw("1" * 6_000), Raw("0." + "3" * 5_000), Raw("NaN"), Raw("-Infinity"), Raw('{"a": 1, "a": {"a": 2, "a": 3}}'),
    nested(150), nested(300), nested(600),
]  # fmt: skip

UNREADABLE = [
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x00", b"\x1b",
]  # fmt: skip
"""Bytes that are no UTF-8 (RFC 3629), or no JSON inside a string (RFC 8259, section 7)."""


def written(value: Any) -> str:
    """A value as JSON, with what is raw in it as it is."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(item) for item in value) + "]"
    return json.dumps(value)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a document, from its whole to its last leaf."""
    found = [at]
    if isinstance(value, dict):
        found += [place for name, item in value.items() for place in places(item, (*at, name))]
    if isinstance(value, list):
        found += [place for index, item in enumerate(value) for place in places(item, (*at, index))]
    return found


def with_another(value: Any, place: tuple[Any, ...], nasty: Any) -> Any:
    """The document with something else in one place."""
    if not place:
        return nasty
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = with_another(value[place[0]], place[1:], nasty)
    return copy


def readable_id(change: Any) -> UUID:
    """The id that a receipt must have."""
    try:
        return UUID(change["id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return UUID(NO_ID)


def rich(tablet: Tablet) -> list[Any]:
    """An observation in which every field says something, and a comment on it."""
    observation = tablet.observe(
        seen="Öl am Boden",
        next_step=NextStep(text="Angebot", due_on=NOW.date()),
        flag=Flag(kind=FlagKind.PERSONAL, purpose="Rückruf"),
        photos=(photo_of("a" * 64, caption="Typenschild"),),
    )
    return [observation.as_dict(), tablet.comment(observation, "Halle 2").as_dict()]


def send(tablet: Tablet, body: str | bytes) -> Any:
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    headers = {**tablet.headers, "Content-Type": "application/json"}
    return tablet.http.post("/sync/v1/push", content=content, headers=headers)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.data())
def test_s2_whatever_stands_in_a_change_it_gets_its_receipt_and_its_neighbours_are_taken(
    firm: Firm, anna: Tablet, choice: st.DataObject
) -> None:
    changes = rich(anna)
    for _ in range(choice.draw(st.integers(1, 3))):
        change = choice.draw(st.integers(0, 1))
        if isinstance(changes[change], dict):
            place = choice.draw(st.sampled_from(places(changes[change])))
            changes[change] = with_another(changes[change], place, choice.draw(st.sampled_from(NASTY)))
    before, after = anna.observe("davor").as_dict(), anna.observe("danach").as_dict()
    body = anna.body(before, *changes, after)

    answer = send(anna, written(body))

    assert answer.status_code == 200, answer.text
    receipts = PushAnswer.model_validate_json(answer.content).receipts
    assert [receipt.change_id for receipt in receipts] == [readable_id(each) for each in body["changes"]]
    assert (receipts[0].outcome, receipts[-1].outcome) == (Outcome.ACCEPTED, Outcome.ACCEPTED)
    assert all((receipt.outcome is Outcome.REJECTED) == bool(receipt.problem) for receipt in receipts)
    _require_stored(firm, before, after)
    assert anna.ask_page(limit=1_000).status_code == 200, "and what was stored can be read"


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.data())
def test_a_push_with_anything_anywhere_is_taken_or_refused_in_words(
    anna: Tablet, choice: st.DataObject
) -> None:
    body = anna.body(*rich(anna), protocol=1, epoch=str(anna.paired.epoch))
    place = choice.draw(st.sampled_from([place for place in places(body) if len(place) < 3]))
    _require_taken_or_refused(
        send(anna, written(with_another(body, place, choice.draw(st.sampled_from(NASTY)))))
    )


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), cut=st.integers(0, 40), put=st.binary(max_size=20) | st.sampled_from(UNREADABLE))
def test_a_push_with_other_bytes_is_taken_or_refused_in_words(
    anna: Tablet, at: float, cut: int, put: bytes
) -> None:
    body = written(anna.body(*rich(anna))).encode()
    begin = int(at * len(body))
    _require_taken_or_refused(send(anna, body[:begin] + put + body[begin + cut :]))


@pytest.mark.parametrize("depth", [1_000, 100_000, 1_000_000])
def test_s2_a_change_that_is_nested_without_end_holds_back_nobody(
    firm: Firm, anna: Tablet, depth: int
) -> None:
    before, bad, after = (anna.observe().as_dict() for _ in range(3))
    body = anna.body(before, bad | {"content": nested(depth)}, after | {"of_a_later_version": nested(depth)})

    receipts = PushAnswer.model_validate_json(send(anna, written(body)).content).receipts

    assert [receipt.change_id for receipt in receipts] == [UUID(each["id"]) for each in (before, bad, after)]
    assert [receipt.outcome for receipt in receipts] == ["accepted", "rejected", "accepted"]
    _require_stored(firm, before, after)


@pytest.mark.parametrize(
    "end",
    [
        "",
        '"',
        "]" * 2_000,
        "[]" * 500_000,
        "]" * 1_000 + ",[]" * 450_000 + "[" * 1_000,
        '"' + '\\"' * 500_000,
    ],
)
def test_a_push_that_is_nested_without_end_and_no_json_is_refused_as_a_whole(anna: Tablet, end: str) -> None:
    answer = send(anna, '{"changes": [' + "[" * 1_000 + end)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


@given(
    st.recursive(
        st.none() | st.integers() | st.text(alphabet='[]{}"\\aß', max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    ),
    st.integers(0, 4),
)
def test_only_what_lies_too_deep_is_cut_out(value: Any, deepest: int) -> None:
    with patch.object(nesting, "DEEPEST", deepest):
        cut = json.loads(nesting.without_depths(json.dumps(value, ensure_ascii=False).encode()))
    assert cut == _cut_below(value, deepest)


def _cut_below(value: Any, levels: int) -> Any:
    if isinstance(value, list):
        return [_cut_below(item, levels - 1) for item in value] if levels else None
    if isinstance(value, dict):
        return {name: _cut_below(item, levels - 1) for name, item in value.items()} if levels else None
    return value


def test_a_key_that_stands_twice_counts_once_and_the_same_change_twice_has_one_receipt(anna: Tablet) -> None:
    change = anna.observe().as_dict()
    twice = Raw(written(change)[:-1] + ',"recorded_at":"2026-11-20T10:00:00Z"}')
    receipts = send(anna, written(anna.body(twice, twice))).json()["receipts"]
    assert [receipt["outcome"] for receipt in receipts] == ["accepted", "accepted"]
    assert receipts[0] == receipts[1]


def _require_stored(firm: Firm, *changes: dict[str, Any]) -> None:
    wanted = {UUID(change["observation_id"]) for change in changes}
    with firm.database.reading() as connection:
        found = connection.execute(select(t.observations.c.id).where(t.observations.c.id.in_(wanted)))
        assert set(found.scalars()) == wanted


def _require_taken_or_refused(answer: Any) -> None:
    if answer.status_code == 200:
        PushAnswer.model_validate_json(answer.content)
    else:
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"]
