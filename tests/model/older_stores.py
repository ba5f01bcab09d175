"""A tablet's stores as version 1 of the app would have left them at this moment, for the present app to be opened on.

Why that is what version 1 wrote, and no guess: the app of that time had the same tables and the same models. It stored
the same JSON text without a seal, kept no inventory, and said `{"version":1}`. What it did not know yet is listed
below; a store that holds a thing which that app could not express is not set back. `test_older.py` brings the recorded
stores of version 1 (tests/app/stores_v1) up to date with the present app and sets them back: byte for byte they are
what they were. SQLite files are made with the statements and the journal of those recorded files.
"""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

from app.store.opening import ABOUT, DAMAGED, SCHEMA
from app.store.sealed import is_sealed, unseal
from tests.model.backing import Disks

Place = tuple[str, str]
"""Table and key."""

RECORDED = Path(__file__).parent.parent / "app" / "stores_v1"
"""Stores that version 1 of the app wrote itself."""

_VERSION_1 = '{"version":1}'

_LATER_FIELDS = {"outbox": ("known_since", "told"), "mark": ("swept",)}
"""What documents say since, and said nothing of then: the present app takes the defaults for it."""

_LATER_CHANGES = frozenset({"visit.plan", "visit.prepare"})
"""Kinds of changes that nobody could make then."""

_LATER_LINES = frozenset({"attempt", "damage", "mended", "thinned"})
"""Lines that the log of that time did not have."""


def set_back(disks: Disks, *, killed: bool) -> bool:
    """Make all stores of a tablet, none of which is open, those of version 1; False if one of them cannot be.

    Args:
        disks: of the tablet.
        killed: the old app was not closed: what it committed last is in SQLite's write-ahead log only.
    """
    older = {store: as_version_1(disks.texts(store)) for store in disks.stores()}
    if any(texts is None for texts in older.values()):
        return False
    for store, texts in older.items():
        assert texts is not None
        if disks.folder is None:
            disks.memory[store].documents = texts
        else:
            _write(disks.folder / f"{store}.sqlite3", texts, killed=killed)
    return True


def as_version_1(texts: Mapping[Place, str]) -> dict[Place, str] | None:
    """The documents of one store as version 1 kept them; None if it could not have kept them."""
    older: dict[Place, str] = {}
    for (table, key), text in texts.items():
        if table == ABOUT:
            continue
        if table == DAMAGED:
            return None  # version 1 set nothing aside
        plain = unseal(table, key, text) if is_sealed(text) else text
        assert plain is not None, "a checksum is wrong"
        document = json.loads(plain)
        if table == "photos" and "gone" in document:
            return None  # version 1 removed no photo to make room, and took no note of a vanished one
        if table == "log" and document["what"] in _LATER_LINES:
            continue
        if table == "outbox" and document["change"]["type"] in _LATER_CHANGES:
            return None
        for field in _LATER_FIELDS.get(table, ()):
            document.pop(field, None)
        older[table, key] = json.dumps(document, separators=(",", ":"))
    if (ABOUT, SCHEMA) in texts:  # else the app died before it had said which version it is
        older[ABOUT, SCHEMA] = _VERSION_1
    return older


def _write(file: Path, texts: Mapping[Place, str], *, killed: bool) -> None:
    """The file anew, as version 1 wrote it. Its photos are the same."""
    files = []
    if texts:  # else the app died while it made the file, perhaps before it had tables
        with closing(sqlite3.connect(file)) as present:
            files = present.execute("SELECT key, data FROM files").fetchall()
    file.with_name(f"{file.name}-journal").unlink(missing_ok=True)  # the present app's
    growing = file.with_suffix(".v1")
    with closing(sqlite3.connect(growing)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("PRAGMA wal_autocheckpoint = 0")
        for statement in _statements():
            old.execute(statement)
        with old:
            old.executemany("INSERT INTO documents VALUES (?, ?, ?)", [(*at, t) for at, t in texts.items()])
            old.executemany("INSERT INTO files VALUES (?, ?)", files)
        if killed:
            shutil.copy(f"{growing}-wal", f"{file}-wal")
            shutil.copy(growing, file)
    if killed:
        growing.unlink()
    else:
        growing.replace(file)


@cache
def _statements() -> tuple[str, ...]:
    """The statements with which version 1 made its tables."""
    with closing(
        sqlite3.connect(f"file:{RECORDED / 'rundgang-device.sqlite3'}?immutable=1", uri=True)
    ) as old:
        rows = old.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        return tuple(row[0] for row in rows)


__all__ = ["RECORDED", "Place", "as_version_1", "set_back"]
