"""The template and its answers as pure rules: forms, words in both languages, tolerance of what is newer."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from protocol.answers import Answer
from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.observation import Kind
from protocol.rules.answering import coming_periods, is_form_of, past_years, say, say_period
from protocol.template import Choice, KindQuestions, Question, QuestionType, Template, Words, read_template

_SAME_IN_BOTH: set[str] = set()
"""Words that are the same in German and English; there are none."""


def every_words() -> list[tuple[str, Words]]:
    """All words of the product's template, with where they stand."""
    found = []
    for asked in first_template().kinds:
        for question in asked.questions:
            found.append((question.id, question.words))
            found += [(f"{question.id}.{choice.id}", choice.words) for choice in question.choices]
            found += [(f"{question.id} suggestion", words) for words in question.suggestions]
    return found


@pytest.mark.parametrize(("place", "words"), every_words())
def test_every_word_of_the_products_template_is_there_in_both_languages(place: str, words: Words) -> None:
    assert words.de.strip()
    assert words.en.strip()
    assert words.de != words.en or words.de in _SAME_IN_BOTH, place
    assert not re.search(r"[äöüß]", words.en), f"{place} is German in English"


def test_the_products_template_has_every_kind_once_and_no_words_that_nobody_sees() -> None:
    template = first_template()
    assert template.id == FIRST_TEMPLATE
    assert [asked.kind for asked in template.kinds] == list(Kind)
    for asked in template.kinds:
        for question in asked.questions:
            # Suggestions and amounts of a type that does not offer them would be translated for nobody.
            assert not question.suggestions or question.type is QuestionType.SHORT_TEXT
            assert not question.amounts or question.type is QuestionType.AMOUNT


def test_nothing_is_asked_that_the_next_step_or_the_text_says_already() -> None:
    template = first_template()
    assert template.questions_of(Kind.NEXT_STEP) == ()
    assert template.questions_of(Kind.NOTE) == ()


@pytest.mark.parametrize(
    ("kind", "value", "german", "english"),
    [
        (QuestionType.PERIOD, "2027", "2027", "2027"),
        (QuestionType.PERIOD, "2027-H1", "1. Halbjahr 2027", "first half of 2027"),
        (QuestionType.PERIOD, "2027-Q2", "Apr.–Juni 2027", "Apr–Jun 2027"),
        (QuestionType.PERIOD, "2027-05", "Mai 2027", "May 2027"),
        (QuestionType.PERIOD, "2027-05-04", "4. Mai 2027", "4 May 2027"),
        (QuestionType.AMOUNT, "1250000", "1.250.000 €", "€1,250,000"),
        (QuestionType.YEAR, "2014", "2014", "2014"),
        (QuestionType.YEAR, "~2015", "um 2015", "around 2015"),
        (QuestionType.SHORT_TEXT, "S 55", "S 55", "S 55"),
        (QuestionType.PERSON, "Thomas Bauer", "Thomas Bauer", "Thomas Bauer"),
        (QuestionType.PHOTO, "01a2", "auf einem der Fotos", "in one of the photos"),
    ],
)
def test_answers_are_said_in_the_readers_language(
    kind: QuestionType, value: str, german: str, english: str
) -> None:
    question = Question(id="q", type=kind, words=Words(de="Frage"))
    assert is_form_of(kind, value)
    assert say(question, Answer(question="q", value=value), "de") == german
    assert say(question, Answer(question="q", value=value), "en") == english


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (QuestionType.PERIOD, "im Frühjahr"),
        (QuestionType.PERIOD, "2027-H3"),
        (QuestionType.PERIOD, "2027-Q5"),
        (QuestionType.PERIOD, "2027-13"),
        (QuestionType.PERIOD, "2027-02-30"),
        (QuestionType.PERIOD, "1815"),
        (QuestionType.PERIOD, "२०२७"),
        (QuestionType.AMOUNT, "0"),
        (QuestionType.AMOUNT, "50.000"),
        (QuestionType.AMOUNT, "9" * 40),
        (QuestionType.YEAR, "~1492"),
        (QuestionType.YEAR, "14"),
        (QuestionType.CHOICE, "no such choice"),
    ],
)
def test_what_has_not_the_form_of_its_question_is_said_as_it_was_noted(
    kind: QuestionType, value: str
) -> None:
    choices = (Choice(id="a", words=Words(de="A")), Choice(id="b", words=Words(de="B")))
    question = Question(
        id="q", type=kind, words=Words(de="Frage"), choices=choices if kind is QuestionType.CHOICE else ()
    )
    assert say(question, Answer(question="q", value=value), "de") == value
    assert say(question, Answer(question="q", value=value, said="wie gesagt"), "en") == "wie gesagt"


