"""A store that lives in memory and can be made to fail at any point: for tests of everything above."""

from collections.abc import AsyncIterator, Callable, Sequence
from itertools import groupby

from app.store.backing import READ_SLICE, Stored, Write
from app.store.errors import StoreLost


class Crash(BaseException):
    """The process died here. Only what was committed is found again on the same disk."""


class MemoryDisk:
    """What survives: give it to the next backing to see what a restart finds."""

    def __init__(self) -> None:
        self.documents: dict[tuple[str, str], str] = {}
        self.files: dict[str, bytes] = {}


class MemoryBacking:
    """A backing over a `MemoryDisk`.

    Attributes:
        operations: how many writing operations were begun.
        before: called before each writing operation with its number (from 1); what it raises, the operation raises,
            with nothing written.
        after: the same, after the operation was written: its success is never heard of.
    """

    def __init__(self, disk: MemoryDisk | None = None) -> None:
        self.disk = disk or MemoryDisk()
        self.operations = 0
        self.before: Callable[[int], None] = lambda _: None
        self.after: Callable[[int], None] = lambda _: None
        self._open = True

    async def read(self) -> AsyncIterator[Stored]:
        """See `Backing`."""
        self._require_open()
        for table, group in groupby(sorted(self.disk.documents.items()), key=lambda item: item[0][0]):
            rows = [(key, text) for (_, key), text in group]
            for start in range(0, len(rows), READ_SLICE):
                part = rows[start : start + READ_SLICE]
                yield Stored(table, [key for key, _ in part], [text for _, text in part])

    async def commit(self, writes: Sequence[Write]) -> None:
        """See `Backing`."""

        def write() -> None:
            for table, key, text in writes:
                if text is None:
                    self.disk.documents.pop((table, key), None)
                else:
                    self.disk.documents[table, key] = text

        self._do(write)

    async def put_file(self, key: str, data: bytes) -> None:
        """See `Backing`."""
        self._do(lambda: self.disk.files.__setitem__(key, bytes(data)))

    async def file(self, key: str) -> bytes | None:
        """See `Backing`."""
        self._require_open()
        return self.disk.files.get(key)

    async def remove_file(self, key: str) -> None:
        """See `Backing`."""
        self._do(lambda: self.disk.files.pop(key, None))

    async def file_keys(self) -> Sequence[str]:
        """See `Backing`."""
        self._require_open()
        return sorted(self.disk.files)

    async def close(self) -> None:
        """See `Backing`."""
        self._open = False

    def _do(self, write: Callable[[], object]) -> None:
        self._require_open()
        self.operations += 1
        self.before(self.operations)
        write()
        self.after(self.operations)

    def _require_open(self) -> None:
        if not self._open:
            raise StoreLost("closed")
