"""Head of sales changes what the kinds ask: in both languages, in order, as a new version, undone by nobody's accident."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.observation import Kind
from protocol.pairing import Hello, Role
from protocol.template import Choice, KindQuestions, Question, QuestionType, Template, Words
from sync_server.crm import templates
from sync_server.crm.template_editing import (
    CannotPublish,
    EditedQuestion,
    EditFault,
    answers_text,
    untranslated,
    with_kinds,
    with_questions,
)
from sync_server.crm.users import User
from sync_server.store import schema as t
from tests.inbox.desk import Desk, hidden, words
from tests.server.firm import Firm, Tablet


@pytest.fixture
def heike(firm: Firm, employ: Callable[[str, Role], User]) -> Desk:
    """Heike, head of sales."""
    return Desk(firm.http).sit_down(firm, employ("heike", Role.HEAD_OF_SALES))


def asked_now(firm: Firm) -> Template:
    """What tablets are asked now."""
    with firm.database.reading() as connection:
        return templates.current(connection)


def versions(firm: Firm) -> int:
    """How many versions the firm has made."""
    with firm.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(t.templates)).scalar_one()


def form_of(template: Template, kind: Kind, **changed: str) -> dict[str, str]:
    """The form of a kind as a browser sends it, with what was changed in it."""
    fields = {"base": template.id.hex, "kind": kind.value, "de-new": "", "en-new": "", "type-new": "short_text",
              "answers-new": "", "place-new": str(len(template.questions_of(kind)) + 1)}  # fmt: skip
    for place, question in enumerate(template.questions_of(kind), start=1):
        name = question.id
        fields |= {
            f"de-{name}": question.words.de,
            f"en-{name}": question.words.en,
            f"place-{name}": str(place),
        }
        fields[f"answers-{name}"] = answers_text(question)
    return fields | {name.replace("__", "-"): value for name, value in changed.items()}


def test_a_new_question_reaches_the_tablet_and_the_old_version_stays(
    firm: Firm, heike: Desk, anna: Tablet
) -> None:
    page = heike.get("/questions?kind=plan").text
    assert "Mitgelieferte Fassung." in words(page)
    assert UUID(hidden(page, "base")) == FIRST_TEMPLATE
    new = {"de__new": "Wie viele Hallen?", "en__new": "How many halls?", "place__new": "1"}

    assert heike.post("/questions", form_of(first_template(), Kind.PLAN, **new)).status_code == 303

    hello = Hello.model_validate_json(firm.http.get("/sync/v1/hello").content)
    answer = firm.http.get(f"/sync/v1/templates/{hello.template}", headers=anna.headers)
    questions = Template.model_validate_json(answer.content).questions_of(Kind.PLAN)
    assert [question.words.de for question in questions][:2] == [
        "Wie viele Hallen?",
        "Wann soll es so weit sein?",
    ]
    assert questions[1:] == first_template().questions_of(Kind.PLAN)
    answer = firm.http.get(f"/sync/v1/templates/{FIRST_TEMPLATE}", headers=anna.headers)
    assert Template.model_validate_json(answer.content) == first_template()
    assert "Fassung 1 des Hauses." in words(heike.get("/questions").text)


def test_words_order_and_choices_are_changed_and_their_ids_stay(firm: Firm, heike: Desk) -> None:
    renamed = "Nur lästig | A nuisance\nBehindert die Arbeit | Hinders work\nProduktion steht | Production stands still\nGefahr für Menschen | Danger to people"
    changes = {
        "de__complaint_severity": "Wie arg ist es?", "answers__complaint_severity": renamed,
        "place__complaint_severity": "3", "place__complaint_person": "0",
    }  # fmt: skip
    heike.post("/questions", form_of(first_template(), Kind.COMPLAINT, **changes))

    questions = asked_now(firm).questions_of(Kind.COMPLAINT)
    assert [question.id for question in questions] == ["complaint_risk", "complaint_severity"]
    severity = questions[1]
    assert severity.words.de == "Wie arg ist es?"
    assert [choice.id for choice in severity.choices] == ["nuisance", "hinders", "standstill", "danger"]
    assert severity.choices[0].words.de == "Nur lästig"


def test_a_missing_translation_is_told_and_harms_nothing(firm: Firm, heike: Desk) -> None:
    heike.post("/questions", form_of(first_template(), Kind.PLAN, en__plan_when=""))
    assert asked_now(firm).questions_of(Kind.PLAN)[0].words.spoken("en") == "Wann soll es so weit sein?"
    assert "1 englischer Text fehlt" in words(heike.get("/questions").text)


def test_a_question_is_headed_in_the_language_of_the_page_and_in_german_while_it_is_untranslated(
    firm: Firm, heike: Desk
) -> None:
    heike.post("/questions", form_of(first_template(), Kind.PLAN, en__plan_when=""))
    untranslated, translated = asked_now(firm).questions_of(Kind.PLAN)[:2]

    def headings() -> list[str]:
        page = heike.get("/questions?kind=plan").text
        return [
            unescape(legend.strip()) for legend in re.findall(r'"card question">\s*<legend>([^<]+)', page)
        ]

    assert headings()[:2] == [untranslated.words.de, translated.words.de]
    heike.post("/language", {"language": "en", "back": "/"})
    assert headings()[:2] == [untranslated.words.de, translated.words.en]


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        (Kind.PLAN, {"de__plan_when": "  "}, "Der deutsche Text fehlt."),
        (Kind.PLAN, {"de__plan_when": "x" * 501}, "zu lang"),
        (Kind.PLAN, {"answers__plan_budget": "viel"}, "keine ganze Zahl in Euro"),
        (Kind.NEED, {"answers__need_reason": "Nur eine | One"}, "mindestens zwei"),
        (Kind.NEED, {"answers__need_reason": "\n".join(f"Nr. {n}" for n in range(21))}, "Mehr als 20"),
        (Kind.NEED, {"answers__need_reason": "A | A\n | B"}, "Der deutsche Text fehlt."),
        (Kind.NOTE, {"de__new": "Wie?", "type__new": "choice"}, "mindestens zwei"),
    ],
)
def test_what_cannot_be_published_is_explained_and_nothing_typed_is_lost(
    firm: Firm, heike: Desk, kind: Kind, changes: dict[str, str], said: str
) -> None:
    changes = {"en__new": "typed <before>", **changes}
    answer = heike.post("/questions", form_of(first_template(), kind, **changes))
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert "typed &lt;before&gt;" in answer.text
    assert versions(firm) == 0


def test_two_people_who_publish_at_once_do_not_undo_each_other(firm: Firm, heike: Desk) -> None:
    heike.post("/questions", form_of(first_template(), Kind.PLAN, de__plan_when="Wann?"))
    late = heike.post("/questions", form_of(first_template(), Kind.PLAN, de__plan_decides="Wer genau?"))
    assert late.status_code == 409
    assert "Wer genau?" in late.text
    assert UUID(hidden(late.text, "base")) == asked_now(firm).id
    assert versions(firm) == 1


def test_publishing_what_is_asked_already_makes_no_version(firm: Firm, heike: Desk) -> None:
    assert heike.post("/questions", form_of(first_template(), Kind.PLAN)).status_code == 303
    assert versions(firm) == 0


def test_kinds_are_put_in_order_left_out_and_come_back_with_their_questions(firm: Firm, heike: Desk) -> None:
    def places(*wanted: Kind) -> dict[str, str]:
        fields = {f"place-{kind.value}": str(place) for place, kind in enumerate(wanted, start=1)}
        return {"base": asked_now(firm).id.hex, "kind": "note", **fields}

    heike.post("/questions/kinds", places(Kind.NOTE, Kind.COMPLAINT))
    assert [asked.kind for asked in asked_now(firm).kinds] == [Kind.NOTE, Kind.COMPLAINT]
    heike.post("/questions/kinds", places(Kind.NOTE, Kind.COMPLAINT, Kind.PLAN))
    assert asked_now(firm).questions_of(Kind.PLAN) == first_template().questions_of(Kind.PLAN)
    none = heike.post("/questions/kinds", places())
    assert none.status_code == 422
    assert "Mindestens eine Art" in words(none.text)


def test_inside_sales_is_not_offered_the_page_and_may_not_open_it(nora: Desk) -> None:
    assert "/questions" not in nora.get("/").text
    assert nora.get("/questions").status_code == 403


def test_the_form_with_most_questions_is_taken_whole(firm: Firm, heike: Desk) -> None:
    template = first_template()
    for number in range(20):
        template = with_questions(
            template,
            Kind.NOTE,
            [*_written(template), EditedQuestion(None, QuestionType.SHORT_TEXT, f"Frage {number}", "", 99)],
            template_id=UUID(int=number + 1),
            new_name=lambda number=number: f"q{number}",  # type: ignore[misc]
        )
    with firm.database.writing() as connection:
        templates.publish(connection, template, firm.nora.id, heike_now())
    assert heike.post("/questions", form_of(template, Kind.NOTE, de__q19="Die letzte")).status_code == 303
    assert asked_now(firm).questions_of(Kind.NOTE)[19].words.de == "Die letzte"
    over = form_of(asked_now(firm), Kind.NOTE, de__new="Eine zu viel")
    answer = heike.post("/questions", over)
    assert (answer.status_code, "Mehr als 20 Fragen" in words(answer.text)) == (422, True)


def heike_now() -> Any:
    """The server's clock."""
    from sync_server.inbox import clock

    return clock.now()