def test_without_its_question_an_answer_says_what_stood_on_the_tablet() -> None:
    assert say(None, Answer(question="q", value="worn", said="Abgenutzt"), "en") == "Abgenutzt"


@given(st.text(max_size=20), st.sampled_from(["de", "en"]))
def test_no_text_breaks_the_reading_of_periods(value: str, language: str) -> None:
    said = say_period(value, language)
    assert said is None or value[:4] in said


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_offered_periods_and_years_have_their_form_and_lie_where_they_should(today: date) -> None:
    coming, past = coming_periods(today), past_years(today)
    assert len(set(coming)) == len(coming) == 5
    assert all(is_form_of(QuestionType.PERIOD, value) for value in coming)
    assert all(is_form_of(QuestionType.YEAR, value) and int(value[1:]) <= today.year for value in past)
    assert coming[0].startswith(str(today.year))


def test_offered_periods_at_the_end_of_a_year() -> None:
    assert coming_periods(date(2026, 11, 23)) == ("2026-Q4", "2027-Q1", "2027-Q2", "2027", "2028")


def raw(**question: Any) -> dict[str, Any]:
    """A template with one question, as it travels."""
    asked = {"id": "q", "type": "short_text", "words": {"de": "Frage"}, **question}
    return {"id": str(FIRST_TEMPLATE), "kinds": [{"kind": "plan", "questions": [asked]}]}


def test_a_missing_translation_is_said_in_german() -> None:
    question = read_template(raw()).question("q")
    assert question is not None
    assert question.words.spoken("en") == "Frage"


def test_kinds_and_types_that_only_a_newer_app_knows_are_left_out() -> None:
    values = raw(type="fingerprint", secret=1)
    values["kinds"][0]["questions"].append({"id": "r", "type": "year", "words": {"de": "Jahr", "fr": "an"}})
    values["kinds"].append({"kind": "smell", "questions": []})

    template = read_template(values)

    assert [question.id for question in template.questions_of(Kind.PLAN)] == ["r"]
    assert len(template.kinds) == 1


@pytest.mark.parametrize(
    "question",
    [
        {"id": "Q"},
        {"words": {"de": ""}},
        {"words": {"en": "Question"}},
        {"type": "choice"},
        {"type": "choice", "choices": [{"id": "a", "words": {"de": "A"}}]},
        {"type": "choice", "choices": [{"id": "a", "words": {"de": "A"}}] * 2},
        {"choices": [{"id": "a", "words": {"de": "A"}}, {"id": "b", "words": {"de": "B"}}]},
        {"type": "amount", "amounts": [0]},
    ],
)
def test_a_malformed_question_is_refused(question: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read_template(raw(**question))


def test_a_question_id_stands_once_in_a_template_and_a_kind_too() -> None:
    question = Question(id="q", type=QuestionType.YEAR, words=Words(de="Jahr"))
    plan = KindQuestions(kind=Kind.PLAN, questions=(question,))
    with pytest.raises(ValidationError, match="same id"):
        Template(id=FIRST_TEMPLATE, kinds=(plan, KindQuestions(kind=Kind.NEED, questions=(question,))))
    with pytest.raises(ValidationError, match="twice"):
        Template(id=FIRST_TEMPLATE, kinds=(plan, KindQuestions(kind=Kind.PLAN)))
