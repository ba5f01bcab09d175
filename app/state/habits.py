"""What a technician answered last, to be offered first next time: makers and types come again, numbers and people do not.

Kept beside his settings in his own store on this tablet, and never sent. Nothing is chosen by it: an offer is one touch
away, and what nobody touches is not said. Pure.
"""

import json
import re
from collections.abc import Iterable, Mapping

from app.store.drafts import DraftAnswer
from protocol.template import Question, QuestionType, Template

SHOWN = 3
"""Last answers to one question: more of them would stand before what head of sales suggests."""

_QUESTIONS = 60
_LONGEST = 40
"""Characters; what is longer is a sentence about one customer."""

_NUMBER = re.compile(r"\d{4}|\d.*\d.*\d.*\d.*\d")
"""Four digits in a row or five anywhere: a serial or telephone number, which is another one next time."""

Habits = Mapping[str, tuple[str, ...]]
"""The last answers by question, the newest first."""


def comes_again(question: Question | None, value: str) -> bool:
    """Whether an answer is worth offering at another machine: a short text that is no number."""
    if question is None or question.type is not QuestionType.SHORT_TEXT:
        return False
    return 0 < len(value.strip()) <= _LONGEST and "\n" not in value and _NUMBER.search(value) is None


def with_answers(habits: Habits, given: Iterable[DraftAnswer], template: Template) -> Habits:
    """The habits after an observation was saved."""
    found = dict(habits)
    for answer in given:
        value = answer.value.strip()
        if not comes_again(template.question(answer.question), value):
            continue
        before = found.pop(answer.question, ())
        others = [one for one in before if one.casefold() != value.casefold()]
        found[answer.question] = (value, *others)[:SHOWN]
    return dict(list(found.items())[-_QUESTIONS:])


def read_habits(text: str) -> Habits:
    """The habits as they were kept; none where nothing can be read."""
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        str(question): tuple(str(value) for value in values)[:SHOWN]
        for question, values in kept.items()
        if isinstance(values, list)
    }


def habits_text(habits: Habits) -> str:
    """The habits as they are kept."""
    return json.dumps({question: list(values) for question, values in habits.items()}, ensure_ascii=False)
