"""Answers to the questions of a kind: pushed, kept, read again, found by search; bad ones harm nobody else."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from protocol.answers import Answers
from protocol.changes import Outcome, ReviseObservation
from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.ids import new_id
from protocol.limits import MAX_ANSWERS, MAX_SHORT_TEXT
from protocol.observation import Kind
from protocol.pairing import Hello
from protocol.problems import Code
from protocol.reference import Entity, ObservationState
from protocol.template import Template
from sync_server.crm import templates
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet


def given(*pairs: tuple[str, str], template: UUID = FIRST_TEMPLATE, **said: str) -> dict[str, Any]:
    """Answers as they travel."""
    answers = [
        {"question": question, "value": value, **({"said": said[question]} if question in said else {})}
        for question, value in pairs
    ]
    return {"template": str(template), "given": answers}


def with_answers(change: ReviseObservation, answers: Any) -> dict[str, Any]:
    """The change as it travels, with whatever stands where answers belong."""
    body = change.as_dict()
    body["content"]["answers"] = answers
    return body


@pytest.fixture
def anna(firm: Firm) -> Tablet:
    """Anna's tablet."""
    return firm.pair(firm.anna)


def folded_text(firm: Firm, change: ReviseObservation) -> str:
    with firm.database.reading() as connection:
        found = select(t.observations.c.folded_text).where(t.observations.c.id == change.observation_id)
        return str(connection.execute(found).scalar_one())


def test_answers_come_back_as_they_were_pushed_and_are_found_by_what_they_say(
    firm: Firm, anna: Tablet
) -> None:
    change = anna.observe(kind=Kind.COMPETITOR)
    answers = given(
        ("rival_maker", "Kärcher & Söhne"), ("rival_condition", "worn"), rival_condition="Abgenutzt"
    )

    receipt = anna.push(with_answers(change, answers)).receipts[0]

    assert receipt.outcome is Outcome.ACCEPTED
    anna.pull()
    state = ObservationState.model_validate(anna.held[Entity.OBSERVATION, change.observation_id].body)
    assert state.shown.content.answers == Answers.model_validate(answers)
    assert "karcher sohne abgenutzt" in folded_text(firm, change)


def test_answers_alone_are_an_observation_and_its_title(anna: Tablet) -> None:
    change = anna.observe(kind=Kind.COMPETITOR)
    body = with_answers(change, given(("rival_maker", "Boge"), ("rival_model", "S 55")))
    body["content"]["heard"] = ""

    assert anna.push(body).receipts[0].outcome is Outcome.ACCEPTED
    anna.pull()
    line = anna.held[Entity.HISTORY, change.observation_id].body
    assert line is not None
    assert line["summary"] == "Boge · S 55"


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        (given(("rival_maker", "")), "/content/answers/given/0/value"),
        (given(("rival_maker", "x" * (MAX_SHORT_TEXT + 1))), "/content/answers/given/0/value"),
        (given(("Rival Maker", "Boge")), "/content/answers/given/0/question"),
        (given(("rival_maker", "Boge"), ("rival_maker", "Alup")), "/content/answers"),
        (given(*((f"q{number}", "x") for number in range(MAX_ANSWERS + 1))), "/content/answers/given"),
        ({"template": str(FIRST_TEMPLATE), "given": []}, "/content/answers/given"),
        ({"template": "no id", "given": [{"question": "a", "value": "b"}]}, "/content/answers/template"),
        ("something else", "/content/answers"),
        ([1, 2], "/content/answers"),
    ],
)
def test_bad_answers_are_a_problem_with_a_place_and_hold_back_no_neighbour(
    anna: Tablet, answers: Any, pointer: str
) -> None:
    bad, good = anna.observe(), anna.observe("Kompressor läuft am Anschlag")

    first, second = anna.push(with_answers(bad, answers), good).receipts

    assert first.outcome is Outcome.REJECTED
    assert first.problem is not None
    assert first.problem.code is Code.INVALID_ANSWER
    assert first.problem.errors[0].pointer == pointer
    assert second.outcome is Outcome.ACCEPTED


def test_a_control_character_in_an_answer_is_called_what_it_is(anna: Tablet) -> None:
    receipt = anna.push(with_answers(anna.observe(), given(("rival_maker", "Bo\x07ge")))).receipts[0]

    assert receipt.problem is not None
    assert receipt.problem.code is Code.CONTROL_CHARACTER


