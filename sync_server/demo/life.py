"""The life of a lead in time: opened, asked, answered, decided, handed over; by the product's own rules."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from protocol.review import LeadState, RejectionReason
from protocol.rules.leads import Action, after, is_decided
from sync_server.crm.lead_step import Step
from sync_server.demo.chance import Chance

Row = dict[str, Any]

_ENDS_FOLLOW_UPS = frozenset({LeadState.REJECTED, LeadState.DUPLICATE, LeadState.WON, LeadState.LOST})


@dataclass
class LeadLife:
    """A lead from its arrival; every step appends the rows that the product would have written."""

    chance: Chance
    lead_id: UUID
    observation_id: UUID
    received_at: datetime
    state: LeadState = LeadState.NEW
    events: list[Row] = field(default_factory=list)
    comments: list[Row] = field(default_factory=list)
    follow_ups: list[Row] = field(default_factory=list)
    _lead: Row = field(default_factory=dict)
    _revision: int = 1

    def __post_init__(self) -> None:
        self._lead = {
            "reason": None,
            "note": "",
            "assignee_id": None,
            "decided_by_id": None,
            "decided_at": None,
            "first_answer_at": None,
            "changed_at": self.received_at,
        }

    @property
    def row(self) -> Row:
        """The row of `leads` as it stands now."""
        return {
            "id": self.lead_id,
            "state": self.state.value,
            "created_at": self.received_at,
            "revision": self._revision,
            **self._lead,
        }

    def open(self, actor: UUID, at: datetime) -> None:
        """Somebody begins with it."""
        self._lead["assignee_id"] = actor
        self._happen(actor, at, Action.OPEN, after(self.state, Action.OPEN))

    def assign(self, actor: UUID, assignee: UUID, at: datetime) -> None:
        """It is given to a colleague."""
        self._lead["assignee_id"] = assignee
        state = after(self.state, Action.OPEN) if self.state is LeadState.NEW else self.state
        self._happen(actor, at, Step.ASSIGN, state, assignee=assignee.hex)

    def comment(self, actor: UUID, at: datetime, text: str) -> None:
        """A line to the technician that needs no answer."""
        self._say(actor, at, text, by_technician=False)
        self._happen(actor, at, Step.COMMENT, self.state)

    def ask(self, actor: UUID, at: datetime, text: str) -> None:
        """A question to the technician."""
        self._say(actor, at, text, by_technician=False)
        self._move(actor, at, Action.ASK)

    def answer(self, technician: UUID, at: datetime, text: str) -> None:
        """His answer."""
        self._say(technician, at, text, by_technician=True)
        self._happen(technician, at, Action.ANSWER, after(self.state, Action.ANSWER))

    def decide(self, actor: UUID, at: datetime, action: Action) -> None:
        """Accept, hand over, win, lose, mark as duplicate, reopen."""
        self._move(actor, at, action)

    def reject(self, actor: UUID, at: datetime, reason: RejectionReason, note: str) -> None:
        """Nothing becomes of it, for a reason."""
        self._move(actor, at, Action.REJECT, reason, note)

    def follow_up(self, actor: UUID, at: datetime, due_on: date, note: str) -> None:
        """Put off until a day; an earlier follow-up is replaced."""
        self._close_follow_ups(at)
        self.follow_ups.append(
            {
                "id": self.chance.id_at(at),
                "lead_id": self.lead_id,
                "owner_id": self._lead["assignee_id"] or actor,
                "due_on": due_on,
                "note": note,
                "created_at": at,
                "done_at": None,
            }
        )
        self._happen(actor, at, Step.FOLLOW_UP, self.state, due_on=due_on.isoformat())

    def finish_follow_up(self, actor: UUID, at: datetime) -> None:
        """The follow-up was looked at."""
        self._close_follow_ups(at)
        self._happen(actor, at, Step.FOLLOW_UP_DONE, self.state)

    def _move(
        self,
        actor: UUID,
        at: datetime,
        action: Action,
        reason: RejectionReason | None = None,
        note: str = "",
    ) -> None:
        state = after(self.state, action)
        decided = is_decided(state)
        self._lead |= {
            "reason": reason.value if reason else None,
            "note": note,
            "assignee_id": self._lead["assignee_id"] or actor,
            "decided_by_id": actor if decided else None,
            "decided_at": at if decided else None,
        }
        if self._lead["first_answer_at"] is None and (decided or state is LeadState.QUESTION):
            self._lead["first_answer_at"] = at
        if state in _ENDS_FOLLOW_UPS:
            self._close_follow_ups(at)
        self._happen(actor, at, action, state, **({"reason": reason.value} if reason else {}))

    def _close_follow_ups(self, at: datetime) -> None:
        for row in self.follow_ups:
            row["done_at"] = row["done_at"] or at

    def _say(self, author: UUID, at: datetime, text: str, *, by_technician: bool) -> None:
        self.comments.append(
            {
                "id": self.chance.id_at(at),
                "observation_id": self.observation_id,
                "author_id": author,
                "by_technician": by_technician,
                "text": text,
                "at": at,
                "received_at": at,
            }
        )

    def _happen(
        self, actor: UUID, at: datetime, action: Action | Step, state: LeadState, **words: str
    ) -> None:
        if at < self._lead["changed_at"]:
            raise ValueError(f"{action} at {at} would come before what has happened already")
        self.events.append(
            {
                "lead_id": self.lead_id,
                "actor_id": actor,
                "at": at,
                "action": action.value,
                "state_before": self.state.value,
                "state_after": state.value,
                "detail": json.dumps(words, ensure_ascii=False),
            }
        )
        self.state = state
        self._lead["changed_at"] = at
        self._revision += 1
