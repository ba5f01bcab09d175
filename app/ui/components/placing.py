"""Controls that stay the same controls while their screen is drawn anew, so that a touch that has begun reaches them.

Flet compares a list with what it was by the keys of its controls, and by their order where they have none: what comes or
goes above a button would make another button of it. A finger that is on the glass then, and a touch on its way to
Python, would be answered by nobody.
"""

from collections.abc import Iterable
from contextlib import suppress

import flet as ft


def placed(controls: Iterable[ft.Control | None]) -> list[ft.Control]:
    """What is there of `controls`; each is known by its place among all of them unless it has a key of its own."""
    found = []
    for place, control in enumerate(controls):
        if control is None:
            continue
        if control.key is None:
            # A component takes none afterwards; it is known by its place among the components of its list.
            with suppress(RuntimeError):
                control.key = f"{place}"
        found.append(control)
    return found
