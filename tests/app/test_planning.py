"""Planning on the tablet: saved without network, sent once, changed and called off, whatever other tablets do."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.state.errors import Offline
from app.state.notebook import Notebook
from protocol.changes import PlanVisit
from protocol.planning import VisitPlan
from protocol.problems import Code
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, customer, paired, synchronized
from tests.app.scripted_server import NOW, ScriptedServer, lost_answer, lost_before, name

pytestmark = pytest.mark.anyio


@pytest.fixture
def shelf() -> Shelf:
    """The tablet's disks."""
    return Shelf()


@pytest.fixture
def server() -> ScriptedServer:
    """A server with one customer."""
    scripted = ScriptedServer()
    scripted.publish(Entity.CUSTOMER, name("Käsmayr"), customer())
    return scripted


def plan(purpose: str = "Wartung", days: float = 1, **fields: Any) -> VisitPlan:
    said: dict[str, Any] = {"customer_id": name("Käsmayr"), "starts_at": NOW + timedelta(days=days)}
    return VisitPlan(**said | {"purpose": purpose} | fields)


def purposes(notebook: Notebook) -> list[str]:
    return [view.visit.purpose for day in notebook.coming_visits(NOW) for view in day.visits]


def as_told(change: PlanVisit, **fields: Any) -> dict[str, Any]:
    """What the server tells of a visit after this change."""
    said = change.plan.as_dict()
    said.pop("cancelled")
    return {"id": str(change.visit_id), "version": str(change.revision_id), **said, **fields}


def plans(notebook: Notebook) -> list[PlanVisit]:
    return [entry.plan for entry in notebook._own.entries() if entry.plan]


