"""Whatever order and however often changes arrive, the store ends the same (rules S1, S5), by Hypothesis."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from protocol.changes import AnyChange
from sync_server.store import Database
from sync_server.store import schema as t
from tests.server.firm import Firm, Tablet

Change = AnyChange


def empty(database: Database) -> None:
    """Forget everything that was pushed."""
    written = ["receipts", "lead_events", "comments", "flags", "tasks", "photos", "revisions", "observations"]
    with database.writing() as connection:
        for name in [*written, "leads"]:
            connection.execute(delete(t.metadata.tables[name]))
        connection.execute(delete(t.feed).where(t.feed.c.entity != "customer"))


def stored(database: Database) -> dict[str, Any]:
    """What the store says in the end, without times of arrival and ids that the server makes."""
    o, r, c = t.observations.c, t.revisions.c, t.comments.c
    with database.reading() as connection:
        return {
            "observations": connection.execute(
                select(o.id, o.shown_revision_id, o.revision_count, o.has_conflict, o.title, o.kind).order_by(
                    o.id
                )
            ).all(),
            "revisions": connection.execute(select(r.id, r.observation_id, r.content).order_by(r.id)).all(),
            "comments": connection.execute(select(c.id, c.observation_id, c.text).order_by(c.id)).all(),
            "receipts": connection.execute(
                select(t.receipts.c.change_id).order_by(t.receipts.c.change_id)
            ).all(),
            "leads": len(connection.execute(select(t.leads.c.id)).all()),
            "events": len(connection.execute(select(t.lead_events.c.id)).all()),
        }


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[int, list[list[int]]]:
    """How many observations, and pushes as lists of indices into all changes; every change is in some push."""
    observations = draw(st.integers(1, 3))
    many = observations * 4
    order = draw(st.permutations(range(many)))
    repeated = draw(st.lists(st.integers(0, many - 1), max_size=10))
    cuts = draw(st.lists(st.integers(0, many), max_size=4))
    edges = [0, *sorted(cuts), many]
    pushes = [list(order[start:end]) for start, end in pairwise(edges)]
    for index in repeated:
        pushes[index % len(pushes)].insert(0, index)
    return observations, pushes


def changes_of(tablet: Tablet, observations: int) -> list[Change]:
    """For each observation the first revision, a correction, a rival of it, and a comment."""
    made: list[Change] = []
    for number in range(observations):
        first = tablet.observe(f"Beobachtung {number}")
        second = tablet.revise(first, f"Korrektur {number}")
        rival = tablet.revise(first, f"Zweite Korrektur {number}")
        made += [first, second, rival, tablet.comment(first, f"Nachtrag {number}")]
    return made


@pytest.fixture
def tablet(firm: Firm) -> Tablet:
    return firm.pair(firm.anna)


# One server for all examples: each begins with an emptied store.
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals())
def test_s1_s5_any_order_and_any_repetition_of_a_batch_gives_the_same_store(
    tablet: Tablet, plan: tuple[int, list[list[int]]]
) -> None:
    require_the_same_store(tablet, plan)


def require_the_same_store(tablet: Tablet, plan: tuple[int, list[list[int]]]) -> None:
    """Push in order and by the plan, and compare what is stored."""
    observations, pushes = plan
    database = tablet.firm.database
    changes = changes_of(tablet, observations)

    empty(database)
    tablet.push(*changes)
    in_order = stored(database)

    empty(database)
    for push in pushes:
        if push:
            tablet.push(*(changes[index] for index in push))
    tablet.push(*changes)  # comments that came before their observation are offered again
    assert stored(database) == in_order


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrivals())
def test_s1_each_receipt_stays_what_it_was_at_first(
    tablet: Tablet, plan: tuple[int, list[list[int]]]
) -> None:
    observations, pushes = plan
    changes = changes_of(tablet, observations)
    empty(tablet.firm.database)
    given_first: dict[Any, Any] = {}
    for push in [push for push in pushes if push]:
        for receipt in tablet.push(*(changes[index] for index in push)).receipts:
            if receipt.problem is None:
                assert given_first.setdefault(receipt.change_id, receipt) == receipt
