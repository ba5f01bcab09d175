"""`commit_p95` and `open_store`: what the tablet's store costs in Chromium; limit: bare IndexedDB, the same bytes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from bench.results import Result, compare, percentile_95
from tests.browser import persistent_context, playwright_driver
from tests.contract.laboratory import Laboratory, call, laboratory

CUSTOMERS, OBSERVATIONS = 2_000, 5_000
"""A large territory, and ten years of a busy technician."""
RUNS = 5
COMMITS = 60
"""Observations in one run: the 95th percentile is the third worst."""

_INSIDE = "tests.contract.store_speed"


def measure_open() -> Result:
    """Seconds until own work and reference can be used. Each run opens them in a fresh interpreter."""
    values, limits = [], []
    with _browser() as (lab, context):
        call(lab.enter(context), _INSIDE, "fill", CUSTOMERS, OBSERVATIONS)
        for _ in range(RUNS):
            page = lab.enter(context)
            call(page, _INSIDE, "bare_open")  # the first reading after a write finds the disk's cache cold
            found = call(page, _INSIDE, "open_store")
            assert (found["customers"], found["observations"]) == (CUSTOMERS, OBSERVATIONS)
            values.append(float(found["opened"]))
            limits.append(float(call(page, _INSIDE, "bare_open")))
            page.close()
    return compare("open_store", values, limits, "s")


def measure_commits() -> Result:
    """Milliseconds from a finished observation to its durable commit, without the interface."""
    values, limits = [], []
    with _browser() as (lab, context):
        page: Page = lab.enter(context)
        call(page, _INSIDE, "commits", COMMITS)  # the interpreter and the database are warm after that
        for _ in range(RUNS):
            values.append(percentile_95(call(page, _INSIDE, "commits", COMMITS)))
            limits.append(percentile_95(call(page, _INSIDE, "bare_commits", COMMITS)))
    return compare("commit_p95", values, limits, "ms")


@contextmanager
def _browser() -> Iterator[tuple[Laboratory, BrowserContext]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        playwright_driver() as driver,
        laboratory() as lab,
        persistent_context(driver, Path(folder)) as context,
    ):
        yield lab, context
