"""The competitor's machine that an observation reports: what is known of it, and whether it is an asset of the customer.

Pure. A sighting is a fact with a day and a source, whatever sales makes of the lead: the machine stands there as soon as
the observation has arrived (docs/adr/0020-sighted-machines.md).
"""

from dataclasses import dataclass

from protocol.observation import Kind, ObservationContent
from protocol.review import LeadState, RejectionReason
from protocol.rules.access import colleagues_may_read
from protocol.rules.answering import is_form_of
from protocol.rules.nameplate import LONGEST_SERIAL
from protocol.template import QuestionType

MAKER, MODEL, SERIAL, YEAR, CONDITION, NAMEPLATE = (
    "rival_maker", "rival_model", "rival_serial", "rival_year", "rival_condition", "rival_nameplate",
)  # fmt: skip
"""The questions whose answers make the machine. Whoever edits the template may change their words and leave them out; a
question of his own is an answer like any other."""

_LONGEST_NAME = 120
"""Characters of maker and model, as the master data have them."""

_STILL_THERE = frozenset({RejectionReason.NO_POTENTIAL, RejectionReason.CUSTOMER_DECLINES})
"""Refused as a lead for reasons that say nothing against the machine."""


@dataclass(frozen=True)
class SeenMachine:
    """What an observation says of a competitor's machine."""

    maker: str
    model: str
    serial_number: str | None = None
    built_in: int | None = None
    condition: str | None = None
    """The id of a possibility of the question: "new", "good", "worn", "broken"."""


def seen_machine(content: ObservationContent) -> SeenMachine | None:
    """The machine that an observation of this content reports; None if it names none."""
    if content.kind is not Kind.COMPETITOR or content.answers is None:
        return None
    given = {answer.question: " ".join(answer.value.split()) for answer in content.answers.given}
    maker, model = given.get(MAKER, "")[:_LONGEST_NAME], given.get(MODEL, "")[:_LONGEST_NAME]
    serial = given.get(SERIAL, "")[:LONGEST_SERIAL]
    if not (maker or model or serial):
        return None
    return SeenMachine(
        maker, model, serial or None, year_of(given.get(YEAR, "")), given.get(CONDITION) or None
    )


def is_asset(content: ObservationContent, state: LeadState, reason: RejectionReason | None) -> bool:
    """Whether the machine of an observation stands among the customer's, for everybody of the territory.

    Not where colleagues may not read the observation at all, and not where inside sales has found that it says nothing
    new or nothing true.
    """
    if not colleagues_may_read(content.flag) or state is LeadState.DUPLICATE:
        return False
    return state is not LeadState.REJECTED or reason in _STILL_THERE


def year_of(answer: str) -> int | None:
    """The year of an answer such as "2014" or "~2015"; None if it is none."""
    return int(answer.removeprefix("~")) if is_form_of(QuestionType.YEAR, answer) else None
