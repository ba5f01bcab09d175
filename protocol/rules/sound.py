"""What can be said about a recording from its bytes: is it sound alone, in which container; and its length in WebM.

Containers: WebM (RFC 9559, EBML in RFC 8794), Ogg (RFC 3533, Opus in RFC 7845), MP4 (ISO/IEC 14496-12). Browsers
record one of these: Chromium WebM, Firefox WebM or Ogg, Safari MP4 or, since 18.4, WebM.
"""

import struct
from collections.abc import Iterator

HEAD = 64 * 1024
"""Bytes from the beginning that are looked at: what a file is stands before its first sound."""

_EBML, _DOC_TYPE, _SEGMENT, _INFO, _TRACKS, _CLUSTER = (
    b"\x1a\x45\xdf\xa3", b"\x42\x82", b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b",
    b"\x1f\x43\xb6\x75",
)  # fmt: skip
_TRACK, _TRACK_TYPE, _CODEC = b"\xae", b"\x83", b"\x86"
_TIMESTAMP_SCALE, _DURATION = b"\x2a\xd7\xb1", b"\x44\x89"
_AUDIO = 2
_NANOSECONDS = 1_000_000_000


class NotASound(ValueError):
    """The file is no recording that is played here: no container of these, no sound in it, or pictures with it."""


def sound_type(data: bytes) -> str:
    """The media type of a recording, from its beginning (HEAD bytes are enough).

    Raises:
        NotASound: see there.
    """
    try:
        if data.startswith(_EBML):
            return _webm(data)
        if data.startswith(b"OggS"):
            return _ogg(data)
        if data[4:8] == b"ftyp":
            return _mp4(data)
    except (struct.error, IndexError) as failure:
        raise NotASound("cut off") from failure
    raise NotASound("no WebM, Ogg or MP4")


def with_duration(data: bytes, seconds: float) -> bytes:
    """A WebM that says how long it is; anything else as it is.

    A browser that records does not know the length when it writes the beginning, so players show none and cannot be
    wound forward. Nothing refers to places in such a file, so a longer beginning moves nothing out of its place.
    """
    if not data.startswith(_EBML):
        return data
    try:
        for name, start, end in _elements(data, *_segment(data)):
            if name in (_CLUSTER, _TRACKS):
                return data
            if name == _INFO:
                return _said(data, start, end, seconds)
    except (struct.error, IndexError, ArithmeticError, NotASound):
        return data  # whatever is damaged is not made worse
    return data


def _said(data: bytes, start: int, end: int, seconds: float) -> bytes:
    """The file with the length in its Info element, whose content begins and ends there."""
    scale, kept = 1_000_000, b""
    for name, begin, stop in _elements(data, start, end):
        if name == _TIMESTAMP_SCALE:
            scale = int.from_bytes(data[begin:stop])
        if name == _DURATION:
            return data
    kept = data[start:end] + _DURATION + b"\x88" + struct.pack(">d", seconds * _NANOSECONDS / scale)
    head = data.rindex(_INFO, 0, start)
    size = (len(kept) | 1 << 56).to_bytes(8)  # a length of eight bytes, as RFC 8794 (4.) writes it
    return data[:head] + _INFO + size + kept + data[end:]


def _webm(data: bytes) -> str:
    (name, start, end), *_ = _elements(data, 0, len(data))
    words = {name: data[begin:stop] for name, begin, stop in _elements(data, start, end)}
    if words.get(_DOC_TYPE) not in (b"webm", b"matroska"):
        raise NotASound("no WebM")
    for name, start, end in _elements(data, *_segment(data)):
        if name == _CLUSTER:
            break
        if name == _TRACKS:
            return _tracks(data, start, end)
    raise NotASound("no track")


def _tracks(data: bytes, start: int, end: int) -> str:
    tracks = [
        {name: data[begin:stop] for name, begin, stop in _elements(data, *place)}
        for kind, *place in _elements(data, start, end)
        if kind == _TRACK
    ]
    kinds = {int.from_bytes(track.get(_TRACK_TYPE, b"")) for track in tracks}
    codecs = {track.get(_CODEC, b"") for track in tracks}
    if kinds != {_AUDIO} or codecs != {b"A_OPUS"}:
        raise NotASound("no Opus, or not sound alone")
    return "audio/webm"


def _segment(data: bytes) -> tuple[int, int]:
    for name, start, end in _elements(data, 0, len(data)):
        if name == _SEGMENT:
            return start, end
    raise NotASound("no segment")


def _elements(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(id, start, end of content) of each EBML element; one of unknown length goes to the end."""
    end = min(end, len(data))
    while at < end:
        length = _length_of(data[at])
        name, at = data[at : at + length], at + length
        width = _length_of(data[at])
        size = int.from_bytes(data[at : at + width]) & ((1 << 7 * width) - 1)
        at += width
        unknown = size == (1 << 7 * width) - 1
        stop = end if unknown else at + size
        yield name, at, stop
        at = stop


def _length_of(first: int) -> int:
    """How many bytes a number has whose first byte is this one."""
    if first == 0:
        raise NotASound("damaged")
    return 9 - first.bit_length()


def _ogg(data: bytes) -> str:
    segments = data[26]
    if data[27 + segments : 35 + segments] != b"OpusHead":
        raise NotASound("no Opus")
    return "audio/ogg"


def _mp4(data: bytes) -> str:
    kinds = {data[at + 8 : at + 12] for at in _handlers(data, 0, len(data))}
    if kinds != {b"soun"}:
        raise NotASound("not sound alone")
    return "audio/mp4"


_BOXES_WITHIN = (b"moov", b"trak", b"mdia")


def _handlers(data: bytes, at: int, end: int) -> Iterator[int]:
    """Where the content of each track's `hdlr` box begins."""
    while at + 8 <= min(end, len(data)):
        size, name = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        stop = at + size if size else end
        if stop <= at:
            raise NotASound("damaged")
        if name in _BOXES_WITHIN:
            yield from _handlers(data, start, stop)
        elif name == b"hdlr":
            yield start
        at = stop


__all__ = ["HEAD", "NotASound", "sound_type", "with_duration"]
