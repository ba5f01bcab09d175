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


def new_ids(count: int) -> list[str]:
    """Many fresh UUIDv7 of this moment, as text: for rows that a server makes by the hundred."""
    milliseconds = time.time_ns() // 1_000_000 & ((1 << 48) - 1)
    begin, noise = f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7", urandom(10 * count).hex()
    return [
        # Two bits for the variant, so that a digit with two bits of noise follows them: 8, 9, a or b (section 4.1).
        f"{begin}{digits[:3]}-{'89ab'[int(digits[3], 16) & 3]}{digits[4:7]}-{digits[7:19]}"
        for digits in (noise[place : place + 20] for place in range(0, 20 * count, 20))
    ]
