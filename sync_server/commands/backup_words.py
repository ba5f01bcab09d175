"""Words about backups: what is in one, and what went wrong with one."""

import contextlib
import errno
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sync_server.answers import is_disk_full
from sync_server.commands.speaking import failed, say
from sync_server.safekeeping.errors import (
    BackupExists,
    BackupRunning,
    DamagedBackup,
    FailedCopy,
    NewerBackup,
    NoDatabase,
    NoProgram,
    NotABackup,
)
from sync_server.safekeeping.manifest import Manifest

_LISTED = 20


@contextlib.contextmanager
def in_backup_words(file: Path, data: Path) -> Iterator[None]:
    """Turn what may go wrong with a backup file into sentences. Whatever it is: nothing half is left.

    Args:
        file: the backup, to be made or to be read.
        data: the data folder.
    """
    try:
        yield
    except NoDatabase as error:
        raise failed(
            f"In {error} liegt keine Datenbank von Rundgang. Mit --data den Ordner des Servers angeben.",
            f"There is no database of Rundgang in {error}. Name the server's folder with --data.",
        ) from error
    except BackupExists as error:
        raise failed(
            f"{error.file} gibt es schon; Sicherungen werden nie überschrieben. Bitte einen anderen Namen "
            "oder einen Ordner angeben.",
            f"{error.file} exists; backups are never overwritten. Please give another name, or a folder.",
        ) from error
    except BackupRunning as error:
        raise failed(
            f"Nach {error} läuft schon eine Sicherung.", f"A backup into {error} is already running."
        ) from error
    except FailedCopy as error:
        raise failed(
            f"Die Datenbank in {data} ist beschädigt, es wurde keine Sicherung gemacht ({error}). "
            "Bitte die letzte gute Sicherung aufheben und zurückspielen (docs/operations.md).",
            f"The database in {data} is damaged, no backup was made ({error}). "
            "Please keep the last good backup and restore it (docs/operations.md).",
        ) from error
    except NoProgram as error:
        raise failed(
            f"Das Programm {error} von PostgreSQL fehlt (Debian: apt install postgresql-client). "
            "Es wurde nichts verändert.",
            f"PostgreSQL's program {error} is missing (Debian: apt install postgresql-client). "
            "Nothing was changed.",
        ) from error
    except NotABackup as error:
        raise failed(
            f"{file} ist keine Sicherung von Rundgang ({error}). Es wurde nichts verändert.",
            f"{file} is not a backup of Rundgang ({error}). Nothing was changed.",
        ) from error
    except DamagedBackup as error:
        raise failed(
            f"Die Sicherung {file} ist beschädigt oder verändert ({error}). Bitte eine andere nehmen. "
            "Es wurde nichts verändert.",
            f"The backup {file} is damaged or was changed ({error}). Please take another one. "
            "Nothing was changed.",
        ) from error
    except NewerBackup as error:
        raise failed(
            f"Die Sicherung stammt von einer neueren Version von Rundgang ({error}). "
            "Bitte diese Version installieren. Es wurde nichts verändert.",
            f"The backup was made by a newer version of Rundgang ({error}). "
            "Please install that version. Nothing was changed.",
        ) from error
    except OSError as error:
        place = Path(error.filename).parent if error.filename else file.parent
        if is_disk_full(error):
            raise failed(
                f"Der Datenträger von {place} ist voll. Es blieb nichts Halbes zurück; was vorher da war, ist "
                "unversehrt. Bitte Platz schaffen oder ein anderes Ziel nehmen.",
                f"The disk of {place} is full. Nothing half was left; what was there before is unharmed. "
                "Please make room, or take another target.",
            ) from error
        if error.errno == errno.EFBIG:
            raise failed(
                f"So große Dateien kann der Datenträger von {file} nicht (FAT32 kann höchstens 4 GB). "
                "Es blieb nichts Halbes zurück. Bitte einen anderen nehmen.",
                f"The disk of {file} cannot hold files of this size (FAT32 holds 4 GB at most). "
                "Nothing half was left. Please take another one.",
            ) from error
        raise failed(
            f"{error.filename or file} lässt sich nicht benutzen: {error.strerror}.",
            f"{error.filename or file} cannot be used: {error.strerror}.",
        ) from error


def summary(manifest: Manifest) -> str:
    """For example "1012 Beobachtungen, 312 Fotos"."""
    observations = manifest.database.counts.get("observations", 0)
    return say(
        f"{observations} Beobachtungen, {len(manifest.blobs)} Fotos",
        f"{observations} observations, {len(manifest.blobs)} photos",
    )


def moment(at: datetime) -> str:
    """A moment by the clock of this machine."""
    return at.astimezone().strftime(say("%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"))


def megabytes(size: int) -> str:
    """A size in MB, at least 0.1."""
    number = f"{max(size / 1e6, 0.1):,.1f}"
    return say(number.replace(",", " ").replace(".", ","), number) + " MB"


def more(lines: Sequence[str]) -> list[str]:
    """The first lines, and how many more there are."""
    rest = len(lines) - _LISTED
    return [*lines[:_LISTED], *([say(f"… und {rest} weitere", f"… and {rest} more")] if rest > 0 else [])]