def _written(template: Template) -> list[EditedQuestion]:
    return [
        EditedQuestion(q.id, q.type, q.words.de, q.words.en, place, answers_text(q))
        for place, q in enumerate(template.questions_of(Kind.NOTE), start=1)
    ]


def names() -> Callable[[], str]:
    """Makes n1, n2, …"""
    made: list[str] = []

    def name() -> str:
        made.append(f"n{len(made) + 1}")
        return made[-1]

    return name


def question(
    answers: str, kind: QuestionType = QuestionType.CHOICE, name: str | None = None
) -> EditedQuestion:
    """A written question."""
    return EditedQuestion(name, kind, "Frage", "Question", 1, answers)


def edited(base: Template, *written: EditedQuestion) -> Template:
    """The next version, with other questions of a note."""
    return with_questions(base, Kind.NOTE, written, template_id=UUID(int=5), new_name=names())


@pytest.mark.parametrize(
    ("lines", "ids"),
    [
        ("A\nB\nC", ["a", "b", "c"]),
        ("C\nA\nB", ["c", "a", "b"]),
        ("A\nB neu\nC", ["a", "b", "c"]),
        ("A\nC", ["a", "c"]),
        ("A\nB\nC\nD", ["a", "b", "c", "n1"]),
        ("A\nX\nY\nC", ["a", "n1", "n2", "c"]),
    ],
    ids=["same", "moved", "renamed", "removed", "added", "unclear"],
)
def test_choices_keep_their_ids_as_long_as_it_is_clear_which_is_which(lines: str, ids: list[str]) -> None:
    choices = tuple(Choice(id=each.lower(), words=Words(de=each)) for each in "ABC")
    before = Question(id="q", type=QuestionType.CHOICE, words=Words(de="Frage"), choices=choices)
    base = Template(id=UUID(int=4), kinds=(KindQuestions(kind=Kind.NOTE, questions=(before,)),))
    (after,) = edited(base, question(lines, name="q")).questions_of(Kind.NOTE)
    assert [choice.id for choice in after.choices] == ids


