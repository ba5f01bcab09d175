"""Making the next version of a template from what head of sales has written. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from protocol.limits import (
    MAX_CHOICES,
    MAX_KIND_NAME,
    MAX_LIFE,
    MAX_LIVES,
    MAX_PREPARATION,
    MAX_QUESTIONS,
    MAX_SHORT_TEXT,
)
from protocol.observation import Kind
from protocol.rules.kind_words import called, usual_words
from protocol.rules.preparation import points_of
from protocol.template import (
    Choice,
    KindQuestions,
    KindWords,
    MachineLife,
    Point,
    Question,
    QuestionType,
    Template,
    Words,
)

_WITH_CHOICES = frozenset({QuestionType.CHOICE, QuestionType.SCALE})
_LONGEST = MAX_SHORT_TEXT


class EditFault(StrEnum):
    """What keeps a version from being published."""

    GERMAN_MISSING = "german_missing"
    TOO_LONG = "too_long"
    TOO_FEW_CHOICES = "too_few_choices"
    TOO_MANY_CHOICES = "too_many_choices"
    TOO_MANY_QUESTIONS = "too_many_questions"
    TOO_MANY_POINTS = "too_many_points"
    NOT_AN_AMOUNT = "not_an_amount"
    SEVERAL_SENTENCES = "several_sentences"
    NO_KIND = "no_kind"
    NAME_TOO_LONG = "name_too_long"
    NAME_TWICE = "name_twice"
    NO_YEARS = "no_years"
    NO_MACHINE = "no_machine"
    MACHINE_TWICE = "machine_twice"
    TOO_MANY_LIVES = "too_many_lives"


class CannotPublish(ValueError):
    """Something has to be corrected first; `question` says where, as it was written, or "" for the whole."""

    def __init__(self, fault: EditFault, question: str = "") -> None:
        super().__init__(f"{fault}: {question}")
        self.fault = fault
        self.question = question


@dataclass(frozen=True)
class EditedQuestion:
    """A question as it was written.

    Attributes:
        id: None for a new one.
        type: fixed once the question exists: answers to it have its form.
        place: its place among the kind's questions; None when it is no longer asked.
        answers: choices, suggestions, amounts or the sentence to be signed, one per line, German and English parted by `|`.
    """

    id: str | None
    type: QuestionType
    de: str
    en: str
    place: int | None
    answers: str = ""


@dataclass(frozen=True)
class EditedText:
    """A text as it was written in both languages."""

    de: str
    en: str


@dataclass(frozen=True)
class EditedWords:
    """The words of a kind as they were written; what is empty in both languages is said in the product's words."""

    name: EditedText
    heard: EditedText
    seen: EditedText


def with_questions(
    base: Template,
    kind: Kind,
    written: Iterable[EditedQuestion],
    *,
    template_id: UUID,
    new_name: Callable[[], str],
) -> Template:
    """The next version: what one kind asks is replaced.

    Args:
        new_name: makes ids of new questions and choices. Nothing ever gets the id of something that was removed: old
            answers would change their meaning.

    Raises:
        CannotPublish: something has to be corrected first.
    """
    kept = [one for one in written if one.place is not None]
    if len(kept) > MAX_QUESTIONS:
        raise CannotPublish(EditFault.TOO_MANY_QUESTIONS)
    before = {question.id: place for place, question in enumerate(base.questions_of(kind), start=1)}
    kept.sort(key=lambda one: where(one.place or 0, before.get(one.id or "")))
    questions = tuple(_question(base, one, new_name) for one in kept)
    kinds = tuple(
        KindQuestions(kind=asked.kind, questions=questions) if asked.kind is kind else asked
        for asked in base.kinds
    )
    return _next(base, template_id, kinds=kinds)


def with_kinds(
    base: Template, offered: Sequence[Kind], known: Iterable[Template], *, template_id: UUID
) -> Template:
    """The next version: these kinds are offered, in this order.

    Args:
        known: where the questions of a kind are found that was not offered in `base`.

    Raises:
        CannotPublish: no kind is left.
    """
    if not offered:
        raise CannotPublish(EditFault.NO_KIND)
    versions = (base, *known)
    taken = {question.id for kind in offered for question in base.questions_of(kind)}
    kinds = []
    for kind in offered:
        questions = next((found for one in versions if (found := one.questions_of(kind))), ())
        if not base.questions_of(kind):
            questions = tuple(question for question in questions if question.id not in taken)
        kinds.append(KindQuestions(kind=kind, questions=questions))
    return _next(base, template_id, kinds=tuple(kinds))


