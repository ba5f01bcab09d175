"""The kinds of fields that documents are made of, each with its check and its words for a failure."""

import re
import sys
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from protocol.limits import EARLIEST_DATE, LATEST_DATE, MAX_SHORT_TEXT, MAX_TEXT

# The Unicode categories Cc and Cs without line feed and tab. A pattern, because looking up the category
# of each character took longer than everything else that the server does with a text.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def is_clean(text: str) -> bool:
    """Whether a text holds no control characters but line feed and tab, and no lone surrogates."""
    # What is printable holds none of them, and that is known four times faster.
    return text.isprintable() or _FORBIDDEN.search(text) is None


def clean_text(text: str) -> str:
    """The text as it may be stored: what was pasted from a PDF or a terminal loses its control characters.

    Carriage returns become line feeds. Used by the tablet while a person types, so that the server
    never has to refuse what a person cannot see.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub("", unified)


def _require_clean(text: str) -> str:
    if not is_clean(text):
        raise PydanticCustomError("control_character", "contains control characters")
    return text


def _require_plausible_date(value: date) -> date:
    if not EARLIEST_DATE <= value <= LATEST_DATE:
        raise PydanticCustomError(
            "implausible_date",
            "must lie between {earliest} and {latest}",
            {"earliest": EARLIEST_DATE.isoformat(), "latest": LATEST_DATE.isoformat()},
        )
    return value


def _require_plausible_moment(value: datetime) -> datetime:
    # astimezone fails at the edges of the calendar, so the year is looked at first.
    if not EARLIEST_DATE.year <= value.year <= LATEST_DATE.year:
        _require_plausible_date(value.date())
    return value.astimezone(UTC)


def _require_sha256(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise PydanticCustomError("not_a_sha256", "must be 64 lower-case hexadecimal digits")
    return value


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(_require_clean)]
"""A longer text of a person, at most MAX_TEXT characters."""

ShortText = Annotated[
    str, StringConstraints(max_length=MAX_SHORT_TEXT, strip_whitespace=True), AfterValidator(_require_clean)
]
"""A line of a person, at most MAX_SHORT_TEXT characters."""

Day = Annotated[date, AfterValidator(_require_plausible_date)]
"""A calendar day between EARLIEST_DATE and LATEST_DATE."""

Moment = Annotated[AwareDatetime, AfterValidator(_require_plausible_moment)]
"""An instant with a time zone, kept in UTC."""

Sha256 = Annotated[str, AfterValidator(_require_sha256)]
"""The SHA-256 of a file in lower-case hexadecimal (FIPS 180-4)."""


BUILT_LATE = sys.platform == "emscripten"
"""Whether a document's validator is built when it is first used instead of at import."""


class Document(BaseModel):
    """A value that travels: immutable, and strict about what it knows.

    Unknown fields are ignored, so that an older side can read what a newer one sends (rule S16).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        ser_json_timedelta="iso8601",
        # In the browser half of what importing the protocol costs is building validators, of which a start needs
        # few. Where there are threads (server, desktop) they are built at import: building late is not for several.
        defer_build=BUILT_LATE,
    )

    def as_json(self) -> str:
        """The document in its wire form."""
        # What `model_dump_json` does, without the half of its time that goes into passing on its options.
        return self.__pydantic_serializer__.to_json(self, exclude_none=True).decode()

    def as_dict(self) -> dict[str, Any]:
        """The document as plain JSON values, for a document store."""
        return self.model_dump(mode="json", exclude_none=True)