def test_the_type_of_a_question_never_changes() -> None:
    base = edited(first_template(), question("A\nB"))
    (before,) = base.questions_of(Kind.NOTE)
    (after,) = edited(base, question("A\nB", QuestionType.YEAR, before.id)).questions_of(Kind.NOTE)
    assert after.type is QuestionType.CHOICE


def test_suggestions_and_amounts_are_lines_too() -> None:
    (text,) = edited(first_template(), question("Boge\nAlup | Alup", QuestionType.SHORT_TEXT)).questions_of(
        Kind.NOTE
    )
    assert [words.de for words in text.suggestions] == ["Boge", "Alup"]
    (amount,) = edited(first_template(), question("10.000 €\n50000", QuestionType.AMOUNT)).questions_of(
        Kind.NOTE
    )
    assert amount.amounts == (10_000, 50_000)
    assert answers_text(amount) == "10000\n50000"


def test_no_kind_at_all_is_no_template() -> None:
    with pytest.raises(CannotPublish) as caught:
        with_kinds(first_template(), [], [], template_id=UUID(int=5))
    assert caught.value.fault is EditFault.NO_KIND


def test_the_products_template_lacks_no_translation() -> None:
    assert untranslated(first_template()) == 0


def test_what_is_prepared_before_a_visit_is_a_version_too_and_keeps_the_questions(
    firm: Firm, heike: Desk
) -> None:
    before = asked_now(firm)
    page = heike.get("/questions").text
    assert "Gelesen, was zuletzt war | Read what happened last" in page
    form = {"base": before.id.hex, "kind": "plan", "points": "Schlüssel dabei | Keys with me\nAngerufen"}
    assert heike.post("/questions/preparation", form).status_code == 303
    now = asked_now(firm)
    assert now.kinds == before.kinds
    assert now.preparation is not None
    assert [point.words.de for point in now.preparation] == ["Schlüssel dabei", "Angerufen"]
    stale = heike.post("/questions/preparation", form | {"points": "Anderes"})
    assert stale.status_code == 409
    assert "Anderes" in stale.text, "what was written is not lost"
    kept = with_kinds(now, [Kind.PLAN], [], template_id=UUID(int=3))
    assert kept.preparation == now.preparation


