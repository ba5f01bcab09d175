"""Deciding: each form of a lead's toolbar, and what the person is told when a colleague was faster."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from protocol.review import RejectionReason
from protocol.rules.leads import Action, NotAllowed
from sync_server.crm import leads, review
from sync_server.crm.lead_step import Done, Forbidden, Stale, Step, UnknownLead
from sync_server.crm.settling import UnknownVersion, settle
from sync_server.inbox import refusals, triage
from sync_server.inbox.addresses import read_id, read_number, write_filter
from sync_server.inbox.calls import Call
from sync_server.inbox.words import get_words

_Taken = Callable[[Connection, Call, UUID, int], Done]


def _accept(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    return review.accept(connection, call.who, lead_id, revision, now=call.now)


def _reject(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    try:
        reason = RejectionReason(call.form["reason"])
    except ValueError:
        reason = None
    return review.reject(
        connection, call.who, lead_id, revision, reason=reason, note=call.form["note"], now=call.now
    )


def _ask(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    return review.ask(connection, call.who, lead_id, revision, text=call.form["text"], now=call.now)


def _comment(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    return review.comment(connection, call.who, lead_id, revision, text=call.form["text"], now=call.now)


def _assign(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    chosen = call.form["assignee"]
    assignee = read_id(chosen)
    if chosen and assignee is None:
        raise review.Invalid(review.Fault.ASSIGNEE_UNKNOWN)
    return review.assign(connection, call.who, lead_id, revision, assignee_id=assignee, now=call.now)


def _follow_up(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    return review.follow_up(
        connection,
        call.who,
        lead_id,
        revision,
        due_on=_day(call.form["quick"] or call.form["due_on"]),
        note=call.form["note"],
        today=call.today,
        now=call.now,
    )


def _finish_follow_up(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    follow_up_id = read_id(call.form["follow_up"])
    return review.finish_follow_up(
        connection, call.who, lead_id, revision, follow_up_id=follow_up_id, now=call.now
    )


def _settle(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    chosen_id = read_id(call.form["version"])
    try:
        return settle(connection, call.who, lead_id, revision, chosen_id=chosen_id, now=call.now)
    except UnknownVersion:
        raise review.Invalid(review.Fault.VERSION_UNKNOWN) from None


def _undo(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
    event_id = read_number(call.form["event"])
    return review.undo(connection, call.who, lead_id, revision, event_id=event_id, now=call.now)


def _plain(action: Action) -> _Taken:
    def take(connection: Connection, call: Call, lead_id: UUID, revision: int) -> Done:
        return review.move(connection, call.who, lead_id, revision, action, now=call.now)

    return take


_STEPS: dict[str, tuple[_Taken, str]] = {
    "accept": (_accept, Action.ACCEPT),
    "reject": (_reject, Action.REJECT),
    "ask": (_ask, Action.ASK),
    "comment": (_comment, Step.COMMENT),
    "assign": (_assign, Step.ASSIGN),
    "follow-up": (_follow_up, Step.FOLLOW_UP),
    "follow-up-done": (_finish_follow_up, Step.FOLLOW_UP_DONE),
    "settle": (_settle, Step.SETTLE),
    "undo": (_undo, Step.UNDO),
    "take": (_plain(Action.OPEN), Action.OPEN),
    "reopen": (_plain(Action.REOPEN), Action.REOPEN),
    "duplicate": (_plain(Action.MARK_DUPLICATE), Action.MARK_DUPLICATE),
    "hand-over": (_plain(Action.HAND_OVER), Action.HAND_OVER),
    "offer": (_plain(Action.OFFER), Action.OFFER),
    "win": (_plain(Action.WIN), Action.WIN),
    "lose": (_plain(Action.LOSE), Action.LOSE),
}

STEPS = tuple(_STEPS)
"""Names of the steps in addresses."""


def decide(call: Call) -> Response:
    """Take one step on one lead; the answer is the lead as it is now, with an undo."""
    lead_id = read_id(call.request.path_params["lead_id"])
    name = call.request.path_params["step"]
    if lead_id is None or name not in _STEPS:
        return refusals.not_found(call)
    take, event = _STEPS[name]
    words = get_words(call.language)
    try:
        with call.database.writing() as connection:
            done = take(connection, call, lead_id, read_number(call.form["revision"]))
            review.mark_seen(connection, call.user.user_id, lead_id, now=call.now)
    except (UnknownLead, Forbidden) as error:
        return refusals.forbidden(call) if isinstance(error, Forbidden) else refusals.not_found(call)
    except review.Invalid as invalid:
        return _again(call, lead_id, name, words.faults[invalid.fault], 422)
    except (Stale, NotAllowed):
        return _again(call, lead_id, name, _overtaken(call, lead_id), 409)
    call.live.announce("changed", {"lead": lead_id.hex, "revision": str(done.revision)})
    return _show(call, lead_id, done, words.done[event])


def _show(call: Call, lead_id: UUID, done: Done, said: str) -> Response:
    wanted = triage.filter_of(call)
    if call.is_partial:
        return triage.detail_part(call, lead_id, wanted, done_words=said)
    return RedirectResponse(f"/leads/{lead_id.hex}?{write_filter(wanted)}&done={done.event_id}", 303)


def _again(call: Call, lead_id: UUID, name: str, problem: str, status: int) -> Response:
    """The lead with the form still open and what was typed still in it."""
    values = {"problem": problem, "open_tool": name, "typed": call.form}
    if call.is_partial:
        return triage.detail_part(call, lead_id, triage.filter_of(call), status=status, **values)
    return triage.whole_lead_page(call, lead_id, status=status, **values)


def _overtaken(call: Call, lead_id: UUID) -> str:
    _ = call.language.gettext
    with call.database.reading() as connection:
        row = leads.get_row(connection, call.reader, lead_id)
    state = get_words(call.language).states[row.state] if row else ""
    name = (row.decided_by_name or row.assignee_name) if row else None
    if name and name != call.user.name:
        sentence = _(
            "Inzwischen hat sich diese Meldung geändert: %(state)s (%(name)s). "
            "Ihr Schritt wurde nicht ausgeführt; unten steht der neue Stand."
        )
        return sentence % {"state": state, "name": name}
    sentence = _(
        "Inzwischen hat sich diese Meldung geändert: %(state)s. "
        "Ihr Schritt wurde nicht ausgeführt; unten steht der neue Stand."
    )
    return sentence % {"state": state}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise review.Invalid(review.Fault.DATE_MISSING) from None
