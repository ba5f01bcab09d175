"""Answers to the questions that a kind asks: what travels with an observation besides its texts."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from protocol.fields import Document, ShortText
from protocol.limits import MAX_ANSWERS

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""What a question or a choice is called for ever; its words may change."""

_Said = Annotated[ShortText, StringConstraints(min_length=1)]


class Answer(Document):
    """One answer.

    `value` has the form of its question's type (`protocol.rules.answering`), but nobody refuses one that has not: what
    was recorded on site counts for more than a template that has changed since.
    """

    question: Name
    value: _Said
    said: _Said | None = None
    """The answer as it stood on the tablet, where that is not the value itself: for search, and for readers who do
    not know the question."""
    contact_id: UUID | None = None
    """The person, when he is one of the customer's contacts; `value` is then his name."""

    @property
    def words(self) -> str:
        """The answer as a person can read it without the template."""
        return self.said or self.value


class Answers(Document):
    """The answers of one observation and the version of the template whose questions they answer."""

    template: UUID
    given: tuple[Answer, ...] = Field(min_length=1, max_length=MAX_ANSWERS)

    @model_validator(mode="after")
    def _each_question_once(self) -> Self:
        if len({answer.question for answer in self.given}) < len(self.given):
            raise PydanticCustomError("answered_twice", "answers a question twice")
        return self

    @property
    def text(self) -> str:
        """All answers in one line, for titles and search."""
        return " · ".join([answer.words for answer in self.given])
