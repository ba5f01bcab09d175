"""The day's review on the tablet: without network, through a restart, with nothing of anybody else."""

from datetime import timedelta
from typing import Any

import pytest

from app.state.errors import Offline
from app.state.notebook import Notebook
from protocol.observation import FlagKind, Side
from protocol.reference import Entity
from protocol.rules.steps import Step
from tests.app.a_tablet import Clock, Shelf, customer, draft, paired, synchronized
from tests.app.scripted_server import NOW, ScriptedServer, lost_before, name

pytestmark = pytest.mark.anyio
TODAY = NOW.astimezone().date()


@pytest.fixture
def shelf() -> Shelf:
    """The tablet's disks."""
    return Shelf()


async def named(notebook: Notebook, text: str, **fields: Any) -> Step:
    made = draft(notebook, next_step=text, **fields)
    await notebook.save(made)
    return next(s.step for s in notebook.day_review(TODAY).steps if s.step.observation_id == made.id)


async def test_a_confirmed_step_stays_confirmed_through_a_restart_and_can_be_taken_back(shelf: Shelf) -> None:
    server = ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    step = await named(notebook, "Angebot schicken", next_step_due=TODAY + timedelta(days=3))
    assert notebook.day_review(TODAY).unanswered == 1
    await notebook.days.confirm(step, TODAY, confirmed=True)
    await tablet.close()
    tablet, notebook = await paired(shelf, server)
    assert notebook.day_review(TODAY).unanswered == 0
    await notebook.days.confirm(step, TODAY, confirmed=False)
    assert notebook.day_review(TODAY).unanswered == 1
    await tablet.close()


async def test_a_moved_step_is_the_next_revision_and_nothing_else_of_it_changes(shelf: Shelf) -> None:
    tablet, notebook = await paired(shelf, server := ScriptedServer())
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer())
    step = await named(notebook, "Ersatzteil", next_step_by=Side.TECHNICIAN, next_step_due=TODAY)
    before = notebook.observation(step.observation_id)
    moved = await notebook.days.move(step, TODAY + timedelta(days=7), TODAY)
    after = notebook.observation(step.observation_id)
    assert before is not None
    assert before.content is not None
    assert after is not None
    assert after.content is not None
    assert after.content.next_step is not None
    assert after.content.next_step.due_on == TODAY + timedelta(days=7)
    assert after.content.model_copy(update={"next_step": before.content.next_step}) == before.content
    assert notebook.day_review(TODAY).unanswered == 0, "what was moved is settled"
    await synchronized(tablet)
    first, second = server.revisions
    assert second["observation_id"] == str(moved.observation_id)
    assert second["based_on"] == first["revision_id"]
    await tablet.close()


async def test_a_step_that_was_corrected_meanwhile_is_not_moved(shelf: Shelf) -> None:
    tablet, notebook = await paired(shelf, ScriptedServer())
    step = await named(notebook, "Angebot schicken")
    await notebook.save(draft(notebook, id=step.observation_id, next_step="Anrufen"))
    with pytest.raises(KeyError):
        await notebook.days.move(step, TODAY, TODAY)
    await tablet.close()


async def test_what_waits_is_told_until_the_server_has_it(shelf: Shelf) -> None:
    server = ScriptedServer()
    tablet, notebook = await paired(shelf, server)
    await notebook.save(draft(notebook))
    server.faults.append(lost_before)
    assert len(notebook.day_review(TODAY).unsent) == 1
    assert not notebook.day_review(TODAY).handed.entries[0].with_server
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert len(notebook.day_review(TODAY).unsent) == 1
    await synchronized(tablet)
    assert notebook.day_review(TODAY).unsent == ()
    assert notebook.day_review(TODAY).handed.entries[0].with_server
    await tablet.close()


async def test_the_list_holds_the_persons_own_day_and_neither_what_is_marked_nor_other_days(
    shelf: Shelf,
) -> None:
    clock = Clock()
    tablet, notebook = await paired(shelf, ScriptedServer(), clock=clock)
    await notebook.save(draft(notebook, "gestern"))
    clock.now = NOW + timedelta(days=1)
    await notebook.save(draft(notebook, "heute"))
    secret = draft(
        notebook, "Frau Bauer ist krank", flag_kind=FlagKind.SPECIAL_CATEGORY, flag_purpose="Rückruf"
    )
    await notebook.save(secret)
    review = notebook.day_review(TODAY + timedelta(days=1))
    assert [entry.content.seen for entry in review.handed.entries] == ["heute"]
    assert review.handed.left_out == {FlagKind.SPECIAL_CATEGORY: 1}
    assert [e.content.seen for e in notebook.day_review(TODAY).handed.entries] == ["gestern"]
    await tablet.close()
