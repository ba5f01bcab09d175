"""Answers in a draft: what is kept, what is sent, what is one touch away."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from app.i18n import use
from app.state.answering import amount_of, answers_of, answers_to_send, with_answer
from app.state.errors import DraftFault, InvalidDraft
from app.state.offering import offers
from app.state.saving import content_of, draft_of
from app.store.drafts import Draft, DraftAnswer, draft_as_json, draft_from_json
from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.limits import MAX_SHORT_TEXT
from protocol.observation import Kind, Photo
from protocol.reference import Contact
from protocol.template import Question

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PHOTO = Photo(id=UUID(int=9), sha256="a" * 64, size=10, media_type="image/jpeg")


def a_draft(*answers: tuple[str, str], **fields: Any) -> Draft:
    """A draft at a customer with these answers."""
    given = tuple(DraftAnswer(question, value) for question, value in answers)
    whole: dict[str, Any] = {
        "kind": Kind.COMPETITOR,
        "customer_id": UUID(int=2),
        "template": FIRST_TEMPLATE,
        "answers": given,
    }
    return Draft(id=UUID(int=1), observed_at=NOW, updated_at=NOW, **(whole | fields))


def question(name: str) -> Question:
    """A question of the product's template."""
    found = first_template().question(name)
    assert found is not None
    return found


def test_an_answer_replaces_the_one_before_in_its_place_and_an_empty_one_removes_it() -> None:
    first, second = DraftAnswer("rival_maker", "Boge"), DraftAnswer("rival_model", "S 55")
    other = replace(first, value="Alup")

    assert with_answer((first, second), other) == (other, second)
    assert with_answer((first, second), replace(first, value="")) == (second,)
    assert with_answer((), replace(first, value="")) == ()


def test_answers_alone_are_an_observation() -> None:
    content = content_of(a_draft(("rival_maker", " Boge ")), first_template())
    assert content.answers is not None
    assert content.answers.template == FIRST_TEMPLATE
    assert [answer.value for answer in content.answers.given] == ["Boge"]


def test_answers_of_another_kind_stay_in_the_draft_and_are_not_sent() -> None:
    draft = a_draft(("plan_when", "2027"), ("rival_maker", "Boge"), heard="Neu")

    sent = answers_to_send(draft, first_template())
    assert sent is not None
    assert [answer.question for answer in sent.given] == ["rival_maker"]
    back = answers_to_send(replace(draft, kind=Kind.PLAN), first_template())
    assert back is not None
    assert [answer.question for answer in back.given] == ["plan_when"]


def test_only_answers_of_another_kind_are_nothing_written_yet() -> None:
    with pytest.raises(InvalidDraft) as caught:
        content_of(a_draft(("plan_when", "2027")), first_template())
    assert [problem.code for problem in caught.value.problems] == [DraftFault.EMPTY]


def test_answers_travel_in_the_order_of_the_questions() -> None:
    draft = a_draft(("rival_year", "2014"), ("rival_maker", "Boge"))
    sent = answers_to_send(draft, first_template())
    assert sent is not None
    assert [answer.question for answer in sent.given] == ["rival_maker", "rival_year"]


def test_a_correction_keeps_answers_to_questions_that_nobody_asks_any_more() -> None:
    content = content_of(a_draft(("noise_level", "97"), ("rival_maker", "Boge")), first_template())
    again = draft_of(UUID(int=1), content, based_on=UUID(int=3), updated_at=NOW)

    assert content_of(again, first_template()).answers == content.answers
    assert answers_of(content)[-1] == DraftAnswer("noise_level", "97")


def test_a_removed_photo_answers_nothing() -> None:
    draft = a_draft(("rival_nameplate", str(PHOTO.id)), photos=(PHOTO,), seen="Fremde Anlage")
    assert answers_to_send(draft, first_template()) is not None
    assert answers_to_send(replace(draft, photos=()), first_template()) is None


def test_a_long_answer_is_said_at_its_field_and_survives_in_the_draft() -> None:
    draft = a_draft(("rival_maker", "x" * (MAX_SHORT_TEXT + 1)))
    with pytest.raises(InvalidDraft) as caught:
        content_of(draft, first_template())
    problem = caught.value.problems[0]
    assert (problem.field, problem.code, problem.count) == ("answer-rival_maker", DraftFault.TOO_LONG, 501)
    assert draft_from_json(draft_as_json(draft)) == draft


def test_a_draft_of_before_there_were_questions_is_read() -> None:
    old = draft_as_json(a_draft(template=None, answers=(), heard="Alt"))
    assert not {"template", "answers"} & set(old)
    assert draft_from_json(old).answers == ()


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("50000", "50000"), ("50.000", "50000"), ("50.000,00 €", "50000"), ("ca. 12 500", "12500"), ("1,5", "1"),
     ("€1,250,000.00", "1250000"), ("", ""), ("viel", ""), ("0007", "7"), ("9" * 30, "9" * 12)],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_typed(typed: str, amount: str) -> None:
    assert amount_of(typed) == amount


def offered(name: str, *, language: str = "de", **given: Any) -> list[str]:
    """What stands on the chips of a question."""
    return [
        offer.said
        for offer in offers(
            question(name), language=language, today=TODAY, **({"contacts": (), "photos": ()} | given)
        )
    ]


def test_periods_years_amounts_and_choices_are_one_touch_away_in_the_persons_language() -> None:
    use("en")
    assert offered("plan_when", language="en")[:2] == ["Oct–Dec 2026", "Jan–Mar 2027"]
    use("de")
    assert offered("plan_when") == ["Okt.–Dez. 2026", "Jan.–März 2027", "Apr.–Juni 2027", "2027", "2028"]
    assert offered("rival_year")[0] == "um 2025"
    assert offered("plan_budget")[0] == "10.000 €"
    assert offered("complaint_severity")[-1] == "Gefahr für Menschen"
    assert offered("change_role")[0] == "Instandhaltung"
    assert offered("rival_maker") == []


def test_the_customers_people_are_offered_but_not_those_who_have_left() -> None:
    people = [Contact(id=UUID(int=n), name=f"Person {n}", left=n == 1) for n in range(1, 20)]
    found = offers(question("plan_decides"), language="de", today=TODAY, contacts=people, photos=())
    assert [(offer.said, offer.contact_id) for offer in found[:2]] == [
        ("Person 2", UUID(int=2)),
        ("Person 3", UUID(int=3)),
    ]
    assert len(found) == 8


def test_photos_that_are_there_can_be_the_nameplate() -> None:
    assert offered("rival_nameplate", photos=(PHOTO, PHOTO)) == ["Foto 1", "Foto 2"]
