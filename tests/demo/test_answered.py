"""Answers in the demo company say what their story tells, and nothing else."""

from typing import Any
from uuid import UUID

from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.observation import Kind, ObservationContent
from protocol.rules.answering import is_form_of, say
from sync_server.demo import Company


def contents(company: Company) -> list[ObservationContent]:
    """What is said in every revision."""
    return [ObservationContent.model_validate_json(row["content"]) for row in company.rows["revisions"]]


def by_id(company: Company, table: str) -> dict[UUID, dict[str, Any]]:
    """The rows of a table by their id."""
    return {row["id"]: row for row in company.rows[table]}


def test_many_observations_are_answered_and_some_of_each_kind_are_not(company: Company) -> None:
    asked = [content for content in contents(company) if first_template().questions_of(content.kind)]
    answered = [content for content in asked if content.answers]
    assert 0.25 < len(answered) / len(asked) < 0.75
    assert {content.kind for content in answered} == {Kind.PLAN, Kind.NEED, Kind.COMPETITOR, Kind.COMPLAINT}


def test_every_answer_fits_its_question_and_is_said_in_its_words(company: Company) -> None:
    template = first_template()
    for content in contents(company):
        if content.answers is None:
            continue
        assert content.answers.template == FIRST_TEMPLATE
        for answer in content.answers.given:
            question = template.question(answer.question)
            assert question in template.questions_of(content.kind)
            assert question is not None
            assert is_form_of(question.type, answer.value)
            assert answer.words == say(question, answer, "de")


def test_a_competitors_machine_is_the_one_that_stands_there_and_people_are_the_customers(
    company: Company,
) -> None:
    assets, people = by_id(company, "assets"), by_id(company, "contacts")
    for content in contents(company):
        for answer in content.answers.given if content.answers else ():
            if answer.question == "rival_maker":
                assert content.asset_id is not None
                assert assets[content.asset_id]["maker"] == answer.value
                assert not assets[content.asset_id]["ours"]
            if answer.contact_id is not None:
                assert people[answer.contact_id]["name"] == answer.value
                assert people[answer.contact_id]["customer_id"] == content.customer_id


def test_a_plans_year_is_the_one_that_its_text_names(company: Company) -> None:
    plans = [content for content in contents(company) if content.kind is Kind.PLAN and content.answers]
    assert plans
    for content in plans:
        assert content.answers is not None
        assert content.answers.given[0].value in content.text
