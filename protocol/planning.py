"""A visit as its technician plans it, and what he has prepared for it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from protocol.answers import Name
from protocol.fields import Document, Moment, ShortText
from protocol.limits import MAX_PURPOSE


class VisitPlan(Document):
    """Where, when and for what; or that the visit is off."""

    customer_id: UUID
    site_id: UUID | None = None
    starts_at: Moment
    ends_at: Moment | None = None
    purpose: Annotated[ShortText, StringConstraints(max_length=MAX_PURPOSE)] = ""
    cancelled: bool = False

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise PydanticCustomError("implausible_end", "a visit ends after it begins")
        return self


class OtherPlan(Document):
    """A version of a visit that was made apart from the one shown: its technician must choose."""

    id: UUID
    plan: VisitPlan
    recorded_at: Moment


class Prepared(Document):
    """One point of the preparation that is done for a visit."""

    item: Name
    template: UUID
    """The version that has the point's words."""
    done_at: Moment
