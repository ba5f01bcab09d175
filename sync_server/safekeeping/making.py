"""Making a backup while the server runs: copy, pack, read back, and only then give it its name."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as new_sha256
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from sync_server.durable import flush_folder
from sync_server.media.blobs import Blobs, NoSuchBlob, open_blobs
from sync_server.media.errors import DamagedBlob
from sync_server.safekeeping.archive import ArchiveWriter, open_archive
from sync_server.safekeeping.copying import Contents, copy_sqlite
from sync_server.safekeeping.errors import BackupExists, BackupRunning
from sync_server.safekeeping.manifest import DATABASES, Engine, KeptBlob, KeptDatabase, Manifest
from sync_server.safekeeping.on_postgres import copy_postgres
from sync_server.settings import Settings

_WORKSHOP = ".rundgang-backup"
"""Where a backup grows, beside its final place. What a killed attempt left there, the next one removes."""


@dataclass(frozen=True)
class Made:
    """A backup that was read back and found whole; `size` in bytes."""

    file: Path
    manifest: Manifest
    size: int


def make_backup(settings: Settings, target: Path, now: datetime) -> Made:
    """Back up the database and every photo that it names.

    Args:
        target: the file to be made, or an existing folder, in which it is named by the time.

    Raises:
        NoDatabase, FailedCopy, BackupExists, BackupRunning, DamagedBackup: see there; no file was made.
        StoreError: the store of photos fails, see `media.errors`; no file was made.
        OSError: no room, no permission; no file was made.
    """
    file = target / f"rundgang-{now.astimezone():%Y-%m-%d-%H%M%S}.zip" if target.is_dir() else target
    if file.exists():
        raise BackupExists(file)
    with _workshop(file.absolute().parent) as workshop:
        copy, part = workshop / "database", workshop / "backup.zip"
        contents = _copy(settings, copy)
        with _private(part) as writing, contextlib.closing(ArchiveWriter(writing)) as archive_writer:
            manifest = _pack(archive_writer, copy, contents, settings, now)
        with open_archive(part) as archive:
            archive.check()
        size = part.stat().st_size
        _give_name(part, file)
    return Made(file, manifest, size)


def _copy(settings: Settings, target: Path) -> Contents:
    if settings.database_url is None:
        return copy_sqlite(settings.data / "rundgang.db", target)
    return copy_postgres(settings.database_url, target)


def _pack(
    archive: ArchiveWriter, copy: Path, contents: Contents, settings: Settings, now: datetime
) -> Manifest:
    photos = open_blobs(settings)
    engine: Engine = "sqlite" if settings.database_url is None else "postgresql"
    size, sha256 = archive.add_file(DATABASES[engine], copy)
    kept, lacking = [], []
    # Photos are never changed and their files come before their rows: what the copy names is there.
    for blob in contents.blobs:
        data = _read(photos, blob)
        if data is None:
            lacking.append(blob.sha256)
            continue
        archive.add_blob(blob.name, data)
        kept.append(blob)
    manifest = Manifest(
        made_at=now,
        program=version("rundgang"),
        company=contents.company,
        epoch=contents.epoch,
        database=KeptDatabase(
            engine=engine,
            size=size,
            sha256=sha256,
            schema_version=contents.schema_version,
            counts=contents.counts,
        ),
        blobs=tuple(kept),
        lacking=tuple(lacking),
    )
    archive.finish(manifest)
    return manifest


def _read(photos: Blobs, blob: KeptBlob) -> bytes | None:
    """A photo's bytes, None if they are not there or not the right ones any more."""
    try:
        data = photos.read(blob.sha256)
    except (NoSuchBlob, DamagedBlob):
        return None
    return data if len(data) == blob.size and new_sha256(data).hexdigest() == blob.sha256 else None


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A place on the same disk as the backup's own, for one backup at a time."""
    workshop = folder / _WORKSHOP
    workshop.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(workshop, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRunning(str(folder)) from None
        try:
            for left in workshop.iterdir():
                left.unlink()
            yield workshop
        finally:
            shutil.rmtree(workshop)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _private(file: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone, on disk when this ends."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as writing:
        yield writing
        writing.flush()
        os.fsync(writing.fileno())


def _give_name(part: Path, file: Path) -> None:
    if file.exists():
        raise BackupExists(file)
    part.rename(file)
    flush_folder(file.parent)
