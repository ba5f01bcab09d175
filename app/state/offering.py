"""The answers to a question that are one touch away. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.i18n import t
from protocol.answers import Answer
from protocol.observation import Photo
from protocol.reference import Contact
from protocol.rules.answering import coming_periods, past_years, say
from protocol.template import Question, QuestionType

_CONTACTS = 8
"""Persons at most; more of them are slower to look through than to type."""


@dataclass(frozen=True)
class Offer:
    """One answer: its value, how it is said, and who it is when it is a contact."""

    value: str
    said: str
    contact_id: UUID | None = None


def offers(
    question: Question,
    *,
    language: str,
    today: date,
    contacts: Iterable[Contact],
    photos: Iterable[Photo],
    last: Iterable[str] = (),
) -> tuple[Offer, ...]:
    """What is offered for a question, in the order of the screen.

    Args:
        contacts: of the draft's customer.
        photos: of the draft.
        last: what the person answered last (`habits`): it stands before what the question suggests.
    """
    if question.type in (QuestionType.CHOICE, QuestionType.SCALE):
        return tuple(Offer(choice.id, choice.words.spoken(language)) for choice in question.choices)
    if question.type is QuestionType.PERSON:
        there = [contact for contact in contacts if not contact.left]
        return tuple(Offer(contact.name, contact.name, contact.id) for contact in there[:_CONTACTS])
    if question.type is QuestionType.PHOTO:
        return tuple(
            Offer(str(photo.id), t("Foto {number}", number=number))
            for number, photo in enumerate(photos, start=1)
        )
    if question.type is QuestionType.SIGNATURE:
        return ()
    if question.type is QuestionType.SHORT_TEXT:
        texts = [*last, *(words.spoken(language) for words in question.suggestions)]
        distinct = {text.casefold(): text for text in reversed(texts)}
        return tuple(Offer(text, text) for text in reversed(distinct.values()))
    values = {
        QuestionType.PERIOD: coming_periods(today),
        QuestionType.YEAR: past_years(today),
        QuestionType.AMOUNT: tuple(str(amount) for amount in question.amounts),
    }[question.type]
    return tuple(Offer(value, said(question, value, language)) for value in values)


def said(question: Question, value: str, language: str) -> str:
    """How an answer of this value is said."""
    return say(question, Answer.model_construct(question=question.id, value=value), language)
