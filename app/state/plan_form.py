"""A visit while it is being planned: kept like a draft, so that nothing typed is lost when the app is swiped away."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.state.begun_text import BegunText
from protocol.fields import clean_text
from protocol.limits import MAX_PURPOSE
from protocol.planning import VisitPlan

USUAL_LENGTH = 60
"""Minutes of a visit that nobody has said otherwise of."""


class PlanFault(StrEnum):
    """What is still missing of a plan, or wrong with it."""

    CUSTOMER = "customer"
    DAY = "day"
    TIME = "time"
    PAST = "past"


@dataclass(frozen=True)
class PlanForm:
    """What has been chosen so far.

    Attributes:
        minutes: how long; None: nobody knows.
    """

    customer_id: UUID | None = None
    site_id: UUID | None = None
    day: date | None = None
    begins: time | None = None
    minutes: int | None = USUAL_LENGTH
    purpose: str = ""


def form_of(plan: VisitPlan, local: Callable[[datetime], datetime] = datetime.astimezone) -> PlanForm:
    """The form of a visit that is planned already."""
    starts = local(plan.starts_at)
    minutes = int((plan.ends_at - plan.starts_at) / timedelta(minutes=1)) if plan.ends_at else None
    return PlanForm(
        plan.customer_id,
        plan.site_id,
        starts.date(),
        starts.time().replace(second=0, microsecond=0),
        minutes,
        plan.purpose,
    )


def faults(form: PlanForm, now: datetime, *, before: VisitPlan | None = None) -> list[PlanFault]:
    """What keeps a form from being saved.

    Args:
        before: what is planned already: an appointment that was made may be left in the past.
    """
    found = []
    if form.customer_id is None:
        found.append(PlanFault.CUSTOMER)
    if form.day is None:
        found.append(PlanFault.DAY)
    if form.begins is None:
        found.append(PlanFault.TIME)
    if form.day is None or form.begins is None:
        return found
    starts = _starts(form.day, form.begins)
    if starts < now and (before is None or before.starts_at != starts):
        found.append(PlanFault.PAST)
    return found


def plan_of(form: PlanForm) -> VisitPlan:
    """The plan of a form without faults. Raises ValueError where one of the three that must be there is missing."""
    if form.customer_id is None or form.day is None or form.begins is None:
        raise ValueError("customer, day and time are needed")
    starts = _starts(form.day, form.begins)
    return VisitPlan(
        customer_id=form.customer_id,
        site_id=form.site_id,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=form.minutes) if form.minutes else None,
        purpose=" ".join(clean_text(form.purpose).split())[:MAX_PURPOSE],
    )


def _starts(day: date, begins: time) -> datetime:
    # What has no zone yet is a time where the tablet is.
    return datetime.combine(day, begins).astimezone()


class PlanEditor:
    """A form over its kept text.

    Args:
        text: where it is kept.
        fallback: the form where nothing was begun.
    """

    def __init__(self, text: BegunText, fallback: PlanForm) -> None:
        self.text = text
        self._fallback = fallback

    @property
    def form(self) -> PlanForm:
        """What has been chosen so far."""
        return read(self.text.text) or self._fallback

    def change(self, **fields: Any) -> None:
        """Choose something; durable soon after."""
        self.text.change(written(replace(self.form, **fields)))


def written(form: PlanForm) -> str:
    """A form as it is kept."""
    return json.dumps(asdict(form), default=str, ensure_ascii=False)


def read(text: str) -> PlanForm | None:
    """A kept form; None if there is none."""
    try:
        kept = json.loads(text)
        return PlanForm(
            customer_id=UUID(kept["customer_id"]) if kept["customer_id"] else None,
            site_id=UUID(kept["site_id"]) if kept["site_id"] else None,
            day=date.fromisoformat(kept["day"]) if kept["day"] else None,
            begins=time.fromisoformat(kept["begins"]) if kept["begins"] else None,
            minutes=kept["minutes"],
            purpose=str(kept["purpose"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
