"""What tablets read of an observation that has just arrived, written as text in one go.

`rendering` makes the same documents from the tables, and a test compares the two. Here nothing has to be read,
the content has been written for its revision already, and making models only to write them out again took a
quarter of a push.
"""

from collections.abc import Iterable
from datetime import datetime
from json import JSONEncoder
from uuid import UUID

from protocol.changes import ReviseObservation
from protocol.observation import ObservationContent
from protocol.reference import Channel
from protocol.review import LeadState
from protocol.rules.access import colleagues_may_read_step
from sync_server.crm.as_written import Written
from sync_server.crm.known import Sender
from sync_server.crm.rendering import line_of

_quoted = JSONEncoder(ensure_ascii=False).encode

_NEW = LeadState.NEW.value
_CHANNEL = Channel.OBSERVATION.value


class FirstDocuments:
    """Writes the documents of one push.

    Args:
        now: when the push was received, in UTC.
    """

    def __init__(self, sender: Sender, now: datetime) -> None:
        self._author = _quoted(sender.name)
        self._now = moment(now)

    def state(self, change: ReviseObservation, said: Written, received: Iterable[UUID]) -> str:
        """A `protocol.reference.ObservationState`, for its author.

        Args:
            said: the change's texts.
            received: the photos that are there already.
        """
        based_on = f'"based_on":"{change.based_on}",' if change.based_on else ""
        photos = ",".join([f'"{photo}"' for photo in received])
        return (
            f'{{"id":"{said.thing}",'
            f'"shown":{{"id":"{said.revision}",{based_on}"content":{said.content},'
            f'"recorded_at":"{said.recorded_at}","received_at":"{self._now}",'
            f'"author_name":{self._author},"conflict":false}},'
            f'"siblings":[],"revision_count":1,'
            f'"review":{{"state":"{_NEW}","note":"","changed_at":"{self._now}"}},'
            f'"comments":[],"media_received":[{photos}],"received_at":"{self._now}"}}'
        )

    def line(self, content: ObservationContent, said: Written, title: str) -> str:
        """A `protocol.reference.HistoryEntry`, for the colleagues; `title` is the content's."""
        step = content.next_step if colleagues_may_read_step(content.flag) else None
        promised = f',"next_step":{step.as_json()}' if step else ""
        return (
            f'{{"id":"{said.thing}","customer_id":"{said.customer}",'
            f'"at":"{said.observed_at}","channel":"{_CHANNEL}",'
            f'"summary":{_quoted(title or line_of(content))},"by_name":{self._author},'
            f'"observation_id":"{said.thing}","kind":"{content.kind}"{promised}}}'
        )


def moment(value: datetime) -> str:
    """A moment in UTC as pydantic writes it."""
    return value.isoformat().replace("+00:00", "Z")
