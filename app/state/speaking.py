"""Speaking and listening: one recording at a time, kept second by second, and one voice note played at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.device.voice import (
    Began,
    Ended,
    Failed,
    Heard,
    Level,
    Muted,
    Piece,
    Played,
    Playing,
    Silent,
    Stopped,
    Voice,
)
from app.state.errors import StorageFull, StoreError
from app.state.recordings import For
from protocol.limits import MAX_VOICE_BYTES, MAX_VOICE_SECONDS
from protocol.voice import VoiceNote

_ROOM_IN_BYTES = 512 * 1024
"""A recording ends this much before the largest that may be sent: the last piece comes after that."""

_PATIENCE = 5.0
"""Seconds that saving waits for the last piece; then what is there is taken."""

_FAINT = 0.25
"""Below -45 dB nobody speaks into the microphone."""
_SAID_SOON = 4.0
"""Seconds in which something should have been heard."""


class Phase(StrEnum):
    """Where a recording stands."""

    IDLE = "idle"
    ASKING = "asking"
    """The person may be asked whether the app may use the microphone."""
    RECORDING = "recording"
    PAUSED = "paused"
    ENDING = "ending"


class Trouble(StrEnum):
    """What the person has to know about a recording that is over, could not begin or was paused."""

    REFUSED = "refused"
    MISSING = "missing"
    TAKEN = "taken"
    UNSUPPORTED = "unsupported"
    OTHER = "other"
    FULL = "full"
    """The storage was full while recording: it ends there, and what was kept is a voice note."""
    NO_ROOM = "no_room"
    """There was no room to begin, or none to put the pieces together."""
    LOST = "lost"
    MUTED = "muted"
    LIMIT = "limit"
    EMPTY = "empty"
    FAILED = "failed"
    """The store failed."""


@dataclass(frozen=True)
class Speaking:
    """What is to be seen of a recording.

    Attributes:
        seconds: how long it is.
        level: how loud it is now, from 0 to 1.
        heard: whether anything was heard so far that could be a voice.
    """

    phase: Phase = Phase.IDLE
    spoken_for: For | None = None
    seconds: float = 0.0
    level: float = 0.0
    heard: bool = False
    trouble: Trouble | None = None

    @property
    def at_work(self) -> bool:
        """Whether a recording is under way."""
        return self.phase is not Phase.IDLE

    @property
    def silent(self) -> bool:
        """Whether the person should be told that no sound comes in."""
        return self.phase is Phase.RECORDING and not self.heard and self.seconds > _SAID_SOON


def after(now: Speaking, heard: Heard) -> Speaking:  # noqa: PLR0911  one return per thing heard
    """What is to be seen after this was heard from the device. Pure."""
    match heard:
        case Began():
            return replace(now, phase=Phase.RECORDING, trouble=None)
        case Level(seconds=seconds, level=level):
            voice = now.heard or level > _FAINT
            return replace(now, seconds=seconds, level=level, heard=voice)
        case Piece(seconds=seconds):
            return replace(now, seconds=max(now.seconds, seconds))
        case Muted():
            return replace(now, phase=Phase.PAUSED, level=0.0, trouble=Trouble.MUTED)
        case Stopped(why=why):
            trouble = {Ended.LIMIT: Trouble.LIMIT, Ended.LOST: Trouble.LOST}.get(why, now.trouble)
            return replace(now, phase=Phase.ENDING, level=0.0, trouble=trouble)
        case Failed(why=why):
            return Speaking(spoken_for=now.spoken_for, trouble=_WHY[why])
    return now


_WHY = {
    Silent.REFUSED: Trouble.REFUSED,
    Silent.MISSING: Trouble.MISSING,
    Silent.TAKEN: Trouble.TAKEN,
    Silent.UNSUPPORTED: Trouble.UNSUPPORTED,
    Silent.OTHER: Trouble.OTHER,
}


class Keeper(Protocol):
    """What is needed of `state.recordings`."""

    async def begin(self, recording_id: UUID, spoken_for: For, media_type: str) -> None: ...
    async def keep_piece(self, recording_id: UUID, number: int, seconds: float, data: bytes) -> None: ...
    async def finish(self, recording_id: UUID) -> VoiceNote | None: ...
    async def forget(self, recording_id: UUID) -> None: ...


Take = Callable[[VoiceNote], Awaitable[None]]
"""Makes a finished voice note part of what it is for, durably. Raises StoreError: then its pieces stay."""


class Speaker:
    """The microphone and loudspeaker while the app is used by one person.

    Args:
        voice: the device.
        keeper: where pieces are kept.
        new_id: makes ids of recordings.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        voice: Voice,
        keeper: Keeper,
        *,
        new_id: Callable[[], UUID],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.now = Speaking()
        self.playing: UUID | None = None
        self.played_to: dict[UUID, float] = {}
        """How far each voice note was played, in seconds."""
        self.unplayable: frozenset[UUID] = frozenset()
        self._voice = voice
        self._keeper = keeper
        self._new_id = new_id
        self._sleep = sleep
        self._recording: UUID | None = None
        self._take: Take | None = None
        self._bytes = 0
        self._begun = False
        self._done = asyncio.Event()
        self._done.set()
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._working: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        voice.listen(self._hear)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when there is something else to be seen; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    # -- recording ------------------------------------------------------------------------------------------

    async def record(self, spoken_for: For, take: Take) -> None:
        """Begin a recording; one that is under way is finished first."""
        await self.finish()
        self.be_quiet()
        self._recording, self._take, self._bytes, self._begun = self._new_id(), take, 0, False
        self._done.clear()
        self._show(Speaking(Phase.ASKING, spoken_for))
        self._voice.record(str(self._recording), MAX_VOICE_SECONDS)

    def pause(self) -> None:
        """Hold the recording."""
        if self.now.phase is Phase.RECORDING:
            self._voice.pause()
            self._show(replace(self.now, phase=Phase.PAUSED, level=0.0))

    def go_on(self) -> None:
        """Go on with it."""
        if self.now.phase is Phase.PAUSED:
            self._voice.go_on()
            self._show(replace(self.now, phase=Phase.RECORDING, trouble=None))

    async def finish(self) -> None:
        """End the recording; returns when it belongs to what it is for, or the person is told why not."""
        if self._recording is None:
            return
        self._voice.stop()
        if self.now.phase is not Phase.ENDING:
            self._show(replace(self.now, phase=Phase.ENDING, level=0.0))
        waited = asyncio.ensure_future(self._sleep_for(_PATIENCE))
        done = asyncio.ensure_future(self._done.wait())
        await asyncio.wait({done, waited}, return_when=asyncio.FIRST_COMPLETED)
        waited.cancel()
        if not self._done.is_set():  # the page does not answer any more: what is there is taken
            self._hear(Stopped(str(self._recording), Ended.ASKED))
            await done

    def put_aside(self) -> None:
        """The person has read what happened."""
        self._show(replace(self.now, trouble=None))

    # -- playing --------------------------------------------------------------------------------------------

    def play(self, note: VoiceNote, data: bytes) -> None:
        """Play a voice note, from where it was stopped; not while the microphone is on."""
        if self.now.phase in (Phase.ASKING, Phase.RECORDING, Phase.PAUSED):
            return
        self.playing = note.id
        self._voice.play(str(note.id), data, note.media_type, self.played_to.get(note.id, 0.0))
        self._announce()

    def be_quiet(self) -> None:
        """Stop playing."""
        if self.playing is not None:
            self.playing = None
            self._voice.be_quiet()
            self._announce()

    # ---------------------------------------------------------------------------------------------------------

    async def _sleep_for(self, seconds: float) -> None:
        await self._sleep(seconds)

    def _hear(self, heard: Heard) -> None:
        if isinstance(heard, Playing | Played):
            self._hear_playing(heard)
        elif self._recording is None or heard.id != str(self._recording):
            return  # of a recording that is over
        elif isinstance(heard, Level | Muted):
            if self.now.phase in (Phase.RECORDING, Phase.PAUSED):
                self._show(after(self.now, heard))
        else:
            self._heard.put_nowait(heard)
            if self._working is None or self._working.done():
                self._working = asyncio.get_running_loop().create_task(self._work())

    def _hear_playing(self, heard: Playing | Played) -> None:
        note_id = UUID(heard.id)
        if isinstance(heard, Playing):
            if note_id == self.playing:
                self.played_to[note_id] = heard.seconds
                self._announce()
            return
        self.played_to.pop(note_id, None)
        if heard.failed:
            self.unplayable |= {note_id}
        if note_id == self.playing:
            self.playing = None
        self._announce()

    async def _work(self) -> None:
        """What is heard is taken in one after the other: the store comes between."""
        while not self._heard.empty():
            heard = self._heard.get_nowait()
            if self._recording is None or heard.id != str(self._recording):
                continue
            try:
                await self._take_in(heard)
            except StoreError as failure:
                self._fail(failure, heard)

    async def _take_in(self, heard: Heard) -> None:
        recording = self._recording
        if recording is None or self.now.spoken_for is None:
            return
        if isinstance(heard, Began):
            await self._keeper.begin(recording, self.now.spoken_for, heard.media_type)
            self._begun = True
            if self.now.phase is Phase.ASKING:
                self._show(after(self.now, heard))
        elif isinstance(heard, Piece):
            if not self._begun or self.now.trouble is Trouble.FULL:
                return
            await self._keeper.keep_piece(recording, heard.number, heard.seconds, heard.data)
            self._bytes += len(heard.data)
            self._show(after(self.now, heard))
            if self._bytes > MAX_VOICE_BYTES - _ROOM_IN_BYTES:
                self._voice.stop()
        elif isinstance(heard, Stopped):
            self._show(after(self.now, heard))
            await self._finish(recording)
        else:
            self._over(after(self.now, heard))

    async def _finish(self, recording: UUID) -> None:
        trouble = self.now.trouble
        note = await self._keeper.finish(recording) if self._begun else None
        if note is not None and self._take is not None:
            await self._take(note)
        await self._keeper.forget(recording)
        if note is None and trouble in (None, Trouble.LIMIT, Trouble.MUTED):
            trouble = Trouble.EMPTY
        self._over(Speaking(spoken_for=self.now.spoken_for, trouble=trouble))

    def _fail(self, failure: StoreError, heard: Heard) -> None:
        is_full = isinstance(failure, StorageFull)
        if isinstance(heard, Piece) and is_full:
            self._show(replace(self.now, trouble=Trouble.FULL))
            self._voice.stop()
            return
        self._voice.stop()
        trouble = Trouble.NO_ROOM if is_full else Trouble.FAILED
        self._over(Speaking(spoken_for=self.now.spoken_for, trouble=trouble))

    def _over(self, now: Speaking) -> None:
        self._recording, self._take = None, None
        self._done.set()
        self._show(now)

    def _show(self, now: Speaking) -> None:
        if now != self.now:
            self.now = now
            self._announce()

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()


__all__ = ["For", "Phase", "Speaker", "Speaking", "Take", "Trouble", "after"]
