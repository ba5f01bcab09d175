"""Questions and answers of an observation in the reader's words, beside what was said, seen and concluded."""

from collections.abc import Sequence
from typing import NamedTuple

from protocol.observation import ObservationContent
from protocol.rules.answering import say
from protocol.template import Question, QuestionType
from sync_server.crm.templates import Asked


class AnswerLine(NamedTuple):
    """One line: `question` is "" when no version that is known here asks it, `tone` the colour of a scale's answer."""

    question: str
    answer: str
    tone: str
    differs: bool


def answer_lines(
    content: ObservationContent, asked: Asked, rivals: Sequence[ObservationContent], language: str
) -> list[AnswerLine]:
    """The answers of a version.

    Args:
        rivals: versions made apart from it; what one of them does not say differs.
    """
    if content.answers is None:
        return []
    with_picture = {str(one.id) for one in content.signed}
    said_by_rivals = [_said(rival) for rival in rivals]
    found = []
    for answer in content.answers.given:
        if answer.value in with_picture:
            continue  # shown with what was signed
        question = asked.question(content.answers.template, answer.question)
        words = question.words.spoken(language) if question else ""
        differs = any((answer.question, answer.value) not in said for said in said_by_rivals)
        found.append(
            AnswerLine(words, say(question, answer, language), _tone(question, answer.value), differs)
        )
    return found


def _said(content: ObservationContent) -> set[tuple[str, str]]:
    given = content.answers.given if content.answers else ()
    return {(answer.question, answer.value) for answer in given}


def _tone(question: Question | None, value: str) -> str:
    if question is None or question.type is not QuestionType.SCALE:
        return ""
    ids = [choice.id for choice in question.choices]
    if value not in ids:
        return ""
    return {0: "bad", 1: "waiting"}.get(len(ids) - 1 - ids.index(value), "neutral")
