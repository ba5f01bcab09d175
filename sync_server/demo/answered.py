"""Answers to the questions of a kind, taken from what the story tells anyway: no answer says more than its text."""

import re
from uuid import UUID

from protocol.answers import Answer, Answers
from protocol.first_template import FIRST_TEMPLATE, first_template
from protocol.observation import Kind, Urgency
from protocol.rules.answering import say
from sync_server.demo.telling import Told

_ANSWERED = 7
"""Of ten observations so many have answers: nobody has to give any."""

_YEAR = re.compile(r"\b20\d\d\b")


def answers_of(told: Told, story_id: UUID, year: int) -> Answers | None:
    """The answers of one observation, the same for the same story.

    Args:
        year: in which it was observed.
    """
    # Not drawn by chance: one draw more would make another company of the same seed.
    if story_id.int % 10 >= _ANSWERED:
        return None
    values: dict[str, str] = {}
    machine = told.asset
    if told.kind is Kind.COMPETITOR and machine is not None and not machine.machine.ours:
        values = {"rival_maker": machine.machine.maker, "rival_model": machine.machine.model}
        if machine.built_in:
            values["rival_year"] = str(machine.built_in)
    elif told.kind is Kind.COMPLAINT:
        bearable = "hinders" if story_id.int % 3 else "nuisance"
        values = {"complaint_severity": "standstill" if told.urgency is Urgency.URGENT else bearable}
    elif told.kind is Kind.PLAN:
        years = sorted(named for named in _YEAR.findall(f"{told.heard} {told.seen}") if int(named) > year)
        values = {"plan_when": years[0]} if years else {}
    given = tuple(_answer(name, value) for name, value in values.items())
    if told.kind in _PERSONS and told.contact is not None:
        person = Answer(
            question=_PERSONS[told.kind], value=told.contact.person.name, contact_id=told.contact.id
        )
        given = (*given, person)
    return Answers(template=FIRST_TEMPLATE, given=given) if given else None


_PERSONS = {Kind.COMPLAINT: "complaint_person", Kind.NEED: "need_person"}
"""Kinds in which the person spoken to is the one whom the question means."""


def _answer(name: str, value: str) -> Answer:
    plain = Answer(question=name, value=value)
    said = say(first_template().question(name), plain, "de")
    return plain if said == value else Answer(question=name, value=value, said=said)
