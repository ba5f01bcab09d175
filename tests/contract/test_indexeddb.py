"""The contract of the stores against IndexedDB in a real Chromium, and what a killed browser leaves behind."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser import persistent_context, playwright_driver
from tests.contract.laboratory import Laboratory, begin, call, laboratory

BROWSER = "tests.contract.in_browser"


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with playwright_driver() as driver:
        yield driver


@pytest.fixture(scope="module")
def lab() -> Iterator[Laboratory]:
    with laboratory() as lab:
        yield lab


def test_contract(driver: Playwright, lab: Laboratory, tmp_path: Path) -> None:
    with persistent_context(driver, tmp_path) as context:
        results = call(lab.enter(context), BROWSER, "run_contract")
    assert results
    assert {name: failure for name, failure in results.items() if failure} == {}


def test_a_full_disk_refuses_and_keeps_what_was_committed(
    driver: Playwright, lab: Laboratory, tmp_path: Path
) -> None:
    with persistent_context(driver, tmp_path) as context:
        page = lab.enter(context)
        # Before the first write: Chromium remembers for a while how much room there was.
        session = context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": lab.url, "quotaSize": 3_000_000})
        call(page, BROWSER, "hold", "small")
        assert call(page, BROWSER, "commit", "small", "before") == ""
        assert call(page, BROWSER, "fill", "small", 20) == "StorageFull"
        session.send("Storage.overrideQuotaForOrigin", {"origin": lab.url})
        assert call(page, BROWSER, "commit", "small", "after") == ""
        assert call(page, BROWSER, "keys", "small") == [
            ["drafts", "after"], ["drafts", "before"], ["outbox", "after"], ["outbox", "before"]
        ]  # fmt: skip


def test_a_store_that_was_cleared_from_outside_says_so(
    driver: Playwright, lab: Laboratory, tmp_path: Path
) -> None:
    with persistent_context(driver, tmp_path) as context:
        page = lab.enter(context)
        call(page, BROWSER, "hold", "cleared")
        assert call(page, BROWSER, "commit", "cleared", "before") == ""
        call(page, BROWSER, "delete_from_outside", "cleared")
        assert call(page, BROWSER, "commit", "cleared", "after") == "StoreLost"


def test_a_killed_browser_keeps_what_was_committed_and_nothing_half(
    driver: Playwright, lab: Laboratory, tmp_path: Path
) -> None:
    with persistent_context(driver, tmp_path) as context:
        page = lab.enter(context)
        call(page, BROWSER, "hold", "killed")
        for number in range(5):
            assert call(page, BROWSER, "commit", "killed", f"told-{number}") == ""
        begin(page, BROWSER, "commit_for_ever", "killed")
        _kill_processes_with(str(tmp_path))
    with persistent_context(driver, tmp_path) as context:
        found = call(lab.enter(context), BROWSER, "keys", "killed")
    drafts = [key for table, key in found if table == "drafts"]
    outbox = [key for table, key in found if table == "outbox"]
    assert {f"told-{number}" for number in range(5)} <= set(drafts)
    assert drafts == outbox, "a batch is there whole or not at all"


def _kill_processes_with(profile: str) -> None:
    """SIGKILL to the browser of this profile and its children, as when the battery is taken out."""
    browsers = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"--user-data-dir={profile}".encode() in command:
                browsers.append(int(entry.name))
    assert browsers, "the browser of this test was not found"
    for process in browsers:
        os.kill(process, signal.SIGKILL)
