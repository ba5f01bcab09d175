"""The tablet's microphone and loudspeaker as the app sees them: what it can be told, and what is heard from it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Silent(StrEnum):
    """Why nothing can be recorded."""

    REFUSED = "refused"
    """The person, or who looks after the tablet, does not allow the microphone."""
    MISSING = "missing"
    """There is no microphone."""
    TAKEN = "taken"
    """Another app has it."""
    UNSUPPORTED = "unsupported"
    """This device or browser cannot record."""
    OTHER = "other"


class Ended(StrEnum):
    """Why a recording has come to its end."""

    ASKED = "asked"
    LIMIT = "limit"
    """It was as long as it may be."""
    LOST = "lost"
    """The microphone was unplugged or taken away."""


@dataclass(frozen=True)
class Began:
    """The microphone is on."""

    id: str
    media_type: str


@dataclass(frozen=True)
class Level:
    """How long it is and how loud, from 0 (nothing) to 1."""

    id: str
    seconds: float
    level: float


@dataclass(frozen=True)
class Piece:
    """What was spoken since the last piece; `seconds` is how long the recording is with it."""

    id: str
    number: int
    seconds: float
    data: bytes


@dataclass(frozen=True)
class Muted:
    """The system has taken the sound away (another app, a call, the tab is not seen): the recording pauses."""

    id: str


@dataclass(frozen=True)
class Stopped:
    """The recording is over; all its pieces have been heard of."""

    id: str
    why: Ended


@dataclass(frozen=True)
class Failed:
    """It could not begin. `said` is what the browser says, for the log."""

    id: str
    why: Silent
    said: str = ""


@dataclass(frozen=True)
class Playing:
    """How far a voice note has been played, in seconds."""

    id: str
    seconds: float


@dataclass(frozen=True)
class Played:
    """Playing has come to its end, or could not go on (`failed`)."""

    id: str
    failed: bool = False


Heard = Began | Level | Piece | Muted | Stopped | Failed | Playing | Played


class Voice(Protocol):
    """One microphone, one loudspeaker."""

    def listen(self, hear: Callable[[Heard], None]) -> None:
        """Tell this one from now on, and nobody else."""

    def record(self, recording_id: str, limit: float) -> None:
        """Begin; answered by Began or Failed. Ends by itself after `limit` seconds."""

    def pause(self) -> None:
        """Hold the recording; what was spoken so far comes as a piece."""

    def go_on(self) -> None:
        """Go on with it."""

    def stop(self) -> None:
        """End it; answered by Stopped."""

    def play(self, note_id: str, data: bytes, media_type: str, begin_at: float) -> None:
        """Play from there, in seconds."""

    def be_quiet(self) -> None:
        """Stop playing."""


class NoVoice:
    """Where the app cannot record: natively, it comes as a web app (docs/adr/0001)."""

    def __init__(self) -> None:
        self._hear: Callable[[Heard], None] = lambda _: None

    def listen(self, hear: Callable[[Heard], None]) -> None:
        """See `Voice`."""
        self._hear = hear

    def record(self, recording_id: str, limit: float) -> None:
        """Fails."""
        del limit
        self._hear(Failed(recording_id, Silent.UNSUPPORTED))

    def pause(self) -> None:
        """Does nothing."""

    def go_on(self) -> None:
        """Does nothing."""

    def stop(self) -> None:
        """Does nothing."""

    def play(self, note_id: str, data: bytes, media_type: str, begin_at: float) -> None:
        """Fails."""
        del data, media_type, begin_at
        self._hear(Played(note_id, failed=True))

    def be_quiet(self) -> None:
        """Does nothing."""
