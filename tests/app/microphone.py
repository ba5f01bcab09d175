"""A microphone and loudspeaker that a test plays: what is spoken comes second by second, as a browser brings it."""

from collections.abc import Callable

from app.device.voice import Began, Ended, Failed, Heard, Level, Piece, Playing, Silent, Stopped
from tests.server.sounds import webm


class ScriptedVoice:
    """See `app.device.voice.Voice`. Begins at once when asked, unless `broken`."""

    def __init__(self, *, broken: Silent | None = None, answers: bool = True) -> None:
        self.broken = broken
        self.answers = answers
        """Whether it says when it has stopped."""
        self.recording: str | None = None
        self.held = False
        self.seconds = 0
        self.limit = 0.0
        self.played: list[tuple[str, int, float]] = []
        """What was played: id, bytes, from where."""
        self._number = 0
        self._data = webm(400)
        self._hear: Callable[[Heard], None] = lambda _: None

    def listen(self, hear: Callable[[Heard], None]) -> None:
        self._hear = hear

    def record(self, recording_id: str, limit: float) -> None:
        if self.broken is not None:
            self._hear(Failed(recording_id, self.broken))
            return
        self.recording, self.limit, self.held, self.seconds, self._number = recording_id, limit, False, 0, 0
        self._hear(Began(recording_id, "audio/webm"))

    def speak(self, seconds: int, level: float = 0.6) -> None:
        """Somebody speaks that long."""
        for _ in range(seconds):
            assert self.recording is not None
            assert not self.held, "nothing is recorded while it is held"
            begins, step = self.seconds * 1000, 1000
            self.seconds += 1
            self._hear(Level(self.recording, self.seconds - 0.2, level))
            data = self._data[begins : begins + step]
            self._hear(Piece(self.recording, self._number, float(self.seconds), data))
            self._number += 1
            if self.seconds >= self.limit:
                self.end(Ended.LIMIT)
                return

    def end(self, why: Ended = Ended.ASKED) -> None:
        """The recording ends."""
        if self.recording is not None and self.answers:
            ended, self.recording = self.recording, None
            self._hear(Stopped(ended, why))

    def hear(self, heard: Heard) -> None:
        """The device says something by itself."""
        self._hear(heard)

    def pause(self) -> None:
        self.held = True

    def go_on(self) -> None:
        self.held = False

    def stop(self) -> None:
        self.end()

    def play(self, note_id: str, data: bytes, media_type: str, begin_at: float) -> None:
        del media_type
        self.played.append((note_id, len(data), begin_at))
        self._hear(Playing(note_id, begin_at))

    def be_quiet(self) -> None:
        pass
