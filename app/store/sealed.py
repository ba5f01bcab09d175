"""A document's text with a checksum in front, so that a changed bit is noticed whatever keeps the store.

The checksum covers table, key and text: a document that turns up under another name is not that document.
"""

from zlib import crc32

LENGTH = 8
"""Characters of the seal: CRC-32 in hexadecimal. It finds every error of up to 32 bits in a row (IEEE 802.3)."""


def seal(table: str, key: str, json: str) -> str:
    """The text as it is stored."""
    return f"{checksum(table, key, json):08x}{json}"


def checksum(table: str, key: str, json: str) -> int:
    """What is remembered of a document to recognise it."""
    return crc32(json.encode("utf-8", "replace"), crc32(f"{table}\n{key}\n".encode("utf-8", "replace")))


def unseal(table: str, key: str, text: str) -> str | None:
    """The JSON text under a seal; None if it is not what was stored."""
    json = text[LENGTH:]
    return json if text[:LENGTH] == f"{checksum(table, key, json):08x}" else None


def is_sealed(text: str) -> bool:
    """Whether a text has a seal at all: JSON objects of the first version begin with a brace."""
    return not text.startswith("{")
