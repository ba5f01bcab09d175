"""What is signed, what was changed since, and what older apps and servers make of it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError, create_model

from protocol.answers import Answer, Answers
from protocol.fields import Document
from protocol.first_template import FIRST_TEMPLATE, brought_along, first_template
from protocol.ids import new_id
from protocol.limits import MAX_SIGNATURE_BYTES, MAX_SIGNATURES
from protocol.observation import Kind, NextStep, ObservationContent
from protocol.rules.answering import say
from protocol.rules.signing import fingerprint_of, has_changed_since, signed_words
from protocol.signature import Signature
from protocol.template import QuestionType, read_template

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def signature(**fields: Any) -> Signature:
    values: dict[str, Any] = {
        "id": new_id(), "sha256": "a" * 64, "size": 3_000, "width": 600, "height": 200,
        "question": "change_consent", "signer": "Petra Sommer", "words": "Tannhauer\nIch bin einverstanden.",
        "signed_at": NOW,
    }  # fmt: skip
    return Signature(**(values | fields))


def content(*signatures: Signature, **fields: Any) -> ObservationContent:
    values: dict[str, Any] = {
        "kind": Kind.CONTACT_CHANGE, "customer_id": new_id(), "observed_at": NOW, "heard": "Neu da",
        "signatures": signatures or None,
        "answers": Answers(
            template=FIRST_TEMPLATE,
            given=tuple(
                Answer(question=one.question, value=str(one.id), said=f"Unterschrift von {one.signer}")
                for one in signatures
            ),
        )
        if signatures
        else None,
    }  # fmt: skip
    return ObservationContent(**(values | fields))


def test_above_the_line_stand_who_asks_what_for_whom_where_and_when() -> None:
    assert signed_words(
        "Ich bin einverstanden.", company="Tannhauer GmbH", customer="Käsmayr", place="Werk 2", day="23. November 2026"
    ) == "Tannhauer GmbH\nIch bin einverstanden.\nKäsmayr · Werk 2\n23. November 2026"  # fmt: skip
    without = signed_words("Ja.", company="T", customer="K", place="", day="heute")
    assert without == "T\nJa.\nK\nheute"


@pytest.mark.parametrize(
    "changed",
    [
        {"heard": "Doch nicht neu"}, {"seen": "Türschild"}, {"concluded": "Bleibt"}, {"kind": Kind.NOTE},
        {"customer_id": new_id()}, {"next_step": NextStep(text="Anrufen")},
        {"next_step": NextStep(text="Anrufen", due_on=date(2026, 12, 1))},
    ],
)  # fmt: skip
def test_what_is_changed_after_signing_is_told(changed: dict[str, Any]) -> None:
    before = content(signature())
    signed = before.signed[0].model_copy(update={"noted": fingerprint_of(before)})
    assert not has_changed_since(signed, fingerprint_of(before))
    assert not has_changed_since(signed, fingerprint_of(before.model_copy(update={"heard": "Neu da \n"})))
    assert has_changed_since(signed, fingerprint_of(before.model_copy(update=changed)))
    assert not has_changed_since(signed.model_copy(update={"noted": None}), "anything")


def test_a_signature_alone_is_an_observation_and_its_name_its_title() -> None:
    alone = content(signature(), heard="")
    assert alone.title == "Unterschrift von Petra Sommer"
    assert [one.id for one in alone.media] == [alone.signed[0].id]


def test_without_one_the_json_is_what_it_was_before() -> None:
    assert "signature" not in content().as_json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""}, {"signer": " "}, {"size": MAX_SIGNATURE_BYTES + 1}, {"media_type": "image/svg+xml"},
        {"width": 0}, {"sha256": "x"}, {"question": "Not a name"}, {"words": "\x00"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_signature_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        signature(**wrong)


def test_no_more_than_a_form_can_want() -> None:
    with pytest.raises(ValidationError):
        content(*(signature(question=f"q{number}") for number in range(MAX_SIGNATURES + 1)))


def test_the_product_asks_new_contacts_for_their_word_and_the_earlier_version_is_still_there() -> None:
    question = first_template().question("change_consent")
    assert question is not None
    assert question.type is QuestionType.SIGNATURE
    assert "widerrufen" in question.to_be_signed.de, (
        "that it can be withdrawn is said before (Art. 7(3) GDPR)"
    )
    assert "withdraw" in question.to_be_signed.spoken("en")
    before = brought_along(type(FIRST_TEMPLATE)("01a20000-0000-7000-8000-000000000002"))
    assert before is not None
    assert before.question("change_consent") is None
    assert before.question("rival_serial") is not None


def test_an_app_that_does_not_know_signatures_skips_the_question_and_keeps_the_others() -> None:
    """`read_template` of every version leaves out types that it does not know: here one that nobody knows yet."""
    travelling = json.loads(first_template().as_json().replace('"type":"signature"', '"type":"seal"'))
    asked = read_template(travelling).questions_of(Kind.CONTACT_CHANGE)
    assert [one.id for one in asked] == ["change_what", "change_person", "change_role"]


def test_a_reader_that_does_not_know_signatures_reads_everything_else_and_who_has_signed() -> None:
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in ObservationContent.model_fields.items() if name != "signatures"
    }  # fmt: skip
    older = create_model("OlderContent", __base__=Document, **fields)
    sent = content(signature())
    read = older.model_validate_json(sent.as_json())
    assert not hasattr(read, "signatures")
    answers = Answers.model_validate(read.model_dump()["answers"])
    assert answers.given[0].words == "Unterschrift von Petra Sommer"
    assert say(None, answers.given[0], "de") == "Unterschrift von Petra Sommer"
