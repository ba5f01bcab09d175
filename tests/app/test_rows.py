"""Rows are made as things change, a few at a time; what they say is what rows made of everything at once would say."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.state.notebook import Notebook
from app.state.observations import Observations
from app.state.views import ObservationRow, Progress
from app.store.memory import MemoryBacking
from app.store.own_work import OwnWork
from app.store.reference import Reference
from protocol.changes import Outcome, Receipt, ReviseObservation
from protocol.observation import Kind, ObservationContent
from protocol.problems import Code
from protocol.reading import Item, PullPage
from protocol.reference import Entity
from tests.app.a_tablet import Shelf, customer, draft, jpeg, paired, synchronized, told
from tests.app.scripted_server import NOW, ScriptedServer, name

pytestmark = pytest.mark.anyio


def made_anew(notebook: Notebook) -> Sequence[ObservationRow]:
    """What somebody says who has seen none of the changes."""
    return Observations(notebook._own, notebook._reference, notebook.identity).rows(frozenset())


def by_id(rows: Sequence[ObservationRow]) -> dict[UUID, ObservationRow]:
    """Rows of the same moment have no order among themselves."""
    return {row.id: row for row in rows}


async def test_rows_follow_every_change() -> None:
    server = ScriptedServer()
    for company in ("Käsmayr", "Brandl"):
        server.publish(Entity.CUSTOMER, name(company), customer(company))
    tablet, notebook = await paired(Shelf(), server)
    seen: list[set[Progress]] = []

    def compare() -> None:
        rows, anew = notebook.observations(), made_anew(notebook)
        assert by_id(rows) == by_id(anew)
        for company in (name("Käsmayr"), name("Brandl")):
            at = {row.id for row in anew if row.customer_id == company}
            page = notebook.customer(company)
            assert page is None or {row.id for row in page.my_observations} == at
        seen.append({row.progress for row in rows})

    compare()
    await synchronized(tablet)
    first, second, third = (draft(notebook, text) for text in ("eins", "zwei", "drei"))
    photo = await notebook.add_photo(second.id, jpeg())
    second = replace(second, photos=(photo,))
    for step in (
        notebook.keep_draft(first), notebook.save(first), notebook.save(second), notebook.keep_draft(third),
        notebook.answer(first.id, "Herr Brandl entscheidet."),
    ):  # fmt: skip
        await step
        compare()
    server.refusals[second.id] = Code.UNKNOWN_CUSTOMER
    await synchronized(tablet)
    compare()
    server.refusals.clear()
    change = next(entry.revision for entry in notebook._own.entries() if entry.revision)
    question = {
        "id": str(name("q")), "author_id": str(name("sales")), "author_name": "Özdemir", "by_technician": False,
        "text": "Wann?", "at": "2026-11-26T10:00:00Z",
    }  # fmt: skip
    server.publish(Entity.OBSERVATION, change.observation_id, told(change, "question", [question]))
    await synchronized(tablet)
    compare()
    await notebook.mark_read(change.observation_id)
    compare()
    server.publish(Entity.CUSTOMER, name("Käsmayr"), customer("Käsmayr", name="Käsmayr & Söhne"))
    await synchronized(tablet)
    compare()
    assert "Käsmayr & Söhne" in {row.customer_name for row in notebook.observations()}
    begun = await notebook.reopen_refused(
        next(entry.id for entry in notebook._own.entries() if entry.state == "refused")
    )
    compare()
    await notebook.save(replace(begun, customer_id=name("Brandl")))
    compare()
    await synchronized(tablet)
    compare()
    server.publish(Entity.CUSTOMER, name("Käsmayr"), None)
    server.publish(Entity.OBSERVATION, change.observation_id, None)
    await synchronized(tablet)
    compare()
    await notebook.discard_draft(third.id)
    compare()
    assert set().union(*seen) >= {
        Progress.DRAFT, Progress.WAITING, Progress.RECEIVED, Progress.REFUSED, Progress.QUESTION
    }, "the story has come past what it is about"  # fmt: skip


async def test_the_same_rows_while_nothing_changed() -> None:
    tablet, notebook = await paired(Shelf(), ScriptedServer())
    await notebook.save(draft(notebook))
    assert notebook.observations() is notebook.observations()
    await notebook.prefer("theme", "dark")
    rows = notebook.observations()
    await notebook.save(draft(notebook, "noch eine"))
    assert len(notebook.observations()) == len(rows) + 1
    await tablet.close()


async def turns_during(work: Any) -> int:
    """How often others come in while something is done."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.ensure_future(others())
    try:
        await work
    finally:
        task.cancel()
    return turns


async def test_others_come_in_while_much_arrives() -> None:
    own, reference = await OwnWork.open(MemoryBacking()), await Reference.open(MemoryBacking())
    changes = [_change(number) for number in range(200)]
    page = PullPage(
        epoch=name("epoch"), server_time=NOW, cursor="1", more=True,
        items=tuple(
            Item(entity=Entity.OBSERVATION, id=change.observation_id, version=number, body=told(change))
            for number, change in enumerate(changes, start=1)
        ),
    )  # fmt: skip
    assert await turns_during(reference.apply(page)) > 200 / 25
    assert reference.mark.cursor == "1"
    for change in changes[:100]:
        await own.add(change)
    receipts = [
        Receipt(change_id=change.id, outcome=Outcome.ACCEPTED, received_at=NOW) for change in changes[:100]
    ]
    assert await turns_during(own.confirm(receipts)) > 2 * 100 / 25
    assert not own.waiting()


def test_the_http_library_loaded_in_pieces_is_whole() -> None:
    program = """
import asyncio, sys
from app.sync.loading import load
assert "httpx" not in sys.modules, "then this shows nothing"
asyncio.run(load())
import httpx
from httpx import _client
assert httpx.AsyncClient is _client.AsyncClient and httpx._models.Response is httpx.Response
from app.sync.server import Server
Server("https://rundgang.test")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _change(number: int) -> ReviseObservation:
    return ReviseObservation(
        id=name(f"change {number}"),
        observation_id=name(f"observation {number}"),
        revision_id=name(f"revision {number}"),
        content=ObservationContent(kind=Kind.PLAN, customer_id=name("Käsmayr"), observed_at=NOW, seen="x"),
        recorded_at=NOW,
    )
