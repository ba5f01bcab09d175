"""What a new revision says, cut out of the JSON that pydantic writes of it: each id and moment becomes text once.

Python's own way from an id or a moment to its text takes ten times as long as a slice, and a push needs six of them
for each observation. The order of the fields is the protocol's (`ReviseObservation`); a test holds the two together.
"""

from typing import NamedTuple

from protocol.changes import ReviseObservation

_ID = 36
"""Characters of a UUID with hyphens."""
_CHANGE = len('{"type":"observation.revise","id":"')
_THING = _CHANGE + _ID + len('","observation_id":"')
_REVISION = _THING + _ID + len('","revision_id":"')
_AFTER_IDS = _REVISION + _ID

_CONTENT, _RECORDED = '"content":', ',"recorded_at":"'
_CUSTOMER, _OBSERVED = '"customer_id":"', '"observed_at":"'


class Written(NamedTuple):
    """Ids with hyphens, moments as `moment` writes them, and the content as JSON."""

    change: str
    thing: str
    revision: str
    customer: str
    content: str
    observed_at: str
    recorded_at: str


def written(change: ReviseObservation) -> Written:
    """The texts of a change."""
    text = change.as_json()
    begin, end = text.index(_CONTENT, _AFTER_IDS) + len(_CONTENT), text.rindex(_RECORDED)
    content = text[begin:end]
    # Before these two there are only names of fields, ids and a kind: no person's words.
    customer = content.index(_CUSTOMER) + len(_CUSTOMER)
    observed = content.index(_OBSERVED) + len(_OBSERVED)
    return Written(
        text[_CHANGE : _CHANGE + _ID],
        text[_THING : _THING + _ID],
        text[_REVISION:_AFTER_IDS],
        content[customer : customer + _ID],
        content,
        content[observed : content.index('"', observed)],
        text[end + len(_RECORDED) : -2],
    )