def with_preparation(
    base: Template, lines: str, *, template_id: UUID, new_name: Callable[[], str]
) -> Template:
    """The next version: this is prepared before a visit, one point per line, German and English parted by `|`.

    A point keeps its id with its words, or when it was only renamed, so that what is ticked stays ticked.

    Raises:
        CannotPublish: something has to be corrected first.
    """
    said = [_line(line, line) for line in lines.splitlines() if line.strip()]
    if len(said) > MAX_PREPARATION:
        raise CannotPublish(EditFault.TOO_MANY_POINTS)
    ids = _ids(points_of(base), said, new_name)
    points = tuple(Point(id=each, words=words) for each, words in zip(ids, said, strict=True))
    return _next(base, template_id, preparation=points)


def preparation_text(template: Template) -> str:
    """What is prepared as it is edited."""
    return "\n".join(
        f"{point.words.de} | {point.words.en}" if point.words.en else point.words.de
        for point in points_of(template)
    )


def with_kind_words(base: Template, kind: Kind, written: EditedWords, *, template_id: UUID) -> Template:
    """The next version: one kind is called so, and its fields ask this.

    What reads as the product's words stays theirs, so that it changes with them.

    Raises:
        CannotPublish: something has to be corrected first.
    """
    usual = usual_words()[kind]
    own = KindWords(
        kind=kind,
        name=_own(written.name, usual.name),
        heard=_own(written.heard, usual.heard),
        seen=_own(written.seen, usual.seen),
    )
    if own.name and max(len(own.name.de), len(own.name.en)) > MAX_KIND_NAME:
        raise CannotPublish(EditFault.NAME_TOO_LONG, own.name.de)
    others = [words for words in base.words or () if words.kind is not kind]
    words = (*others, own) if own.name or own.heard or own.seen else tuple(others)
    changed = _next(base, template_id, words=words or None)
    names = [called(changed, each).name for each in Kind if each is not kind]
    new = called(changed, kind).name
    for language in ("de", "en"):
        if new.spoken(language).casefold() in {name.spoken(language).casefold() for name in names}:
            raise CannotPublish(EditFault.NAME_TWICE, new.spoken(language))
    return changed


def with_lives(base: Template, lines: str, *, template_id: UUID) -> Template:
    """The next version: so long do machines last, one type per line: maker, type, years, parted by `|`.

    Raises:
        CannotPublish: something has to be corrected first.
    """
    lives = tuple(_life(line) for line in lines.splitlines() if line.strip())
    if len(lives) > MAX_LIVES:
        raise CannotPublish(EditFault.TOO_MANY_LIVES)
    seen = set()
    for life in lives:
        type_ = (life.maker.casefold(), life.model.casefold())
        if type_ in seen:
            raise CannotPublish(EditFault.MACHINE_TWICE, f"{life.maker} {life.model}".strip())
        seen.add(type_)
    return _next(base, template_id, lives=lives or None)


def lives_text(template: Template) -> str:
    """How long machines last, as it is edited."""
    return "\n".join(f"{life.maker} | {life.model} | {life.years}" for life in template.lives or ())


def where(place: int, before: int | None) -> float:
    """Where something belongs that was moved to a place that another has: before it, or behind it when moved down."""
    if place == before:
        return place
    return place + 0.5 if before is not None and place > before else place - 0.5


def untranslated(template: Template) -> int:
    """How many texts have no English: there German is said."""
    texts = [
        words
        for asked in template.kinds
        for question in asked.questions
        for words in (
            question.words,
            *(choice.words for choice in question.choices),
            *question.suggestions,
            *((question.sentence,) if question.sentence else ()),
        )
    ]
    texts += [point.words for point in points_of(template)]
    texts += [
        text
        for said in template.words or ()
        for text in (said.name, said.heard, said.seen)
        if text is not None
    ]
    return sum(not words.en for words in texts)


