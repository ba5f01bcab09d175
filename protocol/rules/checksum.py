"""The checksum of what a tablet must hold, kept up to date by adding and removing one thing at a time."""

from hashlib import blake2b
from uuid import UUID

from protocol.reference import Entity


def fingerprint(entity: Entity, thing: UUID | str, version: int) -> int:
    """The share of one thing at one version: 52 bits, so that every JSON reader keeps it exact (RFC 8259, section 6).

    Combined by exclusive or, which needs no order and undoes itself: a change costs two steps,
    however much is stored (rule S10).

    Args:
        thing: its id, or that as text with hyphens.
    """
    digest = blake2b(f"{entity}/{thing}/{version}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 12
