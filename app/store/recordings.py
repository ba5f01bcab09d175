"""Recordings under way, piece by piece: what was spoken until the app died is found again.

A recording is a document and a file for each piece, durable about a second after it was spoken. While it grows, some
room is held for putting the pieces together: a recording that fills the storage can still be finished.
"""

from collections.abc import Iterable
from uuid import UUID

from app.store.documents import Documents, Operation, Put, Remove
from app.store.reading import Reading
from protocol.fields import Document, Moment
from protocol.voice import VoiceNote

RECORDINGS = "recordings"
"""The table."""

HELD = 3_000_000
"""Bytes held while recording: five minutes of Opus at 32 kbit/s are 1.2 MB, of Safari's AAC at 64 kbit/s 2.4 MB."""


class Recording(Document):
    """What is, or was, being recorded. Of `draft` and `answer_to` one is set.

    Attributes:
        id: becomes the voice note's.
        draft: the draft that it is for.
        answer_to: the observation to whose thread it is an answer.
        note: the finished recording of an answer that has not been sent yet.
    """

    id: UUID
    media_type: str
    began_at: Moment
    draft: UUID | None = None
    answer_to: UUID | None = None
    note: VoiceNote | None = None


class Recordings:
    """The recordings of one user."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._recordings: Reading[Recording] = Reading(documents, RECORDINGS, Recording.model_validate)

    def all(self) -> list[Recording]:
        """All of them, the oldest first."""
        return sorted(self._recordings, key=lambda recording: recording.began_at)

    def spoken_answer(self, observation_id: UUID) -> Recording | None:
        """The finished answer to an observation's thread that was spoken last."""
        found = [one for one in self.all() if one.answer_to == observation_id and one.note]
        return found[-1] if found else None

    async def begin(self, recording: Recording) -> None:
        """Keep that something is being recorded, and hold room for its end. Raises StorageFull."""
        await self._documents.put_file(_held(recording.id), bytes(HELD))
        await self.put(recording)

    async def put(self, recording: Recording) -> None:
        """Keep what is known of a recording."""
        await self._documents.change(lambda: [Put(RECORDINGS, str(recording.id), recording.as_dict())])

    async def keep_piece(self, recording_id: UUID, number: int, seconds: float, data: bytes) -> None:
        """Keep a piece. `seconds` is how long the recording is with it."""
        await self._documents.put_file(f"{_prefix(recording_id)}{number:05d}-{round(seconds * 1000)}", data)

    async def together(self, recording_id: UUID) -> tuple[bytes, float]:
        """All pieces up to the first that is not there, and how many seconds they are."""
        data, seconds = [], 0.0
        for number, key in enumerate(await self._pieces(recording_id)):
            place, milliseconds = key.removeprefix(_prefix(recording_id)).split("-")
            piece = await self._documents.file(key)
            if int(place) != number or piece is None:
                break
            data.append(piece)
            seconds = int(milliseconds) / 1000
        return b"".join(data), seconds

    async def let_go(self, recording_id: UUID) -> None:
        """Give free the room that was held."""
        await self._documents.remove_file(_held(recording_id))

    async def remove(self, recording_id: UUID) -> None:
        """Forget a recording and its pieces; nothing happens if there is none."""

        def build() -> Iterable[Operation]:
            if str(recording_id) in self._documents.all(RECORDINGS):
                yield Remove(RECORDINGS, str(recording_id))

        await self._documents.change(build)
        await self.remove_pieces(recording_id)

    async def remove_pieces(self, recording_id: UUID) -> None:
        """Forget the pieces: they have been put together, and that is durable."""
        for key in (*await self._pieces(recording_id), _held(recording_id)):
            await self._documents.remove_file(key)

    def named(self) -> set[str]:
        """The voice notes that nothing but a recording names, by their SHA-256."""
        return {recording.note.sha256 for recording in self._recordings if recording.note}

    def owns(self, key: str) -> bool:
        """Whether a file is a piece of a recording that is known."""
        return any(key.startswith(_prefix(recording.id)) for recording in self._recordings)

    async def _pieces(self, recording_id: UUID) -> list[str]:
        keys = await self._documents.file_keys()
        return sorted(
            key for key in keys if key.startswith(_prefix(recording_id)) and key != _held(recording_id)
        )


def _prefix(recording_id: UUID) -> str:
    return f"recording-{recording_id}-"


def _held(recording_id: UUID) -> str:
    return f"{_prefix(recording_id)}held"