def answers_text(question: Question) -> str:
    """Choices, suggestions or amounts, or what is signed, as they are edited."""
    texts = [choice.words for choice in question.choices] or list(question.suggestions)
    texts += [question.sentence] if question.sentence else []
    lines = [f"{words.de} | {words.en}" if words.en else words.de for words in texts]
    return "\n".join(lines or [str(amount) for amount in question.amounts])


def _next(base: Template, template_id: UUID, **changed: Any) -> Template:
    """The version after this one; what is not changed is as it was."""
    kept = {field: getattr(base, field) for field in Template.model_fields if field != "id"}
    return Template(id=template_id, **(kept | changed))


def _own(written: EditedText, usual: Words) -> Words | None:
    if not written.de.strip() and not written.en.strip():
        return None
    words = _words(written.de, written.en, written.en)
    return None if words == usual else words


def _life(line: str) -> MachineLife:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3 or not re.fullmatch(r"[0-9]{1,3}", parts[2]) or not 1 <= int(parts[2]) <= MAX_LIFE:
        raise CannotPublish(EditFault.NO_YEARS, line.strip()[:60])
    maker, model, years = parts
    if not any(character.isalnum() for character in maker + model):
        raise CannotPublish(EditFault.NO_MACHINE, line.strip()[:60])
    if max(len(maker), len(model)) > _LONGEST:
        raise CannotPublish(EditFault.TOO_LONG, line.strip()[:60])
    return MachineLife(maker=maker, model=model, years=int(years))


def _question(base: Template, one: EditedQuestion, new_name: Callable[[], str]) -> Question:
    before = base.question(one.id) if one.id else None
    kind = before.type if before else one.type
    words = _words(one.de, one.en, one.de)
    lines = [line for line in one.answers.splitlines() if line.strip()]
    if len(lines) > MAX_CHOICES:
        raise CannotPublish(EditFault.TOO_MANY_CHOICES, words.de)
    name = before.id if before else new_name()
    if kind in _WITH_CHOICES:
        if len(lines) < 2:
            raise CannotPublish(EditFault.TOO_FEW_CHOICES, words.de)
        said = [_line(line, words.de) for line in lines]
        ids = _ids(before.choices if before else (), said, new_name)
        choices = tuple(Choice(id=each, words=text) for each, text in zip(ids, said, strict=True))
        return Question(id=name, type=kind, words=words, choices=choices)
    if kind is QuestionType.SHORT_TEXT:
        suggestions = tuple(_line(line, words.de) for line in lines)
        return Question(id=name, type=kind, words=words, suggestions=suggestions)
    if kind is QuestionType.AMOUNT:
        return Question(
            id=name, type=kind, words=words, amounts=tuple(_amount(line, words.de) for line in lines)
        )
    if kind is QuestionType.SIGNATURE:
        if len(lines) > 1:
            raise CannotPublish(EditFault.SEVERAL_SENTENCES, words.de)
        sentence = _line(lines[0], words.de) if lines else None
        return Question(id=name, type=kind, words=words, sentence=sentence)
    return Question(id=name, type=kind, words=words)


def _ids(before: Sequence[Choice | Point], said: Sequence[Words], new_name: Callable[[], str]) -> list[str]:
    """Choices keep their ids: those whose words are the same, and the others if they were only renamed."""
    known = {choice.words.de: choice.id for choice in before}
    ids = [known.pop(words.de, None) for words in said]
    renamed = iter(known.values()) if ids.count(None) == len(known) else iter(())
    return [each or next(renamed, None) or new_name() for each in ids]


def _line(line: str, place: str) -> Words:
    german, _, english = line.partition("|")
    return _words(german, english, place)


def _words(german: str, english: str, place: str) -> Words:
    if not german.strip():
        raise CannotPublish(EditFault.GERMAN_MISSING, place.strip())
    if len(german.strip()) > _LONGEST or len(english.strip()) > _LONGEST:
        raise CannotPublish(EditFault.TOO_LONG, german.strip()[:60])
    return Words(de=german, en=english)


def _amount(line: str, place: str) -> int:
    figures = re.sub(r"[.\s€]", "", line)
    if not re.fullmatch(r"[1-9][0-9]{0,8}", figures):
        raise CannotPublish(EditFault.NOT_AN_AMOUNT, place)
    return int(figures)
