"""From what is being spoken to a voice note that a draft or an answer names; after a crash from what is there of it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.state.errors import StoreError
from app.state.room import Room
from app.store.drafts import Draft
from app.store.outbox import PhotoRecord
from app.store.own_work import OwnWork
from app.store.recordings import Recording
from protocol.limits import MAX_VOICE_NOTES, MAX_VOICE_SECONDS
from protocol.rules.sound import NotASound, sound_type, with_duration
from protocol.voice import VoiceNote

SHORTEST = 0.5
"""Seconds below which nothing was said: a slip of the finger."""


class For(NamedTuple):
    """What is spoken for: a draft, or an answer to an observation's thread."""

    draft: UUID | None = None
    answer_to: UUID | None = None


class Recordings:
    """What a technician has spoken, until it is part of a draft or an answer.

    Args:
        own: his store.
        room: makes room where there is none.
        clock: the time now, with zone.
        new_id: makes ids.
    """

    def __init__(
        self, own: OwnWork, room: Room, *, clock: Callable[[], datetime], new_id: Callable[[], UUID]
    ) -> None:
        self._own = own
        self._room = room
        self._clock = clock
        self._new_id = new_id
        self.recovered: frozenset[UUID] = frozenset()
        """Voice notes that were being recorded when the app ended: what there is of them."""

    async def begin(self, recording_id: UUID, spoken_for: For, media_type: str) -> None:
        """Keep that something is being recorded. Raises StorageFull: there is no room for a recording."""
        recording = Recording(
            id=recording_id,
            media_type=media_type,
            began_at=self._clock(),
            draft=spoken_for.draft,
            answer_to=spoken_for.answer_to,
        )
        await self._room.keep(lambda: self._own.recordings.begin(recording))

    async def keep_piece(self, recording_id: UUID, number: int, seconds: float, data: bytes) -> None:
        """Keep what was spoken in the last second. Raises StorageFull."""
        await self._room.keep(lambda: self._own.recordings.keep_piece(recording_id, number, seconds, data))

    async def finish(self, recording_id: UUID) -> VoiceNote | None:
        """Put the pieces together, durably; None where nothing was said. `forget` removes the pieces.

        Raises:
            StorageFull: there is no room for it; the pieces stay, and the next start tries again.
        """
        await self._own.recordings.let_go(recording_id)
        data, seconds = await self._own.recordings.together(recording_id)
        data, seconds = with_duration(data, seconds), min(seconds, 2.0 * MAX_VOICE_SECONDS)
        if seconds < SHORTEST:
            return None
        try:
            media_type = sound_type(data)
        except NotASound:
            return None
        note = VoiceNote(
            id=recording_id,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            media_type=media_type,
            seconds=round(seconds, 1),
        )
        record = PhotoRecord(
            sha256=note.sha256, size=note.size, media_type=media_type, added_at=self._clock()
        )
        await self._room.keep(lambda: self._own.keep_photo(record, data))
        return note

    async def forget(self, recording_id: UUID) -> None:
        """The recording is over: a draft or an answer names the voice note now, or there is none."""
        if recording_id in {one.id for one in self._own.recordings.all() if one.note}:
            await self._own.recordings.remove_pieces(recording_id)
        else:
            await self._own.recordings.remove(recording_id)

    async def forget_answer(self, note_id: UUID) -> None:
        """The spoken answer was sent, or given up; `keep_answer` brings it back until the next start."""
        await self._own.recordings.remove(note_id)

    async def recover(self) -> None:
        """Give what was being recorded when the app ended to what it was for. Raises StoreError."""
        for recording in self._own.recordings.all():
            if recording.note is not None:
                if self._is_sent(recording.note):
                    await self.forget_answer(recording.id)
                continue
            note = await self.finish(recording.id)
            if note is None:
                await self.forget(recording.id)
                continue
            self.recovered |= {note.id}
            if recording.answer_to is not None:
                await self.keep_answer(recording.answer_to, note)
            else:
                await self._give_to_draft(recording, note)
                await self.forget(recording.id)

    # -- answers ------------------------------------------------------------------------------------------

    def answer(self, observation_id: UUID) -> VoiceNote | None:
        """The spoken answer to an observation's thread that has not been sent yet."""
        found = self._own.recordings.spoken_answer(observation_id)
        return found.note if found and found.note and not self._is_sent(found.note) else None

    def answers(self) -> dict[UUID, VoiceNote]:
        """All of them by observation, for the copy that a person takes out."""
        spoken_for = {one.answer_to for one in self._own.recordings.all() if one.answer_to and one.note}
        found = {observation_id: self.answer(observation_id) for observation_id in spoken_for}
        return {observation_id: note for observation_id, note in found.items() if note}

    async def keep_answer(self, observation_id: UUID, note: VoiceNote) -> None:
        """Keep a finished recording as the answer that is begun; also to bring it back. Raises StorageFull."""
        for earlier in self._own.recordings.all():
            if earlier.answer_to == observation_id and earlier.note and earlier.id != note.id:
                await self.forget_answer(earlier.id)
        recording = Recording(
            id=note.id,
            media_type=note.media_type,
            began_at=self._clock(),
            answer_to=observation_id,
            note=note,
        )
        await self._room.keep(lambda: self._own.recordings.put(recording))
        await self._own.recordings.remove_pieces(note.id)

    # ---------------------------------------------------------------------------------------------------

    def _is_sent(self, note: VoiceNote) -> bool:
        return any(one.id == note.id for entry in self._own.entries() for one in entry.media)

    async def _give_to_draft(self, recording: Recording, note: VoiceNote) -> None:
        """The draft gets it; if there is none any more (it was saved or given up meanwhile), a new one does."""
        if recording.draft is None or self._is_sent(note):
            return
        now = self._clock()
        draft = self._own.draft(recording.draft)
        if draft is None or len(draft.voice) >= MAX_VOICE_NOTES:
            draft = Draft(id=self._new_id(), observed_at=recording.began_at, updated_at=now)
        if note.id not in {one.id for one in draft.voice}:
            await self._own.keep_draft(replace(draft, voice=(*draft.voice, note), updated_at=now))


async def recover(recordings: Recordings) -> StoreError | None:
    """At a start: what cannot be recovered now (the storage is full) is tried again at the next one."""
    try:
        await recordings.recover()
    except StoreError as failure:
        return failure
    return None


__all__ = ["SHORTEST", "For", "Recordings", "recover"]
