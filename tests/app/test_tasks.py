"""Tasks on the tablet: done and undone without network, whoever else has said something meanwhile."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.state.errors import Offline
from app.state.notebook import Notebook
from protocol.observation import Side
from protocol.reference import Entity
from protocol.rules.steps import Step
from tests.app.a_tablet import Shelf, draft, paired, synchronized, told
from tests.app.scripted_server import NOW, ScriptedServer, lost_answer, lost_before

pytestmark = pytest.mark.anyio


@pytest.fixture
def shelf() -> Shelf:
    """The tablet's disks."""
    return Shelf()


async def promise(notebook: Notebook, text: str = "Ersatzteil mitbringen", **fields: Any) -> Step:
    made = draft(notebook, next_step=text, next_step_by=Side.TECHNICIAN, **fields)
    await notebook.save(made)
    return next(t.step for t in notebook.tasks.all(NOW).open if t.step.observation_id == made.id)


def open_texts(notebook: Notebook) -> list[str]:
    return [task.step.text for task in notebook.tasks.all(NOW).open]


async def test_done_without_network_is_done_after_a_restart_and_can_be_undone(shelf: Shelf) -> None:
    server = ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    step = await promise(notebook)
    await notebook.tasks.mark(step, done=True)
    assert open_texts(notebook) == []
    await tablet.close()

    tablet, notebook = await paired(shelf, server)
    (again,) = notebook.tasks.all(NOW).done_today
    assert again.step.text == "Ersatzteil mitbringen"
    assert notebook.transfer().waiting == 2, "the observation and the word that its step is done"
    await notebook.tasks.mark(again.step, done=False)
    assert open_texts(notebook) == ["Ersatzteil mitbringen"]
    await tablet.close()


async def test_what_others_are_to_do_is_no_task_of_mine(shelf: Shelf) -> None:
    tablet, notebook = await paired(shelf, ScriptedServer())
    await notebook.save(draft(notebook, next_step="Innendienst ruft an"))
    await promise(notebook, "Datenblatt", next_step_due=(NOW + timedelta(days=3)).date())
    await promise(notebook, "Schlüssel zurück", next_step_due=NOW.date())
    assert open_texts(notebook) == ["Schlüssel zurück", "Datenblatt"]
    await tablet.close()


async def test_until_the_server_tells_of_it_the_tablets_own_word_counts(shelf: Shelf) -> None:
    """The pull after the push fails: nothing that was done may come back for that."""
    server = ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    step = await promise(notebook)
    await synchronized(tablet)
    change = notebook._own.entries()[0].revision
    assert change is not None
    server.publish(Entity.OBSERVATION, change.observation_id, told(change))
    await synchronized(tablet)
    await notebook.tasks.mark(step, done=True)
    await synchronized(tablet)
    assert not notebook._own.waiting()
    assert open_texts(notebook) == [], "confirmed, and the server's document is still the older one"
    await tablet.close()


@pytest.mark.parametrize(("heard_after", "expected"), [(-60, []), (60, ["Ersatzteil mitbringen"])])
async def test_a_later_word_from_another_tablet_counts_an_earlier_one_does_not(
    shelf: Shelf, heard_after: int, expected: list[str]
) -> None:
    server = ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    step = await promise(notebook)
    await notebook.tasks.mark(step, done=True)
    await synchronized(tablet)
    revision, mark = notebook._own.entries()
    assert mark.received_at is not None
    heard = mark.received_at + timedelta(seconds=heard_after)
    server.publish(
        Entity.OBSERVATION, step.observation_id, told(revision.change, step_marked_at=heard.isoformat())
    )
    await synchronized(tablet)
    assert open_texts(notebook) == expected
    await tablet.close()


async def test_another_step_after_a_correction_is_open(shelf: Shelf) -> None:
    tablet, notebook = await paired(shelf, ScriptedServer())
    step = await promise(notebook)
    await notebook.tasks.mark(step, done=True)
    await notebook.save(replace(notebook.correction(step.observation_id), next_step="Termin machen"))
    assert open_texts(notebook) == ["Termin machen"]
    await tablet.close()


async def test_that_a_task_is_done_says_nothing_of_how_far_the_observation_is(shelf: Shelf) -> None:
    server = ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    step = await promise(notebook)
    await synchronized(tablet)
    before = notebook.observations()[0].progress
    await notebook.tasks.mark(step, done=True)
    assert notebook.observations()[0].progress is before
    await tablet.close()


@pytest.mark.parametrize("fault", [lost_before, lost_answer])
async def test_a_word_whose_answer_was_lost_is_said_again_and_counts_once(shelf: Shelf, fault: Any) -> None:
    server = ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    step = await promise(notebook)
    await synchronized(tablet)
    await notebook.tasks.mark(step, done=True)
    server.faults = [fault]
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert len(notebook._own.waiting()) == 1
    await synchronized(tablet)
    assert not notebook._own.waiting()
    await tablet.close()
