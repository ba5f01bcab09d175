"""What all commands share: the person's language, the data folder, failures in words instead of tracebacks."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from sync_server.answers import is_disk_full
from sync_server.commands import media_words
from sync_server.media.errors import MediaFull, MediaRefused, MediaUnreachable
from sync_server.safekeeping import folder
from sync_server.safekeeping.errors import InUse, Unfinished
from sync_server.settings import Settings
from sync_server.store import Busy, Database, NewerDatabase, StorageFull, Unreachable, Unusable, migrate

_F = TypeVar("_F", bound=Callable[..., Any])


def say(de: str, en: str) -> str:
    """The sentence in German if the shell speaks German (LC_ALL, LC_MESSAGES, LANG), else in English."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for name in names if (value := os.environ.get(name))), "")
    return de if locale.lower().startswith("de") else en


def failed(de: str, en: str) -> click.ClickException:
    """A failure that says what happened and what to do; ends the program with exit code 1."""
    return click.ClickException(say(de, en))


def data_option(command: _F) -> _F:
    """The options `--data`, `--database-url` and `--media-url`; `database_url` and `media_url` give the latter."""
    with_media = click.option(
        "--media-url",
        envvar="MEDIA_URL",
        callback=_remember_media,
        expose_value=False,
        help=say(
            "Fotos in einem S3-Speicher statt im Ordner: s3://bucket/prefix (docs/deploy.md).",
            "Photos in an S3 store instead of the folder: s3://bucket/prefix (docs/deploy.md).",
        ),
    )(command)
    with_url = click.option(
        "--database-url",
        envvar="DATABASE_URL",
        callback=_remember_url,
        expose_value=False,
        help=say(
            "PostgreSQL statt der Datei im Ordner: postgresql+psycopg://… (docs/deploy.md).",
            "PostgreSQL instead of the file in the folder: postgresql+psycopg://… (docs/deploy.md).",
        ),
    )(with_media)
    return folder_option(with_url)


def folder_option(command: _F) -> _F:
    """The option `--data` alone, for commands that are about the embedded database."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data"),
        envvar="RUNDGANG_DATA",
        show_default=True,
        help=say("Ordner mit Datenbank und Fotos.", "Folder with the database and the photos."),
    )(command)


def database_url() -> str | None:
    """What `--database-url` or DATABASE_URL says, None for the embedded database."""
    url: str | None = click.get_current_context().meta.get(_URL)
    return url


def media_url() -> str | None:
    """What `--media-url` or MEDIA_URL says, None for the folder."""
    url: str | None = click.get_current_context().meta.get(_MEDIA)
    return url


_URL = "rundgang.database_url"
_MEDIA = "rundgang.media_url"


def _remember_url(context: click.Context, _option: click.Parameter, url: str | None) -> None:
    context.meta[_URL] = url or None


def _remember_media(context: click.Context, _option: click.Parameter, url: str | None) -> None:
    context.meta[_MEDIA] = url or None


@contextlib.contextmanager
def opened(data: Path) -> Iterator[Database]:
    """The database of a data folder, made or brought up to date first; failures in words."""
    with in_words(data), folder.shared(data):
        database = Database(Settings(data=data, database_url=database_url()).url)
        try:
            migrate(database)
            yield database
        finally:
            database.close()


@contextlib.contextmanager
def in_words(data: Path) -> Iterator[None]:
    """Turn what may go wrong with a data folder into sentences."""
    try:
        yield
    except InUse as error:
        raise failed(*being_restored(data)) from error
    except Unfinished as error:
        raise failed(*unfinished(data)) from error
    except (MediaRefused, MediaUnreachable, MediaFull) as error:
        raise failed(*media_words.of(error)) from error
    except NewerDatabase as error:
        raise failed(
            "Diese Datenbank gehört zu einer neueren Version von Rundgang. Bitte die neuere Version starten "
            "oder eine Sicherung von vor der Aktualisierung zurückspielen. Es wurde nichts verändert.",
            "This database belongs to a newer version of Rundgang. Please start the newer version, or "
            "restore a backup from before the update. Nothing was changed.",
        ) from error
    except Unreachable as error:
        raise failed(
            f"Der Datenbankserver antwortet nicht ({error}). Bitte Adresse und Zugang in DATABASE_URL prüfen.",
            f"The database server does not answer ({error}). Please check address and account in DATABASE_URL.",
        ) from error
    except Busy as error:
        raise failed(
            f"Die Datenbank in {data} ist von einem anderen Programm gesperrt. Bitte gleich noch einmal.",
            f"The database in {data} is locked by another program. Please try again in a moment.",
        ) from error
    except StorageFull as error:
        raise failed(*_full(data)) from error
    except Unusable as error:
        raise failed(
            f"Die Datenbank in {data} lässt sich nicht öffnen oder schreiben ({error}). "
            "Bitte Rechte und Datenträger prüfen, sonst eine Sicherung zurückspielen.",
            f"The database in {data} cannot be opened or written ({error}). "
            "Please check permissions and the disk, else restore a backup.",
        ) from error
    except OSError as error:
        if is_disk_full(error):
            raise failed(*_full(data)) from error
        raise failed(
            f"Der Ordner {data} lässt sich nicht benutzen: {error.strerror}. "
            "Bitte die Rechte prüfen oder mit --data einen anderen wählen.",
            f"The folder {data} cannot be used: {error.strerror}. "
            "Please check its permissions, or choose another one with --data.",
        ) from error


def being_restored(data: Path) -> tuple[str, str]:
    """A restore works with the folder at the moment."""
    return (
        f"In {data} wird gerade eine Sicherung zurückgespielt. Bitte danach noch einmal.",
        f"A backup is being restored into {data} at the moment. Please try again afterwards.",
    )


def unfinished(data: Path) -> tuple[str, str]:
    """A restore was interrupted while it moved files."""
    return (
        f"Das Zurückspielen einer Sicherung nach {data} wurde unterbrochen. "
        "Bitte `rundgang restore DATEI` noch einmal ausführen; es macht da weiter.",
        f"Restoring a backup into {data} was interrupted. "
        "Please run `rundgang restore FILE` again; it goes on from there.",
    )


def _full(data: Path) -> tuple[str, str]:
    return (
        f"Der Datenträger von {data} ist voll. Bitte Platz schaffen und noch einmal starten; "
        "was gespeichert war, ist unversehrt.",
        f"The disk of {data} is full. Please make room and start again; what was stored is unharmed.",
    )
