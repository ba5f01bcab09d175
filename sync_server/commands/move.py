"""`rundgang move`: takes an embedded database to PostgreSQL, checked, and leaves the old one as it is."""

from pathlib import Path

import click

from sync_server.commands.speaking import failed, folder_option, in_words, say
from sync_server.safekeeping import folder
from sync_server.safekeeping.errors import InUse
from sync_server.settings import Settings
from sync_server.store import Database, migrate
from sync_server.store.moving import Moved, NotEmptyTarget, NotTheSame, copy


@click.command(
    help=say(
        "Die eingebaute Datenbank in eine leere PostgreSQL-Datenbank kopieren, geprüft.",
        "Copy the embedded database into an empty PostgreSQL database, checked.",
    )
)
@click.option(
    "--to",
    "target_url",
    required=True,
    envvar="DATABASE_URL",
    help=say("Leere Datenbank: postgresql+psycopg://…", "Empty database: postgresql+psycopg://…"),
)
@folder_option
def move(target_url: str, data: Path) -> None:
    """Copy, check, and say what to do next. Exit code 0: all of it is there; 1: nothing was changed."""
    if not (data / "rundgang.db").is_file():
        raise failed(
            f"In {data} liegt keine Datenbank. Mit --data den Ordner des Servers angeben.",
            f"There is no database in {data}. Name the server's folder with --data.",
        )
    with in_words(data):
        moved = _moved(target_url, data)
    observations, customers = moved.rows["observations"], moved.rows["customers"]
    rows = sum(moved.rows.values())
    click.echo(
        say(
            f"Kopiert und geprüft: {rows} Zeilen in {len(moved.rows)} Tabellen, darunter {customers} Kunden und "
            f"{observations} Beobachtungen.\n\nJetzt:\n"
            f"  1. DATABASE_URL für den Dienst setzen (docs/deploy.md), --data bleibt: dort sind die Fotos.\n"
            f"  2. Server starten. Die Tablets lesen einmal alles neu und bieten an, was fehlen könnte.\n"
            f"  3. {data / 'rundgang.db'} ist unverändert. Nicht mehr damit starten; später löschen.",
            f"Copied and checked: {rows} rows in {len(moved.rows)} tables, among them {customers} customers and "
            f"{observations} observations.\n\nNow:\n"
            f"  1. Set DATABASE_URL for the service (docs/deploy.md); --data stays: the photos are there.\n"
            f"  2. Start the server. Tablets read everything anew once and offer what might be missing.\n"
            f"  3. {data / 'rundgang.db'} is unchanged. Do not start with it any more; delete it later.",
        )
    )


def _moved(target_url: str, data: Path) -> Moved:
    source, target = Database(Settings(data=data).url), Database(target_url)
    try:
        if target.is_sqlite:
            raise failed(
                "Das Ziel muss PostgreSQL sein: --to postgresql+psycopg://…",
                "The target must be PostgreSQL: --to postgresql+psycopg://…",
            )
        with folder.alone(data):
            folder.require_finished(data)
            migrate(source)
            return copy(source, target)
    except InUse as error:
        raise failed(
            f"Ein Server oder ein Befehl arbeitet gerade mit {data}. Bitte erst beenden (systemctl stop rundgang).",
            f"A server or a command works with {data}. Please stop it first (systemctl stop rundgang).",
        ) from error
    except NotEmptyTarget as error:
        raise failed(
            "Die Zieldatenbank ist nicht leer; es wurde nichts verändert. Bitte eine neue anlegen (createdb).",
            "The target database is not empty; nothing was changed. Please make a new one (createdb).",
        ) from error
    except NotTheSame as error:
        raise failed(
            f"Die Tabelle {error} kam nicht so an, wie sie hier ist; im Ziel wurde nichts behalten.",
            f"The table {error} did not arrive as it is here; nothing was kept in the target.",
        ) from error
    finally:
        source.close()
        target.close()
