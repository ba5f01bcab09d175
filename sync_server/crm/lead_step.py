"""One step on one lead, from the look at its revision to the event: the lock, the record, the publishing."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, insert, select, update

from protocol.ids import new_id
from protocol.review import LeadState, RejectionReason
from protocol.rules.access import INBOX_ROLES, Who
from protocol.rules.leads import Action, NotAllowed, after, allowed_actions, is_decided
from sync_server.crm import thread
from sync_server.crm.documents import publish_observations
from sync_server.store import schema


class Step(StrEnum):
    """Events of inside sales that are no change of state by themselves."""

    COMMENT = "comment"
    ASSIGN = "assign"
    FOLLOW_UP = "follow_up"
    FOLLOW_UP_DONE = "follow_up_done"
    SETTLE = "settle"
    UNDO = "undo"


class UnknownLead(LookupError):
    """There is no lead with this id."""


class Forbidden(PermissionError):
    """The actor's role may read, not decide."""


class Stale(Exception):
    """Somebody changed the lead since the actor looked at it; nothing was written."""


@dataclass(frozen=True)
class Done:
    """A step that was taken: `event_id` names it for `undo`."""

    lead_id: UUID
    event_id: int
    revision: int


_REMEMBERED = (
    "state",
    "reason",
    "note",
    "assignee_id",
    "decided_by_id",
    "decided_at",
    "first_answer_at",
    "offered_at",
)
"""Columns of `leads` that a step may change, and that an undo therefore restores."""

_FOR_GOOD = frozenset({Step.SETTLE, Step.UNDO})
"""Steps that are not undone: a version is chosen by adding one, and no version is ever taken away."""

_ENDS_FOLLOW_UPS = frozenset({LeadState.REJECTED, LeadState.DUPLICATE, LeadState.WON, LeadState.LOST})
"""States in which nobody needs to look again."""


class LeadStep:
    """One step on one lead.

    Raises:
        Forbidden: the actor's role may read, not decide.
        UnknownLead: there is no such lead.
        Stale: the lead is no longer as the actor saw it.
    """

    def __init__(
        self, connection: Connection, actor: Who, lead_id: UUID, expected_revision: int, now: datetime
    ) -> None:
        if actor.role not in INBOX_ROLES:
            raise Forbidden
        # Held until the step is committed (PostgreSQL): whoever looks meanwhile waits, and sees it taken.
        held = select(schema.leads).where(schema.leads.c.id == lead_id).with_for_update()
        lead = connection.execute(held).mappings().first()
        if lead is None:
            raise UnknownLead(str(lead_id))
        if lead["revision"] != expected_revision:
            raise Stale
        self.connection = connection
        self.actor = actor
        self.lead: RowMapping = lead
        self.state = LeadState(lead["state"])
        self.now = now
        self.changes: dict[str, Any] = {}
        self.made: dict[str, Any] = {}

    def require(self, action: Action) -> None:
        """Raise NotAllowed when the action does not fit the lead's state."""
        if action not in allowed_actions(self.state):
            raise NotAllowed(self.state, action)

    def begin_work(self, assignee_id: UUID) -> None:
        """What somebody has begun with is nobody else's to find as new, and has an owner."""
        if self.state is LeadState.NEW:
            self.changes["state"] = after(self.state, Action.OPEN).value
        if self.lead["assignee_id"] is None:
            self.changes["assignee_id"] = assignee_id

    def move(self, action: Action, *, reason: RejectionReason | None = None, note: str = "") -> Done:
        """Change the state by a rule, with all that hangs on it, and finish."""
        state = after(self.state, action)
        self.changes |= {"state": state.value, "reason": reason.value if reason else None, "note": note}
        if self.lead["assignee_id"] is None:
            self.changes["assignee_id"] = self.actor.user_id
        decided = is_decided(state)
        self.changes["decided_by_id"] = self.actor.user_id if decided else None
        self.changes["decided_at"] = self.now if decided else None
        if self.lead["first_answer_at"] is None and (decided or state is LeadState.QUESTION):
            self.changes["first_answer_at"] = self.now
        if not decided:
            self.changes["offered_at"] = None  # whoever begins anew offers anew
        if state in _ENDS_FOLLOW_UPS:
            self.close_follow_ups()
        return self.finish(action, reason=reason.value if reason else None)

    def add_comment(self, text: str) -> None:
        """A line of inside sales in the thread of the lead's first observation."""
        observations = schema.observations
        observation_id = (
            self.connection.execute(
                select(observations.c.id)
                .where(observations.c.lead_id == self.lead["id"])
                .order_by(observations.c.id)
            )
            .scalars()
            .first()
        )
        if observation_id is None:
            raise UnknownLead(str(self.lead["id"]))
        comment_id = new_id()
        thread.add(
            self.connection,
            comment_id,
            observation_id,
            self.actor.user_id,
            text,
            by_technician=False,
            at=self.now,
            now=self.now,
        )
        self.made["comment"] = comment_id.hex

    def close_follow_ups(self, only: UUID | None = None) -> bool:
        """Mark the lead's open follow-ups (or one of them) as done; whether there was any."""
        table = schema.follow_ups
        wanted = (table.c.lead_id == self.lead["id"]) & table.c.done_at.is_(None)
        if only is not None:
            wanted &= table.c.id == only
        closed = list(self.connection.execute(select(table.c.id).where(wanted)).scalars())
        if closed:
            self.connection.execute(update(table).where(table.c.id.in_(closed)).values(done_at=self.now))
            self.made["closed"] = [each.hex for each in closed]
        return bool(closed)

    def finish(self, action: Action | Step, **words: Any) -> Done:
        """Write the lead, the event and what tablets read."""
        leads = schema.leads
        revision = self.lead["revision"] + 1
        changed = self.connection.execute(
            update(leads)
            .where(leads.c.id == self.lead["id"], leads.c.revision == self.lead["revision"])
            .values(**self.changes, revision=revision, changed_at=self.now)
        )
        if changed.rowcount != 1:
            raise Stale
        detail = {key: value for key, value in words.items() if value is not None}
        if action not in _FOR_GOOD:
            detail["before"] = {name: _plain(self.lead[name]) for name in _REMEMBERED}
        if self.made:
            detail["made"] = self.made
        event_id = self.connection.execute(
            insert(schema.lead_events)
            .values(
                lead_id=self.lead["id"],
                actor_id=self.actor.user_id,
                at=self.now,
                action=action.value,
                state_before=self.state.value,
                state_after=self.changes.get("state", self.state.value),
                detail=json.dumps(detail, ensure_ascii=False),
            )
            .returning(schema.lead_events.c.id)
        ).scalar_one()
        observations = schema.observations
        mine = select(observations.c.id).where(observations.c.lead_id == self.lead["id"])
        publish_observations(self.connection, list(self.connection.execute(mine).scalars()), self.now)
        return Done(self.lead["id"], event_id, revision)


def read_detail(stored: str | None) -> dict[str, Any]:
    """The detail of a lead event; events of other origin may hold a plain sentence, given as `text`."""
    if not stored:
        return {}
    try:
        value = json.loads(stored)
    except ValueError:
        return {"text": stored}
    return value if isinstance(value, dict) else {"text": str(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, datetime) else value


def restored(before: dict[str, Any]) -> dict[str, Any]:
    """The columns of a lead as an event remembers them."""
    values: dict[str, Any] = {name: before.get(name) for name in _REMEMBERED}
    for name in ("assignee_id", "decided_by_id"):
        values[name] = UUID(values[name]) if values[name] else None
    for name in ("decided_at", "first_answer_at", "offered_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["note"] = values["note"] or ""
    return values
