"""Putting a backup of PostgreSQL back: the photos are added, then the schemas change places, or nothing changes."""

import os
from datetime import datetime
from pathlib import Path

from sync_server.safekeeping import folder, on_postgres
from sync_server.safekeeping.archive import open_archive
from sync_server.safekeeping.errors import NotEmpty
from sync_server.safekeeping.manifest import Manifest
from sync_server.safekeeping.new_life import Closed, NewLife
from sync_server.safekeeping.restoring import (
    Restored,
    begin_life,
    lacking_photos,
    own_as_folder,
    require_engine,
    staging,
    write_durably,
)
from sync_server.settings import Settings


def restore(settings: Settings, file: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Put a backup into a PostgreSQL database, and its photos into the data folder.

    Args:
        replace: there may be data already: its schema is set aside under another name.

    Raises:
        NotABackup, NewerBackup, DamagedBackup, OtherEngine: see there; nothing was changed.
        NotEmpty: there is data, and it is not to be replaced; nothing was changed.
        InUse: a server or a command works with it; nothing was changed.
        NoProgram, Unreachable: pg_restore is missing, the database cannot be reached; nothing was changed.
        OSError: no room, no permission; nothing was changed.
    """
    url, data = settings.url, settings.data
    with open_archive(file) as archive, folder.alone(data):
        require_engine(archive.manifest, "postgresql")
        again = _undo_unfinished(url, data)
        with on_postgres.connected_alone(url) as connection:
            there = on_postgres.holds_data(connection)
            closed = on_postgres.closed_in(connection)
        if there and not (replace or again):
            raise NotEmpty(str(data))
        with staging(data, archive.manifest.size) as place:
            dump = place / "dump"
            archive.unpack_database(dump)
            archive.unpack_blobs(place / "blobs")
            own_as_folder(place, data)
            os.sync()
            _add_blobs(place / "blobs", settings.blobs)
            name = on_postgres.schema_name(f"{now.astimezone():%Y-%m-%d-%H%M%S}")
            life = _exchange(url, data, name, dump, archive.manifest, closed, now)
    if not there:
        on_postgres.drop_empty(url, name)
    return Restored(archive.manifest, life, name if there else None, closed is not None)


def _exchange(  # noqa: PLR0917  private, called once
    url: str, data: Path, name: str, dump: Path, manifest: Manifest, closed: Closed | None, now: datetime
) -> NewLife:
    """Set aside what is there and put the dump in its place. Whatever fails is undone; killed, at the next call."""
    marker = data / folder.UNFINISHED
    write_durably(marker, name)
    try:
        on_postgres.set_aside(url, name)
        lacking = lacking_photos(on_postgres.put_back(url, dump), manifest)
        life = begin_life(url, now, manifest, lacking, closed)
    except BaseException:
        on_postgres.take_back(url, name)
        marker.unlink()
        raise
    marker.unlink()
    return life


def _undo_unfinished(url: str, data: Path) -> bool:
    """Take back what a killed restore has begun; whether there was one."""
    marker = data / folder.UNFINISHED
    if not marker.exists():
        return False
    with on_postgres.connected_alone(url):
        pass
    on_postgres.take_back(url, marker.read_text().strip())
    marker.unlink()
    return True


def _add_blobs(unpacked: Path, folder_of_blobs: Path) -> None:
    """Photos are named by what they are: what is there already is the same."""
    for file in unpacked.glob("*/*"):
        target = folder_of_blobs / file.parent.name / file.name
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            file.rename(target)
    if folder_of_blobs.exists():
        own_as_folder(folder_of_blobs, folder_of_blobs.parent)
