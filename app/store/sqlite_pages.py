"""Reading the records of an SQLite file without SQLite: page by page, whatever the pages above them say.

SQLite follows a tree from the first page; one wrong byte near its root hides everything below. Each leaf page tells
what lies on it, so the records can be found without the tree (SQLite's own `.recover` works so; Python has no access
to it). Layout: https://www.sqlite.org/fileformat2.html, sections 1.6 and 2.1.
"""

from collections.abc import Iterator
from struct import error as too_short
from struct import unpack_from

PAGE = 4096
"""Bytes of a page: what SQLite has used by default since 3.12, and what this app's stores have."""

_FILE_HEADER = 100
_INDEX_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 2, 10, 13
_HEADERS = {_INDEX_INTERIOR: 12, _INDEX_LEAF: 8, _TABLE_LEAF: 8}
"""Page types that carry records, with the length of the page's own header. Indexes carry some in inner pages, too."""

_LARGEST = 64 * 1024 * 1024
"""Bytes of a record that are believed: a wrong length must not fill the memory."""

Record = list[bytes]
"""The columns of a record that are texts or blobs, in order; others are left out."""


def records(data: bytes) -> Iterator[Record]:
    """Every record on every page, readable or not: the caller knows what to believe."""
    for start in range(0, len(data), PAGE):
        first = start + (_FILE_HEADER if start == 0 else 0)
        kind = data[first] if first < len(data) else 0
        if kind not in _HEADERS:
            continue
        try:
            (count,) = unpack_from(">H", data, first + 3)
            pointers = unpack_from(f">{min(count, PAGE // 2)}H", data, first + _HEADERS[kind])
        except too_short:
            continue
        for pointer in pointers:
            try:
                record = _columns(_payload(data, start + pointer, kind))
            except (IndexError, too_short, ValueError):
                continue
            yield record


def _payload(data: bytes, at: int, kind: int) -> bytes:
    """The bytes of one record; what does not fit on its page lies on a chain of further pages."""
    if kind == _INDEX_INTERIOR:
        at += 4  # the page below
    size, at = _number(data, at)
    if size > _LARGEST:
        raise ValueError("implausible size")
    if kind == _TABLE_LEAF:
        _, at = _number(data, at)  # the row's number
        most = PAGE - 35
    else:
        most = (PAGE - 12) * 64 // 255 - 23
    if size <= most:
        return data[at : at + size]
    least = (PAGE - 12) * 32 // 255 - 23
    here = least + (size - least) % (PAGE - 4)
    if here > most:
        here = least
    parts, at, missing = [data[at : at + here]], at + here, size - here
    (page,) = unpack_from(">I", data, at)
    while missing > 0:
        if page == 0 or page * PAGE > len(data) + PAGE:
            raise ValueError("the chain is broken")
        begin = (page - 1) * PAGE
        part = data[begin + 4 : begin + 4 + min(missing, PAGE - 4)]
        if not part:
            raise ValueError("the chain is broken")
        parts.append(part)
        missing -= len(part)
        (page,) = unpack_from(">I", data, begin)
    return b"".join(parts)


def _columns(payload: bytes) -> Record:
    length, at = _number(payload, 0)
    found: Record = []
    body = length
    while at < length:
        kind, at = _number(payload, at)
        size = (kind - 12) // 2 if kind >= 12 else _FIXED[kind]
        if body + size > len(payload):
            raise ValueError("longer than the record")
        if kind >= 12:
            found.append(payload[body : body + size])
        body += size
    return found


_FIXED = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
"""Bytes of numbers by serial type."""


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer and where it ends."""
    value = 0
    for position in range(at, at + 8):
        byte = data[position]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + 1
    return value << 8 | data[at + 8], at + 9
