"""A damaged SQLite store: what can be read goes into a new one, the damaged file is set aside.

In an order in which the process may die anywhere: the new store is complete under another name before the damaged
one is moved; whoever comes next goes on from there.
"""

import os
import sqlite3
from hashlib import sha256
from pathlib import Path

from app.store.errors import Damage, StoreLost
from app.store.opening import ABOUT, INVENTORY, SCHEMA, set_aside
from app.store.sealed import is_sealed, unseal
from app.store.sqlite_pages import records
from app.store.tables import read_plain

_SIDES = ("-journal", "-wal", "-shm")
"""Endings of SQLite's files beside a store."""


def unfinished(path: Path) -> bool:
    """Whether a rescue died after it had moved the damaged store away."""
    return not path.exists() and _fresh(path).exists()


def finish(path: Path) -> None:
    """Put the rescued store in its place. Raises StoreLost."""
    try:
        os.replace(_fresh(path), path)
        _settle(path.parent)
    except OSError as failure:
        raise StoreLost(str(failure)) from failure


def rescue(path: Path, create: str, *, keep: bool) -> None:
    """Replace a damaged store by a new one with all that can be read and a note of the rest.

    Args:
        path: of the store. Nobody else may have it open.
        create: the statements that make an empty store.
        keep: whether the damaged file is kept beside it, for an expert.

    Raises:
        StoreLost: the files could not be read or written; the damaged store is still there.
    """
    try:
        documents, files, unreadable = _salvage(path.read_bytes())
        aside = _free_name(path)
        damage = Damage("_store", "", "file", count=0, kept_as=aside.name if keep else "")
        _fresh(path).unlink(missing_ok=True)
        connection = sqlite3.connect(_fresh(path), isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.executescript(create)
            connection.execute("BEGIN IMMEDIATE")
            for (table, key), text in documents.items():
                connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (table, key, text))
            for number, one in enumerate([damage, *unreadable]):
                note = set_aside(one, f"{aside.name}/{number}")
                connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", note)
            for key, data in files.items():
                connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (key, data))
            connection.execute("COMMIT")
        finally:
            connection.close()
        _settle(path.parent)
        for ending in _SIDES:
            beside = path.with_name(path.name + ending)
            if beside.exists() and beside.stat().st_size == 0:
                beside.unlink()
            elif beside.exists():
                os.replace(beside, aside.with_name(aside.name + ending))
        os.replace(path, aside)
    except (OSError, sqlite3.Error) as failure:
        raise StoreLost(f"{type(failure).__name__}: {failure}") from failure
    finish(path)
    if not keep:
        for ending in ("", *_SIDES):
            aside.with_name(aside.name + ending).unlink(missing_ok=True)


def _salvage(data: bytes) -> tuple[dict[tuple[str, str], str], dict[str, bytes], list[Damage]]:
    """Documents with their texts as stored, files, and documents that are there but not as they were written."""
    whole: dict[tuple[str, str], str] = {}
    plain: dict[tuple[str, str], str] = {}
    broken: dict[tuple[str, str], str] = {}
    files: dict[str, bytes] = {}
    for columns in records(data):
        if len(columns) == 2 and sha256(columns[1]).hexdigest().encode() == columns[0]:
            files[columns[0].decode()] = columns[1]
        if len(columns) != 3:
            continue
        table, key, text = (column.decode("utf-8", "replace") for column in columns)
        if (table, key) == (ABOUT, SCHEMA) or not is_sealed(text):
            plain[table, key] = text
        elif unseal(table, key, text) is not None:
            whole[table, key] = text
        else:
            broken[table, key] = text
    version = plain.pop((ABOUT, SCHEMA), None)
    if version is not None:
        whole[ABOUT, SCHEMA] = version
    if any(is_sealed(text) for text in whole.values()):
        broken |= plain  # a store with seals has no documents without
    else:
        whole |= {place: text for place, text in plain.items() if read_plain("", {"": text})[0]}
        broken |= {place: text for place, text in plain.items() if place not in whole}
    damage = [
        Damage(table, key, "checksum", text)
        for (table, key), text in broken.items()
        if (table, key) not in whole and table.isascii() and table.isprintable()
    ]
    if (ABOUT, INVENTORY) not in whole:
        damage.append(Damage(ABOUT, INVENTORY, "inventory", count=0))
    return whole, files, damage


def _fresh(path: Path) -> Path:
    return path.with_name(path.name + ".rescued")


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return aside


def _settle(folder: Path) -> None:
    """Make the names in a folder durable (fsync(2): a file's name is the folder's content)."""
    if os.name == "nt":
        return  # Windows knows no such call, and keeps names with its journal
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
