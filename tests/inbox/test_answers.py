"""Answers as inside sales reads them: with their questions, in the reader's language, found, compared, protected."""

import re
from collections.abc import Callable

from protocol.answers import Answer, Answers
from protocol.changes import Outcome
from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.ids import new_id
from protocol.observation import Flag, FlagKind, Kind
from protocol.pairing import Role
from protocol.template import KindQuestions, Question, QuestionType, Template, Words
from sync_server.crm import templates
from sync_server.crm.users import User
from tests.inbox.desk import Desk, Lead, listed, words
from tests.server.firm import NOW, Firm, Tablet


def answers(*given: tuple[str, str], template: object = FIRST_TEMPLATE) -> Answers:
    """Answers to questions of the product's template."""
    return Answers.model_validate(
        {"template": template, "given": [{"question": name, "value": value} for name, value in given]}
    )


RIVAL = answers(("rival_maker", "Boge"), ("rival_year", "~2010"), ("rival_condition", "broken"))


def test_answers_stand_beside_what_was_said_in_the_words_of_their_questions(
    nora: Desk, arrive: Callable[..., Lead]
) -> None:
    lead = arrive(kind=Kind.COMPETITOR, answers=RIVAL)
    page = nora.get(lead.path).text
    assert (
        "NACHGEFRAGT Welcher Hersteller? Boge Welches Baujahr? um 2010 In welchem Zustand? Defekt"
        in words(page)
    )
    assert re.search(r'<span class="chip bad">Defekt</span>', page)


def test_the_same_answers_are_english_for_an_english_reader(nora: Desk, arrive: Callable[..., Lead]) -> None:
    lead = arrive(kind=Kind.COMPETITOR, answers=RIVAL)
    nora.post("/language", {"language": "en", "back": "/"})
    page = words(nora.get(lead.path).text)
    assert (
        "ASKED ON SITE Which maker? Boge Built in which year? around 2010 In which condition? Broken" in page
    )


def test_without_answers_nothing_is_said_of_questions(nora: Desk, arrive: Callable[..., Lead]) -> None:
    assert "NACHGEFRAGT" not in nora.get(arrive().path).text


def test_what_was_answered_is_found_and_is_the_title_where_nothing_was_written(
    nora: Desk, arrive: Callable[..., Lead]
) -> None:
    arrive("Kompressor läuft")
    lead = arrive("", kind=Kind.COMPETITOR, answers=answers(("rival_maker", "Boge"), ("rival_model", "S 55")))
    page = nora.get("/list?q=boge+s").text
    assert listed(page) == [lead.id.hex]
    assert "Boge · S 55" in words(page)


def test_an_answer_in_markup_is_text(nora: Desk, arrive: Callable[..., Lead]) -> None:
    lead = arrive(kind=Kind.COMPETITOR, answers=answers(("rival_maker", "<b onclick=x>Boge</b>")))
    page = nora.get(lead.path).text
    assert "&lt;b onclick=x&gt;Boge&lt;/b&gt;" in page
    assert "<b onclick" not in page


def test_answers_to_the_firms_own_older_version_keep_its_words(
    firm: Firm, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    asked = Question(id="noise", type=QuestionType.SHORT_TEXT, words=Words(de="Wie laut?", en="How loud?"))
    older = Template(id=new_id(), kinds=(KindQuestions(kind=Kind.PLAN, questions=(asked,)),))
    newer = older.model_copy(update={"id": new_id(), "kinds": first_template().kinds})
    with firm.database.writing() as connection:
        templates.publish(connection, older, firm.nora.id, NOW)
        templates.publish(connection, newer, firm.nora.id, NOW)
    lead = arrive(answers=answers(("noise", "97 dB"), template=older.id))
    assert "Wie laut? 97 dB" in words(nora.get(lead.path).text)


def test_an_answer_that_no_version_asks_is_said_as_it_stood_on_the_tablet(
    nora: Desk, arrive: Callable[..., Lead]
) -> None:
    unknown = Answers(template=new_id(), given=(Answer(question="noise", value="loud", said="Sehr laut"),))
    assert "Frage nicht bekannt Sehr laut" in words(nora.get(arrive(answers=unknown).path).text)


def test_versions_made_apart_mark_the_answers_in_which_they_differ(
    anna: Tablet, nora: Desk, arrive: Callable[..., Lead]
) -> None:
    lead = arrive(kind=Kind.COMPETITOR, answers=answers(("rival_maker", "Boge"), ("rival_model", "S 55")))
    for model in ("S 60", "S 75"):
        change = anna.revise(lead.change, lead.change.content.heard)
        other = answers(("rival_maker", "Boge"), ("rival_model", model))
        content = change.content.model_copy(update={"answers": other})
        outcome = anna.push(change.model_copy(update={"content": content})).receipts[0].outcome
    assert outcome is Outcome.CONFLICT
    assert set(re.findall(r"<mark>(.*?)</mark>", nora.get(lead.path).text)) == {"S 60", "S 75"}


def test_answers_of_a_note_that_art_9_protects_are_not_for_field_sales(
    firm: Firm, arrive: Callable[..., Lead], employ: Callable[[str, Role], User]
) -> None:
    flag = Flag(kind=FlagKind.SPECIAL_CATEGORY, purpose="Rückruf")
    lead = arrive("Ist krank", answers=answers(("plan_decides", "Max Geheim")), flag=flag)
    driver = Desk(firm.http).sit_down(firm, employ("ute", Role.FIELD_SALES))
    page = driver.get(lead.path)
    assert page.status_code == 200
    assert "Geheim" not in page.text
