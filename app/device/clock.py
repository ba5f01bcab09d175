"""The tablet's clock at the edge of the app: a time that no clock can mean is read as the nearest one that it can.

A tablet whose battery was empty begins in 1970. The person must still be able to save, and the tablet to synchronise
(rule S19): the server notes how wrong the clock is. A time that is merely wrong stays as it was said.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from protocol.limits import EARLIEST_DATE, LATEST_DATE

# A day inside of the limits, so that the date is one that may be said in every time zone.
_FIRST = datetime.combine(EARLIEST_DATE + timedelta(days=1), time(), UTC)
_LAST = datetime.combine(LATEST_DATE - timedelta(days=1), time(), UTC)


def plausible(clock: Callable[[], datetime]) -> Callable[[], datetime]:
    """A clock that never leaves the time between EARLIEST_DATE and LATEST_DATE."""
    return lambda: min(max(clock(), _FIRST), _LAST)