def test_a_signature_has_one_sentence_in_both_languages(firm: Firm, heike: Desk, anna: Tablet) -> None:
    new = {
        "de__new": "Maschine gesehen?", "en__new": "Seen the machine?", "type__new": "signature",
        "answers__new": "Ich habe die Maschine gesehen und wünsche ein Angebot. | I have seen the machine and want an offer.",
        "place__new": "1",
    }  # fmt: skip
    assert heike.post("/questions", form_of(first_template(), Kind.NEED, **new)).status_code == 303
    asked = asked_now(firm).questions_of(Kind.NEED)[0]
    assert asked.type is QuestionType.SIGNATURE
    assert asked.to_be_signed.de == "Ich habe die Maschine gesehen und wünsche ein Angebot."
    assert asked.to_be_signed.spoken("en") == "I have seen the machine and want an offer."
    page = heike.get("/questions?kind=need").text
    assert "Der Satz, der unterschrieben wird, in einer Zeile" in words(page)
    assert "I have seen the machine and want an offer." in page

    # The words change, and the question stays the same.
    changed = {f"answers__{asked.id}": "Ich wünsche ein Angebot."}
    heike.post("/questions", form_of(asked_now(firm), Kind.NEED, **changed))
    after = asked_now(firm).questions_of(Kind.NEED)[0]
    assert (after.id, after.to_be_signed.de) == (asked.id, "Ich wünsche ein Angebot.")
    assert "1 englischer Text fehlt" in words(heike.get("/questions").text)


def test_a_signature_without_a_sentence_has_the_questions_words_and_two_sentences_are_one_too_many() -> None:
    (plain,) = edited(first_template(), question("", QuestionType.SIGNATURE)).questions_of(Kind.NOTE)
    assert plain.sentence is None
    assert plain.to_be_signed == plain.words
    with pytest.raises(CannotPublish) as caught:
        edited(first_template(), question("Eins.\nZwei.", QuestionType.SIGNATURE))
    assert caught.value.fault is EditFault.SEVERAL_SENTENCES
