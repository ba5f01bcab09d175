"""Identifiers made on the tablet: UUIDv7 (RFC 9562, section 5.7), so that ids sort by when they were made."""

import time
from collections.abc import Callable
from os import urandom
from uuid import UUID


def new_id(
    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    random: Callable[[int], bytes] = urandom,
) -> UUID:
    """A fresh UUIDv7.

    Args:
        now_ms: milliseconds since 1970-01-01 UTC.
        random: gives that many random bytes.
    """
    milliseconds = now_ms() & ((1 << 48) - 1)
    noise = int.from_bytes(random(10), "big")
    value = (
        milliseconds << 80
        | (0x7 << 76)
        | ((noise >> 68) & 0xFFF) << 64
        | (0b10 << 62)
        | (noise & ((1 << 62) - 1))
    )
    return UUID(int=value)
