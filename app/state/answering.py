"""The answers in a draft: what belongs to its kind, what is sent, what a correction begins with. Pure."""

import re
from dataclasses import replace

from app.state.views import Draft
from app.store.drafts import DraftAnswer
from protocol.answers import Answer, Answers
from protocol.fields import clean_text
from protocol.observation import ObservationContent
from protocol.signature import Signature
from protocol.template import QuestionType, Template

_FIELD = "answer-"


def answer_to(answers: tuple[DraftAnswer, ...], question: str) -> DraftAnswer | None:
    """The answer to a question."""
    return next((answer for answer in answers if answer.question == question), None)


def with_answer(answers: tuple[DraftAnswer, ...], given: DraftAnswer) -> tuple[DraftAnswer, ...]:
    """The answers with this one, or without any to its question where it is empty."""
    if answer_to(answers, given.question) is None:
        return (*answers, given) if given.value else answers
    kept = (given if answer.question == given.question else answer for answer in answers)
    return tuple(answer for answer in kept if answer.value)


def clean_answers(answers: tuple[DraftAnswer, ...]) -> tuple[DraftAnswer, ...]:
    """The answers without control characters."""
    return tuple(
        replace(
            answer,
            value=clean_text(answer.value),
            said=None if answer.said is None else clean_text(answer.said),
        )
        for answer in answers
    )


def given_answers(draft: Draft, template: Template) -> list[DraftAnswer]:
    """The answers that become part of the observation, in the order of the questions.

    Not those to questions that only another kind asks: they stay in the draft, for the case that the kind is changed
    back. What no kind of this version asks was answered with another version, and is kept in a correction.
    """
    asked = [question.id for question in template.questions_of(draft.kind)]
    media = {
        QuestionType.PHOTO: {str(photo.id) for photo in draft.photos},
        QuestionType.SIGNATURE: {str(signature.id) for signature in draft.signatures},
    }
    found = []
    for answer in draft.answers:
        question = template.question(answer.question)
        elsewhere = question is not None and answer.question not in asked
        gone = question is not None and answer.value not in media.get(question.type, (answer.value,))
        if answer.value.strip() and not elsewhere and not gone:
            found.append(answer)
    order = {question: place for place, question in enumerate(asked)}
    return sorted(found, key=lambda answer: order.get(answer.question, len(order)))


def answers_to_send(draft: Draft, template: Template) -> Answers | None:
    """The answers as they travel; None if there are none."""
    given = tuple(
        Answer(
            question=answer.question,
            value=answer.value.strip(),
            said=(answer.said or "").strip() or None,
            contact_id=answer.contact_id,
        )
        for answer in given_answers(draft, template)
    )
    return Answers(template=template.id, given=given) if given else None


def signatures_to_send(draft: Draft, template: Template) -> tuple[Signature, ...] | None:
    """The signatures that answer one of the answers that travel; None if there are none."""
    given = {answer.value for answer in given_answers(draft, template)}
    return tuple(one for one in draft.signatures if str(one.id) in given) or None


def answers_of(content: ObservationContent) -> tuple[DraftAnswer, ...]:
    """The answers with which the correction of an observation begins."""
    if content.answers is None:
        return ()
    return tuple(
        DraftAnswer(answer.question, answer.value, answer.said, answer.contact_id)
        for answer in content.answers.given
    )


def field_of(question: str) -> str:
    """The name under which a problem of an answer is told."""
    return f"{_FIELD}{question}"


def is_field(field: str) -> bool:
    """Whether this is the name of an answer."""
    return field.startswith(_FIELD)


def amount_of(typed: str) -> str:
    """An amount as a person types it ("50.000", "ca. 12 500,00 €") in whole euros; "" if there is none in it."""
    whole = re.sub(r"[.,]\d{1,2}(?!\d)", "", typed)
    return re.sub(r"\D", "", whole).lstrip("0")[:12]
