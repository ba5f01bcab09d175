"""A next step that its technician calls done: once, undone, corrected meanwhile, somebody else's (S1, S2, S17)."""

from datetime import datetime

import pytest
from sqlalchemy import select

from protocol.changes import Outcome
from protocol.ids import new_id
from protocol.observation import NextStep, Side
from protocol.problems import Code
from protocol.reference import Entity, HistoryEntry
from sync_server.store import schema as t
from tests.server.firm import NOW, Firm, Tablet

MINE = NextStep(text="Ersatzteil mitbringen", responsible=Side.TECHNICIAN)


def done_at(firm: Firm) -> datetime | None:
    with firm.database.reading() as connection:
        found: datetime | None = connection.execute(select(t.tasks.c.done_at)).scalar_one()
    return found


def actions(firm: Firm) -> list[str]:
    with firm.database.reading() as connection:
        events = t.lead_events
        return list(connection.execute(select(events.c.action).order_by(events.c.id)).scalars())


def test_done_by_one_tap_is_told_back_and_to_the_colleagues(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(next_step=MINE)
    anna.push(observation, anna.mark(observation))
    anna.pull()
    state = anna.observation(observation)
    assert state.step_done_at == NOW
    assert state.step_marked_at is not None
    line = anna.held[Entity.HISTORY, observation.observation_id]
    assert HistoryEntry.model_validate(line.body).step_done_at == NOW
    assert actions(firm) == ["received", "task_done"]


def test_the_same_word_pushed_again_counts_once_and_an_undo_stays_undone(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(next_step=MINE)
    did, undid = anna.mark(observation), anna.mark(observation, done=False)
    first = anna.push(observation, did)
    anna.push(undid)
    again = anna.push(did)  # the answer was lost, and the tablet asks once more, late
    assert again.receipts[0] == first.receipts[1]
    assert done_at(firm) is None
    assert actions(firm) == ["received", "task_done", "task_open"]


def test_in_one_push_the_last_word_counts(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(next_step=MINE)
    marks = [anna.mark(observation, done=done) for done in (True, False, True)]
    answer = anna.push(observation, *marks)
    assert {receipt.outcome for receipt in answer.receipts} == {Outcome.ACCEPTED}
    assert done_at(firm) == NOW


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (MINE, "Angebot schicken"),
        (NextStep(text="Angebot", responsible=Side.INSIDE_SALES), "Angebot"),
    ],
)
def test_of_another_step_or_somebody_elses_nothing_is_changed_and_nobody_bothered(
    firm: Firm, anna: Tablet, step: NextStep, text: str
) -> None:
    observation = anna.observe(next_step=step)
    answer = anna.push(observation, anna.mark(observation, text=text))
    assert answer.receipts[1].outcome == Outcome.ACCEPTED
    assert done_at(firm) is None


def test_where_no_step_is_left_the_word_is_taken_and_nothing_happens(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(next_step=MINE)
    without = anna.revise(observation, "doch nicht")
    without = without.model_copy(update={"content": without.content.model_copy(update={"next_step": None})})
    answer = anna.push(observation, without, anna.mark(observation))
    assert answer.receipts[2].outcome == Outcome.ACCEPTED
    anna.pull()
    assert anna.observation(observation).step_done_at is None


def test_a_corrected_day_keeps_what_is_done_and_another_step_is_open(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(next_step=MINE)
    anna.push(observation, anna.mark(observation))
    content = observation.content.model_copy(
        update={"next_step": MINE.model_copy(update={"due_on": NOW.date()})}
    )
    dated = anna.revise(observation, "x").model_copy(update={"content": content})
    anna.push(dated)
    assert done_at(firm) == NOW
    content = observation.content.model_copy(
        update={"next_step": MINE.model_copy(update={"text": "Termin machen"})}
    )
    other = anna.revise(observation, "x", dated.revision_id).model_copy(update={"content": content})
    anna.push(other)
    assert done_at(firm) is None
    anna.pull()
    assert anna.observation(observation).step_marked_at is None


def test_only_the_author_may_say_it_and_an_unknown_observation_may_still_come(
    firm: Firm, anna: Tablet, jan: Tablet
) -> None:
    observation = anna.observe(next_step=MINE)
    early = anna.push(anna.mark(observation)).receipts[0]
    assert early.problem is not None
    assert early.problem.code == Code.UNKNOWN_OBSERVATION
    anna.push(observation)
    foreign = jan.push(jan.mark(observation)).receipts[0]
    assert foreign.problem is not None
    assert foreign.problem.code == Code.FORBIDDEN
    assert done_at(firm) is None


def test_a_word_that_waited_for_its_observation_is_taken_later(firm: Firm, anna: Tablet) -> None:
    observation = anna.observe(next_step=MINE)
    did = anna.mark(observation)
    anna.push(did)
    assert anna.push(observation, did).receipts[1].outcome == Outcome.ACCEPTED
    assert done_at(firm) == NOW


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"text": ""}, "/text"), ({"done": "perhaps"}, "/done"), ({"text": "x" * 501}, "/text")],
)
def test_a_word_that_is_none_is_refused_and_holds_back_no_neighbour(
    anna: Tablet, change: dict[str, str], pointer: str
) -> None:
    observation = anna.observe(next_step=MINE)
    bad = {**anna.mark(observation).as_dict(), "id": str(new_id()), **change}
    answer = anna.push(observation, bad)
    assert answer.receipts[0].outcome == Outcome.ACCEPTED
    refused = answer.receipts[1].problem
    assert refused is not None
    assert refused.errors[0].pointer == pointer
