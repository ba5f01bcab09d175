"""Putting a backup back: unpacked and checked beside the data, then moved into its place, never half of it."""

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync_server.durable import flush_folder
from sync_server.safekeeping import folder, new_life, on_postgres
from sync_server.safekeeping.archive import Archive, open_archive
from sync_server.safekeeping.copying import Contents, contents_of_file, require_sound
from sync_server.safekeeping.errors import DamagedBackup, FailedCopy, NoDatabase, NotEmpty, OtherEngine
from sync_server.safekeeping.manifest import Engine, Manifest
from sync_server.safekeeping.new_life import NewLife
from sync_server.settings import Settings
from sync_server.store import Database, migrate

_STAGING = ".restoring"

_REPLACED = ("rundgang.db-wal", "rundgang.db-shm", "rundgang.db", "uploads", "thumbnails", "blobs")
"""What a data folder consists of. Whatever else lies in it is none of ours and stays."""

_SPARE = 64 * 1024 * 1024
"""Bytes to be left on the disk after a restore."""


@dataclass(frozen=True)
class Restored:
    """What was put back.

    Attributes:
        set_aside: where the data lies that was there before: a folder, or a schema of the database; None: there was none.
        knows_closed: whether it could be read which tablets and accounts were closed there.
    """

    manifest: Manifest
    life: NewLife
    set_aside: Path | str | None
    knows_closed: bool


def restore(settings: Settings, file: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Put a backup into a data folder.

    Args:
        replace: there may be data already: it is set aside, within the folder.

    Raises:
        NotABackup, NewerBackup, DamagedBackup: see there; nothing was changed.
        OtherEngine: the backup is of PostgreSQL; nothing was changed.
        NotEmpty: there is data, and it is not to be replaced; nothing was changed.
        InUse: a server or a command works with it; nothing was changed.
        NewerDatabase: the backup is of a newer version of the program; nothing was changed.
        OSError: no room, no permission; nothing was changed, or `Unfinished` is said until this is run again.
    """
    data = settings.data
    with open_archive(file) as archive, folder.alone(data):
        require_engine(archive.manifest, "sqlite")
        unfinished = data / folder.UNFINISHED
        if _holds_data(data) and not (replace or unfinished.exists()):
            raise NotEmpty(str(data))
        with staging(data, archive.manifest.size) as place:
            closed = _closed_before(data)
            life = _unpack(archive, place, closed, now)
            own_as_folder(place, data)
            os.sync()  # thousands of files at once: cheaper than one by one
            set_aside = _put_into_place(place, data, now)
    return Restored(archive.manifest, life, set_aside, closed is not None)


def renew(settings: Settings, now: datetime) -> NewLife:
    """Begin a new life of a database that was put back by other means: a snapshot of the machine, a copied folder.

    Raises:
        NoDatabase, InUse, Unfinished: see there; nothing was changed.
    """
    with folder.alone(settings.data):
        folder.require_finished(settings.data)
        if settings.database_url is not None:
            with on_postgres.connected_alone(settings.url) as connection:
                there = on_postgres.holds_data(connection)
        else:
            there = (settings.data / "rundgang.db").is_file()
        if not there:
            raise NoDatabase(str(settings.data))
        return begin_life(settings.url, now)


def _closed_before(data: Path) -> new_life.Closed | None:
    marker = data / folder.UNFINISHED
    places = [data / marker.read_text().strip(), data] if marker.exists() else [data]
    database = next((place / "rundgang.db" for place in places if (place / "rundgang.db").exists()), None)
    return new_life.closed_in(database) if database else None


def _unpack(archive: Archive, place: Path, closed: new_life.Closed | None, now: datetime) -> NewLife:
    """Everything into the staging folder, checked, and the database's new life begun there."""
    manifest, copy = archive.manifest, place / "rundgang.db"
    archive.unpack_database(copy)
    archive.unpack_blobs(place / "blobs")
    try:
        require_sound(copy)
        found = contents_of_file(copy)
    except (sqlite3.Error, FailedCopy) as error:
        raise DamagedBackup(f"the database in it is not sound: {error}") from error
    lacking = lacking_photos(found, manifest)
    return begin_life(f"sqlite:///{copy.absolute()}", now, manifest, lacking, closed)


def lacking_photos(found: Contents, manifest: Manifest) -> list[str]:
    """Photos that a restored database names and the backup does not hold.

    Raises:
        DamagedBackup: it is not the database that the manifest describes.
    """
    if (found.counts, found.epoch) != (manifest.database.counts, manifest.epoch):
        raise DamagedBackup("the database in it is not the one that its manifest describes")
    there = {blob.sha256 for blob in manifest.blobs}
    return [blob.sha256 for blob in found.blobs if blob.sha256 not in there]


def require_engine(manifest: Manifest, engine: Engine) -> None:
    """Raises OtherEngine if a backup is not of this kind of database."""
    if manifest.database.engine != engine:
        raise OtherEngine(manifest.database.engine)


def begin_life(
    url: str,
    now: datetime,
    manifest: Manifest | None = None,
    lacking: list[str] | None = None,
    closed: new_life.Closed | None = None,
) -> NewLife:
    """Bring a database that was put back up to date, and begin its new life. Raises NewerDatabase."""
    database = Database(url)
    try:
        migrate(database)
        with database.writing() as connection:
            return new_life.begin(
                connection,
                now,
                made_at=manifest.made_at if manifest else None,
                lacking=lacking or (),
                closed=closed,
            )
    finally:
        database.close()


def _holds_data(data: Path) -> bool:
    return any((data / name).exists() for name in _REPLACED)


@contextlib.contextmanager
def staging(data: Path, size: int) -> Iterator[Path]:
    """A folder on the same disk as the data, gone when this ends. What a killed restore left there goes first."""
    place = data / _STAGING
    if place.exists():
        shutil.rmtree(place)
    if shutil.disk_usage(data).free < size + _SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(data))
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def _put_into_place(place: Path, data: Path, now: datetime) -> Path | None:
    """Move the old data away and the new into its place. Killed in between, `restore` goes on where it was."""
    marker = data / folder.UNFINISHED
    if marker.exists():
        set_aside = data / marker.read_text().strip()
    else:
        set_aside = data / f"set-aside-{now.astimezone():%Y-%m-%d-%H%M%S}"
        write_durably(marker, set_aside.name)
    set_aside.mkdir(mode=0o700, exist_ok=True)
    for name in _REPLACED:
        if not (data / name).exists():
            continue
        if (set_aside / name).exists():
            _remove(data / name)  # put here by the attempt that was killed: the old one is set aside already
        else:
            (data / name).rename(set_aside / name)
    flush_folder(set_aside)
    for name in reversed(_REPLACED):
        if (place / name).exists():
            (place / name).rename(data / name)
    flush_folder(data)
    marker.unlink()
    flush_folder(data)
    if any(set_aside.iterdir()):
        return set_aside
    set_aside.rmdir()
    return None


def own_as_folder(place: Path, data: Path) -> None:
    """What root restores belongs to whom the data folder belongs: the service must be able to write it."""
    if os.geteuid() != 0:
        return
    owner = data.stat()
    for one in (place, *place.rglob("*")):
        os.chown(one, owner.st_uid, owner.st_gid)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()


def write_durably(file: Path, words: str) -> None:
    """A new file with these words, on disk when this returns."""
    with file.open("x") as writing:
        writing.write(words)
        writing.flush()
        os.fsync(writing.fileno())
    flush_folder(file.parent)
