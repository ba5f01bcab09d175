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
        assert call(page, BROWSER, "empty_half", "small") == "", "removing is possible when nothing else is"
        assert call(page, BROWSER, "commit", "small", "room") == ""
        session.send("Storage.overrideQuotaForOrigin", {"origin": lab.url})
        assert call(page, BROWSER, "commit", "small", "after") == ""
        assert call(page, BROWSER, "keys", "small") == [
            ["drafts", "after"], ["drafts", "before"], ["drafts", "room"],
            ["outbox", "after"], ["outbox", "before"], ["outbox", "room"],
        ]  # fmt: skip


def test_a_browser_killed_in_a_migration_leaves_the_old_or_the_new_store(
    driver: Playwright, lab: Laboratory, tmp_path: Path
) -> None:
    count = 4_000
    with persistent_context(driver, tmp_path) as context:
        page = lab.enter(context)
        call(page, BROWSER, "seed_first_version", "old", count)
        begin(page, BROWSER, "bring_up_to_date", "old")
        while not call(page, BROWSER, "is_committing"):
            pass
        _kill_processes_with(str(tmp_path))
    with persistent_context(driver, tmp_path) as context:
        page = lab.enter(context)
        found = call(page, BROWSER, "beginnings", "old")
        assert found in ({"plain": count, "sealed": 0}, {"plain": 0, "sealed": count})
        call(page, BROWSER, "bring_up_to_date", "old")
        assert call(page, BROWSER, "beginnings", "old") == {"plain": 0, "sealed": count}


def test_a_document_that_the_browser_cannot_read_costs_only_itself(
    driver: Playwright, lab: Laboratory, tmp_path: Path
) -> None:
    with persistent_context(driver, tmp_path) as context:
        # Chromium keeps a large value in a file of its own, beside its database.
        call(lab.enter(context), BROWSER, "write_documents", "torn", {"a": 100, "large": 400_000, "z": 100})
    large = [path for path in tmp_path.rglob("*.indexeddb.blob/**/*") if path.is_file()]
    assert large, "Chromium keeps large values otherwise than it did"
    for path in large:
        path.unlink()
    with persistent_context(driver, tmp_path) as context:
        found = call(lab.enter(context), BROWSER, "read_documents", "torn")
    assert found == {"drafts": ["a", "z"], "damage": ["drafts/large: checksum"]}


def test_a_database_that_the_browser_threw_away_is_told(
    driver: Playwright, lab: Laboratory, tmp_path: Path
) -> None:
    with persistent_context(driver, tmp_path) as context:
        call(lab.enter(context), BROWSER, "write_documents", "lost", {"a": 100, "b": 100})
    (folder,) = tmp_path.rglob("*.indexeddb.leveldb")
    for path in folder.iterdir():
        if path.suffix in (".ldb", ".log") or path.name.startswith("MANIFEST"):
            path.write_bytes(b"\xa5" * path.stat().st_size)
    with persistent_context(driver, tmp_path) as context:
        found = call(lab.enter(context), BROWSER, "read_documents", "lost")
    assert found == {"drafts": [], "damage": ["_store/: dropped"]}


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
