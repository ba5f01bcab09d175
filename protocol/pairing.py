"""Pairing a tablet: a short code is exchanged once for a token that belongs to one user on one device."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from protocol.fields import Document, Moment, ShortText
from protocol.limits import PAIRING_CODE_ALPHABET
from protocol.version import PROTOCOL


class Role(StrEnum):
    """What a user is to the company."""

    TECHNICIAN = "technician"
    INSIDE_SALES = "inside_sales"
    FIELD_SALES = "field_sales"
    HEAD_OF_SALES = "head_of_sales"
    DATA_PROTECTION = "data_protection"
    ADMIN = "admin"


class PairRequest(Document):
    """What the tablet sends to be paired."""

    protocol: int = PROTOCOL
    code: Annotated[str, StringConstraints(max_length=40)]
    device_name: ShortText = ""


class PairAnswer(Document):
    """The tablet's identity from now on. The token is shown once; the server keeps its hash only."""

    type: Literal["rundgang.paired"] = "rundgang.paired"
    protocol: int = PROTOCOL
    epoch: UUID
    server_time: Moment
    token: str
    device_id: UUID
    user_id: UUID
    user_name: str
    role: Role
    territory: str | None = None
    company: str


class Hello(Document):
    """`GET /sync/v1/hello`: that a Rundgang server is really there; no captive portal says this."""

    type: Literal["rundgang.hello"] = "rundgang.hello"
    protocol: int = PROTOCOL
    oldest_protocol: int
    epoch: UUID
    server_time: Moment
    company: str
    template: UUID | None = None
    """The version of the template that is asked now; a tablet that does not have it gets it by this id."""


def normalise_code(typed: str) -> str:
    """A pairing code as a person typed it, without spaces and hyphens, in upper case."""
    return "".join(character for character in typed.upper() if character in PAIRING_CODE_ALPHABET)