def test_what_a_newer_template_asks_and_means_is_kept_unread(firm: Firm, anna: Tablet) -> None:
    change = anna.observe()
    answers = given(("noise_level", "97"), template=new_id(), noise_level="97 dB")

    assert anna.push(with_answers(change, answers)).receipts[0].outcome is Outcome.ACCEPTED
    assert folded_text(firm, change).endswith("97 db")


def test_a_revision_of_before_there_were_questions_pushed_again_is_a_duplicate(
    firm: Firm, anna: Tablet
) -> None:
    change = anna.observe()
    anna.push(change)
    with firm.database.reading() as connection:
        stored = connection.execute(select(t.revisions.c.content)).scalar_one()
    assert "answers" not in stored

    again = change.model_copy(update={"id": new_id()})
    assert anna.push(again).receipts[0].outcome is Outcome.DUPLICATE


def test_a_revision_with_answers_pushed_again_is_a_duplicate_and_with_others_is_not(anna: Tablet) -> None:
    change = anna.observe()
    anna.push(with_answers(change, given(("plan_when", "2027"))))
    again = change.model_copy(update={"id": new_id()})
    other = change.model_copy(update={"id": new_id()})

    same, different = anna.push(
        with_answers(again, given(("plan_when", "2027"))), with_answers(other, given(("plan_when", "2028")))
    ).receipts

    assert same.outcome is Outcome.DUPLICATE
    assert different.outcome is Outcome.REJECTED


def test_the_document_of_a_new_observation_is_the_one_made_from_the_tables(firm: Firm, anna: Tablet) -> None:
    """What travels at once and what a later change publishes must not differ."""
    change = anna.observe()
    anna.push(with_answers(change, given(("plan_when", "2027-Q2"), plan_when="Apr.–Juni 2027")))
    anna.pull()
    at_once = anna.held[Entity.OBSERVATION, change.observation_id].body
    assert at_once is not None

    anna.push(anna.comment(change, "Noch etwas"))
    anna.pull()
    later = anna.held[Entity.OBSERVATION, change.observation_id].body
    assert later is not None
    assert later["shown"] == at_once["shown"]


def test_hello_names_the_template_and_the_tablet_gets_it(firm: Firm, anna: Tablet) -> None:
    hello = Hello.model_validate_json(firm.http.get("/sync/v1/hello").content)
    assert hello.template == FIRST_TEMPLATE

    answer = firm.http.get(f"/sync/v1/templates/{hello.template}", headers=anna.headers)
    assert Template.model_validate_json(answer.content) == first_template()


def test_an_older_template_is_still_there_when_another_one_is_asked(firm: Firm, anna: Tablet) -> None:
    mine = first_template().model_copy(update={"id": new_id()})
    newer = first_template().model_copy(update={"id": new_id()})
    with firm.database.writing() as connection:
        templates.publish(connection, mine, firm.nora.id, NOW)
        templates.publish(connection, newer, firm.nora.id, NOW)

    hello = Hello.model_validate_json(firm.http.get("/sync/v1/hello").content)
    assert hello.template == newer.id
    for known in (mine, newer, first_template()):
        answer = firm.http.get(f"/sync/v1/templates/{known.id}", headers=anna.headers)
        assert Template.model_validate_json(answer.content) == known


@pytest.mark.parametrize("name", [str(UUID(int=7)), "1", "x" * 500])
def test_a_template_that_is_not_there_is_not_found(firm: Firm, anna: Tablet, name: str) -> None:
    answer = firm.http.get(f"/sync/v1/templates/{name}", headers=anna.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, Code.NOT_FOUND)


def test_a_template_is_for_paired_tablets_only(firm: Firm, anna: Tablet) -> None:
    path = f"/sync/v1/templates/{FIRST_TEMPLATE}"
    assert firm.http.get(path).json()["code"] == Code.TOKEN_MISSING
    with firm.database.writing() as connection:
        connection.execute(update(t.devices).values(blocked_at=NOW))
    assert firm.http.get(path, headers=anna.headers).json()["code"] == Code.TOKEN_BLOCKED


def test_questions_whose_version_was_lost_are_found_in_another_one(firm: Firm) -> None:
    lost = new_id()
    with firm.database.reading() as connection:
        asked = templates.Asked(connection, [lost])
    found = asked.question(lost, "plan_when")
    assert found is not None
    assert found.words.de == "Wann soll es so weit sein?"
    assert asked.question(lost, "noise_level") is None