async def test_planned_without_network_it_is_there_after_a_restart(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    key = await notebook.planning.plan(plan())
    assert purposes(notebook) == ["Wartung"]
    await tablet.close()

    tablet, notebook = await paired(shelf, server)
    view = notebook.planning.visit(key)
    assert view is not None
    assert (view.is_mine, view.waiting, view.customer_name) == (True, True, "Käsmayr GmbH & Co. KG")
    assert notebook.transfer().waiting == 1
    await tablet.close()


async def test_each_version_builds_on_the_one_before_and_an_undo_brings_it_back(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    key = await notebook.planning.plan(plan())
    await notebook.planning.plan(plan("Wartung und Filter"), key)
    before = await notebook.planning.call_off(key)
    assert purposes(notebook) == []
    assert notebook.planning.visit(key) is None
    assert before is not None
    await notebook.planning.plan(before, key)
    assert purposes(notebook) == ["Wartung und Filter"]
    made = plans(notebook)
    assert [one.based_on for one in made] == [None, *(one.revision_id for one in made[:-1])]
    await tablet.close()


@pytest.mark.parametrize("fault", [lost_before, lost_answer])
async def test_a_plan_whose_answer_was_lost_is_sent_again_and_is_one_visit(
    shelf: Shelf, server: ScriptedServer, fault: Any
) -> None:
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    await notebook.planning.plan(plan())
    server.faults = [None, fault]
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert purposes(notebook) == ["Wartung"]
    await synchronized(tablet)
    assert not notebook._own.waiting()
    assert len(server.comments) == 1
    await tablet.close()


async def test_between_the_receipt_and_the_reading_the_tablets_own_word_counts(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    await notebook.planning.plan(plan())
    server.faults = [None, None, lost_before]  # hello, push, and the pull fails
    with pytest.raises(Offline):
        await synchronized(tablet)
    assert not notebook._own.waiting()
    assert purposes(notebook) == ["Wartung"]
    (made,) = plans(notebook)
    server.publish(Entity.VISIT, made.visit_id, as_told(made))
    await synchronized(tablet)
    assert purposes(notebook) == ["Wartung"]
    await tablet.close()


async def test_what_another_tablet_called_off_or_moved_does_not_come_back(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.planning.plan(plan())
    (made,) = plans(notebook)
    server.publish(Entity.VISIT, made.visit_id, as_told(made))
    await synchronized(tablet)
    moved = as_told(made, purpose="Andere Zeit", version=str(name("moved")))
    server.publish(Entity.VISIT, made.visit_id, moved)
    await synchronized(tablet)
    assert purposes(notebook) == ["Andere Zeit"]
    await notebook.planning.plan(plan("Hier geändert"), made.visit_id)
    assert plans(notebook)[-1].based_on == name("moved")
    server.publish(Entity.VISIT, made.visit_id, None)
    await synchronized(tablet)
    assert purposes(notebook) == [], "confirmed, everything read since, and the server tells of no such visit"
    await tablet.close()


async def test_versions_made_apart_are_settled_by_what_is_saved_next(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    await notebook.planning.plan(plan())
    (made,) = plans(notebook)
    other = {"id": str(name("other")), "plan": plan("Später").as_dict(), "recorded_at": NOW.isoformat()}
    server.publish(Entity.VISIT, made.visit_id, as_told(made, others=[other]))
    await synchronized(tablet)
    view = notebook.planning.visit(made.visit_id)
    assert view is not None
    assert view.visit.others is not None
    await notebook.planning.plan(view.visit.others[0].plan, made.visit_id)
    assert plans(notebook)[-1].settles == (name("other"),)
    view = notebook.planning.visit(made.visit_id)
    assert view is not None
    assert (view.visit.purpose, view.visit.others) == ("Später", None)
    await tablet.close()


async def test_a_refused_plan_stays_with_its_reason_until_it_is_mended_or_given_up(
    shelf: Shelf, server: ScriptedServer
) -> None:
    """The customer was erased meanwhile."""
    tablet, notebook = await paired(shelf, server)
    key = await notebook.planning.plan(plan(customer_id=name("nobody")))
    server.refusals[key] = Code.UNKNOWN_CUSTOMER
    await synchronized(tablet)
    (word,) = notebook.planning.refused()
    assert word.problem is not None
    assert word.problem.code == Code.UNKNOWN_CUSTOMER
    assert purposes(notebook) == ["Wartung"], "it is still to be seen where it was planned"
    server.refusals.clear()
    await notebook.planning.plan(plan(), key)
    assert notebook.planning.refused() == ()
    (made,) = plans(notebook)
    assert made.based_on is None, "the refused version is on no server"
    await synchronized(tablet)
    assert not notebook._own.waiting()
    await tablet.close()


async def test_a_refused_word_can_be_given_up_and_is_in_the_copy_until_then(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    key = await notebook.planning.plan(plan())
    server.refusals[key] = Code.FORBIDDEN
    await synchronized(tablet)
    assert b"outbox.json" in await notebook.export_outbox()
    (word,) = notebook.planning.refused()
    await notebook.planning.give_up(word.change_id)
    assert (notebook.planning.refused(), purposes(notebook)) == ((), [])
    await tablet.close()


async def test_after_a_restored_server_a_plan_is_offered_again_and_stays_in_sight(
    shelf: Shelf, server: ScriptedServer
) -> None:
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)
    backup = server.backup()
    await notebook.planning.plan(plan())
    (made,) = plans(notebook)
    server.publish(Entity.VISIT, made.visit_id, as_told(made))
    await synchronized(tablet)
    server.restore(backup)
    seen = len(server.comments)
    await synchronized(tablet)
    assert len(server.comments) == seen + 1, "the backup lacked it"
    await tablet.close()


async def test_points_of_the_preparation_are_kept_offline_and_merged_with_what_was_told(
    shelf: Shelf, server: ScriptedServer
) -> None:
    visit = name("visit")
    told = {
        "id": str(visit), "customer_id": str(name("Käsmayr")), "purpose": "Wartung",
        "starts_at": (NOW + timedelta(hours=1)).isoformat(),
        "prepared": [{"item": "history", "template": str(name("t")), "done_at": NOW.isoformat()}],
    }  # fmt: skip
    server.publish(Entity.VISIT, visit, told)
    tablet, notebook = await paired(shelf, server)
    await synchronized(tablet)

    def done() -> list[str]:
        view = notebook.planning.visit(visit)
        assert view is not None
        return [point.item for point in view.visit.prepared or ()]

    await notebook.planning.prepare(visit, "contacts", done=True)
    await notebook.planning.prepare(visit, "history", done=False)
    assert done() == ["contacts"]
    await tablet.close()
    tablet, notebook = await paired(shelf, server)
    assert done() == ["contacts"]
    await synchronized(tablet)
    assert done() == ["history"], "everything was read since, and the server's word counts"
    await tablet.close()


async def test_an_unknown_visit_is_none(shelf: Shelf, server: ScriptedServer) -> None:
    tablet, notebook = await paired(shelf, server)
    assert notebook.planning.visit(UUID(int=1)) is None
    assert await notebook.planning.call_off(UUID(int=1)) is None
    assert plans(notebook) == []
    await tablet.close()
