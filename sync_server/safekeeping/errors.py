"""What can go wrong with backups, in the project's own words; commands turn them into sentences."""

from pathlib import Path


class SafekeepingError(Exception):
    """Nothing was changed, unless the error says otherwise."""


class NoDatabase(SafekeepingError):
    """There is no database to back up."""


class BackupExists(SafekeepingError):
    """A file of this name is there already; backups never overwrite one another."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self.file = file


class BackupRunning(SafekeepingError):
    """Another backup into the same folder is under way."""


class FailedCopy(SafekeepingError):
    """The database could not be copied, or the copy is not sound; says why."""


class NoProgram(SafekeepingError):
    """One of PostgreSQL's own programs is not on this machine; says which."""


class NotABackup(SafekeepingError):
    """The file was not made by `rundgang backup`; says what is wrong."""


class DamagedBackup(SafekeepingError):
    """The file is a backup, but something in it is missing or was changed; says what."""


class NewerBackup(SafekeepingError):
    """The backup was made by a newer version of the program."""


class NotEmpty(SafekeepingError):
    """There is a database already where the backup is to be restored."""


class InUse(SafekeepingError):
    """A server or another command works with this data at the moment."""


class Unfinished(SafekeepingError):
    """A restore was interrupted while it put files into place: it must be run again before anything else."""


class OtherEngine(SafekeepingError):
    """The backup is of the other kind of database: SQLite in the folder, or PostgreSQL."""
