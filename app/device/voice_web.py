"""Microphone and loudspeaker in the browser: the page has them (webapp/page/voice.js), this talks to it.

A worker has neither; the two speak over a channel of this page alone (messages: webapp/README.md).
"""

import json
from collections.abc import Callable
from typing import Any

from app.device.javascript import script
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
)

_PLAY = (
    "(channel, id, mediaType, from, data) => channel.postMessage({ type: 'play', id, mediaType, from, data })"
)


class WebVoice:
    """The page's microphone and loudspeaker. See `app.device.voice.Voice`."""

    def __init__(self) -> None:
        import js
        from pyodide.ffi import create_proxy

        self._hear: Callable[[Heard], None] = lambda _: None
        self._channel = js.BroadcastChannel.new(f"rundgang-voice-{js.self.name}")
        self._proxy = create_proxy(self._heard)
        self._channel.addEventListener("message", self._proxy)

    def listen(self, hear: Callable[[Heard], None]) -> None:
        """See `Voice`."""
        self._hear = hear

    def record(self, recording_id: str, limit: float) -> None:
        """See `Voice`."""
        self._say("record", id=recording_id, limit=limit)

    def pause(self) -> None:
        """See `Voice`."""
        self._say("pause")

    def go_on(self) -> None:
        """See `Voice`."""
        self._say("go-on")

    def stop(self) -> None:
        """See `Voice`."""
        self._say("stop")

    def play(self, note_id: str, data: bytes, media_type: str, begin_at: float) -> None:
        """See `Voice`."""
        from pyodide.ffi import to_js

        script(_PLAY)(self._channel, note_id, media_type, begin_at, to_js(data))

    def be_quiet(self) -> None:
        """See `Voice`."""
        self._say("be-quiet")

    def _say(self, what: str, **more: Any) -> None:
        import js

        self._channel.postMessage(js.JSON.parse(json.dumps({"type": what, **more})))

    def _heard(self, event: Any) -> None:
        heard = _read(event.data)
        if heard is not None:
            self._hear(heard)


def _read(said: Any) -> Heard | None:  # noqa: PLR0911  one return per message
    """What the page says; None for what is not for the app."""
    what, name = str(said.type), str(getattr(said, "id", ""))
    if what == "began":
        return Began(name, str(said.mediaType))
    if what == "level":
        return Level(name, float(said.seconds), float(said.level))
    if what == "piece":
        return Piece(name, int(said.number), float(said.seconds), bytes(said.data.to_py()))
    if what == "muted":
        return Muted(name)
    if what == "stopped":
        return Stopped(name, Ended(str(said.why)))
    if what == "failed":
        return Failed(name, Silent(str(said.why)), str(said.said))
    if what == "playing":
        return Playing(name, float(said.seconds))
    if what == "played":
        return Played(name, failed=bool(said.failed))
    return None
