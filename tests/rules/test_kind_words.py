"""What kinds are called: the firm's words where it has some, in either language, and templates of other versions."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from protocol.first_template import first_template
from protocol.observation import Kind
from protocol.rules.kind_words import called, usual_words
from protocol.template import KindWords, Template, Words, read_template

OWN = UUID(int=7)


def version(*words: KindWords) -> Template:
    return Template(id=OWN, kinds=first_template().kinds, words=words)


def test_every_kind_has_words_in_both_languages() -> None:
    for kind in Kind:
        words = usual_words()[kind]
        for text in (words.name, words.heard, words.seen):
            assert text.de
            assert text.en


def test_the_firms_words_are_said_and_the_products_where_it_has_none() -> None:
    words = called(version(KindWords(kind=Kind.PLAN, name=Words(de="Vorhaben"))), Kind.PLAN)
    assert (words.name.spoken("de"), words.name.spoken("en")) == ("Vorhaben", "Vorhaben")
    assert words.heard == usual_words()[Kind.PLAN].heard
    assert called(version(), Kind.NOTE) == usual_words()[Kind.NOTE]


def test_a_kind_that_is_offered_no_more_keeps_its_name() -> None:
    few = Template(
        id=OWN,
        kinds=first_template().kinds[:1],
        words=(KindWords(kind=Kind.NOTE, name=Words(de="Sonstiges", en="Other")),),
    )
    assert called(few, Kind.NOTE).name.spoken("en") == "Other"


def test_a_kind_has_its_words_once() -> None:
    with pytest.raises(ValidationError, match="twice"):
        version(KindWords(kind=Kind.NOTE), KindWords(kind=Kind.NOTE))


def test_words_of_a_kind_that_this_version_does_not_know_are_left_out() -> None:
    told = version(KindWords(kind=Kind.PLAN, name=Words(de="Vorhaben"))).as_dict()
    told["words"].append({"kind": "energy", "name": {"de": "Energie"}})
    assert called(read_template(told), Kind.PLAN).name.de == "Vorhaben"


def test_a_version_without_any_of_this_is_on_the_wire_what_it_was() -> None:
    assert "words" not in first_template().as_dict()
    assert "lives" not in first_template().as_dict()
