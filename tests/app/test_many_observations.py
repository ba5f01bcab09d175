"""With thousands of observations on the tablet, a tap costs what it concerns and not what is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from app.state.observations import Observations
from protocol.ids import new_id
from protocol.observation import Kind, ObservationContent, Side
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, customer, paired, synchronized
from tests.app.scripted_server import NOW, ScriptedServer, name

pytestmark = pytest.mark.anyio

CUSTOMERS, EACH = 40, 10


@contextmanager
def counted(method: str) -> Iterator[list[str]]:
    """How often a step is taken, and with which observation; the step itself is the product's own."""
    taken: list[str] = []
    original: Any = getattr(Observations, method)

    def counting(self: Observations, key: str, *more: Any) -> Any:
        taken.append(key)
        return original(self, key, *more)

    with patch.object(Observations, method, counting):
        yield taken


@pytest.fixture
def server() -> ScriptedServer:
    """A server that tells of many customers with observations at each."""
    scripted = ScriptedServer()
    for number in range(CUSTOMERS):
        scripted.publish(Entity.CUSTOMER, name(f"c{number}"), customer(f"c{number}"))
        for _ in range(EACH):
            scripted.publish(Entity.OBSERVATION, thing := new_id(), _observed(thing, number))
    return scripted


def _observed(thing: Any, number: int) -> dict[str, Any]:
    step = {"text": "Rückruf", "responsible": Side.TECHNICIAN if number == 7 else Side.INSIDE_SALES}
    content = ObservationContent.model_validate(
        {
            "kind": Kind.NOTE,
            "customer_id": name(f"c{number}"),
            "observed_at": NOW,
            "seen": "x",
            "next_step": step,
        }
    )
    shown = {
        "id": str(new_id()), "content": content.as_dict(), "author_name": "Jonas Weber",
        "recorded_at": NOW.isoformat(), "received_at": NOW.isoformat(),
    }  # fmt: skip
    return {"id": str(thing), "shown": shown, "received_at": NOW.isoformat()}


async def test_a_brief_looks_at_its_own_customer_only(server: ScriptedServer) -> None:
    tablet, notebook = await paired(Shelf(), server)
    await synchronized(tablet)
    with counted("_step") as steps:
        page = notebook.customer(name("c3"))
    assert page is not None
    assert len(page.my_observations) == len(page.steps) == EACH
    assert len(steps) == EACH
    await tablet.close()


async def test_tasks_are_found_among_what_was_promised(server: ScriptedServer) -> None:
    tablet, notebook = await paired(Shelf(), server)
    await synchronized(tablet)
    with counted("_step") as looked_at:
        first, again = notebook.tasks.all(NOW), notebook.tasks.all(NOW)
    assert len(first.open) == EACH
    assert again == first
    assert len(looked_at) == EACH, "and nothing is looked for twice"
    await tablet.close()


async def test_what_the_server_tells_anew_is_found_and_what_it_takes_back_is_not(
    server: ScriptedServer,
) -> None:
    tablet, notebook = await paired(Shelf(), server)
    await synchronized(tablet)
    page = notebook.customer(name("c3"))
    assert page is not None
    gone, moved = (row.id for row in page.my_observations[:2])
    server.publish(Entity.OBSERVATION, gone, None)
    server.publish(Entity.OBSERVATION, moved, _observed(moved, 7))
    await synchronized(tablet)
    left, there = notebook.customer(name("c3")), notebook.customer(name("c7"))
    assert left is not None
    assert there is not None
    assert {gone, moved}.isdisjoint(row.id for row in left.my_observations)
    assert moved in {row.id for row in there.my_observations}
    assert len(notebook.tasks.all(NOW).open) == EACH + 1
    await tablet.close()
