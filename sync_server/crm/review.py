"""What inside sales decides about a lead: each decision is one locked step with an event and an undo.

Every function takes the revision of the lead that the person had before his eyes. If a colleague was
faster, `Stale` is raised and nothing is overwritten. Each step writes one `lead_events` row whose
detail keeps what was before, so that `undo` restores it exactly, and publishes the lead's
observations, so that the answer reaches the tablet at its next pull.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from protocol.fields import clean_text
from protocol.ids import new_id
from protocol.limits import LATEST_DATE, MAX_SHORT_TEXT, MAX_TEXT
from protocol.pairing import Role
from protocol.review import LeadState, RejectionReason
from protocol.rules.access import INBOX_ROLES, Who
from protocol.rules.leads import Action, NotAllowed, allowed_actions
from sync_server.crm.lead_step import (
    Done,
    Forbidden,
    LeadStep,
    Stale,
    Step,
    UnknownLead,
    read_detail,
    restored,
)
from sync_server.store import schema
from sync_server.store.inserting import insert_or_update

UNDO_FOR = timedelta(minutes=10)
"""How long a step can be taken back: as long as a toast may be on the screen, and a telephone call."""


__all__ = ["Done", "Forbidden", "NotAllowed", "Stale", "Step", "UnknownLead"]


class Fault(StrEnum):
    """What is wrong with what a person entered; each has a sentence in the inbox."""

    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    NOTE_TOO_LONG = "note_too_long"
    NOTE_MISSING = "note_missing"
    REASON_MISSING = "reason_missing"
    DATE_MISSING = "date_missing"
    DATE_PAST = "date_past"
    DATE_FAR = "date_far"
    ASSIGNEE_UNKNOWN = "assignee_unknown"
    FOLLOW_UP_UNKNOWN = "follow_up_unknown"
    VERSION_UNKNOWN = "version_unknown"
    UNDO_LATE = "undo_late"


class Invalid(ValueError):
    """What was entered cannot be taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def accept(
    connection: Connection, actor: Who, lead_id: UUID, expected_revision: int, *, now: datetime
) -> Done:
    """The observation becomes a lead that sales works on."""
    return move(connection, actor, lead_id, expected_revision, Action.ACCEPT, now=now)


def reject(
    connection: Connection,
    actor: Who,
    lead_id: UUID,
    expected_revision: int,
    *,
    reason: RejectionReason | None,
    note: str,
    now: datetime,
) -> Done:
    """Nothing becomes of the observation, for a reason that the technician will read.

    Raises:
        Invalid: no reason, reason "other" without a note, or a note over MAX_SHORT_TEXT characters.
    """
    note = _line(note)
    if reason is None:
        raise Invalid(Fault.REASON_MISSING)
    if reason is RejectionReason.OTHER and not note:
        raise Invalid(Fault.NOTE_MISSING)
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    return step.move(Action.REJECT, reason=reason, note=note)


def ask(
    connection: Connection, actor: Who, lead_id: UUID, expected_revision: int, *, text: str, now: datetime
) -> Done:
    """A question to the technician; the lead waits for his answer.

    Raises:
        Invalid: the text is empty or over MAX_TEXT characters.
    """
    text = _text(text)
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    step.require(Action.ASK)
    step.add_comment(text)
    return step.move(Action.ASK)


def comment(
    connection: Connection, actor: Who, lead_id: UUID, expected_revision: int, *, text: str, now: datetime
) -> Done:
    """A line to the technician that needs no answer.

    Raises:
        Invalid: the text is empty or over MAX_TEXT characters.
    """
    text = _text(text)
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    step.add_comment(text)
    return step.finish(Step.COMMENT)


def assign(
    connection: Connection,
    actor: Who,
    lead_id: UUID,
    expected_revision: int,
    *,
    assignee_id: UUID | None,
    now: datetime,
) -> Done:
    """Who works on the lead; None gives it back to the common queue.

    Raises:
        Invalid: there is no active user of inside sales with this id.
    """
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    if assignee_id is not None:
        if assignee_id not in {user_id for user_id, _ in assignable_users(connection)}:
            raise Invalid(Fault.ASSIGNEE_UNKNOWN)
        step.begin_work(assignee_id)
    step.changes["assignee_id"] = assignee_id
    return step.finish(Step.ASSIGN, assignee=assignee_id.hex if assignee_id else None)


def follow_up(
    connection: Connection,
    actor: Who,
    lead_id: UUID,
    expected_revision: int,
    *,
    due_on: date | None,
    note: str,
    today: date,
    now: datetime,
) -> Done:
    """Put the lead off until a day (Wiedervorlage); an earlier follow-up of the lead is replaced.

    Raises:
        Invalid: the day is missing, before `today` or after LATEST_DATE, or the note is too long.
    """
    note = _line(note)
    if due_on is None:
        raise Invalid(Fault.DATE_MISSING)
    if due_on < today:
        raise Invalid(Fault.DATE_PAST)
    if due_on > LATEST_DATE:
        raise Invalid(Fault.DATE_FAR)
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    step.begin_work(actor.user_id)
    step.close_follow_ups()
    follow_up_id = new_id()
    connection.execute(
        insert(schema.follow_ups).values(
            id=follow_up_id,
            lead_id=lead_id,
            owner_id=step.changes.get("assignee_id") or step.lead["assignee_id"] or actor.user_id,
            due_on=due_on,
            note=note,
            created_at=now,
        )
    )
    step.made["follow_up"] = follow_up_id.hex
    return step.finish(Step.FOLLOW_UP, due_on=due_on.isoformat())


