"""Everything that is known of one customer, from own work and from what the server told: the matter of the brief."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.state.observations import Observations
from app.state.views import CustomerPage, Identity, ObservationRow, Progress, Question, VisitView
from app.store.reference import Reference
from protocol.reference import Channel, HistoryEntry
from protocol.rules.steps import Step


def page_of(
    reference: Reference,
    observations: Observations,
    identity: Identity,
    customer_id: UUID,
    *,
    sending: frozenset[UUID],
    next_visit: VisitView | None,
) -> CustomerPage | None:
    """A customer's page; None if he is not on this tablet (any more).

    Args:
        sending: changes that are on the wire.
    """
    customer = reference.customer(customer_id)
    if customer is None:
        return None
    mine = observations.of_customer(customer_id, sending)
    told = reference.history(customer_id)
    return CustomerPage(
        customer=customer,
        history=tuple(_with_mine(told, mine, identity.user_name)),
        my_observations=mine,
        next_visit=next_visit,
        questions=tuple(questions(mine)),
        steps=(*observations.steps_at(customer_id), *_colleagues(told, mine)),
    )


def questions(rows: Iterable[ObservationRow]) -> list[Question]:
    """What inside sales wants to know of this customer, the oldest question first: it has waited longest."""
    asked = [
        Question(row.id, row.question, row.question_by, row.question_at)
        for row in rows
        if row.progress is Progress.QUESTION and row.question
    ]
    return sorted(asked, key=lambda question: question.asked_at.timestamp() if question.asked_at else 0.0)


def _with_mine(told: list[HistoryEntry], mine: Iterable[ObservationRow], me: str) -> list[HistoryEntry]:
    """The history with what was saved here and has not come back yet, newest first."""
    known = {entry.observation_id for entry in told}
    own = [
        HistoryEntry(
            id=row.id,
            customer_id=row.customer_id,
            at=_saved_at(row),
            channel=Channel.OBSERVATION,
            summary=row.title,
            by_name=me,
            observation_id=row.id,
            kind=row.kind,
        )
        for row in mine
        if row.id not in known and row.customer_id and row.kind and row.progress is not Progress.DRAFT
    ]
    return sorted([*told, *own], key=lambda entry: entry.at, reverse=True) if own else told


def _saved_at(row: ObservationRow) -> datetime:
    return row.recorded_at or row.changed_at


def _colleagues(told: Iterable[HistoryEntry], mine: Iterable[ObservationRow]) -> list[Step]:
    """What colleagues have promised here. What the reader himself recorded is known better from his own work."""
    own = {row.id for row in mine}
    return [
        Step(
            observation_id=entry.observation_id,
            customer_id=entry.customer_id,
            text=entry.next_step.text,
            responsible=entry.next_step.responsible,
            due_on=entry.next_step.due_on,
            said_at=entry.at,
            by_name=entry.by_name or "",
            done_at=entry.step_done_at,
        )
        for entry in told
        if entry.next_step and entry.observation_id and entry.observation_id not in own
    ]
