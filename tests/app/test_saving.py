"""From a draft to an observation: every mistake beside its field, nothing lost on the way."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.state.errors import DraftFault, InvalidDraft
from app.state.saving import content_of, draft_of
from app.state.views import Draft
from app.store.drafts import draft_as_json, draft_from_json
from protocol.first_template import first_template
from protocol.limits import MAX_PHOTOS, MAX_SHORT_TEXT, MAX_TEXT
from protocol.observation import FlagKind, Kind, Photo, Side, Urgency
from tests.app.scripted_server import NOW, name

PHOTO = Photo(id=name("p"), sha256="a" * 64, size=10, media_type="image/jpeg")

WHOLE = Draft(
    id=name("o"), observed_at=NOW, updated_at=NOW, based_on=name("r"), kind=Kind.COMPLAINT, customer_id=name("c"),
    site_id=name("s"), asset_id=name("a"), contact_id=name("k"), visit_id=name("v"), heard="gehört", seen="gesehen",
    concluded="geschlossen", next_step="anrufen", next_step_by=Side.FIELD_SALES, next_step_due=date(2026, 12, 1),
    urgency=Urgency.URGENT, flag_kind=FlagKind.PERSONAL, flag_purpose="Angebot", flag_expires_on=date(2027, 1, 1),
    photos=(PHOTO,),
)  # fmt: skip


def test_a_correction_starts_from_all_that_was_saved() -> None:
    content = content_of(WHOLE, first_template())
    assert draft_of(WHOLE.id, content, based_on=WHOLE.based_on, updated_at=NOW) == WHOLE


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": None, "customer_id": None}, [("kind", "missing"), ("customer_id", "missing")]),
        ({"heard": "", "seen": " \n", "concluded": "", "next_step": "", "next_step_due": None, "photos": ()}, [("", "empty")]),
        ({"heard": "x" * 100_000}, [("heard", "too_long")]),
        ({"next_step": "x" * (MAX_SHORT_TEXT + 1)}, [("next_step", "too_long")]),
        ({"flag_purpose": " "}, [("flag_purpose", "missing")]),
        ({"next_step": " "}, [("next_step", "missing")]),
        ({"next_step_due": date(1, 1, 1)}, [("next_step_due", "implausible_date")]),
        ({"flag_expires_on": date(9999, 12, 31)}, [("flag_expires_on", "implausible_date")]),
        ({"observed_at": datetime(1, 1, 1, tzinfo=UTC)}, [("observed_at", "implausible_date")]),
        ({"photos": (PHOTO,) * (MAX_PHOTOS + 1)}, [("photos", "too_many")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(
    fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidDraft) as raised:
        content_of(replace(WHOLE, **fields), first_template())
    assert [(problem.field, problem.code) for problem in raised.value.problems] == expected


def test_a_text_that_is_too_long_is_counted() -> None:
    with pytest.raises(InvalidDraft) as raised:
        content_of(replace(WHOLE, heard="x" * (MAX_TEXT + 5)), first_template())
    (problem,) = raised.value.problems
    assert (problem.code, problem.count, problem.limit) == (DraftFault.TOO_LONG, MAX_TEXT + 5, MAX_TEXT)


def test_control_characters_from_a_pasted_text_are_dropped() -> None:
    content = content_of(replace(WHOLE, heard="a\x00b\r\nc\x1b[31m", next_step="x\x07y"), first_template())
    assert content.heard == "ab\nc[31m"
    assert content.next_step is not None
    assert content.next_step.text == "xy"


def test_a_flag_without_kind_and_a_purpose_alone_make_no_flag() -> None:
    assert content_of(replace(WHOLE, flag_kind=None), first_template()).flag is None


def test_a_draft_comes_back_as_it_was_kept() -> None:
    empty = Draft(id=name("o"), observed_at=NOW, updated_at=NOW)
    assert draft_from_json(draft_as_json(WHOLE)) == WHOLE
    assert draft_from_json(draft_as_json(empty)) == empty


def test_a_draft_of_another_version_of_the_app_keeps_what_can_be_read() -> None:
    values = draft_as_json(WHOLE) | {"kind": "rumour", "urgency": 7, "new_field": {"x": 1}}
    draft = draft_from_json(values)
    assert (draft.kind, draft.urgency) == (None, Urgency.NORMAL)
    assert (draft.heard, draft.photos, draft.customer_id) == (WHOLE.heard, WHOLE.photos, WHOLE.customer_id)
