"""The longest step of a thread in processor time, by Chromium's own trace: what waits for other programs does not count.

On a machine that does other work a heartbeat comes late although nobody holds it up; this tells the two apart.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, Worker

_CATEGORIES = ("toplevel", "blink.user_timing", "disabled-by-default-devtools.timeline")
_MARK = "bench-this-thread"


class Steps:
    """What was traced: filled when the `with` block is left."""

    def __init__(self) -> None:
        self.longest = 0.0
        """Milliseconds of processor time."""


@contextmanager
def traced(page: Page, worker: Worker) -> Iterator[Steps]:
    """Trace the tasks of a worker's thread."""
    steps, done = Steps(), list[dict[str, Any]]()
    session = page.context.new_cdp_session(page)
    session.on("Tracing.tracingComplete", lambda event: done.append(event))  # noqa: PLW0108  Playwright marks what it is given
    config = {"recordMode": "recordContinuously", "includedCategories": list(_CATEGORIES)}
    session.send("Tracing.start", {"transferMode": "ReturnAsStream", "traceConfig": config})
    worker.evaluate(f"performance.mark('{_MARK}')")
    yield steps
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    text = ""
    while not (part := session.send("IO.read", {"handle": done[0]["stream"]}))["eof"]:
        text += part["data"]
    steps.longest = _longest(json.loads(text + part["data"])["traceEvents"])
    session.detach()


def _longest(events: list[dict[str, Any]]) -> float:
    (thread,) = {(event["pid"], event["tid"]) for event in events if event["name"] == _MARK}
    return max(
        float(event["tdur"]) / 1000
        for event in events
        if (event["pid"], event["tid"]) == thread and event["name"].endswith("RunTask") and "tdur" in event
    )
