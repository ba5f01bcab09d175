"""From codes in pictures to an answer: which machine is meant, or what else is to be said. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from app.device.platform import ReadCode
from app.state.answering import with_answer
from app.state.machines import MachineRow
from app.state.views import Draft
from app.store.drafts import DraftAnswer
from protocol.observation import Kind
from protocol.rules.nameplate import Nameplate, read
from protocol.rules.seen_machine import MAKER, MODEL, SERIAL, YEAR

TRIES_BEFORE_ADVICE = 12
"""Pictures without any code after which the person is told what helps: about five seconds."""


class Verdict(StrEnum):
    """What a plate turned out to be."""

    FOUND = "found"
    SEVERAL = "several"
    ELSEWHERE = "elsewhere"
    """It is known, but at another customer than the one where the technician is."""
    UNKNOWN = "unknown"
    ARTICLE = "article"
    """An article's number: every machine of the type has the same."""
    NO_NUMBER = "no_number"
    """Readable, but it names no machine: advertising, a maintenance plan, …"""


@dataclass(frozen=True)
class Answer:
    """What is to be said of a plate."""

    plate: Nameplate
    verdict: Verdict
    machines: tuple[MachineRow, ...] = ()


def judge(plate: Nameplate, found: tuple[MachineRow, ...], expected: UUID | None) -> Answer:
    """What to say of a plate.

    Args:
        found: the machines with its number.
        expected: the customer where the technician is; his machines count before those of others.
    """
    here = tuple(row for row in found if row.customer_id == expected)
    if here or (found and expected is None):
        meant = here or found
        return Answer(plate, Verdict.FOUND if len(meant) == 1 else Verdict.SEVERAL, meant)
    if found:
        return Answer(plate, Verdict.ELSEWHERE if len(found) == 1 else Verdict.SEVERAL, found)
    if plate.serial:
        return Answer(plate, Verdict.UNKNOWN)
    return Answer(plate, Verdict.ARTICLE if plate.is_article else Verdict.NO_NUMBER)


_RANK = [*Verdict]
"""A plate often has two codes: the one that says more counts."""


class Watcher:
    """Looks at one picture after the other until one of them says something reliable.

    A number that is known is right. Any other counts only when two pictures in a row say the same: bar codes without a
    check digit (Code 39) are read wrongly now and then, and a machine with a wrong number would be made of it.

    Args:
        find: the machines that a plate means.
        expected: see `judge`.
    """

    def __init__(
        self, find: Callable[[Nameplate], tuple[MachineRow, ...]], expected: Callable[[], UUID | None]
    ) -> None:
        self._find = find
        self._expected = expected
        self._before: frozenset[str] = frozenset()
        self.tries = 0
        """Pictures in a row that showed no code."""

    def see(self, codes: Iterable[ReadCode], *, once: bool = False) -> Answer | None:
        """What a picture's codes say; None as long as nothing is certain.

        Args:
            once: there is no other picture (a photo that was chosen).
        """
        plates = [read(code.text, code.symbology, is_gs1=code.is_gs1) for code in codes]
        answers = [judge(plate, self._find(plate), self._expected()) for plate in plates]
        seen = frozenset(plate.text for plate in plates)
        certain = [
            answer
            for answer in answers
            if once or answer.machines or (answer.plate.text in self._before and seen == self._before)
        ]
        self._before = seen
        self.tries = 0 if plates else self.tries + 1
        return min(certain, key=lambda answer: _RANK.index(answer.verdict), default=None)


def with_plate(draft: Draft, plate: Nameplate) -> Draft:
    """A draft of a competitor's machine with what its plate says, as far as it was not answered."""
    answers = draft.answers
    given = {answer.question for answer in answers if answer.value}
    said = {
        MAKER: plate.maker,
        MODEL: plate.model,
        SERIAL: plate.serial,
        YEAR: str(plate.built_in) if plate.built_in else "",
    }
    for question, value in said.items():
        if value and question not in given:
            answers = with_answer(answers, DraftAnswer(question, value))
    return replace(draft, kind=draft.kind or Kind.COMPETITOR, answers=answers)
