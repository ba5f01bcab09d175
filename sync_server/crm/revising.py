"""Storing what a technician adds to an observation: a corrected revision, an answer in its thread (S5)."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, case, delete, insert, select, update

from protocol.changes import AddComment, MarkTask, ReviseObservation
from protocol.observation import Side
from protocol.review import LeadState
from protocol.rules.access import Who
from protocol.rules.leads import Action, after, allowed_actions
from protocol.rules.revisions import Node, tips, winner
from sync_server.crm import thread
from sync_server.crm.arrivals import flag_rows, media_rows, revision_row, shown_columns, task_rows
from sync_server.crm.as_written import Written
from sync_server.crm.documents import publish_observation
from sync_server.crm.known import ACCEPTED, CONFLICT, Known, News, Sender, Verdict
from sync_server.store import schema as t
from sync_server.store.inserting import insert_or_skip, insert_or_update

REVISED = "revised"
COMMENTED = "comment"
TASK_DONE, TASK_OPEN = "task_done", "task_open"


def add_revision(  # noqa: PLR0917  a sentence: from whom, what, in which words
    connection: Connection,
    sender: Sender,
    change: ReviseObservation,
    said: Written,
    known: Known,
    now: datetime,
) -> tuple[Verdict, News]:
    """Keep one more revision; what is shown is decided by `protocol.rules.revisions` alone.

    The review is not touched: the technician's content and the lead's state belong to different sides.
    Whoever has the lead open is told, and decides on what he has seen.
    """
    observation = _observation(connection, change.observation_id)
    earlier = _nodes(connection, change.observation_id)
    nodes = [*earlier, Node(change.revision_id, change.based_on)]
    shown, open_ends = winner(nodes), tips(nodes)
    moved_on = change.based_on != observation.shown_revision_id
    is_conflict = moved_on and len(open_ends) > 1 and change.revision_id in open_ends
    known.expect_revision(change, said)
    row = revision_row(change, said.content, sender, now) | {"conflict": is_conflict}
    connection.execute(insert(t.revisions), row)
    _keep_media(connection, change)
    values: dict[str, Any] = {"revision_count": len(nodes), "has_conflict": len(open_ends) > 1}
    if shown == change.revision_id:
        values |= {"shown_revision_id": shown, **shown_columns(change.content)}
        show_flag_and_task(connection, sender.who, change)
    connection.execute(update(t.observations).where(t.observations.c.id == observation.id).values(values))
    detail = json.dumps({"revision_id": change.revision_id.hex, "conflict": is_conflict})
    state = LeadState(observation.state)
    news = _record(connection, observation, sender, now, action=REVISED, becomes=state, detail=detail)
    publish_observation(connection, change.observation_id, now)
    return CONFLICT if is_conflict else ACCEPTED, news


def add_comment(
    connection: Connection, sender: Sender, change: AddComment, known: Known, now: datetime
) -> tuple[Verdict, News]:
    """Add a technician's words to the thread; the answer to a question gives the lead back to inside sales."""
    observation = _observation(connection, change.observation_id)
    thread.add(
        connection,
        change.comment_id,
        change.observation_id,
        sender.who.user_id,
        change.text,
        by_technician=True,
        at=change.recorded_at,
        now=now,
    )
    _keep_media(connection, change)
    known.comments[change.comment_id] = (change.observation_id, change.text)
    state = LeadState(observation.state)
    if Action.ANSWER in allowed_actions(state):
        action, state = Action.ANSWER.value, after(state, Action.ANSWER)
    else:
        action = COMMENTED
    news = _record(connection, observation, sender, now, action=action, becomes=state)
    publish_observation(connection, change.observation_id, now)
    return ACCEPTED, news


def mark_task(
    connection: Connection, sender: Sender, change: MarkTask, now: datetime
) -> tuple[Verdict, News]:
    """Note that a next step of the technician's own is done, or open after all.

    Where the step is another one by now, or somebody else's, nothing changes and nobody is bothered: whoever
    corrected it knew better. The history of the lead holds what was said.
    """
    observation = _observation(connection, change.observation_id)
    connection.execute(
        update(t.tasks)
        .where(
            t.tasks.c.id == change.observation_id,
            t.tasks.c.text == change.text,
            t.tasks.c.responsible == Side.TECHNICIAN.value,
        )
        .values(done_at=change.recorded_at if change.done else None, marked_at=now)
    )
    state = LeadState(observation.state)
    action = TASK_DONE if change.done else TASK_OPEN
    detail = json.dumps({"change_id": change.id.hex})
    news = _record(connection, observation, sender, now, action=action, becomes=state, detail=detail)
    publish_observation(connection, change.observation_id, now)
    return ACCEPTED, news


def _record(
    connection: Connection,
    observation: Row[Any, Any, Any, Any],
    sender: Sender,
    now: datetime,
    *,
    action: str,
    becomes: LeadState,
    detail: str | None = None,
) -> News:
    # The lead's revision counts what a decision should have seen: what the technician adds belongs to it.
    values: dict[str, Any] = {"revision": t.leads.c.revision + 1}
    if becomes != observation.state:
        values |= {"state": becomes.value, "changed_at": now}
    revision = connection.execute(
        update(t.leads)
        .where(t.leads.c.id == observation.lead_id)
        .values(values)
        .returning(t.leads.c.revision)
    ).scalar_one()
    connection.execute(
        insert(t.lead_events),
        {
            "lead_id": observation.lead_id,
            "actor_id": sender.who.user_id,
            "at": now,
            "action": action,
            "state_before": observation.state,
            "state_after": becomes.value,
            "detail": detail,
        },
    )
    return News("changed", {"lead": observation.lead_id.hex, "revision": str(revision)})


def _observation(connection: Connection, observation_id: UUID) -> Row[Any, Any, Any, Any]:
    return connection.execute(
        select(
            t.observations.c.id, t.observations.c.lead_id, t.observations.c.shown_revision_id, t.leads.c.state
        )
        .join(t.leads, t.leads.c.id == t.observations.c.lead_id)
        .where(t.observations.c.id == observation_id)
    ).one()


def _nodes(connection: Connection, observation_id: UUID) -> list[Node]:
    statement = select(t.revisions.c.id, t.revisions.c.based_on, t.revisions.c.settled_by).where(
        t.revisions.c.observation_id == observation_id
    )
    return [Node(row.id, row.based_on, row.settled_by is not None) for row in connection.execute(statement)]


def _keep_media(connection: Connection, change: ReviseObservation | AddComment) -> None:
    rows = media_rows(change)
    if rows:
        # A photo or voice note that an earlier revision named too keeps its row: its id stands for the same bytes.
        connection.execute(insert_or_skip(connection, t.photos), rows)


def show_flag_and_task(connection: Connection, author: Who, change: ReviseObservation) -> None:
    """Make flag and next step of an observation those of the revision that is shown from now on.

    Args:
        author: the technician whose observation it is.
    """
    connection.execute(delete(t.flags).where(t.flags.c.observation_id == change.observation_id))
    for flag in flag_rows(change):
        connection.execute(insert(t.flags), flag)
    tasks = task_rows(change, author)
    if not tasks:
        connection.execute(delete(t.tasks).where(t.tasks.c.id == change.observation_id))
    for task in tasks:
        values: dict[str, Any] = {name: task[name] for name in ("text", "responsible", "owner_id", "due_on")}
        # What was done stays done when its day is corrected; another text is another step.
        same = t.tasks.c.text == task["text"]
        values |= {name: case((same, t.tasks.c[name])) for name in ("done_at", "marked_at")}
        connection.execute(insert_or_update(connection, t.tasks, ["id"], values), task)
