"""The version of the sync protocol and which older ones are still understood (rule S16)."""

PROTOCOL = 1
"""The version that this code speaks."""

OLDEST_SUPPORTED = 1
"""The oldest tablet that may still read; older ones may still push what they have."""


def speaks(version: int) -> bool:
    """Whether a message of this version can be read by this code without loss."""
    return OLDEST_SUPPORTED <= version <= PROTOCOL