def finish_follow_up(
    connection: Connection,
    actor: Who,
    lead_id: UUID,
    expected_revision: int,
    *,
    follow_up_id: UUID | None,
    now: datetime,
) -> Done:
    """Mark a follow-up as done.

    Raises:
        Invalid: the lead has no such open follow-up.
    """
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    if follow_up_id is None or not step.close_follow_ups(follow_up_id):
        raise Invalid(Fault.FOLLOW_UP_UNKNOWN)
    return step.finish(Step.FOLLOW_UP_DONE)


def move(
    connection: Connection,
    actor: Who,
    lead_id: UUID,
    expected_revision: int,
    action: Action,
    *,
    now: datetime,
) -> Done:
    """An action that needs nothing but itself: accept, reopen, hand over, offer, win, lose, mark as duplicate.

    Raises:
        NotAllowed: the action does not fit the lead's state.
    """
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    if action is Action.OFFER:
        step.require(action)
        step.changes["offered_at"] = now
        return step.finish(action)
    if action is Action.OPEN:
        step.require(action)
        step.begin_work(actor.user_id)
        return step.finish(Action.OPEN)
    return step.move(action)


def undo(
    connection: Connection, actor: Who, lead_id: UUID, expected_revision: int, *, event_id: int, now: datetime
) -> Done:
    """Take back one's own last step, as if it had not been taken; the event stays in the record.

    Raises:
        Stale: the step is not the lead's last event, or not the actor's.
        Invalid: the step is older than UNDO_FOR.
    """
    step = LeadStep(connection, actor, lead_id, expected_revision, now)
    events = schema.lead_events
    last = (
        connection.execute(
            select(events).where(events.c.lead_id == lead_id).order_by(events.c.id.desc()).limit(1)
        )
        .mappings()
        .first()
    )
    if last is None or last["id"] != event_id or last["actor_id"] != actor.user_id:
        raise Stale
    detail = read_detail(last["detail"])
    if "before" not in detail:
        raise Stale
    if now - last["at"] > UNDO_FOR:
        raise Invalid(Fault.UNDO_LATE)
    made = detail.get("made", {})
    if "comment" in made:
        connection.execute(delete(schema.comments).where(schema.comments.c.id == UUID(made["comment"])))
    if "follow_up" in made:
        connection.execute(delete(schema.follow_ups).where(schema.follow_ups.c.id == UUID(made["follow_up"])))
    for closed in made.get("closed", ()):
        connection.execute(
            update(schema.follow_ups).where(schema.follow_ups.c.id == UUID(closed)).values(done_at=None)
        )
    step.changes.update(restored(detail["before"]))
    return step.finish(Step.UNDO, of=event_id, undone=last["action"])


def mark_seen(connection: Connection, user_id: UUID, lead_id: UUID, *, now: datetime) -> None:
    """Note that a user has opened a lead (his unread mark goes)."""
    statement = insert_or_update(connection, schema.seen_by, ["lead_id", "user_id"], {"at": now})
    connection.execute(statement, {"lead_id": lead_id, "user_id": user_id, "at": now})


def mark_unseen(connection: Connection, user_id: UUID, lead_id: UUID) -> None:
    """Give a lead its unread mark back."""
    seen = schema.seen_by
    connection.execute(delete(seen).where(seen.c.lead_id == lead_id, seen.c.user_id == user_id))


def assignable_users(connection: Connection) -> list[tuple[UUID, str]]:
    """Who may be given a lead: active users who may decide, by name."""
    users = schema.users
    rows = connection.execute(
        select(users.c.id, users.c.name)
        .where(users.c.active, users.c.role.in_([role.value for role in sorted(INBOX_ROLES)]))
        .order_by(users.c.name)
    )
    return [(row.id, row.name) for row in rows]


def possible_actions(state: LeadState, role: Role) -> frozenset[Action]:
    """What a user of this role can do with a lead in this state."""
    return allowed_actions(state) if role in INBOX_ROLES else frozenset()


def _text(typed: str) -> str:
    text = clean_text(typed).strip()
    if not text:
        raise Invalid(Fault.TEXT_MISSING)
    if len(text) > MAX_TEXT:
        raise Invalid(Fault.TEXT_TOO_LONG)
    return text


def _line(typed: str) -> str:
    line = " ".join(clean_text(typed).split())
    if len(line) > MAX_SHORT_TEXT:
        raise Invalid(Fault.NOTE_TOO_LONG)
    return line
