"""What can be said about a picture from its bytes alone: is it one, is it whole, how large, which way up. Pure."""

import struct
from dataclasses import dataclass

from app.device.errors import UnreadablePhoto

_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that carry the dimensions (ITU T.81, table B.1), without DHT, JPG and DAC."""
_IN_ONE_PASS = frozenset({0xC0, 0xC1})
"""Baseline and extended sequential; the progressive ones need all their coefficients before the first row is done."""
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, b"\xff\xd9"
_KEPT_SEGMENTS = frozenset({0xE0, 0xE2, 0xEE})
"""APP0 (JFIF), APP2 (colour profile) and APP14 (Adobe's colour transform) decide how a JPEG looks."""
_ORIENTATION, _MIRRORED = 0x0112, 2


@dataclass(frozen=True)
class Picture:
    """A readable, whole picture; dimensions in pixels as stored, before any turning."""

    media_type: str
    width: int
    height: int
    in_one_pass: bool = False
    """A JPEG that is decoded from top to bottom: it can be made smaller without ever being whole in memory."""

    @property
    def pixels(self) -> int:
        """How many."""
        return self.width * self.height


def examine(data: bytes) -> Picture:
    """What kind of picture this is and how large.

    Raises:
        UnreadablePhoto: no JPEG, PNG or WebP, or cut off.
    """
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError) as failure:
        raise UnreadablePhoto("cut off") from failure
    raise UnreadablePhoto("no JPEG, PNG or WebP")


def without_metadata(data: bytes) -> bytes:
    """A JPEG without place, time, camera and comments; which way up is kept, because viewers need it.

    Other formats are returned as they are: cameras do not write them.

    Raises:
        UnreadablePhoto: see `examine`.
    """
    if examine(data).media_type != "image/jpeg":
        return data
    kept, orientation = [data[:2]], 1
    for marker, start, end in _segments(data):
        if marker == _START_OF_SCAN:
            kept.append(data[start:])
            break
        if marker == 0xE1:
            orientation = _orientation(data[start + 4 : end]) or orientation
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _KEPT_SEGMENTS:
            kept.append(data[start:end])
    if orientation != 1:
        kept.insert(1, _exif_with(orientation))
    return b"".join(kept)


def unmirrored(data: bytes) -> bytes:
    """A JPEG that stands as a mirror shows it, marked so that everybody who draws it turns it back.

    Only the mark is added (EXIF orientation 2, CIPA DC-008, section 4.6.4): no pixel is encoded again. Other formats, and
    what says already which way up it is, are returned as they are.

    Raises:
        UnreadablePhoto: see `examine`.
    """
    if examine(data).media_type != "image/jpeg":
        return data
    for marker, start, end in _segments(data):
        if marker == 0xE1 and _orientation(data[start + 4 : end]) is not None:
            return data
    return data[:2] + _exif_with(_MIRRORED) + data[2:]


def _jpeg(data: bytes) -> Picture:
    size = None
    for marker, start, _ in _segments(data):
        if marker in _STARTS_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, start + 5)
            size = Picture("image/jpeg", width, height, in_one_pass=marker in _IN_ONE_PASS)
        if marker == _START_OF_SCAN:
            # Cameras may append more after the end; a picture that was cut off has none.
            if size is None or data.find(_END_OF_IMAGE, start) < 0 or not (size.width and size.height):
                raise UnreadablePhoto("cut off")
            return size
    raise UnreadablePhoto("no image in it")


def _segments(data: bytes) -> list[tuple[int, int, int]]:
    """(marker, start, end) of each segment up to the start of the scan."""
    found, position = [], 2
    while position < len(data):
        if data[position] != 0xFF:
            raise UnreadablePhoto("damaged")
        while data[position] == 0xFF:
            position += 1
        marker = data[position]
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            position += 1
            continue
        (length,) = struct.unpack_from(">H", data, position + 1)
        found.append((marker, position - 1, position + 1 + length))
        if marker == _START_OF_SCAN:
            break
        position += 1 + length
    return found


def _png(data: bytes) -> Picture:
    if data[12:16] != b"IHDR" or data.rfind(b"IEND") < 0:
        raise UnreadablePhoto("cut off")
    width, height = struct.unpack_from(">II", data, 16)
    return _with_dimensions("image/png", width, height)


def _webp(data: bytes) -> Picture:
    (length,) = struct.unpack_from("<I", data, 4)
    if len(data) < length + 8:
        raise UnreadablePhoto("cut off")
    form = data[12:16]
    if form == b"VP8X":
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
    elif form == b"VP8 ":
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", data, 26))
    elif form == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    else:
        raise UnreadablePhoto("unknown WebP")
    return _with_dimensions("image/webp", width, height)


def _with_dimensions(media_type: str, width: int, height: int) -> Picture:
    if not (width and height):
        raise UnreadablePhoto("without dimensions")
    return Picture(media_type, width, height)


def _orientation(segment: bytes) -> int | None:
    """Which way up, from an EXIF segment (CIPA DC-008, section 4.6.4); None if it does not say."""
    if not segment.startswith(b"Exif\0\0"):
        return None
    tiff = segment[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, directory)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, directory + 2 + 12 * number)
            if tag == _ORIENTATION and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return None
    return None


def _exif_with(orientation: int) -> bytes:
    """The smallest EXIF segment that says which way up and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
