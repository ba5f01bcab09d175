"""How long to wait after a failure: capped, exponential, with jitter. Pure."""

FIRST = 4.0
"""Seconds before the first new attempt."""

CAP = 300.0
"""Seconds at most: somebody who comes out of the cellar should not wait longer than that."""


def delay(failures: int, chance: float) -> float:
    """Seconds to wait after that many failures in a row (at least one).

    Half of it is certain and half is chance, so that fifty tablets in one hall do not come back in step
    ("equal jitter", AWS Architecture Blog, Exponential Backoff And Jitter, 2015).

    Args:
        failures: failed attempts in a row, at least 1.
        chance: uniform in [0, 1).
    """
    # The exponent is bounded before the power is taken: a tablet may fail for weeks.
    full = min(CAP, FIRST * 2.0 ** min(failures - 1, 16))
    return full / 2 + full / 2 * chance


def interval(seconds: float, chance: float) -> float:
    """Seconds until the next regular contact: `seconds`, a fifth more or less."""
    return seconds * (0.8 + 0.4 * chance)
