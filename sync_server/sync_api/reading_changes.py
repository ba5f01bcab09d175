"""Reads the body of a push: change by change, so that a bad one never holds back its neighbours (S2)."""

import json
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError
from pydantic_core import from_json

from protocol.changes import Change, PushRequest, change_adapter
from protocol.fields import Document, Moment
from protocol.limits import MAX_PUSH_CHANGES, MAX_TEXT
from protocol.problems import Code, FieldError, Problem, problem
from protocol.version import PROTOCOL
from sync_server.crm.observations import NO_ID, Pushed, as_pushed
from sync_server.crm.refusal import Refused
from sync_server.sync_api.nesting import without_depths

_LONGEST_NUMBER = 400
"""Digits: more than any number that has a meaning here, few enough to convert at once."""


class _FlawlessPush(Document):
    """The shape of a push whose changes are all good: read in one go, which takes half the time."""

    protocol: int = PROTOCOL
    epoch: UUID | None = None
    sent_at: Moment
    changes: tuple[Change, ...] = Field(max_length=MAX_PUSH_CHANGES)


class ReadPush(Document):
    """A push as far as it could be read."""

    epoch: UUID | None
    sent_at: Moment


def read_push(body: bytes, language: str) -> tuple[ReadPush, list[Pushed]]:
    """The push and its changes, each of them read or with the problem that it has.

    Raises:
        Refused: NOT_JSON, PROTOCOL_TOO_NEW, TOO_MANY_CHANGES, IMPLAUSIBLE_DATE or INVALID_REQUEST, when
            the push as a whole cannot be read.
    """
    try:
        push = _FlawlessPush.model_validate_json(body)
    except ValidationError:
        return _read_one_by_one(body, language)
    if push.protocol > PROTOCOL:
        raise Refused(Code.PROTOCOL_TOO_NEW)
    pushed = [as_pushed(change) for change in push.changes]
    return ReadPush.model_construct(epoch=push.epoch, sent_at=push.sent_at), pushed


def _read_one_by_one(body: bytes, language: str) -> tuple[ReadPush, list[Pushed]]:
    document = _parsed(body)
    if isinstance(document, dict):
        version = document.get("protocol", PROTOCOL)
        if isinstance(version, int) and version > PROTOCOL:
            raise Refused(Code.PROTOCOL_TOO_NEW)
    try:
        push = PushRequest.model_validate(_with_any_changes(document))
    except ValidationError as error:
        found = _explain(error, language, otherwise=Code.INVALID_REQUEST)
        raise Refused(found.code, detail=found.detail, errors=found.errors) from None
    if push.protocol > PROTOCOL:  # said in a way that had to be read first, as text for example
        raise Refused(Code.PROTOCOL_TOO_NEW)
    changes = document["changes"]
    read = ReadPush.model_construct(epoch=push.epoch, sent_at=push.sent_at)
    return read, [_read(change, place, language) for place, change in enumerate(changes)]


def _parsed(body: bytes) -> Any:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        pass
    try:
        # Half a surrogate pair is JSON by its grammar (RFC 8259, section 8.2), and so is a number of any
        # length: one broken value must not hold back the others. The standard library reads it, and the
        # change is refused by itself.
        return json.loads(body, parse_int=_whole_number)
    except ValueError:
        raise Refused(Code.NOT_JSON) from None
    except RecursionError:
        pass
    # Something is nested without end. Where that stands, `null` is read, and the change is refused by itself.
    try:
        return json.loads(without_depths(body), parse_int=_whole_number)
    except (ValueError, RecursionError):
        raise Refused(Code.NOT_JSON) from None


def _whole_number(digits: str) -> float:
    # Python refuses to convert very long ones, because that takes quadratic time; this makes them infinite.
    return int(digits) if len(digits) < _LONGEST_NUMBER else float(digits)


def _with_any_changes(document: Any) -> Any:
    # A change that is no object at all is that change's problem, not the push's.
    if isinstance(document, dict) and isinstance(document.get("changes"), list):
        changes = [change if isinstance(change, dict) else {} for change in document["changes"]]
        return {**document, "changes": changes}
    return document


def _read(change: Any, place: int, language: str) -> Pushed:
    change_id = _id_of(change)
    if change_id is None:
        error = FieldError(pointer=f"/changes/{place}/id", message="a change needs a UUID of its own")
        return Pushed(NO_ID, problem=problem(Code.INVALID_CHANGE, language=language, errors=(error,)))
    try:
        return as_pushed(change_adapter.validate_python(change))
    except ValidationError as error:
        return Pushed(change_id, problem=_explain(error, language, otherwise=Code.INVALID_CHANGE))


def _id_of(change: Any) -> str | None:
    said = change.get("id") if isinstance(change, dict) else None
    if not isinstance(said, str):
        return None
    try:
        read = str(UUID(said))
    except ValueError:
        return None
    return None if read == NO_ID else read


def _explain(error: ValidationError, language: str, otherwise: Code) -> Problem:
    """The most telling problem, and where all of them are. Nothing of what was sent is repeated."""
    found = error.errors(include_url=False, include_input=False)
    codes = [_code(entry) for entry in found]
    code = next((code for code in codes if code is not None), otherwise)
    places = tuple(FieldError(pointer=_pointer(entry["loc"]), message=entry["msg"]) for entry in found[:20])
    return problem(code, language=language, errors=places)


def _code(entry: Any) -> Code | None:  # noqa: PLR0911  a table that needs conditions
    kind, location = entry["type"], entry["loc"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return Code.UNKNOWN_CHANGE_TYPE
    if kind in ("control_character", "string_unicode"):
        return Code.CONTROL_CHARACTER
    if kind == "implausible_date":
        return Code.IMPLAUSIBLE_DATE
    if kind == "empty_observation":
        return Code.EMPTY_OBSERVATION
    if "answers" in location:
        return Code.INVALID_ANSWER
    if kind == "enum" and location[-2:] == ("content", "kind"):
        return Code.UNKNOWN_KIND
    if kind == "string_too_long" and entry["ctx"]["max_length"] == MAX_TEXT:
        return Code.TEXT_TOO_LONG
    if kind == "too_long" and location == ("changes",):
        return Code.TOO_MANY_CHANGES
    return None


_TAGS = ("observation.revise", "comment.add", "task.done", "visit.plan", "visit.prepare")


def _pointer(location: tuple[int | str, ...]) -> str:
    """A JSON pointer (RFC 6901) from the change, or from the push where that is what is wrong."""
    steps = location[1:] if location and location[0] in _TAGS else location
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
