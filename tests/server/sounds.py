"""Recordings as browsers write them, made of their containers' parts: what is looked at, around packets of silence."""

import math
import struct
from hashlib import sha256
from uuid import UUID

from protocol.ids import new_id
from protocol.voice import VoiceNote

_SILENCE = b"\xf8\xff\xfe"
"""An Opus packet of 20 ms of silence (RFC 6716, 3.1: CELT, full band, one frame)."""
_UNKNOWN = b"\x01" + b"\xff" * 7


def _element(name: str, content: bytes) -> bytes:
    return bytes.fromhex(name) + (len(content) | 1 << 28).to_bytes(4) + content


def webm(
    seconds: float = 1.0, *, codec: bytes = b"A_OPUS", track_type: int = 2, pictures: bool = False
) -> bytes:
    """A WebM as Chromium's MediaRecorder writes it: segment and clusters of unknown length, no duration."""
    header = b"".join(
        (
            _element("4286", b"\x01"),
            _element("42f7", b"\x01"),
            _element("42f2", b"\x04"),
            _element("42f3", b"\x08"),
            _element("4282", b"webm"),
            _element("4287", b"\x04"),
            _element("4285", b"\x02"),
        )
    )
    info = (
        _element("2ad7b1", (1_000_000).to_bytes(3))
        + _element("4d80", b"Chrome")
        + _element("5741", b"Chrome")
    )
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    sound = (
        _element("d7", b"\x01")
        + _element("73c5", b"\x07")
        + _element("83", bytes([track_type]))
        + _element("86", codec)
        + _element("63a2", head)
        + _element("e1", _element("b5", struct.pack(">f", 48_000.0)) + _element("9f", b"\x01"))
    )
    tracks = _element("ae", sound)
    if pictures:
        tracks += _element("ae", _element("d7", b"\x02") + _element("83", b"\x01") + _element("86", b"V_VP8"))
    clusters = b"".join(
        _cluster(start, min(start + 20, seconds)) for start in range(0, math.ceil(seconds), 20)
    )
    segment = bytes.fromhex("18538067") + _UNKNOWN
    return (
        _element("1a45dfa3", header)
        + segment
        + _element("1549a966", info)
        + _element("1654ae6b", tracks)
        + clusters
    )


def _cluster(start: float, end: float) -> bytes:
    """The sound from one second to another, in a cluster of unknown length."""
    blocks = b"".join(
        _element("a3", b"\x81" + struct.pack(">h", 20 * number) + b"\x80" + _SILENCE)
        for number in range(round((end - start) * 50))
    )
    return bytes.fromhex("1f43b675") + _UNKNOWN + _element("e7", int(start * 1000).to_bytes(4)) + blocks


def ogg(first: bytes = b"OpusHead") -> bytes:
    """The beginning of an Ogg as Firefox writes it; `first` names its codec."""
    packet = first + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    page = b"OggS" + struct.pack("<BBqIIIB", 0, 2, 0, 4711, 0, 0, 1) + bytes([len(packet)])
    return page + packet + b"OggS" + b"\x00" * 60


def mp4(*handlers: bytes) -> bytes:
    """An MP4 with a track for each handler, as Safari writes them; `soun` alone unless given."""
    tracks = b"".join(
        _box(b"trak", _box(b"mdia", _box(b"hdlr", b"\x00" * 8 + kind + b"\x00" * 13)))
        for kind in handlers or (b"soun",)
    )
    return (
        _box(b"ftyp", b"iso5\x00\x00\x02\x00iso5iso6mp41")
        + _box(b"moov", _box(b"mvhd", b"\x00" * 100) + tracks)
        + _box(b"moof", b"\x00" * 40)
        + _box(b"mdat", b"\x00" * 400)
    )


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def note_of(
    data: bytes, seconds: float = 1.0, media_type: str = "audio/webm", id: UUID | None = None
) -> VoiceNote:
    """The voice note that these bytes are."""
    return VoiceNote(
        id=id or new_id(),
        sha256=sha256(data).hexdigest(),
        size=len(data),
        media_type=media_type,
        seconds=seconds,
    )
