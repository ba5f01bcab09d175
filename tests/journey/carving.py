"""Photos as a forensic tool finds them: in any file of a folder, deleted or not, in whatever else lies around them.

Chromium keeps what IndexedDB stores in LevelDB, in pieces with headers between them, and what compresses well with Snappy.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

_JPEG = b"\xff\xd8\xff"
_LONGEST = 8_000_000
_BLOCK, _HEADER = 32_768, 7
"""Of LevelDB's logs (doc/log_format.md of LevelDB): bytes of a block, and of what stands before each piece in it."""
_SNAPPED = b"\xff\x11\x02"
"""Before a value that was compressed (Chromium, idb_value_wrapping.cc)."""
_VALUE = b"\xff"
"""What every value begins with, once it is not compressed any more (V8, value-serializer.cc)."""


def carved_photos(folder: Path) -> list[bytes]:
    """Everything in any file below `folder` that a forensic tool would take for a JPEG and that can be opened."""
    return [data for path in folder.rglob("*") for data in _carved(path)]


def _carved(path: Path) -> Iterator[bytes]:
    try:
        content = path.read_bytes() if path.is_file() else b""
    except OSError:
        return  # a file of the running browser, gone meanwhile
    if path.suffix == ".log" and path.parent.suffix == ".leveldb":
        content = _without_headers(content)
    snapped = list(_unsnapped(content))
    # A photo of which only parts were compressed opens in the raw text too, but with colours that it has not.
    for start, end, _ in reversed(snapped):
        content = content[:start] + content[end:]
    for text in (content, *(value for _, _, value in snapped)):
        yield from _photos_in(text)


def _photos_in(text: bytes) -> Iterator[bytes]:
    at = text.find(_JPEG)
    while at >= 0:
        piece = text[at : at + _LONGEST]
        try:
            with Image.open(io.BytesIO(piece)) as image:
                image.load()
                yield piece
        except (OSError, SyntaxError, ValueError):
            pass  # three bytes that only look like a beginning
        at = text.find(_JPEG, at + len(_JPEG))


def _without_headers(log: bytes) -> bytes:
    """What was written into a log of LevelDB: a photo with headers in the midst of it shows colours that it has not."""
    pieces = []
    for start in range(0, len(log), _BLOCK):
        block = log[start : start + _BLOCK]
        at = 0
        # What is left of a block and too short for a header is filled with zeros.
        while at + _HEADER <= len(block):
            length = int.from_bytes(block[at + 4 : at + 6], "little")
            pieces.append(block[at + _HEADER : at + _HEADER + length])
            at += _HEADER + length
    return b"".join(pieces)


def _unsnapped(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Every compressed value that is there whole: where it begins and ends, and what it says."""
    start = content.find(_SNAPPED)
    while start >= 0:
        end, value = _decompressed(content, start + len(_SNAPPED))
        whole = value.startswith(_VALUE)
        if whole:
            yield start, end, value
        start = content.find(_SNAPPED, end if whole else start + 1)


def _decompressed(content: bytes, at: int) -> tuple[int, bytes]:
    """Where a raw stream of Snappy ends (format_description.txt of Snappy), and what it says; nothing if it breaks off."""
    length, at = _varint(content, at)
    found = bytearray()
    while len(found) < length <= _LONGEST and at < len(content):
        tag, kind = content[at] >> 2, content[at] & 3
        at += 1
        if kind == 0:  # as it is
            more = max(0, tag - 59)
            count = 1 + (int.from_bytes(content[at : at + more], "little") if more else tag)
            found += content[at + more : at + more + count]
            at += more + count
            continue
        # A copy of what came before.
        more = (0, 1, 2, 4)[kind]
        back = int.from_bytes(content[at : at + more], "little")
        count = 1 + tag
        if kind == 1:
            count, back = 4 + (tag & 7), (tag >> 3) << 8 | back
        at += more
        if not 0 < back <= len(found):
            break  # no stream at all
        for _ in range(count):
            found.append(found[-back])
    return at, bytes(found) if len(found) == length else b""


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    number = 0
    for place, byte in enumerate(content[at : at + 5]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    return 0, at
