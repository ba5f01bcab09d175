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
    for text in (content, *_unsnapped(content)):
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


def _unsnapped(content: bytes) -> Iterator[bytes]:
    """Every compressed value, wherever one begins; libraries want to be told where it ends."""
    at = content.find(_SNAPPED)
    while at >= 0:
        yield _decompressed(content, at + len(_SNAPPED))
        at = content.find(_SNAPPED, at + 1)


def _decompressed(content: bytes, at: int) -> bytes:
    """What can be read of a raw stream of Snappy (format_description.txt of Snappy) that begins at a place."""
    length = shift = 0
    while shift < 35 and at < len(content):
        length |= (content[at] & 0x7F) << shift
        shift += 7
        at += 1
        if content[at - 1] < 0x80:
            break
    found = bytearray()
    while len(found) < min(length, _LONGEST) and at < len(content):
        tag, kind = content[at] >> 2, content[at] & 3
        at += 1
        if kind == 0:  # as it is
            more = max(0, tag - 59)
            count = 1 + (int.from_bytes(content[at : at + more], "little") if more else tag)
            found += content[at + more : at + more + count]
            at += more + count
            continue
        # A copy of what came before.
        if kind == 1:
            count, back, more = 4 + (tag & 7), (tag >> 3) << 8 | content[at] if at < len(content) else 0, 1
        else:
            more = 2 if kind == 2 else 4
            count, back = 1 + tag, int.from_bytes(content[at : at + more], "little")
        at += more
        if not 0 < back <= len(found):
            break  # no stream at all, or its end
        for _ in range(count):
            found.append(found[-back])
    return bytes(found)
