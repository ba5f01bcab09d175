"""The template: what head of sales lays down for the tablets, first of all what each kind asks. Data, in versions.

A version never changes once it is published: whoever edits it publishes another one. An observation says which version
its answers belong to, and a draft is finished with the version with which it was begun.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from protocol.answers import Name
from protocol.fields import Document, ShortText
from protocol.limits import MAX_CHOICES, MAX_LIFE, MAX_LIVES, MAX_PREPARATION, MAX_QUESTIONS
from protocol.observation import Kind


class QuestionType(StrEnum):
    """What sort of answer a question wants; it decides how the tablet asks."""

    SHORT_TEXT = "short_text"
    CHOICE = "choice"
    SCALE = "scale"
    """A choice whose possibilities go from harmless to bad."""
    PERIOD = "period"
    """A day, a month, a quarter, a half-year or a year."""
    AMOUNT = "amount"
    """Whole euros."""
    YEAR = "year"
    PERSON = "person"
    """A person at the customer, known or not."""
    PHOTO = "photo"
    """One of the observation's photos."""
    SIGNATURE = "signature"
    """What the customer signs on the glass: the question's sentence."""


_WITH_CHOICES = frozenset({QuestionType.CHOICE, QuestionType.SCALE})


class Words(Document):
    """A text in both languages. German must be there; where English is missing, German is said."""

    de: Annotated[ShortText, StringConstraints(min_length=1)]
    en: ShortText = ""

    def spoken(self, language: str) -> str:
        """The text in this language."""
        return self.en if language.startswith("en") and self.en else self.de


class Choice(Document):
    """One possibility of a question."""

    id: Name
    words: Words


class Question(Document):
    """One question."""

    id: Name
    type: QuestionType
    words: Words
    choices: tuple[Choice, ...] = Field(default=(), max_length=MAX_CHOICES)
    suggestions: tuple[Words, ...] = Field(default=(), max_length=MAX_CHOICES)
    """Short texts that are one touch away."""
    amounts: tuple[Annotated[int, Field(ge=1, le=10**9)], ...] = Field(default=(), max_length=MAX_CHOICES)
    """Amounts in euros that are one touch away."""
    sentence: Words | None = None
    """What is signed; None where nothing is, or where it is the question's own words."""

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if (len(self.choices) >= 2) is not (self.type in _WITH_CHOICES) or len(self.choices) == 1:
            raise PydanticCustomError("choices", "a choice needs two possibilities, nothing else has any")
        if len({choice.id for choice in self.choices}) < len(self.choices):
            raise PydanticCustomError("choices", "two possibilities have the same id")
        return self

    @property
    def to_be_signed(self) -> Words:
        """What stands above the line."""
        return self.sentence or self.words

    def choice(self, value: str) -> Choice | None:
        """The possibility with this id."""
        return next((choice for choice in self.choices if choice.id == value), None)


class KindQuestions(Document):
    """What one kind asks, in this order."""

    kind: Kind
    questions: tuple[Question, ...] = Field(default=(), max_length=MAX_QUESTIONS)


class KindWords(Document):
    """How the firm calls a kind and what its fields ask. None: in the product's words (`protocol.rules.kind_words`)."""

    kind: Kind
    name: Words | None = None
    heard: Words | None = None
    """What to write of what was heard."""
    seen: Words | None = None
    """What to write of what was seen."""


class MachineLife(Document):
    """After how many years the firm reckons with the replacement of machines (`protocol.rules.machine_life`)."""

    maker: ShortText = ""
    """Empty: whoever made it."""
    model: ShortText = ""
    """With what the type begins ("RV", "RV 75"). Empty: all machines of the maker."""
    years: Annotated[int, Field(ge=1, le=MAX_LIFE)]


class Point(Document):
    """One point of what is prepared before every visit."""

    id: Name
    words: Words


class Template(Document):
    """One version: the kinds that are offered, in this order, with their questions and words, what is prepared before a
    visit, and how long machines last."""

    type: Literal["rundgang.template"] = "rundgang.template"
    id: UUID
    kinds: tuple[KindQuestions, ...] = Field(min_length=1)
    preparation: tuple[Point, ...] | None = Field(default=None, max_length=MAX_PREPARATION)
    """None: the firm has not made its own, and the product's is used (`protocol.rules.preparation`)."""
    words: tuple[KindWords, ...] | None = None
    """Apart from `kinds`: a kind that is offered no more is still called so where something of it is shown."""
    lives: tuple[MachineLife, ...] | None = Field(default=None, max_length=MAX_LIVES)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        if len({asked.kind for asked in self.kinds}) < len(self.kinds):
            raise PydanticCustomError("kinds", "a kind is there twice")
        called = [words.kind for words in self.words or ()]
        if len(set(called)) < len(called):
            raise PydanticCustomError("words", "a kind has words twice")
        # Over all kinds: so a draft keeps the answers of a kind that was chosen by mistake.
        ids = [question.id for asked in self.kinds for question in asked.questions]
        if len(set(ids)) < len(ids):
            raise PydanticCustomError("questions", "two questions have the same id")
        points = [point.id for point in self.preparation or ()]
        if len(set(points)) < len(points):
            raise PydanticCustomError("preparation", "two points have the same id")
        return self

    def questions_of(self, kind: Kind | None) -> tuple[Question, ...]:
        """What a kind asks."""
        return next((asked.questions for asked in self.kinds if asked.kind is kind), ())

    def question(self, question_id: str) -> Question | None:
        """The question with this id, whatever kind asks it."""
        every = (question for asked in self.kinds for question in asked.questions)
        return next((question for question in every if question.id == question_id), None)


def read_template(values: dict[str, Any]) -> Template:
    """A template as an app of this version can use it: without kinds and types of questions that it does not know (S16).

    Raises:
        ValidationError: it is no template.
    """
    kinds = values.get("kinds")
    if not isinstance(kinds, list):
        return Template.model_validate(values)
    known = [
        {**asked, "questions": [q for q in asked.get("questions", ()) if _is_known(q)]}
        for asked in kinds
        if isinstance(asked, dict) and asked.get("kind") in set(Kind)
    ]
    words = values.get("words")
    if isinstance(words, list):
        words = [said for said in words if isinstance(said, dict) and said.get("kind") in set(Kind)]
    return Template.model_validate({**values, "kinds": known, "words": words})


def _is_known(question: Any) -> bool:
    return isinstance(question, dict) and question.get("type") in set(QuestionType)
