"""The synchronisation log: what was transferred when, how much, how long, with what result. No personal data.

A line has no place for a name, a text or an id: what is not there cannot be sent to support by mistake.
"""

from collections.abc import Iterable

from app.store.documents import Documents, Operation, Put, Remove
from app.store.reading import Reading
from protocol.fields import Document, Moment

LENGTH = 300
"""Lines at most: about a week of a busy tablet, 30 KB."""

_TABLE = "log"


class LogLine(Document):
    """One thing that happened.

    Attributes:
        at: when it ended, by the tablet's clock.
        what: a word of the program, as `app.ui.log_words` knows them.
        count: how many things, or how many times.
        bytes: how much.
        seconds: how long.
        result: "ok" or the code of what hindered it.
    """

    at: Moment
    what: str
    count: int = 0
    bytes: int = 0
    seconds: float = 0.0
    result: str = "ok"


class SyncLog:
    """The log of one user on one tablet, bounded."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._lines: Reading[LogLine] = Reading(documents, _TABLE, LogLine.model_validate)

    def lines(self) -> list[LogLine]:
        """The lines, newest first."""
        keys = sorted(self._documents.all(_TABLE), reverse=True)
        return [line for key in keys if (line := self._lines.get(key)) is not None]

    async def note(self, line: LogLine, *, again: bool = False) -> None:
        """Add a line; the oldest go.

        Args:
            line: what happened.
            again: if the newest line says the same, that counts one more: a tablet in a cellar tries for hours.
        """

        def build() -> Iterable[Operation]:
            keys = sorted(self._documents.all(_TABLE))
            newest = self._lines.get(keys[-1]) if keys else None
            if again and newest is not None and (newest.what, newest.result) == (line.what, line.result):
                yield Put(_TABLE, keys[-1], line.model_copy(update={"count": newest.count + 1}).as_dict())
                return
            number = int(keys[-1]) + 1 if keys else 1
            yield Put(_TABLE, f"{number:012}", line.as_dict())
            yield from (Remove(_TABLE, key) for key in keys[: max(0, len(keys) + 1 - LENGTH)])

        await self._documents.change(build)


__all__ = ["LENGTH", "LogLine", "SyncLog"]
