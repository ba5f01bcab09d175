"""What SQLite does when the power goes, the disk is full or the file is damaged."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.backing import Write
from app.store.errors import StorageFull, StoreDamaged, StoreLost
from app.store.sqlite import SQLiteBacking

_COMMIT_THEN_HALF_COMMIT = """
import asyncio, os, signal, sys
from pathlib import Path
from app.store.backing import Write
from app.store.sqlite import SQLiteBacking

async def main():
    backing = await SQLiteBacking.open(Path(sys.argv[1]))
    await backing.commit([Write("drafts", "kept", "{}")])
    print("committed", flush=True)
    backing._connection.execute("BEGIN IMMEDIATE")
    backing._connection.execute("INSERT INTO documents VALUES ('drafts', 'half', '{}')")
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.anyio
async def test_a_killed_process_keeps_what_was_committed_and_nothing_half(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    killed = subprocess.run(  # noqa: ASYNC221  nothing else runs in this loop
        [sys.executable, "-c", _COMMIT_THEN_HALF_COMMIT, str(path)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert killed.stdout == "committed\n"
    backing = await SQLiteBacking.open(path)
    assert [key async for stored in backing.read() for key in stored.keys] == ["kept"]
    await backing.close()


@pytest.mark.anyio
async def test_a_full_disk_refuses_the_whole_commit(tmp_path: Path) -> None:
    backing = await SQLiteBacking.open(tmp_path / "store.sqlite3")
    await backing.commit([Write("t", "before", "{}")])
    (pages,) = backing._connection.execute("PRAGMA page_count").fetchone()
    backing._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageFull):
        await backing.commit([Write("t", f"{n}", '"' + "x" * 4000 + '"') for n in range(20)])
    with pytest.raises(StorageFull):
        await backing.put_file("photo", b"x" * 100_000)
    await backing.commit([Write("t", "after", "{}")])
    assert [key async for stored in backing.read() for key in stored.keys] == ["after", "before"]
    assert list(await backing.file_keys()) == []
    await backing.close()


@pytest.mark.anyio
async def test_a_file_that_is_no_database_is_reported_as_damaged_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreDamaged):
        await SQLiteBacking.open(path)
    assert path.read_bytes().startswith(b"this is no database")


@pytest.mark.anyio
async def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreLost):
        await SQLiteBacking.open(tmp_path / "file" / "store.sqlite3")
